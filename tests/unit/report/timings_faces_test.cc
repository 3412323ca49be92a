// SPDX-License-Identifier: MIT OR Apache-2.0
// Whatever is left of a journal, each face can be made of it.
#include "record/journal_reader.h"
#include "report/text.h"
#include "report/timings.h"
#include "report/timings_diff.h"
#include "support/journal_text.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

using namespace pcargo;
using namespace pcargo::report;

namespace {

/// The steps lie end to end from the beginning to the end.
void check_path(const nlohmann::json& report) {
  std::int64_t at = 0;
  for (const auto& step : report["path"]) {
    CHECK(step["begin_us"] == at);
    at = step["end_us"];
  }
  CHECK(at == report["wall_us"]);
}

void check_faces(const record::Timeline& timeline) {
  const auto timings = analyse(timeline);
  const auto report = nlohmann::json::parse(timings_as_json(timeline, timings));
  CHECK(report["units"].size() == timeline.units.size());
  CHECK(report["is_whole"] == timeline.is_whole);
  check_path(report);
  CHECK(nlohmann::json::parse(timings_as_trace(timeline, timings))["traceEvents"].is_array());
  CHECK(timings_as_csv(timeline, timings).ends_with("\r\n"));
  CHECK_FALSE(timings_as_markdown(timeline, timings, "then").empty());
  const std::string page = timings_as_page(timeline, timings, "then");
  const auto data = page.find("id=\"data\">") + std::string_view("id=\"data\">").size();
  CHECK(nlohmann::json::accept(page.substr(data, page.find('<', data) - data)));
  CHECK(strip_ansi(timings_diff(timeline, timeline)).find("+0.00 s") != std::string::npos);
}

}  // namespace

TEST_CASE("wherever a journal ends, each face shows what there is") {
  for (std::size_t size = 0; size <= kEvents.size(); ++size) {
    INFO(size);
    const auto timeline = record::read_journal(kHead + kUnits + kEvents.substr(0, size));
    REQUIRE(timeline);
    check_faces(*timeline);
  }
}

TEST_CASE("whatever a digit or a letter became, each face can be made") {
  const std::string whole = kHead + kUnits + kEvents;
  int made = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'0', '9', '"', '-'}) {
      std::string spoiled = whole;
      spoiled[at] = byte;
      INFO("byte " << at << " is " << byte);
      if (const auto timeline = record::read_journal(spoiled)) {
        check_faces(*timeline);
        ++made;
      }
    }
  }
  CHECK(made > 1000);
}
