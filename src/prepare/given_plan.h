// SPDX-License-Identifier: MIT OR Apache-2.0
// From a plan that `pcargo plan` printed (plan/plan_file.h) to the inputs of a build: no cargo is asked or needed. The
// compiler is asked who it is: the plan holds for that one only.
#pragma once

#include "base/file_system.h"
#include "base/result.h"
#include "prepare/prepare.h"

namespace pcargo::prepare {

/// The command line may say how to build and how to show it (-j, -v, --message-format, ...), not what.
Result<Prepared> prepare_given_plan(const PrepareRequest& request, const FileSystem& files);

}  // namespace pcargo::prepare
