// SPDX-License-Identifier: MIT OR Apache-2.0
// Where the answers of planning processes lie between commands, with the inputs that they were made from: one file for
// each command, directory and environment. A file that cannot be believed is as good as none. Knows nothing of cargo.
#pragma once

#include "base/environment.h"
#include "prepare/answers.h"
#include "prepare/plan_inputs.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pcargo::prepare {

/// Raised whenever what is stored, or what counts as an input, changes.
inline constexpr std::uint32_t kMemoEpoch = 2;

struct Memo {
  Answers::Known answers;
  std::vector<PlanInput> inputs;
  std::set<std::string> ignored;  ///< by the listings among the inputs
};

std::string encode_memo(const Memo& memo);
/// nullopt: not one that can be believed.
std::optional<Memo> decode_memo(std::string_view bytes);

/// What tells one command from another.
struct MemoKey {
  std::vector<std::string> words;
  std::string current_directory;
  const Environment& environment;
};

class MemoStore {
 public:
  /// `directory` empty: nothing is found and nothing is kept.
  MemoStore(std::string directory, const MemoKey& key);

  /// nullopt also when an input is no longer what it was.
  std::optional<Memo> find() const;
  /// Trouble costs planning next time, no more.
  void keep(const Memo& memo) const;
  void forget() const;

 private:
  std::string directory_;
  std::string path_;
};

/// $PCARGO_HOME/plans, $XDG_CACHE_HOME/pcargo/plans or ~/.cache/pcargo/plans; empty without a home.
std::string memo_directory(const Environment& environment, const std::string& current_directory);

}  // namespace pcargo::prepare
