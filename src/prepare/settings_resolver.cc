// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/settings_resolver.h"

#include "prepare/directories.h"
#include "prepare/rustc_probe.h"
#include "prepare/rustflags.h"
#include "prepare/target_config.h"
#include "prepare/terminal_options.h"

#include <algorithm>
#include <string_view>

namespace pcargo::prepare {
namespace {

plan::Toolchain toolchain_of(const Prepared& prepared, const ProbedTarget& host) {
  plan::Toolchain toolchain;
  toolchain.cargo = prepared.cargo.real_path;
  toolchain.cargo_version = prepared.cargo_version;
  toolchain.capabilities = cargo::capabilities_of(prepared.cargo_version);
  toolchain.rustc = prepared.rustc.rustc;
  toolchain.rustdoc = prepared.rustdoc;
  toolchain.verbose_version = prepared.probes.version.text;
  toolchain.host = prepared.probes.version.host;
  toolchain.release = prepared.probes.version.release;
  toolchain.sysroot = host.probe.sysroot;
  return toolchain;
}

std::optional<std::string> without_empty(const std::optional<std::string>& wrapper) {
  return wrapper && !wrapper->empty() ? wrapper : std::nullopt;
}

}  // namespace

bool wants_short_diagnostics(const std::vector<std::string>& formats) {
  for (const std::string& list : formats) {
    std::string lower = "," + list + ",";
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
    });
    if (lower.find(",short,") != std::string::npos || lower.find(",json-diagnostic-short,") != std::string::npos) {
      return true;
    }
  }
  return false;
}

namespace {

Result<plan::TargetSettings> target_settings(const Prepared& prepared,
                                             const ProbedTarget& probed,
                                             bool target_requested) {
  const cargo::Config& config = prepared.config;
  plan::TargetSettings settings;
  settings.triple = probed.target ? target_short_name(*probed.target) : prepared.probes.version.host;
  settings.info = probed.probe.info;
  if (!cargo::capabilities_of(prepared.cargo_version).flags_change_cfgs) {
    settings.info.cfg = probed.probe.first_cfg;
  }
  settings.rustflags = probed.rustflags;
  FlagQuestion flags;
  flags.triple = settings.triple;
  flags.is_host = !probed.target;
  flags.target_requested = target_requested;
  flags.cfg = &settings.info.cfg;
  PCARGO_ASSIGN(settings.rustdocflags, flags_for(config, FlagKind::kRustdocflags, flags));
  PCARGO_ASSIGN(settings.linker, linker_for(config, settings.triple, settings.info.cfg));
  PCARGO_ASSIGN(settings.runner, runner_for(config, settings.triple, settings.info.cfg));
  PCARGO_ASSIGN(settings.links_overrides, links_overrides_for(config, settings.triple));
  return settings;
}

const ProbedTarget* find_probe(const ProbeAnswer& answer, const std::string& platform) {
  const auto found = std::find_if(answer.targets.begin(), answer.targets.end(), [&](const ProbedTarget& probed) {
    return platform.empty() ? !probed.target : probed.target == platform;
  });
  return found == answer.targets.end() ? nullptr : &*found;
}

Result<void> fill_targets(const Prepared& prepared, plan::Settings* settings) {
  for (const std::string& platform : prepared.graph.platforms) {
    const ProbedTarget* probed = find_probe(prepared.probes, platform);
    if (probed == nullptr) {
      return Error{ErrorKind::kInput, "rustc was not asked about the target `" + platform + "`"};
    }
    PCARGO_ASSIGN(auto target, target_settings(prepared, *probed, settings->target_requested));
    settings->targets.push_back(std::move(target));
  }
  return {};
}

Result<void> fill_directories(const SettingsQuestion& question, plan::Settings* settings) {
  const DirectoryQuestion directories{question.prepared.config,
                                      question.line.target_dir,
                                      question.prepared.metadata.workspace_root,
                                      question.canonicalize};
  settings->workspace_root = directories.workspace_root;
  settings->cargo_home = question.prepared.config.cargo_home();
  settings->current_directory = question.prepared.config.current_directory();
  PCARGO_ASSIGN(settings->target_directory, target_directory(directories));
  PCARGO_ASSIGN(settings->build_directory, build_directory(directories));
  return {};
}

/// A switch of -Z or of the [unstable] table, where cargo allows them.
Result<bool> is_switched_on(const std::string& name, const SettingsQuestion& question) {
  if (!question.prepared.nightly_features_allowed) {
    return false;
  }
  const auto& words = question.line.unstable;
  if (std::find(words.begin(), words.end(), name) != words.end()) {
    return true;
  }
  PCARGO_ASSIGN(const auto value, question.prepared.config.get_bool(cargo::ConfigKey("unstable." + name)));
  return value && value->value;
}

Result<void> fill_command(const SettingsQuestion& question, plan::Settings* settings) {
  const CommandLine& line = question.line;
  const cargo::Config& config = question.prepared.config;
  settings->command = line.command;
  settings->check_only = line.command == "check" || (line.command == "rustc" && line.profile == "check");
  settings->selection = line.selection;
  PCARGO_ASSIGN(auto profile, resolve_profile(config, line, question.manifest_profiles));
  settings->requested_profile = std::move(profile.name);
  settings->profile_directory = std::move(profile.directory);
  settings->profile_root_is_release = profile.root_is_release;
  PCARGO_ASSIGN(settings->jobs, resolve_jobs(config, line.jobs, question.cores));
  settings->keep_going = line.keep_going;
  PCARGO_ASSIGN(settings->no_embed_metadata, is_switched_on("no-embed-metadata", question));
  PCARGO_ASSIGN(const auto terminal, resolve_terminal_options(config, line));
  settings->verbosity = terminal.verbosity;
  settings->terminal_width = question.terminal_width;
  settings->diagnostics_short = wants_short_diagnostics(line.message_formats);
  if (line.command == "rustc") {
    settings->extra_rustc_args = line.trailing_arguments;
  }
  return {};
}

}  // namespace

Result<plan::Settings> resolve_settings(const SettingsQuestion& question) {
  const Prepared& prepared = question.prepared;
  const ProbedTarget* host = find_probe(prepared.probes, "");
  if (host == nullptr) {
    return Error{ErrorKind::kInput, "rustc was not asked about the host"};
  }
  plan::Settings settings;
  settings.toolchain = toolchain_of(prepared, *host);
  settings.environment = prepared.cargo.environment;
  settings.rustc_wrapper = without_empty(prepared.rustc.wrapper);
  settings.rustc_workspace_wrapper = without_empty(prepared.rustc.workspace_wrapper);
  settings.nightly_features_allowed = prepared.nightly_features_allowed;
  PCARGO_ASSIGN(settings.config_env, resolve_config_env(prepared.config));
  PCARGO_ASSIGN(settings.target_requested, is_target_requested(prepared.config, question.line));
  PCARGO_ASSIGN(settings.dep_info_basedir, prepared.config.get_path("build.dep-info-basedir"));
  PCARGO_TRY(fill_directories(question, &settings));
  PCARGO_TRY(fill_command(question, &settings));
  PCARGO_TRY(fill_targets(prepared, &settings));
  return settings;
}

Result<Environment> environment_for_probes(const cargo::Config& config) {
  PCARGO_ASSIGN(const auto entries, resolve_config_env(config));
  Environment environment = config.environment();
  apply_config_env(entries, &environment);
  return environment;
}

Result<bool> is_target_requested(const cargo::Config& config, const CommandLine& line) {
  PCARGO_ASSIGN(const auto targets, resolve_targets(config, TargetQuestion{line.targets, "host-tuple"}));
  return !targets.empty();
}

}  // namespace pcargo::prepare
