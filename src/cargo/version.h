// SPDX-License-Identifier: MIT OR Apache-2.0
// Semantic versions as far as plans need them: of rustc and of packages.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace pcargo::cargo {

struct Version {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::string pre;    ///< "beta.1" or empty
  std::string build;  ///< "meta" or empty
};

/// Missing parts are 0; text that is no version gives zeros.
Version parse_version(std::string_view text);

/// "1.97.0-nightly" -> "nightly"; empty for a release.
std::string pre_release_of(std::string_view version);

/// Semantic-version precedence, with build metadata last, as the semver crate orders.
std::strong_ordering compare_versions(const Version& left, const Version& right);

}  // namespace pcargo::cargo
