// SPDX-License-Identifier: MIT OR Apache-2.0
// Which files Git would not list: neither tracked, nor untracked and new to it. Git's own rules, read by libgit2, which
// is loaded when the first question is asked: a program that was linked with it would pay at every start.
#pragma once

#include <memory>
#include <string>

namespace pcargo::platform {

class GitIgnore {
 public:
  enum class Answer {
    kRules,         ///< there is a repository that tracks the file
    kNoRepository,  ///< there is none, or it does not track the file
    kUnknown,       ///< no libgit2 on this machine, a damaged repository, one of somebody else, one without a work tree
  };

  /// The repository that `directory` lies in, if it tracks the file `name` there.
  GitIgnore(const std::string& directory, const std::string& name);
  ~GitIgnore();
  GitIgnore(const GitIgnore&) = delete;
  GitIgnore& operator=(const GitIgnore&) = delete;

  Answer answer() const;

  /// Of a path below the directory: is it ignored and not tracked, or Git's own? A directory is asked for before what
  /// is in it: one with a repository of its own (a submodule) has its own rules. Always false without rules.
  bool leaves_out(const std::string& path, bool is_directory);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pcargo::platform
