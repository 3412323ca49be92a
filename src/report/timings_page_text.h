// SPDX-License-Identifier: MIT OR Apache-2.0
// The page of `pcargo timings --html` as timings_page/embed.py makes it of the files beside that: the data goes between
// the two.
#pragma once

#include <string_view>

namespace pcargo::report {

extern const std::string_view kPageBeforeData;
extern const std::string_view kPageBehindData;

}  // namespace pcargo::report
