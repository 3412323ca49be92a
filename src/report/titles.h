// SPDX-License-Identifier: MIT OR Apache-2.0
// Reports in paragraphs, for a terminal that shows colours.
#pragma once

#include <string>
#include <string_view>

namespace pcargo::report {

/// The first line and each that comes behind an empty one, bold. `text` has no escape sequences yet.
std::string with_bold_titles(std::string_view text);

}  // namespace pcargo::report
