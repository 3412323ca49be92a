// SPDX-License-Identifier: MIT OR Apache-2.0
// What was predicted of the builds of a workspace: by `pcargo build` before each began, and by `--what-if`.
#pragma once

#include "cli/journals.h"
#include "record/asked.h"
#include "report/prediction_check.h"
#include "report/what_if.h"

#include <string>
#include <vector>

namespace pcargo::cli {

/// Of all builds but the one in `chosen`.
std::vector<report::PredictionCheck> other_checks(const std::vector<std::string>& files, const std::string& chosen);

/// What --what-if answered before the build, after the one before it had ended.
std::vector<record::AskedAnswer> asked_before(const record::Timeline& timeline,
                                              const std::string& file,
                                              const Journals& journals);

/// For the next build; nothing where there is no workspace.
void remember(const report::WhatIfs& what_ifs, const Journals& journals);

}  // namespace pcargo::cli
