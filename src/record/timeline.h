// SPDX-License-Identifier: MIT OR Apache-2.0
// What one build did and when, as its journal tells it. Times are microseconds since the command began.
#pragma once

#include "base/ids.h"
#include "base/milestone.h"
#include "graph/action_graph.h"
#include "record/estimate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::record {

using Microseconds = std::int64_t;

struct BuildHead {
  std::string pcargo;     ///< its version
  std::string command;    ///< as it was typed
  std::string workspace;  ///< its root
  std::string rustc;      ///< release
  std::string profile;
  std::string processor;
  std::int64_t began_at_ms = 0;   ///< since 1970
  Microseconds planned = 0;       ///< the plan was there, and the lock; looking at units began
  Microseconds lock_begin = 0;    ///< before that it began to ask for the build directory's lock
  Microseconds locked = 0;        ///< so long another had it
  std::int64_t memory_bytes = 0;  ///< free then; 0: not known
  std::int64_t memory_limit = 0;  ///< what the build was to stay below; 0: nothing was said
  int jobs = 1;
  int cores = 1;

  /// That the build could keep busy.
  int busy_cores() const { return jobs < cores ? jobs : cores; }

  bool operator==(const BuildHead&) const = default;
};

/// A unit as a person knows it.
struct UnitName {
  std::string package;
  std::string version;
  std::string target;
  std::string kind;      ///< cargo's word: "lib", "bin", "custom-build", ...
  std::string mode;      ///< cargo's word: "build", "test", "run-custom-build", ...
  std::string platform;  ///< empty: the host's
  bool is_member = false;
  std::string lto;  ///< of its profile: "thin", "fat"; empty: none, or it links nothing

  bool operator==(const UnitName&) const = default;
};

/// Those that ran have a start; a unit that never got so far has no later time either.
struct UnitTimes {
  enum class End : std::uint8_t { kNotReached, kFresh, kRan, kFailed, kStopped };

  End end = End::kNotReached;
  std::string why;  ///< it had to run; as `pcargo build --explain` says it
  std::optional<Microseconds> start;
  std::optional<Microseconds> metadata;  ///< of a unit whose dependents may start on it
  std::optional<Microseconds> objects;   ///< of a late-linked unit
  std::optional<Microseconds> link;      ///< the same: its gate opened
  std::optional<Microseconds> finish;    ///< of a fresh unit: when that was known
  std::int64_t cpu_us = 0;
  std::int64_t peak_kib = 0;
  bool ran_again = false;
  bool was_held = false;  ///< it waited for memory

  bool operator==(const UnitTimes&) const = default;
};

/// What memory was to be had.
struct MemorySample {
  Microseconds at = 0;
  std::int64_t available_bytes = 0;

  bool operator==(const MemorySample&) const = default;
};

struct Timeline {
  BuildHead head;
  graph::ActionGraph graph;
  IdMap<UnitId, UnitName> names;
  IdMap<UnitId, unsigned> codegen_threads;
  Estimates expected;  ///< before anything ran; empty: the journal does not say
  IdMap<UnitId, UnitTimes> units;
  std::vector<MemorySample> memory;
  std::optional<Outcome> outcome;  ///< nullopt: the journal ends before the build
  Microseconds end = 0;            ///< of the command, or of what the journal knows of it
  bool is_whole = false;           ///< false: the build was killed, or the journal is damaged behind `end`

  std::int64_t ended_at_ms() const { return head.began_at_ms + end / 1000; }
};

}  // namespace pcargo::record
