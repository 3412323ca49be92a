// SPDX-License-Identifier: MIT OR Apache-2.0
// What cargo calls a unit and a target in its sentences.
#pragma once

#include "cargo/unit_graph.h"

#include <string>
#include <string_view>

namespace pcargo::report {

/// "lib", `bin "x"`, "build script" (cargo: Target::description_named).
std::string target_description(const cargo::Target& target);

/// "`x` (bin "x" test)" (cargo: descriptive_pkg_name).
std::string unit_description(std::string_view package_name, const cargo::Target& target, cargo::CompileMode mode);

/// A unit among those of its package: "lib", `bin "x" test`, "build script", "build script run".
std::string unit_kind(const cargo::Target& target, cargo::CompileMode mode);

/// What the progress bar calls a running unit: "x", "x(bin test)", "x(build.rs)".
std::string progress_name(std::string_view package_name, const cargo::Target& target, cargo::CompileMode mode);

/// Does rustc get --test for it (cargo: CompileMode::is_rustc_test)?
bool is_rustc_test(cargo::CompileMode mode);

/// The unit is a test though its target is not: `cargo fix` needs --tests to reach it.
bool is_test_of_ordinary_target(const cargo::Target& target, cargo::CompileMode mode);

}  // namespace pcargo::report
