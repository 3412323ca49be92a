// SPDX-License-Identifier: MIT OR Apache-2.0
// A build's path in words, for the faces that are text.
#pragma once

#include "report/timings.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

struct PathLine {
  record::Microseconds begin = 0;
  record::Microseconds end = 0;
  std::string what;                   ///< not tamed
  std::string after;                  ///< what it waited for; empty: for nothing, or the step before it
  std::string_view of_the_last = {};  ///< the same, when it is clear whose
};

/// From the begin of the command to its end; phases of one unit that follow each other are one line.
std::vector<PathLine> path_lines(const record::Timeline& timeline, const Timings& timings);

/// "ran", "fresh", "failed", "stopped", "not-reached"
std::string_view end_word(record::UnitTimes::End end);

/// "3 units ran, 1 were fresh, 1 failed"
std::string counts_in_words(const record::Timeline& timeline);

/// What no order can beat, and how far to believe what is simulated.
std::string best_in_words(const record::Timeline& timeline, const Timings& timings);

/// The parts of the gap that are worth a line, with what stands above them.
std::string gap_headline(const record::Timeline& timeline, const Timings& timings);
std::vector<GapPart> notable_gap(const Timings& timings);

/// What stands above the advice: of what its seconds are.
std::string advice_headline(const Timings& timings);

/// "21.4 s": three digits or so.
std::string time_in_words(record::Microseconds time);

/// A name between backquotes, on one line and harmless in a terminal and in Markdown.
std::string quoted(const std::string& name);

inline double in_seconds(record::Microseconds time) {
  return static_cast<double>(time) / 1e6;
}

}  // namespace pcargo::report
