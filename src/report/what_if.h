// SPDX-License-Identifier: MIT OR Apache-2.0
// `pcargo timings --what-if`: words that change a build, and how long it would take then. Pure: a journal in, text out.
#pragma once

#include "base/result.h"
#include "record/timeline.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

struct WhatIf {
  std::string change;
  record::Microseconds wall = 0;
};

/// `words`: "cores=8", "cores=2..64", "memory=8G", "late-link=never|auto", "cached=deps", "serde_derive=0", "app=50%",
/// "app=1.5s", "drop openssl-sys", "split app 3"; joined by commas they hold together, in their order. A crate's name
/// is a package's, with `@` and a version if need be: all its units. Fails on what it does not know, with what is
/// written like it.
Result<std::vector<WhatIf>> what_if(const record::Timeline& timeline, std::string_view words);

std::string what_if_as_text(const record::Timeline& timeline, const std::vector<WhatIf>& answers);

}  // namespace pcargo::report
