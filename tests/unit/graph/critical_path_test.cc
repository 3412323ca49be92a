// SPDX-License-Identifier: MIT OR Apache-2.0
#include "graph/critical_path.h"

#include "story_graph.h"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace pcargo::graph {
namespace {

using test::parse_graph;
using test::StoryGraph;

Durations durations_of(const StoryGraph& story, const std::map<std::string, PhaseDurations>& by_name) {
  Durations result(story.graph.size());
  for (const auto& [name, durations] : by_name) {
    result[story.unit(name)] = durations;
  }
  return result;
}

std::vector<std::int64_t> values(const IdMap<UnitId, std::int64_t>& map) {
  return {map.begin(), map.end()};
}

std::vector<std::string> steps(const StoryGraph& story, const CriticalPath& path) {
  constexpr const char* kNames[] = {"frontend", "codegen", "link"};
  std::vector<std::string> result;
  for (const CriticalStep& step : path.steps) {
    result.push_back(story.names[step.unit] + " " + kNames[static_cast<int>(step.phase)]);
  }
  return result;
}

TEST_CASE("with equal weights a unit's priority is the length of the longest chain above it") {
  auto story = parse_graph("core\nlonely\nutil: core@metadata\napp linking: util@closure core@closure");
  CHECK(values(equal_weight_priority(story.graph)) == std::vector<std::int64_t>{3, 1, 2, 1});
}

TEST_CASE("what waits for metadata does not wait for codegen") {
  auto story = parse_graph("core\nutil: core@metadata");
  auto durations = durations_of(story, {{"core", {3, 10, 0}}, {"util", {4, 1, 0}}});
  CHECK(values(longest_remaining(story.graph, durations)) == std::vector<std::int64_t>{13, 5});

  CriticalPath path = critical_path(story.graph, durations);
  CHECK(path.length == 13);
  CHECK(steps(story, path) == std::vector<std::string>{"core frontend", "core codegen"});
}

TEST_CASE("a linking unit waits for codegen far below it, though nobody between does") {
  auto story = parse_graph("core\nutil: core@metadata\napp linking: util@closure");
  auto durations = durations_of(story, {{"core", {1, 20, 0}}, {"util", {1, 1, 0}}, {"app", {2, 3, 4}}});
  CriticalPath path = critical_path(story.graph, durations);
  CHECK(path.length == 30);
  CHECK(steps(story, path) ==
        std::vector<std::string>{"core frontend", "core codegen", "app frontend", "app codegen", "app link"});
  CHECK(values(longest_remaining(story.graph, durations)) == std::vector<std::int64_t>{30, 11, 9});
}

TEST_CASE("a late-linked unit waits for codegen below it with its link only") {
  auto story = parse_graph("core\nutil: core@metadata\napp linking: util@metadata");
  auto durations = durations_of(story, {{"core", {1, 20, 0}}, {"util", {1, 1, 0}}, {"app", {2, 3, 4}}});
  CriticalPath path = critical_path(story.graph, durations);
  CHECK(path.length == 25);
  CHECK(steps(story, path) == std::vector<std::string>{"core frontend", "core codegen", "app link"});

  CHECK(values(longest_remaining(story.graph, durations)) == std::vector<std::int64_t>{25, 10, 9});

  EarliestTimes app = earliest_times(story.graph, durations)[story.unit("app")];
  CHECK(app.start == 2);
  CHECK(app.metadata == 4);
  CHECK(app.link_start == 21);
  CHECK(app.artifact == 25);
}

TEST_CASE("a unit in one piece has its metadata at its end") {
  auto story = parse_graph("script whole\nlib: script@metadata");
  auto durations = durations_of(story, {{"script", {2, 5, 1}}, {"lib", {1, 1, 0}}});
  CHECK(fit(Phases::kWhole, {2, 5, 1}) == PhaseDurations{8, 0, 0});
  CHECK(critical_path(story.graph, durations).length == 10);
  CHECK(values(longest_remaining(story.graph, durations)) == std::vector<std::int64_t>{10, 2});
}

TEST_CASE("slack says how late a phase may start") {
  auto story = parse_graph("core\nutil: core@metadata\nside\napp linking: util@closure side@closure");
  auto durations =
      durations_of(story, {{"core", {1, 20, 0}}, {"util", {1, 5, 0}}, {"side", {2, 2, 0}}, {"app", {1, 1, 1}}});
  auto slacks = slack(story.graph, durations);
  CHECK(slacks[story.unit("core")].frontend == 0);
  CHECK(slacks[story.unit("core")].codegen == 0);
  CHECK(slacks[story.unit("util")].frontend == 14);
  CHECK(slacks[story.unit("util")].codegen == 14);
  CHECK(slacks[story.unit("side")].frontend == 17);
  CHECK(slacks[story.unit("app")].link == 0);
}

TEST_CASE("a build that takes no time has an empty critical path") {
  auto story = parse_graph("core\nutil: core");
  CriticalPath path = critical_path(story.graph, Durations(2));
  CHECK(path.length == 0);
  CHECK(path.steps.empty());
}

}  // namespace
}  // namespace pcargo::graph
