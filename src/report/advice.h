// SPDX-License-Identifier: MIT OR Apache-2.0
// What to change first, in plain words, each with the time that the simulator says it wins.
#pragma once

#include "report/rehearsal.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

struct Timings;

struct Advice {
  enum class Kind {
    kMachine,      ///< it was busy with something else
    kLock,         ///< another build had the directory
    kMemory,       ///< units waited for it
    kJobs,         ///< fewer than there are cores
    kCores,        ///< more of them
    kEnoughCores,  ///< more of them win nothing
    kBuildScript,  ///< is compiled and run
    kDependency,   ///< with all that only it needs
    kVersions,     ///< of one crate
    kBuiltTwice,   ///< for host and target, or with other features
    kSplit,        ///< a library of the workspace
    kLastUnit,     ///< nothing can run beside it
  };

  Kind kind = Kind::kMachine;
  record::Microseconds won = 0;
  std::string text;           ///< one line, tame; names are between backquotes
  std::vector<UnitId> units;  ///< that it speaks of
};

/// The largest first; what wins less than a hundredth of the build is left out. Looks at the path and the gains only.
std::vector<Advice> advise(Rehearsal& build, const Timings& timings);

std::string_view word_of(Advice::Kind kind);

/// Each adds what it has to say.
void advise_on_machine(const Rehearsal& build, const Timings& timings, std::vector<Advice>* advice);
void advise_on_crates(Rehearsal& build, const Timings& timings, std::vector<Advice>* advice);

}  // namespace pcargo::report
