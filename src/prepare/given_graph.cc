// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/given_graph.h"

#include "prepare/planner.h"

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

namespace pcargo::prepare {
namespace {

using cargo::CompileMode;

/// Their answers are in the graph.
constexpr std::initializer_list<const char*> kSelectPackages = {
    "--package", "--workspace", "--all", "--exclude", "--features", "--all-features", "--no-default-features"};
/// These too; but of a check the graph does not say which units are tests.
constexpr std::initializer_list<const char*> kSelectTargets = {"--lib",
                                                               "--bins",
                                                               "--bin",
                                                               "--examples",
                                                               "--example",
                                                               "--tests",
                                                               "--test",
                                                               "--benches",
                                                               "--bench",
                                                               "--all-targets"};

Error usage(std::string what) {
  return {ErrorKind::kUsage, std::move(what)};
}

Result<void> refuse_any(const std::vector<std::string>& arguments, std::initializer_list<const char*> options) {
  for (const char* option : options) {
    if (has_flag(arguments, option)) {
      return usage("`" + std::string(option) + "` has no effect on a unit graph that is given");
    }
  }
  return {};
}

/// Of what command is the graph: one that builds, or one that checks?
Result<void> agree_on_modes(const cargo::UnitGraph& graph, const std::string& command) {
  for (std::uint32_t i = 0; i < graph.units.size(); ++i) {
    const CompileMode mode = graph.units[UnitId{i}].mode;
    if (mode == CompileMode::kDoc || mode == CompileMode::kDoctest || mode == CompileMode::kDocscrape) {
      return usage("units[" + std::to_string(i) + "] of the unit graph is documentation: pcargo builds and checks");
    }
  }
  const auto is_checked = [&graph](UnitId root) { return graph.units[root].mode == CompileMode::kCheck; };
  const bool checks = std::any_of(graph.roots.begin(), graph.roots.end(), is_checked);
  if (checks != (command == "check") && !graph.roots.empty()) {
    return usage("the unit graph is one of `cargo " + std::string(checks ? "check" : "build") + "`, not of `cargo " +
                 command + "`");
  }
  return {};
}

/// Every unit's profile has the requested name.
Result<void> agree_on_profile(const cargo::UnitGraph& graph, CommandLine* line) {
  if (graph.units.empty()) {
    return {};
  }
  const std::string& name = graph.profile(UnitId{0}).name;
  const auto wanted = line->profile   ? line->profile
                      : line->release ? std::optional<std::string>("release")
                                      : std::nullopt;
  if (wanted && *wanted != name) {
    return usage("the unit graph is of the profile `" + name + "`, not `" + *wanted + "`");
  }
  line->profile = name;
  line->release = false;
  return {};
}

}  // namespace

Result<std::string> read_given_text(const FileSystem& files, const std::string& path) {
  PCARGO_ASSIGN(auto text, files.read(path == "-" ? "/dev/stdin" : path));
  if (!text) {
    return Error{ErrorKind::kInput, "there is no file `" + path + "`"};
  }
  return *std::move(text);
}

Result<void> agree_on_graph(const cargo::UnitGraph& graph, CommandLine* line) {
  PCARGO_TRY(refuse_any(line->planner_arguments, kSelectPackages));
  if (line->command != "check") {
    PCARGO_TRY(refuse_any(line->planner_arguments, kSelectTargets));
  }
  PCARGO_TRY(agree_on_modes(graph, line->command));
  PCARGO_TRY(agree_on_profile(graph, line));
  if (line->targets.empty()) {
    std::copy_if(graph.platforms.begin(),
                 graph.platforms.end(),
                 std::back_inserter(line->targets),
                 [](const std::string& platform) { return !platform.empty(); });
  }
  return {};
}

Result<void> check_targets_of_graph(const cargo::UnitGraph& graph, const std::vector<std::string>& targets) {
  if (!targets.empty() && graph.platforms.size() == 1) {
    return usage("the unit graph is for the host, and `--target` or `build.target` asks for `" + targets.front() + "`");
  }
  for (const std::string& platform : graph.platforms) {
    if (!platform.empty() && std::find(targets.begin(), targets.end(), platform) == targets.end()) {
      return usage("the unit graph is for `" + platform + "`, which `--target` does not name");
    }
  }
  return {};
}

}  // namespace pcargo::prepare
