// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/final_dep_info.h"

#include "base/path.h"
#include "cargo/dep_info.h"
#include "plan/rustc_arguments.h"
#include "plan/unit_rules.h"
#include "platform/files.h"
#include "platform/real_path.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace pcargo::execute {

namespace {

using cargo::CompileMode;

/// Paths in cargo's order: component by component, so that what lies in `a/` comes before `a.rs`.
struct ByComponents {
  bool operator()(const std::string& left, const std::string& right) const {
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
      const auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c) + 1; };
      return rank(a) < rank(b);
    });
  }
};
using Paths = std::set<std::string, ByComponents>;

/// The sources of units, each read once, and their union over a root and the path packages below it.
class Sources {
 public:
  Sources(const plan::BuildPlan& plan, const plan::ScriptOutputs& scripts, const FileSystem& files)
      : plan_(plan),
        scripts_(scripts),
        files_(files),
        build_root_(platform::real_path(plan.settings().build_directory)),
        own_(plan.graph().units.size()) {}

  /// nullopt: dep-info is missing somewhere, so nothing is known.
  std::optional<Paths> of(UnitId root) {
    Paths paths;
    IdMap<UnitId, char> visited(plan_.graph().units.size(), 0);
    std::vector<UnitId> stack{root};
    visited[root] = 1;
    while (!stack.empty()) {
      const UnitId unit = stack.back();
      stack.pop_back();
      const auto& own = own_sources(unit);
      if (!own.complete) {
        return std::nullopt;
      }
      paths.insert(own.paths.begin(), own.paths.end());
      for (const auto& dependency : plan_.graph().units[unit].dependencies) {
        if (plan_.package(dependency.unit).is_local() && visited[dependency.unit] == 0) {
          visited[dependency.unit] = 1;
          stack.push_back(dependency.unit);
        }
      }
    }
    return paths;
  }

 private:
  struct Own {
    bool complete = true;
    std::vector<std::string> paths;
  };

  const Own& own_sources(UnitId unit) {
    auto& own = own_[unit];
    if (!own) {
      own.emplace();
      own->complete = plan_.graph().units[unit].mode == CompileMode::kRunCustomBuild || add_dep_info(unit, &own->paths);
      add_script_inputs(unit, &own->paths);
    }
    return *own;
  }

  bool add_dep_info(UnitId unit, std::vector<std::string>* paths) const {
    const auto text = files_.read(plan_.dep_info_path(unit));
    if (!text || !*text) {
      return false;
    }
    const auto dep_info = cargo::parse_dep_info(**text);
    if (!dep_info) {
      return false;
    }
    const auto& package = plan_.package(unit);
    const std::string directory = plan::source_path(plan_, unit).working_directory;
    const std::string package_root = platform::real_path(package.root);
    for (const auto& file : dep_info->files) {
      const std::string absolute = path::join(directory, file);
      const std::string canonical = platform::real_path(absolute);
      if (auto below = path::strip_prefix(canonical, build_root_)) {
        paths->push_back(path::join(plan_.settings().build_directory, *below));
      } else if (auto inside = path::strip_prefix(canonical, package_root)) {
        if (package.is_local()) {  // sources of a registry do not change
          paths->push_back(path::join(package.root, *inside));
        }
      } else {
        paths->push_back(absolute);
      }
    }
    return true;
  }

  void add_script_inputs(UnitId unit, std::vector<std::string>* paths) const {
    for (UnitId run : plan::own_script_runs(plan_.graph(), unit)) {
      if (const auto output = scripts_.find(run); output != scripts_.end()) {
        for (const auto& input : output->second.rerun_if_changed) {
          paths->push_back(path::join(plan_.package(unit).root, input));
        }
      }
    }
  }

  const plan::BuildPlan& plan_;
  const plan::ScriptOutputs& scripts_;
  const FileSystem& files_;
  std::string build_root_;
  IdMap<UnitId, std::optional<Own>> own_;
};

/// A path as make reads it, relative to the configured base where it lies below it.
std::string render(const std::string& file, const std::optional<std::string>& base) {
  std::string shown = file;
  if (base) {
    if (auto below = path::strip_prefix(path::normalize(file), path::normalize(*base))) {
      shown = *below;
    }
  }
  std::string escaped;
  for (char c : shown) {
    escaped += c == ' ' ? "\\ " : std::string(1, c);
  }
  return escaped;
}

std::string with_extension_d(const std::string& file) {
  return path::join(path::parent(file), std::string(path::file_stem(file)) + ".d");
}

/// Unchanged sources leave the file, and its time stamp, alone.
bool says_the_same(const FileSystem& files, const std::string& file, const std::vector<std::string>& sources) {
  const auto text = files.read(file);
  if (!text || !*text) {
    return false;
  }
  const auto previous = cargo::parse_dep_info(**text);
  return previous && previous->files == sources;
}

/// Final artifacts that have such a file, with it.
std::vector<std::pair<std::string, std::string>> described(const plan::BuildPlan& plan, UnitId root) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& output : plan.outputs(root)) {
    if (output.final_path && output.is_required()) {
      files.emplace_back(*output.final_path, with_extension_d(*output.final_path));
    }
  }
  return files;
}

Result<void> write_for_root(const plan::BuildPlan& plan,
                            const FileSystem& files,
                            const std::optional<Paths>& sources,
                            UnitId root) {
  const auto& base = plan.settings().dep_info_basedir;
  std::vector<std::string> rendered;
  std::string line;
  for (const auto& source : sources.value_or(Paths())) {
    rendered.push_back(render(source, base));
    line += " " + rendered.back();
  }
  for (const auto& [artifact, file] : described(plan, root)) {
    if (!sources) {
      PCARGO_TRY(platform::remove_file(file));
    } else if (!says_the_same(files, file, rendered)) {
      PCARGO_TRY(platform::write_file_by_rename(file, render(artifact, base) + ":" + line + "\n"));
    }
  }
  return {};
}

}  // namespace

Result<void> write_final_dep_info(const plan::BuildPlan& plan,
                                  const plan::ScriptOutputs& scripts,
                                  const FileSystem& files) {
  Sources sources(plan, scripts, files);
  for (UnitId root : plan.graph().roots) {
    PCARGO_TRY(write_for_root(plan, files, sources.of(root), root));
  }
  return {};
}

std::vector<std::string> final_dep_info_files(const plan::BuildPlan& plan) {
  std::vector<std::string> files;
  for (UnitId root : plan.graph().roots) {
    for (auto& [artifact, file] : described(plan, root)) {
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace pcargo::execute
