// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/late_linking.h"

#include "execute/link_gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pcargo::cli {

using execute::LateLinking;

Result<LateLinking> late_linking(const std::optional<std::string>& argument,
                                 const Environment& environment,
                                 const cargo::Config& config) {
  constexpr std::array kModes = {std::pair<std::string_view, LateLinking>("auto", LateLinking::kAuto),
                                 std::pair<std::string_view, LateLinking>("always", LateLinking::kAlways),
                                 std::pair<std::string_view, LateLinking>("never", LateLinking::kNever),
                                 std::pair<std::string_view, LateLinking>("verify", LateLinking::kVerify)};
  std::string source = "--late-link";
  auto text = argument;
  if (!text) {
    source = "PCARGO_LATE_LINK";
    text = environment.get(source);
  }
  if (!text) {
    source = "the config value `pcargo.late-link`";
    PCARGO_ASSIGN(const auto configured, config.get_string("pcargo.late-link"));
    text = configured ? configured->value : "auto";
  }
  const auto* mode =
      std::find_if(kModes.begin(), kModes.end(), [&text](const auto& one) { return one.first == *text; });
  if (mode == kModes.end()) {
    return Error{ErrorKind::kUsage, source + " must be auto, always, never or verify, but is `" + *text + "`"};
  }
  return mode->second;
}

Result<std::optional<std::string>> find_gate(execute::LateLinking mode) {
  auto gate = mode == LateLinking::kNever ? std::nullopt : execute::find_gate_program();
  if (!gate && (mode == LateLinking::kAlways || mode == LateLinking::kVerify)) {
    return Error{ErrorKind::kEnvironment, "nothing can be linked late: `pcargo-gate` is not beside pcargo"};
  }
  return gate;
}

plan::Linking linking_of(execute::LateLinking mode, bool has_gate) {
  return !has_gate                    ? plan::Linking::kHeld
         : mode == LateLinking::kAuto ? plan::Linking::kLateWhereItPays
                                      : plan::Linking::kLateWhereItMayBe;
}

std::optional<std::string> told_of(const execute::LateLinks& links, bool is_verbose) {
  const bool is_asked_for = links.mode() == LateLinking::kAlways || links.mode() == LateLinking::kVerify;
  const auto& counts = links.counts();
  if (counts.late == 0 || !(is_verbose || is_asked_for)) {
    return std::nullopt;
  }
  std::string text = std::to_string(counts.late) + " started before all they link was there";
  if (counts.ordinary_after_all > 0) {
    text += ", " + std::to_string(counts.ordinary_after_all) + " had to start over";
  }
  if (links.mode() == LateLinking::kVerify) {
    text += ", " + std::to_string(counts.verified) + " compared byte for byte";
  }
  text += fmt::format(", {:.2f}s earlier in all", static_cast<double>(counts.head_start_ns) * 1e-9);
  return text;
}

}  // namespace pcargo::cli
