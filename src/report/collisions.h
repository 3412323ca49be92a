// SPDX-License-Identifier: MIT OR Apache-2.0
// The warning about files that two units would both write; finding them is plan's.
#pragma once

#include "plan/collisions.h"
#include "report/shell.h"

#include <vector>

namespace pcargo::report {

/// One warning for each, before the build. Where the targets' names differ, cargo asks for a bug report about itself;
/// we give the ordinary advice.
/// `drawn`: as a diagnostic; else as one paragraph.
void show_collisions(const std::vector<plan::Collision>& collisions, bool drawn, Shell* shell);

}  // namespace pcargo::report
