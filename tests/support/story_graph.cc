// SPDX-License-Identifier: MIT OR Apache-2.0
#include "story_graph.h"

#include "graph/critical_path.h"

#include <catch2/catch.hpp>

#include <map>
#include <optional>
#include <sstream>
#include <utility>

namespace pcargo::test {

namespace {

using graph::Edge;
using graph::Phases;

constexpr std::pair<const char*, Milestone> kMilestones[] = {
    {"metadata", Milestone::kMetadata}, {"artifact", Milestone::kArtifact}, {"closure", Milestone::kClosure}};
constexpr std::pair<const char*, Phases> kPhases[] = {
    {"whole", Phases::kWhole}, {"pipelined", Phases::kPipelined}, {"linking", Phases::kLinking}};
constexpr const char* kPriority = "priority=";

struct ParsedGraph {
  NodeMap nodes;
  IdMap<UnitId, std::string> names;
  IdMap<UnitId, std::optional<std::int64_t>> priority;
};

template <class Value, std::size_t size>
Value value_of(const std::pair<const char*, Value> (&table)[size], const std::string& word) {
  for (const auto& [name, value] : table) {
    if (word == name) {
      return value;
    }
  }
  FAIL("graph text: unknown word \"" << word << "\"");
  return table[0].second;
}

template <class Value, std::size_t size>
const char* word_of(const std::pair<const char*, Value> (&table)[size], Value value) {
  for (const auto& [name, its_value] : table) {
    if (value == its_value) {
      return name;
    }
  }
  return "?";
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> result;
  for (std::string word; stream >> word;) {
    result.push_back(word);
  }
  return result;
}

Edge parse_edge(const std::string& word, const std::map<std::string, UnitId>& ids) {
  std::size_t at = word.find('@');
  std::string name = word.substr(0, at);
  if (ids.count(name) == 0) {
    FAIL("graph text: no line for \"" << name << "\"");
  }
  Edge edge{ids.at(name)};
  if (at != std::string::npos) {
    edge.waits = value_of(kMilestones, word.substr(at + 1));
  }
  return edge;
}

ParsedGraph parse(const std::string& text) {
  ParsedGraph result;
  std::map<std::string, UnitId> ids;
  std::vector<std::string> below;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    std::size_t colon = line.find(':');
    std::vector<std::string> head = words(line.substr(0, colon));
    if (head.empty()) {
      continue;
    }
    graph::ActionGraph::Node node;
    node.phases = Phases::kPipelined;
    std::optional<std::int64_t> priority;
    for (std::size_t i = 1; i < head.size(); ++i) {
      if (head[i].rfind(kPriority, 0) == 0) {
        priority = std::stoll(head[i].substr(std::string(kPriority).size()));
      } else {
        node.phases = value_of(kPhases, head[i]);
      }
    }
    ids[head[0]] = result.nodes.push_back(node);
    result.names.push_back(head[0]);
    result.priority.push_back(priority);
    below.push_back(colon == std::string::npos ? "" : line.substr(colon + 1));
  }
  for (UnitId unit{0}; unit.value < below.size(); ++unit.value) {
    for (const std::string& word : words(below[unit.value])) {
      result.nodes[unit].dependencies.push_back(parse_edge(word, ids));
    }
  }
  return result;
}

}  // namespace

UnitId StoryGraph::unit(std::string_view name) const {
  for (UnitId unit{0}; unit.value < names.size(); ++unit.value) {
    if (names[unit] == name) {
      return unit;
    }
  }
  FAIL("no unit \"" << std::string(name) << "\"");
  return {};
}

NodeMap parse_nodes(const std::string& text, IdMap<UnitId, std::string>* names) {
  ParsedGraph parsed = parse(text);
  if (names != nullptr) {
    *names = std::move(parsed.names);
  }
  return std::move(parsed.nodes);
}

StoryGraph parse_graph(const std::string& text) {
  ParsedGraph parsed = parse(text);
  auto built = graph::ActionGraph::build(parsed.nodes);
  if (!built) {
    FAIL("graph text: " << built.error().message);
  }
  StoryGraph result;
  result.graph = *std::move(built);
  result.priority = graph::equal_weight_priority(result.graph);
  for (UnitId unit{0}; unit.value < parsed.priority.size(); ++unit.value) {
    result.priority[unit] = parsed.priority[unit].value_or(result.priority[unit]);
  }
  result.nodes = std::move(parsed.nodes);
  result.names = std::move(parsed.names);
  return result;
}

std::string to_text(const NodeMap& nodes, const IdMap<UnitId, std::int64_t>& priority) {
  std::ostringstream text;
  for (UnitId unit{0}; unit.value < nodes.size(); ++unit.value) {
    const graph::ActionGraph::Node& node = nodes[unit];
    text << "u" << unit.value;
    if (node.phases != Phases::kPipelined) {
      text << " " << word_of(kPhases, node.phases);
    }
    if (!priority.empty()) {
      text << " " << kPriority << priority[unit];
    }
    if (!node.dependencies.empty()) {
      text << ":";
    }
    for (const Edge& edge : node.dependencies) {
      text << " u" << edge.unit.value << "@" << word_of(kMilestones, edge.waits);
    }
    text << "\n";
  }
  return text.str();
}

}  // namespace pcargo::test
