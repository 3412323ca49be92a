// SPDX-License-Identifier: MIT OR Apache-2.0
// The builds of a workspace that `pcargo timings` can tell of: their journals, the last build's first.
#pragma once

#include "base/result.h"
#include "record/timeline.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::cli {

struct Journals {
  std::vector<std::string> files;
  std::string target_directory;  ///< empty: a single file was given
  std::string private_root;      ///< the same
};

Result<record::Timeline> read_build(const std::string& file);

/// Of its begin, in the local time.
std::string when(const record::Timeline& timeline);

/// A line for each, no wider than `columns` but for what must be said.
std::string list_builds(const std::vector<std::string>& files, std::size_t columns);

/// `number`: as typed, from 1, the last.
Result<std::string> choose_build(const std::vector<std::string>& files, const std::string& number);

/// Removes all but the last `count`, as typed; says how many those were.
Result<std::string> keep_builds(const Journals& journals, const std::string& count);

}  // namespace pcargo::cli
