// SPDX-License-Identifier: MIT OR Apache-2.0
// What somebody may have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

/// The one that the fewest letters have to be changed, left out or put in for; of equal ones the first. `names` is not
/// empty.
std::string nearest_name(std::string_view word, const std::vector<std::string>& names);

}  // namespace pcargo::report
