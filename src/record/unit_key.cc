// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/unit_key.h"

#include "base/byte_coding.h"
#include "base/quick_digest.h"

#include <array>
#include <cstring>
#include <string_view>

namespace pcargo::record {

namespace {

std::string target_text(const cargo::Target& target) {
  switch (target.kind) {
    case cargo::TargetKind::kLib:
      return "lib";
    case cargo::TargetKind::kCustomBuild:
      return "build-script";
    case cargo::TargetKind::kBin:
      return "bin " + target.name;
    case cargo::TargetKind::kExample:
      return "example " + target.name;
    case cargo::TargetKind::kTest:
      return "test " + target.name;
    case cargo::TargetKind::kBench:
      return "bench " + target.name;
  }
  return {};
}

std::int64_t first_eight(const QuickDigest& digest) {
  std::int64_t value = 0;
  std::memcpy(&value, digest.data(), sizeof value);
  return value;
}

}  // namespace

UnitKey unit_key(const plan::BuildPlan& plan, UnitId unit, const std::string& machine) {
  const auto& graph = plan.graph();
  const auto& target = graph.target(unit);
  const auto& profile = graph.profile(unit);
  const auto mode = graph.units[unit].mode;
  UnitKey key;
  key.package = plan.package(unit).name;
  key.version = plan.package(unit).version;
  key.target = target_text(target);
  key.mode = mode == cargo::CompileMode::kCheckTest ? "check-test" : std::string(cargo::mode_name(mode));
  key.opt_level = profile.opt_level;

  const auto write_text = [](ByteWriter& writer, const std::string& text) { writer.text(text); };
  ByteWriter bytes;
  const std::array<std::string_view, 6> texts = {
      machine, key.package, key.version, key.target, key.mode, key.opt_level};
  for (const std::string_view text : texts) {
    bytes.text(text);
  }
  bytes.list(target.crate_types, write_text);
  bytes.text(profile.debuginfo);
  bytes.text(profile.lto);
  bytes.optional(profile.codegen_units, [](ByteWriter& writer, std::uint32_t units) { writer.number(units); });
  bytes.optional(profile.codegen_backend, write_text);
  bytes.optional(profile.split_debuginfo, write_text);
  bytes.number(profile.debug_assertions ? 1 : 0);
  bytes.number(profile.overflow_checks ? 1 : 0);
  bytes.number(profile.incremental ? 1 : 0);
  bytes.text(profile.panic);
  bytes.list(graph.features(unit), write_text);
  bytes.text(plan.target_settings(unit).triple);
  bytes.number(graph.units[unit].platform == cargo::kHostPlatform ? 1 : 0);
  bytes.text(plan.settings().toolchain.verbose_version);
  bytes.text(plan.settings().rustc_wrapper.value_or(""));  // a cache in front of rustc has times of its own
  bytes.list(plan.target_settings(unit).rustflags, write_text);
  key.variant = first_eight(quick_digest(bytes.bytes()));
  return key;
}

}  // namespace pcargo::record
