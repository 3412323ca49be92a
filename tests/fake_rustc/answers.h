// SPDX-License-Identifier: MIT OR Apache-2.0
// What the fake compiler says about itself: `-vV` and the `--print` probe (cargo-behaviour 1.5), in the form of
// rustc 1.95.
#pragma once

#include "arguments.h"

#include <string>

namespace pcargo::fake_rustc {

/// `release`: as "1.95.0".
void print_version(const std::string& release);

/// Answers each --print in the order it was asked.
void print_answers(const Arguments& arguments);

}  // namespace pcargo::fake_rustc
