// SPDX-License-Identifier: MIT OR Apache-2.0
// What the user wants of late linking, and what is said of it afterwards.
#pragma once

#include "base/environment.h"
#include "base/result.h"
#include "cargo/config.h"
#include "execute/late_links.h"

#include <optional>
#include <string>

namespace pcargo::cli {

/// `--late-link`, PCARGO_LATE_LINK, or `pcargo.late-link` of the config, in this order; auto.
Result<execute::LateLinking> late_linking(const std::optional<std::string>& argument,
                                          const Environment& environment,
                                          const cargo::Config& config);

/// The link gate's program; nullopt: nothing is linked late. An error where that was asked for and cannot be done.
Result<std::optional<std::string>> find_gate(execute::LateLinking mode);

/// What it comes to for the plan.
plan::Linking linking_of(execute::LateLinking mode, bool has_gate);

/// nullopt: nothing happened, or nobody asked for it.
std::optional<std::string> told_of(const execute::LateLinks& links, bool is_verbose);

}  // namespace pcargo::cli
