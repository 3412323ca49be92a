// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/probe_question.h"

#include "platform/event_loop.h"
#include "platform/signal_relay.h"
#include "prepare/given_graph.h"
#include "prepare/rustflags.h"
#include "prepare/settings_resolver.h"
#include "prepare/tool_lookup.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pcargo::prepare {

namespace {

/// The host is not known yet: its alias stays for the probes to resolve.
Result<std::vector<std::string>> requested_targets(const ProbeSources& sources) {
  return resolve_targets(sources.config, {sources.line.targets, "host-tuple", real_path});
}

std::vector<std::string> missing_targets(const cargo::UnitGraph& graph, const ProbeAnswer& probes) {
  std::vector<std::string> missing;
  for (const std::string& platform : graph.platforms) {
    bool known = platform.empty() || std::any_of(probes.targets.begin(),
                                                 probes.targets.end(),
                                                 [&](const ProbedTarget& probed) { return probed.target == platform; });
    if (!known) {
      missing.push_back(platform);
    }
  }
  return missing;
}

}  // namespace

Result<RustcTools> find_rustc_tools(const ProbeSources& sources) {
  const auto& [line, cargo, config, directory] = sources;
  PCARGO_ASSIGN(auto rustc, config.get_program_path("build.rustc"));
  PCARGO_ASSIGN(auto rustdoc, config.get_program_path("build.rustdoc"));
  PCARGO_ASSIGN(auto wrapper, config.get_program_path("build.rustc-wrapper"));
  PCARGO_ASSIGN(auto workspace_wrapper, config.get_program_path("build.rustc-workspace-wrapper"));
  RustcTools tools;
  tools.rustc.rustc = find_tool("rustc", rustc, cargo.environment, directory);
  tools.rustc.wrapper = find_optional_tool("rustc_wrapper", wrapper, cargo.environment, directory);
  tools.rustc.workspace_wrapper =
      find_optional_tool("rustc_workspace_wrapper", workspace_wrapper, cargo.environment, directory);
  tools.rustdoc = find_tool("rustdoc", rustdoc, cargo.environment, directory);
  return tools;
}

Result<ProbeQuestion> probe_question(const ProbeSources& sources,
                                     const RustcCommand& rustc,
                                     const std::optional<cargo::UnitGraph>& given,
                                     std::vector<int> inherited_descriptors) {
  ProbeQuestion question;
  question.rustc = rustc;
  PCARGO_ASSIGN(question.environment, environment_for_probes(sources.config));
  question.working_directory = sources.current_directory;
  PCARGO_ASSIGN(question.targets, requested_targets(sources));
  if (given) {
    PCARGO_TRY(check_targets_of_graph(*given, question.targets));
  }
  question.rustflags = rustflags_for_probes(sources.config, !question.targets.empty());
  question.inherited_descriptors = std::move(inherited_descriptors);
  return question;
}

Result<void> renew_rustflags(const ProbeSources& sources, ProbeAnswer* probes) {
  PCARGO_ASSIGN(const auto targets, requested_targets(sources));
  const RustflagsFor rustflags = rustflags_for_probes(sources.config, !targets.empty());
  for (ProbedTarget& probed : probes->targets) {
    plan::TargetInfo info = probed.probe.info;
    info.cfg = probed.probe.first_cfg;
    PCARGO_ASSIGN(probed.rustflags, rustflags(probes->version.host, probed.target, &info));
  }
  return {};
}

Result<void> ask_about_missing_targets(const ProbeSources& sources,
                                       const RustcCommand& rustc,
                                       const cargo::UnitGraph& graph,
                                       Answers* answers,
                                       ProbeAnswer* probes) {
  auto missing = missing_targets(graph, *probes);
  if (missing.empty()) {
    return {};
  }
  PCARGO_ASSIGN(ProbeQuestion question, probe_question(sources, rustc, std::nullopt, {}));
  question.targets = std::move(missing);
  platform::EventLoop loop;
  platform::SignalRelay relay(loop);
  ProbeRun run(loop, std::move(question), answers);
  relay.run();
  PCARGO_ASSIGN(ProbeAnswer more, run.take());
  std::move(more.targets.begin() + 1, more.targets.end(), std::back_inserter(probes->targets));
  return {};
}

}  // namespace pcargo::prepare
