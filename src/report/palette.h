// SPDX-License-Identifier: MIT OR Apache-2.0
// How a cargo paints the words in front of its lines: escapes, nothing else.
#pragma once

#include "cargo/capabilities.h"

#include <string_view>

namespace pcargo::report {

struct Palette {
  std::string_view header;
  std::string_view transient;
  std::string_view error;
  std::string_view warn;
  std::string_view note;
  std::string_view colon;  ///< behind the last three
};

const Palette& newest_palette();
const Palette& palette_of(const cargo::Capabilities& capabilities);

}  // namespace pcargo::report
