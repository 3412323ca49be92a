// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/input_finder.h"

#include "base/path.h"
#include "cargo/toml_value.h"
#include "prepare/tool_lookup.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace pcargo::prepare {
namespace {

using How = PlanInput::How;
using cargo::ConfigValue;
using cargo::TomlValue;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

/// Calls `visit` with `directory` and each one above it.
template <class Visit>
void for_each_upwards(std::string_view directory, Visit visit) {
  while (!directory.empty()) {
    visit(std::string(directory));
    if (directory == path::parent(directory)) {
      break;
    }
    directory = path::parent(directory);
  }
}

/// A program that is started by this word, and the places on PATH where another could get before it.
void add_program(const std::string& word, const CargoProgram& cargo, const std::string& directory, PlanInputs* inputs) {
  if (word.find('/') != std::string::npos) {
    inputs->add(How::kStamp, path::join(directory, word));
    return;
  }
  const std::string search_path = cargo.environment.get("PATH").value_or("");
  const auto found = resolve_executable(word, cargo.environment);
  std::string_view rest = search_path;
  while (true) {
    const std::size_t end = rest.find(':');
    const std::string candidate = path::join(rest.substr(0, end), word);
    inputs->add(How::kStamp, path::join(directory, candidate));
    if (end == std::string_view::npos || candidate == found) {
      return;
    }
    rest.remove_prefix(end + 1);
  }
}

/// Manifests of this machine, from one to the next along everything that looks like a path dependency.
class LocalManifests {
 public:
  LocalManifests(const FileSystem& files, PlanInputs* inputs) : files_(files), inputs_(inputs) {}

  void add(const std::string& directory) {
    const std::string root = path::normalize(directory);
    if (!seen_.insert(root).second) {
      return;
    }
    const std::string manifest = path::join(root, "Cargo.toml");
    inputs_->add(How::kContents, manifest);
    const auto text = files_.read(manifest);
    const auto toml = text && *text ? cargo::parse_toml(**text) : Result<TomlValue>(TomlValue());
    if (!text || !*text || !toml) {
      return;
    }
    // Any of them may be, or become, the workspace.
    for_each_upwards(root,
                     [&](const std::string& above) { inputs_->add(How::kContents, path::join(above, "Cargo.toml")); });
    add_discovery(root);
    add_members(root, *toml);
    follow_paths(root, *toml);
  }

  /// Every `path = "..."` wherever it stands: dependencies of all kinds, patches, replacements. That of a target leads
  /// nowhere and costs a look.
  void follow_paths(const std::string& root, const TomlValue& value) {
    for (const TomlValue& entry : value.array) {
      follow_paths(root, entry);
    }
    for (const auto& [key, entry] : value.table) {
      if (key == "path" && entry.is_string()) {
        add(path::join(root, entry.string));
      }
      follow_paths(root, entry);
    }
  }

 private:
  /// cargo 1.95: util/toml/targets.rs
  void add_discovery(const std::string& root) {
    for (const char* file : {"build.rs", "src/lib.rs", "src/main.rs"}) {
      inputs_->add(How::kKind, path::join(root, file));
    }
    for (const char* name : {"src", "src/bin", "examples", "tests", "benches"}) {
      const std::string directory = path::join(root, name);
      inputs_->add(How::kNames, directory);
      for (const std::string& entry : files_.list(directory)) {
        const std::string below = path::join(directory, entry);
        if (files_.kind(below) == FileKind::kDirectory) {
          inputs_->add(How::kKind, path::join(below, "main.rs"));
        }
      }
    }
  }

  void add_members(const std::string& root, const TomlValue& manifest) {
    const TomlValue* workspace = manifest.find("workspace");
    if (workspace == nullptr) {
      return;
    }
    for (const char* list : {"members", "default-members"}) {
      const TomlValue* patterns = workspace->find(list);
      for (const TomlValue& pattern : patterns == nullptr ? TomlValue::Array() : patterns->array) {
        if (has_wildcard(pattern.string)) {
          list_pattern(path::is_absolute(pattern.string) ? "/" : root, pattern.string);
        } else if (pattern.is_string()) {
          add(path::join(root, pattern.string));
        }
      }
    }
  }

  /// Each directory that the pattern makes cargo list; more, where a component is half a pattern.
  void list_pattern(const std::string& directory, std::string_view pattern) {
    while (starts_with(pattern, "/")) {
      pattern.remove_prefix(1);
    }
    if (pattern.empty()) {
      add(directory);
      return;
    }
    const std::string_view component = pattern.substr(0, pattern.find('/'));
    const std::string_view rest = pattern.substr(component.size());
    if (component == "**") {
      is_complete_ = false;  // anything below may be a member
      return;
    }
    if (!has_wildcard(component)) {
      list_pattern(path::join(directory, component), rest);
      return;
    }
    inputs_->add(How::kNames, directory);
    for (const std::string& entry : files_.list(directory)) {
      const std::string below = path::join(directory, entry);
      if (inputs_->ignored().count(below) == 0 && files_.kind(below) == FileKind::kDirectory) {
        list_pattern(below, rest);
      }
    }
  }

 public:
  bool is_complete() const { return is_complete_; }

 private:
  const FileSystem& files_;
  PlanInputs* inputs_;
  std::set<std::string> seen_;
  bool is_complete_ = true;
};

class Finder {
 public:
  Finder(const PlannedInputs& planned, PlanInputs* inputs)
      : planned_(planned),
        inputs_(inputs),
        directory_(planned.config.current_directory()),
        local_(planned.files, inputs) {}

  bool add_all() {
    const cargo::WorkspaceMetadata& metadata = planned_.metadata;
    inputs_->ignore(metadata.target_directory);
    inputs_->ignore(metadata.build_directory.value_or(metadata.target_directory));
    const std::string lock = path::join(metadata.workspace_root, "Cargo.lock");
    inputs_->add(How::kContents, lock);
    local_.add(metadata.workspace_root);
    for (const cargo::WorkspaceMember& member : metadata.members) {
      local_.add(std::string(path::parent(member.manifest_path)));
      for (const cargo::Target& target : member.targets) {
        inputs_->add(How::kKind, target.src_path);  // cargo refuses a target without its file
      }
    }
    for (const cargo::Package& package : planned_.packages) {
      add_package(package);
    }
    for (const cargo::Unit& unit : planned_.graph.units) {
      if (planned_.packages[unit.package].is_local()) {
        inputs_->add(How::kKind, planned_.graph.targets[unit.target].src_path);
      }
    }
    const bool config_is_listed = add_config();
    add_toolchain();
    // Without a lock file the next plan may be another one, whatever lies here.
    return config_is_listed && local_.is_complete() && planned_.files.kind(lock) == FileKind::kFile;
  }

 private:
  void add_package(const cargo::Package& package) {
    if (package.is_local()) {
      local_.add(package.root);
      return;
    }
    inputs_->add(How::kContents, package.manifest_path);
    // Cargo unpacks again what lacks its mark. That of a git package lies at the root of its checkout.
    for_each_upwards(package.root, [&](const std::string& above) {
      if (above == package.root || path::file_name(path::parent(path::parent(above))) == "checkouts") {
        inputs_->add(How::kKind, path::join(above, ".cargo-ok"));
      }
    });
  }

  /// Patches by path, and directories that stand for a registry. False: a source that has no list.
  bool add_config() {
    const ConfigValue& root = planned_.config.root();
    if (const ConfigValue* patches = root.find("patch")) {
      follow_patches(*patches);
    }
    const ConfigValue* sources = root.find("source");
    for (const auto& [name, source] : sources == nullptr ? ConfigValue::Table() : sources->table) {
      if (source.find("local-registry") != nullptr) {
        return false;
      }
      if (const ConfigValue* vendored = source.find("directory"); vendored != nullptr && vendored->is_string()) {
        add_vendored(path::normalize(path::join(vendored->definition.root(directory_), vendored->string)));
      }
    }
    return true;
  }

  void follow_patches(const ConfigValue& value) {
    for (const auto& [key, entry] : value.table) {
      if (key == "path" && entry.is_string()) {
        local_.add(path::join(entry.definition.root(directory_), entry.string));
      }
      follow_patches(entry);
    }
  }

  /// Cargo reads every package there, wanted or not.
  void add_vendored(const std::string& directory) {
    inputs_->add(How::kNames, directory);
    for (const std::string& package : planned_.files.list(directory)) {
      for (const char* file : {"Cargo.toml", ".cargo-checksum.json"}) {
        inputs_->add(How::kContents, path::join(path::join(directory, package), file));
      }
    }
  }

  void add_toolchain() {
    inputs_->add(How::kStamp, planned_.cargo.path);
    inputs_->add(How::kStamp, planned_.cargo.real_path);
    for (const std::string& word : planned_.rustc.program()) {
      add_program(word, planned_.cargo, directory_, inputs_);
    }
    for (const ProbedTarget& probed : planned_.probes.targets) {
      if (probed.target && probed.target->find(".json") != std::string::npos) {
        inputs_->add(How::kContents, path::join(directory_, *probed.target));
      }
      add_sysroot(probed.probe.sysroot);
    }
  }

  /// rustc itself is little more than a start of the library beside it.
  void add_sysroot(const std::string& sysroot) {
    inputs_->add(How::kNames, path::join(sysroot, "lib/rustlib"));
    const std::string libraries = path::join(sysroot, "lib");
    for (const std::string& name : planned_.files.list(libraries)) {
      if (starts_with(name, "librustc_driver")) {
        inputs_->add(How::kStamp, path::join(libraries, name));
      }
    }
    inputs_->add(How::kStamp, path::join(sysroot, "bin/rustc"));
  }

  const PlannedInputs& planned_;
  PlanInputs* inputs_;
  std::string directory_;
  LocalManifests local_;
};

}  // namespace

bool is_beyond_listing(const cargo::Config& config, const Environment& environment, const CommandLine& line) {
  const bool by_variable = std::any_of(environment.begin(), environment.end(), [](const auto& variable) {
    const std::string& name = variable.first;
    return name == "RUST_TARGET_PATH" || name == "CARGO_PATHS" || starts_with(name, "CARGO_SOURCE_") ||
           starts_with(name, "CARGO_PATCH_");
  });
  return by_variable || !line.unstable.empty() || line.directory || config.root().find("paths") != nullptr ||
         config.root().find("unstable") != nullptr;
}

void add_places(const CargoProgram& cargo,
                const std::string& current_directory,
                const CommandLine& line,
                PlanInputs* inputs) {
  std::vector<std::string> starts = {current_directory};
  if (line.manifest_path) {
    starts.emplace_back(path::parent(path::normalize(path::join(current_directory, *line.manifest_path))));
  }
  for (const std::string& start : starts) {
    for_each_upwards(start, [&](const std::string& directory) {
      for (const char* name :
           {"Cargo.toml", "rust-toolchain", "rust-toolchain.toml", ".cargo/config", ".cargo/config.toml"}) {
        inputs->add(How::kContents, path::join(directory, name));
      }
    });
  }
  const std::string cargo_directory = cargo_home(cargo.environment, current_directory);
  for (const char* name : {"config", "config.toml"}) {
    inputs->add(How::kContents, path::join(cargo_directory, name));
  }
  inputs->add(How::kContents, path::join(rustup_home(cargo.environment, current_directory), "settings.toml"));
  if (!cargo.rustup_proxy.empty()) {
    inputs->add(How::kStamp, cargo.rustup_proxy);
  }
}

bool add_planned(const PlannedInputs& planned, PlanInputs* inputs) {
  return Finder(planned, inputs).add_all();
}

}  // namespace pcargo::prepare
