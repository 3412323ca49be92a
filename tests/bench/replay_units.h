// SPDX-License-Identifier: MIT OR Apache-2.0
// By what a replayed unit is found again: words that cargo and pcargo write alike, and no path and no hash.
#pragma once

#include "../fake_rustc/arguments.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::bench {

/// Of a compilation. Units with the same one have the same source, and so about the same times.
inline std::string compile_identity(const fake_rustc::Arguments& arguments,
                                    const std::string& package,
                                    const std::string& version) {
  constexpr std::array<std::string_view, 7> kTelling = {
      "--crate-type ", "--cfg feature=", "--target ", "--test", "-C opt-level=", "-C debuginfo=", "-C codegen-units="};
  std::vector<std::string> words;
  for (const std::string& word : arguments.meaning) {
    if (std::any_of(kTelling.begin(), kTelling.end(), [&](std::string_view one) { return word.rfind(one, 0) == 0; })) {
      words.push_back(word);
    }
  }
  std::sort(words.begin(), words.end());
  std::string identity = "compile " + package + " " + version + " " + arguments.crate_name;
  for (const std::string& word : words) {
    identity += " " + word;
  }
  return identity;
}

/// Of a build script's run. `features`: names of variables, CARGO_FEATURE_....
inline std::string run_identity(const std::string& package,
                                const std::string& version,
                                std::vector<std::string> features) {
  std::sort(features.begin(), features.end());
  std::string identity = "run " + package + " " + version;
  for (const std::string& feature : features) {
    identity += " " + feature;
  }
  return identity;
}

}  // namespace pcargo::bench
