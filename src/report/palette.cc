// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/palette.h"

namespace pcargo::report {
namespace {

// anstyle's spelling: effects first, then the colour, each a sequence of its own.
constexpr Palette kNewest{
    "\x1b[1m\x1b[92m", "\x1b[1m\x1b[96m", "\x1b[1m\x1b[91m", "\x1b[1m\x1b[33m", "\x1b[1m\x1b[92m", ":"};
constexpr Palette kDark{
    "\x1b[1m\x1b[32m", "\x1b[1m\x1b[36m", "\x1b[1m\x1b[31m", "\x1b[1m\x1b[33m", "\x1b[1m\x1b[36m", "\x1b[1m:\x1b[0m"};
// termcolor's: what was set before is reset, by cargo and again with each colour.
constexpr Palette kReset{"\x1b[0m\x1b[0m\x1b[1m\x1b[32m",
                         "\x1b[0m\x1b[0m\x1b[1m\x1b[36m",
                         "\x1b[0m\x1b[0m\x1b[1m\x1b[31m",
                         "\x1b[0m\x1b[0m\x1b[1m\x1b[33m",
                         "\x1b[0m\x1b[0m\x1b[1m\x1b[36m",
                         "\x1b[1m:\x1b[0m"};

}  // namespace

const Palette& newest_palette() {
  return kNewest;
}

const Palette& palette_of(const cargo::Capabilities& capabilities) {
  return capabilities.has_bright_colours ? kNewest : capabilities.resets_before_colours ? kReset : kDark;
}

}  // namespace pcargo::report
