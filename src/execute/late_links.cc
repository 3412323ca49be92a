// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/late_links.h"

#include "base/path.h"
#include "execute/link_gate.h"
#include "execute/stub_rlib.h"
#include "platform/files.h"

#include <algorithm>
#include <utility>

namespace pcargo::execute {

using Flavor = plan::OutputFile::Flavor;

LateLinks::LateLinks(const plan::BuildPlan& plan,
                     LateLinking mode,
                     std::optional<std::string> gate,
                     const Attempts& attempts)
    : plan_(plan),
      mode_(gate ? mode : LateLinking::kNever),
      gate_(std::move(gate)),
      attempts_(attempts),
      is_made_(plan.graph().units.size(), 0) {
  if (mode_ != LateLinking::kNever) {
    metadata_below_ = plan::derive_metadata_below(plan.graph());
  }
}

std::optional<std::string> LateLinks::linker_of(UnitId unit, const plan::ScriptOutputs& scripts) const {
  if (mode_ == LateLinking::kNever) {
    return std::nullopt;
  }
  const auto invocation = plan_.compile_invocation(unit, scripts);
  auto late = plan::late_link(plan_, unit, invocation, scripts, metadata_below_);
  // What rustc says of a linker that is not there, only rustc can say.
  const auto path = plan_.settings().environment.get("PATH").value_or("");
  const bool is_there = !late.hold && has_linker(late.linker, path, invocation.working_directory);
  return is_there ? std::optional(std::move(late.linker)) : std::nullopt;
}

std::string LateLinks::stub_of(const std::string& path) const {
  for (const auto& [real, stubs] : stub_directories_) {
    if (const auto below = path::strip_prefix(path, real)) {
      return path::join(stubs, *below);
    }
  }
  return {};
}

/// One for each directory with libraries in it.
Result<void> LateLinks::make_directories() {
  if (!stub_directories_.empty()) {
    return {};
  }
  std::vector<plan::StubDirectory> directories;
  for (const auto& unit : plan_.graph().units) {
    const std::string deps = plan_.layout().deps(unit.platform);
    const auto is_it = [&deps](const plan::StubDirectory& known) { return known.real == deps; };
    if (std::none_of(directories.begin(), directories.end(), is_it)) {
      PCARGO_ASSIGN(auto stubs, attempts_.make_scratch());
      directories.push_back({deps, std::move(stubs)});
    }
  }
  stub_directories_ = std::move(directories);
  return {};
}

Result<void> LateLinks::make_stubs(UnitId unit) {
  PCARGO_TRY(make_directories());
  std::vector<UnitId> stack{unit};
  while (!stack.empty()) {
    const UnitId above = stack.back();
    stack.pop_back();
    for (const auto& dependency : plan_.graph().units[above].dependencies) {
      const auto& target = plan_.graph().target(dependency.unit);
      if (!target.is_linkable() || is_made_[dependency.unit] != 0) {
        continue;
      }
      PCARGO_TRY(make_stub(dependency.unit));
      is_made_[dependency.unit] = 1;
      if (!target.is_proc_macro()) {
        stack.push_back(dependency.unit);
      }
    }
  }
  return {};
}

/// Of a macro the thing itself: rustc loads it where it finds the crate that used it.
Result<void> LateLinks::make_stub(UnitId unit) {
  const auto outputs = plan_.outputs(unit);
  const auto is_metadata = [](const plan::OutputFile& output) { return output.flavor == Flavor::kRmeta; };
  const auto metadata = std::find_if(outputs.begin(), outputs.end(), is_metadata);
  for (const auto& output : outputs) {
    if (output.flavor != Flavor::kLinkable) {
      continue;
    }
    if (metadata != outputs.end()) {
      PCARGO_TRY(write_stub_rlib(metadata->path, stub_of(output.path)));
    } else {
      PCARGO_TRY(platform::make_link(output.path, stub_of(output.path)));
    }
  }
  return {};
}

std::vector<gate::Replacement> LateLinks::replacements() const {
  std::vector<gate::Replacement> result;
  for (const auto& [real, stubs] : stub_directories_) {
    result.push_back({stubs, real});
  }
  return result;
}

}  // namespace pcargo::execute
