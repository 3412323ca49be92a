// SPDX-License-Identifier: MIT OR Apache-2.0
// Which fields packages and settings have where a plan is stored, each named once for writing and reading. A
// description takes its struct apart first: one that forgets a field does not compile. Each is in the namespace of its
// struct, where plan/plan_coding.cc finds it. Private to that.
#pragma once

#include "cargo/build_script_output.h"
#include "cargo/package.h"
#include "plan/settings.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::cargo {

inline const auto& words_of(SourceKind /*kind*/) {
  static constexpr std::array<const char*, 3> kWords{"path", "registry", "git"};
  return kWords;
}

inline const auto& words_of(TargetKind /*kind*/) {
  static constexpr std::array<const char*, 6> kWords{"lib", "bin", "example", "test", "bench", "custom-build"};
  return kWords;
}

inline const auto& words_of(LinkArgTarget::Kind /*kind*/) {
  static constexpr std::array<const char*, 7> kWords{"all", "cdylib", "bin", "single-bin", "test", "bench", "example"};
  return kWords;
}

inline const auto& words_of(BuildScriptOutput::Severity /*severity*/) {
  static constexpr std::array<const char*, 2> kWords{"warning", "error"};
  return kWords;
}

template <class Fields>
void describe(Fields& fields, LinkArgTarget& target) {
  auto& [kind, bin] = target;
  fields("kind", kind);
  fields("bin", bin);
}

template <class Fields>
void describe(Fields& fields, BuildScriptOutput& output) {
  auto& [library_paths,
         library_links,
         linker_args,
         cfgs,
         check_cfgs,
         env,
         metadata,
         rerun_if_changed,
         rerun_if_env_changed,
         log_messages] = output;
  fields("library_paths", library_paths);
  fields("library_links", library_links);
  fields("linker_args", linker_args);
  fields("cfgs", cfgs);
  fields("check_cfgs", check_cfgs);
  fields("env", env);
  fields("metadata", metadata);
  fields("rerun_if_changed", rerun_if_changed);
  fields("rerun_if_env_changed", rerun_if_env_changed);
  fields("log_messages", log_messages);
}

template <class Fields>
void describe(Fields& fields, ManifestTarget& target) {
  auto& [kind, name, path, harness, crate_types, filename] = target;
  fields("kind", kind);
  fields("name", name);
  fields("path", path);
  fields("harness", harness);
  fields("crate_types", crate_types);
  fields("filename", filename);
}

template <class Fields>
void describe(Fields& fields, Package& package) {
  auto& [id,
         source,
         source_display,
         is_member,
         name,
         version,
         manifest_path,
         root,
         authors,
         description,
         homepage,
         repository,
         license,
         license_file,
         readme,
         rust_version,
         edition,
         links,
         default_run,
         declared_features,
         lint_flags,
         targets,
         cargo_features,
         has_hints_mostly_unused,
         has_include] = package;
  fields("id", id);
  fields("source", source);
  fields("source_display", source_display);
  fields("is_member", is_member);
  fields("name", name);
  fields("version", version);
  fields("manifest_path", manifest_path);
  fields("root", root);
  fields("authors", authors);
  fields("description", description);
  fields("homepage", homepage);
  fields("repository", repository);
  fields("license", license);
  fields("license_file", license_file);
  fields("readme", readme);
  fields("rust_version", rust_version);
  fields("edition", edition);
  fields("links", links);
  fields("default_run", default_run);
  fields("declared_features", declared_features);
  fields("lint_flags", lint_flags);
  fields("targets", targets);
  fields("cargo_features", cargo_features);
  fields("has_hints_mostly_unused", has_hints_mostly_unused);
  fields("has_include", has_include);
}

}  // namespace pcargo::cargo

namespace pcargo::plan {

template <class Fields>
void describe(Fields& fields, Toolchain& toolchain) {
  auto& [cargo, cargo_version, rustc, rustdoc, verbose_version, host, release, sysroot, capabilities] = toolchain;
  (void)capabilities;  // they follow from the version
  fields("cargo", cargo);
  fields("cargo_version", cargo_version);
  fields("rustc", rustc);
  fields("rustdoc", rustdoc);
  fields("verbose_version", verbose_version);
  fields("host", host);
  fields("release", release);
  fields("sysroot", sysroot);
}

template <class Fields>
void describe(Fields& fields, FileNaming& naming) {
  auto& [prefix, suffix] = naming;
  fields("prefix", prefix);
  fields("suffix", suffix);
}

template <class Fields>
void describe(Fields& fields, TargetInfo& info) {
  auto& [naming, split_debuginfo, cfg, sysroot_library_dir] = info;
  fields("naming", naming);
  fields("split_debuginfo", split_debuginfo);
  fields("cfg", cfg);
  fields("sysroot_library_dir", sysroot_library_dir);
}

template <class Fields>
void describe(Fields& fields, TargetSettings& target) {
  auto& [triple, info, rustflags, rustdocflags, linker, runner, links_overrides] = target;
  fields("triple", triple);
  fields("info", info);
  fields("rustflags", rustflags);
  fields("rustdocflags", rustdocflags);
  fields("linker", linker);
  fields("runner", runner);
  fields("links_overrides", links_overrides);
}

template <class Fields>
void describe(Fields& fields, ConfigEnv& entry) {
  auto& [value, force] = entry;
  fields("value", value);
  fields("force", force);
}

template <class Fields>
void describe(Fields& fields, TargetSelection& selection) {
  auto& [all_targets, lib, bins, examples, tests, benches] = selection;
  fields("all_targets", all_targets);
  fields("lib", lib);
  fields("bins", bins);
  fields("examples", examples);
  fields("tests", tests);
  fields("benches", benches);
}

/// Settings as they are stored: targets as a list, changes in place of the environment.
struct StoredSettings {
  Settings settings;
  std::vector<TargetSettings> targets;
  std::map<std::string, std::optional<std::string>> environment;
};

template <class Fields>
void describe(Fields& fields, StoredSettings& stored) {
  auto& [toolchain,
         whole_environment,
         current_directory,
         cargo_home,
         workspace_root,
         target_directory,
         build_directory,
         rustc_wrapper,
         rustc_workspace_wrapper,
         config_env,
         targets_by_id,
         target_requested,
         command,
         check_only,
         selection,
         requested_profile,
         profile_directory,
         profile_root_is_release,
         jobs,
         keep_going,
         nightly_features_allowed,
         no_embed_metadata,
         verbosity,
         terminal_width,
         diagnostics_short,
         extra_rustc_args,
         dep_info_basedir] = stored.settings;
  (void)whole_environment;
  (void)targets_by_id;
  fields("toolchain", toolchain);
  fields("environment", stored.environment);
  fields("current_directory", current_directory);
  fields("cargo_home", cargo_home);
  fields("workspace_root", workspace_root);
  fields("target_directory", target_directory);
  fields("build_directory", build_directory);
  fields("rustc_wrapper", rustc_wrapper);
  fields("rustc_workspace_wrapper", rustc_workspace_wrapper);
  fields("config_env", config_env);
  fields("targets", stored.targets);
  fields("target_requested", target_requested);
  fields("command", command);
  fields("check_only", check_only);
  fields("selection", selection);
  fields("requested_profile", requested_profile);
  fields("profile_directory", profile_directory);
  fields("profile_root_is_release", profile_root_is_release);
  fields("jobs", jobs);
  fields("keep_going", keep_going);
  fields("nightly_features_allowed", nightly_features_allowed);
  fields("no_embed_metadata", no_embed_metadata);
  fields("verbosity", verbosity);
  fields("terminal_width", terminal_width);
  fields("diagnostics_short", diagnostics_short);
  fields("extra_rustc_args", extra_rustc_args);
  fields("dep_info_basedir", dep_info_basedir);
}

}  // namespace pcargo::plan
