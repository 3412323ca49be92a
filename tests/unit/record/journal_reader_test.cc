// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/journal_reader.h"

#include "record/journal_seal.h"
#include "record/timeline_estimates.h"
#include "support/journal_text.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace pcargo;
using namespace pcargo::record;
using End = UnitTimes::End;

namespace {

Timeline read(const std::string& text) {
  auto timeline = read_journal(text);
  REQUIRE(timeline);
  return *std::move(timeline);
}

template <typename Map>
bool are_equal(const Map& a, const Map& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// As it is written: each line with its seal.
std::string sealed_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    out += sealed(std::string(text.substr(0, end))) + "\n";
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

TEST_CASE("a journal is read as it was written") {
  const Timeline timeline = read(kHead + kUnits + kEvents);
  CHECK(timeline.is_whole);
  CHECK(timeline.end == 530);
  CHECK(timeline.outcome == Outcome::kSuccess);
  CHECK(timeline.head.command == "pcargo build");
  CHECK(timeline.head.began_at_ms == 1'790'000'000'000);
  CHECK(timeline.head.planned == 100);
  CHECK(timeline.head.jobs == 2);
  CHECK(timeline.names[UnitId{1}].is_member);
  CHECK(timeline.names[UnitId{1}].kind == "bin");
  CHECK(timeline.codegen_threads[UnitId{0}] == 16);
  CHECK(timeline.graph.is_late_linked(UnitId{1}));
  CHECK(timeline.units[UnitId{0}] == UnitTimes{.end = End::kRan,
                                               .why = "a file changed",
                                               .start = 110,
                                               .metadata = 200,
                                               .finish = 410,
                                               .cpu_us = 280,
                                               .peak_kib = 900});
  CHECK(timeline.units[UnitId{1}].objects == 300);
  CHECK(timeline.units[UnitId{1}].link == 420);
}

TEST_CASE("memory, and locks, as far as a journal tells of them") {
  CHECK(read(kHead + kUnits + kEvents).memory.empty());
  std::string head = kHead;
  head.replace(head.find(R"("memory_bytes")"), 0, R"("lock_begin_us":20,"lock_us":70,"memory_limit_bytes":9,)");
  const Timeline timeline = read(head + kUnits +
                                 R"({"us":110,"unit":0,"is":"started","why":"","free_kib":7})"
                                 "\n"
                                 R"({"us":120,"unit":1,"is":"started","why":"","held":true})"
                                 "\n"
                                 R"({"us":130,"unit":0,"is":"metadata","free_kib":3})"
                                 "\n");
  CHECK(timeline.memory == std::vector<MemorySample>{{110, 7 * 1024}, {130, 3 * 1024}});
  CHECK_FALSE(timeline.units[UnitId{0}].was_held);
  CHECK(timeline.units[UnitId{1}].was_held);
  CHECK(timeline.head.lock_begin == 20);
  CHECK(timeline.head.locked == 70);
  CHECK(timeline.head.memory_limit == 9);
  head.replace(head.find(R"("lock_us":70)"), 12, R"("lock_us":99)");
  CHECK(read(head + kUnits).head.locked == 80);  // planning ends after 100
}

TEST_CASE("what was expected is read if a journal has it of all units, and tells how a unit divides that did not") {
  const Timeline timeline = read(kHead + kUnits + kEvents);
  REQUIRE(timeline.expected.size() == 2);
  CHECK(timeline.expected[UnitId{0}].from == Estimate::From::kThisCrate);
  CHECK(timeline.expected[UnitId{0}].one_thread == graph::PhaseDurations{60'000, 30'000, 0});
  CHECK(timeline.expected[UnitId{1}].from == Estimate::From::kThisUnit);
  CHECK(timeline.expected[UnitId{1}].threads == 8);
  const auto without = [](std::string_view what) {
    std::string units = kUnits;
    return units.replace(units.find(what), what.size(), "\"x\":1");
  };
  const std::string held = R"({"us":100,"unit":1,"is":"started","why":"w"}
{"us":190,"unit":1,"is":"ended","cpu_us":80,"peak_kib":700}
{"us":200,"unit":1,"is":"done"}
)";
  CHECK(estimates_of(read(kHead + kUnits + held))[UnitId{1}].one_thread ==
        graph::PhaseDurations{10'000, 30'000, 40'000});
  for (const char* what : {R"("expected_us":[60,30,0])", R"("expected_us":[10,30,40])"}) {
    const Timeline other = read(kHead + without(what) + held);
    CHECK(other.expected.empty());
    CHECK(estimates_of(other)[UnitId{1}].one_thread == graph::PhaseDurations{40'000, 32'000, 8'000});
  }
}

TEST_CASE("a build script that took more than one core is work for many") {
  std::string units = kUnits;
  for (const auto& [from, to] :
       {std::pair("\"mode\":\"build\",\"platform\":\"\",\"member\":false",
                  "\"mode\":\"run-custom-build\",\"platform\":\"\",\"member\":false"),
        std::pair("\"phases\":\"pipelined\",\"threads\":16", "\"phases\":\"whole\",\"threads\":1")}) {
    units.replace(units.find(from), std::string_view(from).size(), to);
  }
  const auto script = [&](int cpu) {
    const std::string events = R"({"us":100,"unit":0,"is":"started","why":"w"}
{"us":200,"unit":0,"is":"ended","cpu_us":)" +
                               std::to_string(cpu) + R"(,"peak_kib":1}
{"us":200,"unit":0,"is":"done"}
)";
    return estimates_of(read(kHead + units + events))[UnitId{0}];
  };
  CHECK(script(100).threads == 1);
  CHECK(script(100).one_thread.total() == 100'000);
  CHECK(script(190).threads > 1);
  CHECK(script(190).one_thread == graph::PhaseDurations{0, 190'000, 0});
}

TEST_CASE("a killed build's journal tells what had happened") {
  const auto kill = kEvents.find(R"({"us":410)");
  const Timeline timeline = read(kHead + kUnits + kEvents.substr(0, kill));
  CHECK_FALSE(timeline.is_whole);
  CHECK(timeline.end == 400);
  CHECK_FALSE(timeline.outcome);
  CHECK(timeline.units[UnitId{0}].end == End::kStopped);
  CHECK(timeline.units[UnitId{1}].objects == 300);
  const auto spans = spans_of(timeline);
  CHECK(spans[UnitId{0}]->finish == 400);
}

TEST_CASE("a unit that runs once more has its metadata from the first time") {
  const auto link = kEvents.find(R"({"us":420)");
  const std::string again = R"({"us":415,"unit":1,"is":"again"})"
                            "\n";
  const auto unit =
      read(kHead + kUnits + kEvents.substr(0, link) + again + kEvents.substr(kEvents.find(R"({"us":500)")))
          .units[UnitId{1}];
  CHECK(unit.ran_again);
  CHECK_FALSE(unit.objects);
  CHECK(unit.finish == 510);
  const auto metadata = kEvents.find(R"({"us":210)");
  const auto low = read(kHead + kUnits + kEvents.substr(0, metadata) +
                        R"({"us":205,"unit":0,"is":"again"})"
                        "\n")
                       .units[UnitId{0}];
  CHECK(low.metadata == 200);
}

TEST_CASE("wherever a journal ends, what is whole of it counts") {
  const std::string text = kHead + kUnits + kEvents;
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto timeline = read_journal(text.substr(0, size));
    INFO(size);
    REQUIRE(timeline.has_value() == (size >= (kHead + kUnits).size()));
    CHECK((!timeline || !timeline->is_whole));
    CHECK((!timeline || timeline->end <= 530));
  }
}

TEST_CASE("whatever byte is another, nothing breaks") {
  const std::string text = kHead + kUnits + kEvents;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char byte : {'\0', '"', '9', '-', '}', '\xff', '\n'}) {
      std::string spoiled = text;
      spoiled[at] = byte;
      if (const auto timeline = read_journal(spoiled)) {
        (void)spans_of(*timeline);
        (void)estimates_of(*timeline);
      }
    }
  }
}

TEST_CASE("what is before a damaged line is told exactly, and nothing of what is behind") {
  const std::string text = sealed_lines(kHead + kUnits + kEvents);
  const Timeline whole = read(text);
  REQUIRE(whole.is_whole);
  const std::size_t first_event = sealed_lines(kHead + kUnits).size();
  std::size_t parts = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      INFO("byte " << at << ", bit " << bit);
      std::string spoiled = text;
      spoiled[at] = static_cast<char>(spoiled[at] ^ (1 << bit));
      const auto timeline = read_journal(spoiled);
      if (timeline && timeline->is_whole) {  // only the seal's own name is another
        CHECK(are_equal(timeline->units, whole.units));
        CHECK(are_equal(timeline->names, whole.names));
        CHECK(timeline->head == whole.head);
        continue;
      }
      REQUIRE(timeline.has_value() == (at >= first_event));
      if (timeline) {
        const Timeline before = read(text.substr(0, text.rfind('\n', at - 1) + 1));
        CHECK(are_equal(timeline->units, before.units));
        CHECK(timeline->end == before.end);
        ++parts;
      }
    }
  }
  CHECK(parts > 1000);
}

TEST_CASE("what another format or another file says is refused") {
  const auto says = [](const std::string& text) { return read_journal(text).error().message; };
  CHECK(says("") == "it is no journal of a build");
  CHECK(says("{}\n") == "it is no journal of a build");
  std::string newer = kHead;
  newer.replace(newer.find(R"("format":1)"), 10, R"("format":2)");
  CHECK(says(newer + kUnits) == "it is of format 2, and this pcargo reads format 1");
  CHECK(says(kHead + "{\"units\":[]}\n") == "its list of units is damaged");
  std::string circle = kUnits;
  circle.replace(circle.find(R"("after":[])"), 10, R"("after":[[1,"artifact"]])");
  CHECK(says(kHead + circle) == "its list of units is damaged");
}

TEST_CASE("events that cannot be end what is believed") {
  const auto end = [](const std::string& events) { return read(kHead + kUnits + events).end; };
  const std::string good = R"({"us":110,"unit":0,"is":"started"})"
                           "\n";
  CHECK(end(good) == 110);
  for (const char* bad : {R"({"us":90,"unit":1,"is":"started"})",                    // time falls
                          R"({"us":120,"unit":2,"is":"started"})",                   // no such unit
                          R"({"us":120,"unit":0,"is":"started"})",                   // twice
                          R"({"us":120,"unit":1,"is":"done"})",                      // before its start
                          R"({"us":99999999999999999999,"unit":1,"is":"started"})",  // no time
                          R"([120])"}) {
    INFO(bad);
    const Timeline timeline = read(kHead + kUnits + good + bad + "\n" +
                                   R"({"us":130,"unit":1,"is":"started"})"
                                   "\n");
    CHECK_FALSE(timeline.units[UnitId{1}].start);
  }
}

TEST_CASE("work is what the processor did, without the wait at the gate") {
  const auto estimates = estimates_of(read(kHead + kUnits + kEvents));
  CHECK(estimates[UnitId{0}].one_thread.total() == 280'000);
  CHECK(estimates[UnitId{1}].one_thread.total() == 100'000);
  CHECK(estimates[UnitId{1}].threads == 8);
}
