// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/gap.h"

#include "report/timings.h"
#include "some_build.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace pcargo::report {
namespace {

using test::built_on;
using test::library;
using test::program;

constexpr record::Microseconds kSecond = 1'000'000;

record::Microseconds part(const std::vector<GapPart>& gap, std::string_view name) {
  return std::find_if(gap.begin(), gap.end(), [&](const GapPart& one) { return one.name == name; })->took;
}

record::Microseconds sum(const std::vector<GapPart>& gap) {
  record::Microseconds total = 0;
  for (const GapPart& one : gap) {
    total += one.took;
  }
  return total;
}

/// a; b on its metadata; app, late-linked, on the metadata of b and all of both.
record::Timeline late_linked() {
  auto timeline = built_on(2, {{library("a"), {}, 4}, {library("b"), {0}, 4}, program("app", {0, 1}, 4)});
  IdMap<UnitId, graph::ActionGraph::Node> nodes;
  nodes.push_back({graph::Phases::kPipelined, {}});
  nodes.push_back({graph::Phases::kPipelined, {{UnitId{0}, Milestone::kMetadata}}});
  nodes.push_back({graph::Phases::kLinking, {{UnitId{1}, Milestone::kMetadata}}});
  timeline.graph = *graph::ActionGraph::build(nodes);
  auto& a = timeline.units[UnitId{0}];
  auto& b = timeline.units[UnitId{1}];
  auto& app = timeline.units[UnitId{2}];
  timeline.head.planned = kSecond;
  a.start = 2 * kSecond;  // a second after planning
  a.metadata = 4 * kSecond;
  a.finish = 6 * kSecond;
  b.start = 7 * kSecond;  // three seconds after the metadata, one after the core
  b.metadata = 9 * kSecond;
  b.finish = 13 * kSecond;
  app.start = 10 * kSecond;
  app.objects = 11 * kSecond;
  app.link = 15 * kSecond;  // two seconds after b
  app.finish = 16 * kSecond;
  timeline.end = 20 * kSecond;
  return timeline;
}

TEST_CASE("measured delays are parts of the gap, and all parts are the whole of it") {
  const auto timeline = late_linked();
  const auto path = graph::built_path(timeline.graph, record::spans_of(timeline), timeline.head.planned);
  const auto gap = gap_of(timeline, path, {8 * kSecond, 9 * kSecond, 10 * kSecond, 11 * kSecond});
  CHECK(sum(gap) == (20 - 8) * kSecond);
  CHECK(part(gap, "planning") == kSecond);
  CHECK(part(gap, "order") == kSecond);
  CHECK(part(gap, "slowness") == 2 * kSecond);
  CHECK(part(gap, "starts") == 2 * kSecond);  // a after planning, b after the core of a
  CHECK(part(gap, "metadata") == 0);
  CHECK(part(gap, "gates") == 2 * kSecond);
  CHECK(part(gap, "end") == 4 * kSecond);
  CHECK(part(gap, "memory") == kSecond);
  CHECK(part(gap, "unexplained") == -kSecond);
}

TEST_CASE("a start that comes late after metadata") {
  auto timeline = built_on(2, {{library("a"), {}, 8}, {library("b"), {0}, 8}});
  timeline.units[UnitId{1}].start = 5 * kSecond;  // the metadata is there after 4
  timeline.units[UnitId{1}].metadata = 9 * kSecond;
  timeline.units[UnitId{1}].finish = 13 * kSecond;
  timeline.end = 13 * kSecond;
  const auto gap = analyse(timeline).gap;
  CHECK(part(gap, "metadata") == kSecond);
  CHECK(part(gap, "starts") == 0);
  CHECK(part(gap, "unexplained") == 0);
  CHECK(sum(gap) == kSecond);
}

TEST_CASE("time that passed while nobody worked is slowness") {
  auto timeline = built_on(1, {{library("a"), {}, 10}});
  timeline.units[UnitId{0}].cpu_us = 4 * kSecond;
  const auto gap = analyse(timeline).gap;
  CHECK(sum(gap) == 6 * kSecond);
  CHECK(part(gap, "slowness") == 6 * kSecond);
}

}  // namespace
}  // namespace pcargo::report
