// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/parts.h"

#include "report/parallelism.h"
#include "some_build.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace pcargo::report {
namespace {

using test::built_on;
using test::library;
using test::program;

constexpr record::Microseconds kSecond = 1'000'000;

record::Microseconds part(const record::Timeline& timeline, std::string_view name) {
  const auto parts = parts_of(timeline);
  return std::find_if(parts.begin(), parts.end(), [&](const Part& one) { return one.name == name; })->took;
}

TEST_CASE("each moment of each unit is in one part") {
  const record::UnitName script{"zlib", "1.0.0", "build-script-build", "custom-build", "build", "", false};
  auto run = script;
  run.mode = "run-custom-build";
  auto macro = library("derive");
  macro.kind = "proc-macro";
  auto timeline = built_on(1,
                           {{script, {}, 3, graph::Phases::kLinking},
                            {run, {0}, 20, graph::Phases::kWhole},
                            {library("zlib"), {1}, 2},
                            {macro, {}, 5, graph::Phases::kLinking},
                            program("app", {2, 3}, 9)});
  auto& app = timeline.units[UnitId{4}];
  app.objects = *app.start + 4 * kSecond;
  app.link = *app.start + 6 * kSecond;  // two seconds at its gate
  CHECK(part(timeline, "scripts_compiled") == 3 * kSecond);
  CHECK(part(timeline, "scripts_run") == 20 * kSecond);
  CHECK(part(timeline, "frontend") == kSecond);
  CHECK(part(timeline, "codegen") == kSecond);
  CHECK(part(timeline, "macros") == 5 * kSecond);
  CHECK(part(timeline, "programs") == 4 * kSecond);
  CHECK(part(timeline, "link") == 3 * kSecond);
  timeline.units[UnitId{1}].cpu_us = 2 * kSecond;
  CHECK(processor_of(timeline).used == 2 * kSecond);
  CHECK(processor_of(timeline).available == 39 * kSecond);
}

record::Timeline overlapping() {
  auto timeline = built_on(2, {{library("a"), {}, 4}, {library("b"), {}, 4}, {library("c"), {0}, 4}});
  const auto put = [&](std::uint32_t unit, int start, int metadata, int finish) {
    auto& times = timeline.units[UnitId{unit}];
    times.start = start * kSecond;
    times.metadata = metadata * kSecond;
    times.finish = finish * kSecond;
  };
  put(0, 1, 3, 9);
  put(1, 1, 2, 4);
  put(2, 9, 12, 20);
  timeline.head.planned = kSecond;
  timeline.end = 21 * kSecond;
  return timeline;
}

TEST_CASE("how many ran when") {
  CHECK(running_units(overlapping()) == std::vector<Running>{{kSecond, 2}, {4 * kSecond, 1}, {20 * kSecond, 0}});
  CHECK(running_units(built_on(2, {})) == std::vector<Running>{{0, 0}});
}

TEST_CASE("idle cores, until whom") {
  auto timeline = overlapping();
  auto stretches = idle_stretches(timeline, 5);
  REQUIRE(stretches.size() == 1);
  CHECK(stretches[0].from == 4 * kSecond);
  CHECK(stretches[0].to == 20 * kSecond);
  CHECK(stretches[0].core_time == 16 * kSecond);
  CHECK(stretches[0].ended_by == UnitId{2});
  timeline.head.jobs = timeline.head.cores = 1;
  CHECK(idle_stretches(timeline, 5).empty());
  timeline.head.jobs = timeline.head.cores = 4;
  stretches = idle_stretches(timeline, 5);
  CHECK(stretches[0].core_time == (3 * 2 + 16 * 3) * kSecond);
  CHECK(idle_stretches(timeline, 0).empty());
}

TEST_CASE("a stretch ends with those who fill the cores again") {
  auto timeline = overlapping();
  timeline.units.push_back(timeline.units[UnitId{2}]);  // beside c
  timeline.names.push_back(library("d"));
  timeline.codegen_threads.push_back(1);
  IdMap<UnitId, graph::ActionGraph::Node> nodes(4, {graph::Phases::kPipelined, {}});
  timeline.graph = *graph::ActionGraph::build(nodes);
  const auto stretches = idle_stretches(timeline, 5);
  REQUIRE(stretches.size() == 1);
  CHECK(stretches[0].from == 4 * kSecond);
  CHECK(stretches[0].to == 9 * kSecond);
  CHECK(stretches[0].ended_by == UnitId{0});
}

}  // namespace
}  // namespace pcargo::report
