// SPDX-License-Identifier: MIT OR Apache-2.0
// The last member of each line of a journal: a sum of what is before it. A digit that a bad disk or a bad copy turned
// into another would be believed otherwise.
#pragma once

#include <string>
#include <string_view>

namespace pcargo::record {

/// `object` is one line of JSON, without its newline: it gets a member more.
std::string sealed(std::string object);

/// Of a line without its newline. One that has no seal is as good as its contents.
bool seal_holds(std::string_view line);

}  // namespace pcargo::record
