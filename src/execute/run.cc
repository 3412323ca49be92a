// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/run.h"

#include "execute/jobserver.h"
#include "platform/exit_text.h"

namespace pcargo::execute {

Result<platform::ChildProcess> spawn_invocation(const RunContext& context,
                                                const plan::Invocation& invocation,
                                                platform::ChildProcess::Callbacks callbacks,
                                                const std::vector<int>& descriptors) {
  Environment environment = context.plan.settings().environment;
  for (const auto& name : invocation.removed_environment) {
    environment.remove(name);
  }
  for (const auto& [name, value] : invocation.set_environment) {
    environment.set(name, value);
  }
  environment.set("CARGO_MAKEFLAGS", context.jobserver.environment_value());

  platform::SpawnOptions options;
  options.argv = invocation.argv;
  options.environment = environment.to_block();
  options.search_path = environment.get("PATH").value_or("");
  options.working_directory = invocation.working_directory;
  options.inherited_descriptors = context.jobserver.inherited_descriptors();
  options.inherited_descriptors.insert(options.inherited_descriptors.end(), descriptors.begin(), descriptors.end());
  return platform::ChildProcess::spawn(context.loop, options, std::move(callbacks));
}

std::string describe_exit(const RunContext& context,
                          const plan::Invocation& invocation,
                          const platform::ExitStatus& status) {
  return platform::describe_failure(invocation.display(context.plan.settings().verbosity >= 2), status);
}

}  // namespace pcargo::execute
