// SPDX-License-Identifier: MIT OR Apache-2.0
// What earlier builds took, one SQLite file for all of a user's builds, read before a build and added to after one.
// It is a convenience: it makes no build fail and holds none up, so who finds it busy goes without; one that is damaged
// or of another version is set aside and begun anew, with a note.
#pragma once

#include "record/measurement.h"
#include "record/unit_key.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::record {

/// One run. `expected` is what the prior said of the unit then, so that a time can be scaled to another variant.
struct Run {
  UnitKey key;
  Measurement measured;
  std::int64_t expected = 0;
};

/// What is known of a unit. Of the last few runs the one with the middle time stands for all: one that was held up by
/// others does not count, a lasting change does after two builds, and its phases and its memory belong together.
struct Known {
  std::optional<Run> same;  ///< of this very variant
  std::optional<Run> kin;   ///< of the same crate in another version, profile, with other features, elsewhere
};

class History {
 public:
  struct Options {
    int busy_ms = 50;                  ///< how long another's lock is waited for
    std::int64_t most_runs = 100'000;  ///< the oldest go
  };

  /// Nothing is opened yet. `file` empty: there is none, nothing is known, nothing is kept.
  explicit History(std::string file) : History(std::move(file), Options()) {}
  History(std::string file, Options options) : file_(std::move(file)), options_(options) {}

  /// As many as were asked for, in their order.
  std::vector<Known> look_up(const std::vector<UnitKey>& keys);

  /// All of them or none.
  void add(const std::vector<Run>& runs);

  /// Whether something was wrong with the file, in one sentence; empty: nothing was.
  const std::string& note() const { return note_; }

 private:
  void set_aside(const std::string& why);

  std::string file_;
  Options options_;
  std::string note_;
};

}  // namespace pcargo::record
