// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/output_files.h"

#include "base/path.h"
#include "plan/unit_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace pcargo::plan {

using cargo::CompileMode;
using cargo::TargetKind;
using Flavor = OutputFile::Flavor;

namespace {

struct FileType {
  std::string prefix;
  std::string suffix;
  Flavor flavor = Flavor::kNormal;
  std::string crate_type;  // empty for .rmeta
  bool replaces_hyphens = true;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_dynamic(const std::string& type) {
  return type == "dylib" || type == "cdylib" || type == "proc-macro";
}

/// Import libraries beside a Windows DLL.
void add_import_libraries(const std::string& triple, const FileType& main, std::vector<FileType>* types) {
  if (main.suffix != ".dll") {
    return;
  }
  if (ends_with(triple, "-windows-msvc")) {
    for (const char* suffix : {".dll.lib", ".dll.exp"}) {
      types->push_back({main.prefix, suffix, Flavor::kAuxiliary, main.crate_type, true});
    }
  } else if (ends_with(triple, "windows-gnu") || ends_with(triple, "windows-gnullvm") || ends_with(triple, "cygwin")) {
    types->push_back({"lib", ".dll.a", Flavor::kAuxiliary, main.crate_type, true});
  }
}

std::optional<FileType> debug_file(const std::string& triple, const FileType& main, bool has_packages) {
  const bool is_bin = main.crate_type == "bin";
  if (contains(triple, "-apple-")) {
    return FileType{main.prefix, is_bin ? ".dSYM" : ".dylib.dSYM", Flavor::kDebugInfo, main.crate_type, false};
  }
  if (ends_with(triple, "-msvc") || ends_with(triple, "-uefi")) {
    return FileType{main.prefix, ".pdb", Flavor::kDebugInfo, main.crate_type, true};
  }
  if (!has_packages) {
    return std::nullopt;
  }
  return FileType{main.prefix, main.suffix + ".dwp", Flavor::kDebugInfo, main.crate_type, !is_bin};
}

/// All files of one crate type; nothing if the target does not support it.
std::optional<std::vector<FileType>> file_types(const BuildPlan& plan,
                                                const TargetSettings& target,
                                                const std::string& type,
                                                Flavor flavor) {
  const std::string crate_type = type == "lib" ? "rlib" : type;
  // An old cargo takes `rustc --crate-type A,B` for one type, and the first line of rustc's answer for its file.
  const auto naming = target.info.naming.find(crate_type.substr(0, crate_type.find(',')));
  if (naming == target.info.naming.end() || !naming->second) {
    return std::nullopt;
  }
  const FileType main{naming->second->prefix, naming->second->suffix, flavor, crate_type, crate_type != "bin"};
  std::vector<FileType> types{main};
  if (is_dynamic(crate_type)) {
    add_import_libraries(target.triple, main, &types);
  }
  if (target.triple.rfind("wasm32-", 0) == 0 && crate_type == "bin" && main.suffix == ".js") {
    types.push_back({main.prefix, ".wasm", Flavor::kAuxiliary, crate_type, true});
    types.push_back({main.prefix, ".wasm.map", Flavor::kDebugInfo, crate_type, true});
  }
  if (crate_type == "bin" || is_dynamic(crate_type)) {
    const bool has_packages = plan.settings().toolchain.capabilities.has_debug_packages;
    if (auto file = debug_file(target.triple, main, has_packages)) {
      types.push_back(*std::move(file));
    }
  }
  return types;
}

const FileType kRmeta{"lib", ".rmeta", Flavor::kRmeta, "", true};

Result<std::vector<FileType>> unit_file_types(const BuildPlan& plan, UnitId unit) {
  const auto& target = plan.graph().target(unit);
  const auto& settings = plan.target_settings(unit);
  const auto mode = plan.graph().units[unit].mode;
  if (is_check(mode)) {
    return std::vector<FileType>{kRmeta};
  }
  if (mode != CompileMode::kBuild && mode != CompileMode::kTest) {
    return std::vector<FileType>();
  }
  const std::vector<std::string> crate_types =
      mode == CompileMode::kTest ? std::vector<std::string>{"bin"} : target.crate_types;
  std::vector<FileType> types;
  std::string unsupported;
  for (const auto& type : crate_types) {
    const bool linkable = type == "lib" || type == "rlib" || type == "dylib" || type == "proc-macro";
    const Flavor flavor = linkable && mode != CompileMode::kTest ? Flavor::kLinkable : Flavor::kNormal;
    if (auto found = file_types(plan, settings, type, flavor)) {
      types.insert(types.end(), found->begin(), found->end());
    } else {
      unsupported += (unsupported.empty() ? "" : ", ") + type;
    }
  }
  if (types.empty()) {
    return Error{ErrorKind::kInput,
                 fmt::format("cannot produce {} for `{}` as the target `{}` does not support these crate types",
                             unsupported,
                             plan.package(unit).display(),
                             settings.triple)};
  }
  const bool is_pipelined = mode == CompileMode::kBuild && !requires_upstream_objects(plan.graph(), unit);
  if (is_pipelined || (plan.settings().no_embed_metadata && keeps_metadata_apart(plan.graph(), unit))) {
    types.push_back(kRmeta);
  }
  return types;
}

std::string output_name(const FileType& type, const cargo::Target& target, const std::optional<std::string>& hash) {
  return type.prefix + target.crate_name() + (hash ? "-" + *hash : "") + type.suffix;
}

std::string final_name(const FileType& type, const cargo::Target& target, const cargo::Package& package) {
  std::string name = type.replaces_hyphens ? target.crate_name() : target.name;
  for (const auto& declared : package.targets) {
    if (declared.kind == target.kind && declared.name == target.name && declared.filename) {
      name = *declared.filename;
    }
  }
  return type.prefix + name + type.suffix;
}

std::optional<std::string> final_path(const BuildPlan& plan,
                                      UnitId unit,
                                      const FileType& type,
                                      const std::string& from) {
  const auto& target = plan.graph().target(unit);
  if (plan.graph().units[unit].mode != CompileMode::kBuild || type.flavor == Flavor::kRmeta) {
    return std::nullopt;
  }
  // Bins are always wanted; dylibs so that programs find the newest; build scripts under the name that is run; roots.
  if (!target.is_bin() && !target.is_custom_build() && type.crate_type != "dylib" && !plan.is_root(unit)) {
    return std::nullopt;
  }
  const std::string name = final_name(type, target, plan.package(unit));
  std::string to;
  if (target.is_custom_build()) {
    to = path::join(plan.output_directory(unit), name);
  } else {
    const auto artifacts = plan.layout().artifacts(plan.graph().units[unit].platform);
    if (!artifacts) {
      return std::nullopt;
    }
    to = path::join(target.is_example() ? *artifacts + "/examples" : *artifacts, name);
  }
  return to == from ? std::nullopt : std::optional(to);
}

}  // namespace

bool uses_extra_filename(const BuildPlan& plan, UnitId unit) {
  const auto mode = plan.graph().units[unit].mode;
  if (is_doc(mode) || mode == CompileMode::kDoctest) {
    return false;
  }
  if (is_any_test(mode) || is_check(mode)) {
    return true;
  }
  const auto& target = plan.graph().target(unit);
  const std::string& triple = plan.target_settings(unit).triple;
  const bool is_library = target.is_library();
  const bool bare = (is_library && (target.has_crate_type("dylib") || target.has_crate_type("cdylib"))) ||
                    (target.is_executable() && (triple == "wasm32-unknown-emscripten" || contains(triple, "msvc")));
  return !(bare && plan.package(unit).is_local() &&
           !plan.settings().environment.contains("__CARGO_DEFAULT_LIB_METADATA"));
}

Result<void> check_crate_types(const BuildPlan& plan, UnitId unit) {
  PCARGO_TRY(unit_file_types(plan, unit));
  return {};
}

std::vector<OutputFile> derive_outputs(const BuildPlan& plan, UnitId unit) {
  const auto types = unit_file_types(plan, unit);
  PCARGO_CHECK(types.has_value());
  const auto hash = plan.extra_filename(unit);
  const auto directory = plan.output_directory(unit);
  std::vector<OutputFile> outputs;
  for (const auto& type : *types) {
    const std::string from = path::join(directory, output_name(type, plan.graph().target(unit), hash));
    outputs.push_back({from, final_path(plan, unit, type, from), type.flavor});
  }
  return outputs;
}

}  // namespace pcargo::plan
