// SPDX-License-Identifier: MIT OR Apache-2.0
// What the planning processes read, as looks: taken once before they start where the path is known by then, once after
// they ended, and again by the next command. Knows how to look, not what cargo reads (prepare/input_finder.h).
#pragma once

#include "base/byte_coding.h"
#include "freshness/inspector.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pcargo::prepare {

/// One look at one path, and what of it counts.
struct PlanInput {
  enum class How : std::uint8_t {
    kContents,  ///< a file's bytes, or that there is none
    kStamp,     ///< a program or library: too large to be read, nobody writes it twice in a tick
    kNames,     ///< names and kinds of a directory's entries
    kKind,      ///< file, directory, or nothing
  };
  How how = How::kContents;
  std::string path;  ///< absolute
  freshness::Look look;
  std::vector<std::string> names = {};  ///< of kNames: "f main.rs"

  bool finds_the_same(const PlanInput& other) const;
};

void write_input(ByteWriter& out, const PlanInput& input);
void read_input(ByteReader& in, PlanInput& input);

class PlanInputs {
 public:
  using How = PlanInput::How;

  void add(How how, const std::string& path);
  /// Entries that a listing does not name: what the build itself makes.
  void ignore(const std::string& path) { ignored_.insert(path); }

  /// Just before the processes start.
  void look_before();

  /// After they ended; nullopt if an input may have moved meanwhile.
  std::optional<std::vector<PlanInput>> settle();

  const std::set<std::string>& ignored() const { return ignored_; }
  /// All that was added.
  std::vector<std::pair<std::string, How>> paths() const;

 private:
  bool stayed(const PlanInput* before, const PlanInput& after) const;

  std::map<std::pair<std::string, How>, std::optional<PlanInput>> inputs_;  // with the look before
  std::set<std::string> ignored_;
  freshness::Inspector inspector_;
  std::int64_t started_ns_ = 0;
};

/// Do all inputs of an earlier command still say the same? Those whose files had to be read again get the look of now.
struct InputCheck {
  bool holds = false;
  bool renewed = false;
  std::string changed = {};  ///< path of the first that does not hold
};
InputCheck check_inputs(const std::set<std::string>& ignored, std::vector<PlanInput>* inputs);

}  // namespace pcargo::prepare
