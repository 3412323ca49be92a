// SPDX-License-Identifier: MIT OR Apache-2.0
// What the late-linked units of one build have in common: where the gate's program is, which units may, and the stubs
// that stand for libraries below them. Stubs lie with the attempts and go with them.
#pragma once

#include "base/result.h"
#include "execute/attempts.h"
#include "gate/protocol.h"
#include "plan/build_plan.h"
#include "plan/late_link.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pcargo::execute {

enum class LateLinking {
  kNever,
  kAuto,    ///< where a unit would have to wait
  kAlways,  ///< wherever it can be done, even with nothing to wait for
  kVerify,  ///< the same, and each such unit once more in the ordinary way: the bytes must be equal
};

class LateLinks {
 public:
  /// `gate`: the program; nullopt: it is not to be found, and nothing is late-linked. The others outlive this.
  LateLinks(const plan::BuildPlan& plan, LateLinking mode, std::optional<std::string> gate, const Attempts& attempts);

  LateLinking mode() const { return mode_; }
  const std::optional<std::string>& gate() const { return gate_; }

  /// The true linker of a unit that may be late-linked, with what build scripts have said; nullopt: it is held.
  std::optional<std::string> linker_of(UnitId unit, const plan::ScriptOutputs& scripts) const;

  /// A directory for the gate of one unit.
  Result<std::string> make_gate_directory() const { return attempts_.make_scratch(); }

  /// Makes stubs for all libraries below, whose metadata is there. Each is made once a build.
  Result<void> make_stubs(UnitId unit);

  const std::vector<plan::StubDirectory>& stub_directories() const { return stub_directories_; }
  /// The same, as the gate wants them.
  std::vector<gate::Replacement> replacements() const;

  /// For -v.
  struct Counts {
    unsigned late = 0;
    unsigned ordinary_after_all = 0;  ///< failed in a way that a stub could explain
    unsigned verified = 0;
    std::int64_t head_start_ns = 0;  ///< of work that was done while something that is linked was not there yet
  };
  Counts& counts() { return counts_; }
  const Counts& counts() const { return counts_; }

 private:
  Result<void> make_directories();
  Result<void> make_stub(UnitId unit);
  std::string stub_of(const std::string& path) const;

  const plan::BuildPlan& plan_;
  LateLinking mode_;
  std::optional<std::string> gate_;
  const Attempts& attempts_;
  IdMap<UnitId, char> metadata_below_;
  IdMap<UnitId, char> is_made_;
  std::vector<plan::StubDirectory> stub_directories_;
  Counts counts_;
};

}  // namespace pcargo::execute
