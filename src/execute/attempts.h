// SPDX-License-Identifier: MIT OR Apache-2.0
// Where rustc writes: each attempt at a unit in a directory of its own, so that whatever a killed pcargo left running
// goes on writing where nobody looks. What dependents and later builds see are paths that never move; a file appears
// there whole, by a link when it is announced or by a rename when its unit is done.
#pragma once

#include "base/result.h"
#include "plan/build_plan.h"

#include <string>

namespace pcargo::execute {

/// One attempt's directory. It mirrors `<build-dir>/pcargo`, so that an output lies in both at the same relative path.
class Attempt {
 public:
  /// One that writes where its outputs belong: for the compiler the path matters (compile_run.cc).
  Attempt() = default;
  ~Attempt();  ///< removes what was not published
  Attempt(Attempt&& other) noexcept;
  Attempt& operator=(Attempt&& other) noexcept;

  /// Where this attempt writes what will be at `path`; below the private root of the layout.
  std::string path_of(const std::string& path) const;

  /// Lets others see one file that the attempt still has in hand.
  Result<void> show(const std::string& path) const;

  /// Begins anew with an empty `directory`: what a compiler that died was putting together is nobody's. In place
  /// nothing is done.
  Result<void> clear(const std::string& directory) const;

  /// Puts everything in `directory` (of the attempt; a path as others see it) where others see it.
  Result<void> publish(const std::string& directory);

  bool is_in_place() const { return root_.empty(); }

 private:
  friend class Attempts;
  Result<void> rewrite_dep_info(const std::string& file) const;
  Attempt(std::string root, std::string private_root)
      : root_(std::move(root)), private_root_(std::move(private_root)) {}

  std::string root_;  // empty: in place
  std::string private_root_;
};

/// There while a build runs, and after one that was killed.
std::string directory_of_attempts(const std::string& private_root);

/// All attempts of one build. As long as it lives there is a directory that a build which was killed leaves behind; the
/// next one knows by it that there is something to clear away.
class Attempts {
 public:
  /// Call it with the build directory's lock held. `is_alone`: that lock keeps others out, so whatever is found is
  /// litter: attempts and temporary files.
  static Result<Attempts> open(const plan::BuildPlan& plan, bool is_alone);
  ~Attempts();
  Attempts(Attempts&& other) noexcept;
  Attempts& operator=(Attempts&&) = delete;

  /// A directory that no attempt had before, with `output_directory` below it.
  Result<Attempt> make(const std::string& output_directory) const;

  /// An empty directory that goes with this build.
  Result<std::string> make_scratch() const;

  /// A compiler that writes in place was killed: what it was about to put together lies beside the outputs of others,
  /// and goes in the end.
  void expect_litter() { has_litter_ = true; }

 private:
  Attempts(std::string private_root, bool is_alone, bool has_litter);

  std::string private_root_;
  bool is_alone_;
  bool has_litter_;
};

}  // namespace pcargo::execute
