// SPDX-License-Identifier: MIT OR Apache-2.0
// For a unit that writes where an earlier attempt at it wrote too: OUT_DIR, and what rustc makes in place. Its process
// and all that it starts hold a lock; whatever a killed pcargo left running there is waited for.
#pragma once

#include "base/result.h"
#include "platform/event_loop.h"
#include "platform/file_lock.h"

#include <functional>
#include <optional>
#include <string>

namespace pcargo::execute {

class FixedPlace {
 public:
  /// `lock_file`: of the unit, by one name for ever.
  FixedPlace(platform::EventLoop& loop, std::string lock_file) : loop_(loop), file_(std::move(lock_file)) {}
  /// The process is over: who still holds the lock then (a daemon) is not waited for.
  ~FixedPlace();
  FixedPlace(const FixedPlace&) = delete;
  FixedPlace& operator=(const FixedPlace&) = delete;

  /// Calls `begin` when it is free and held by us: at once, and gives its result; or later from the loop, and `failed`
  /// with its error. `on_long_wait` before, if that takes longer than a second. A lock that only descendants of a
  /// process which is gone hold (a daemon that a script left) is waited for ten seconds, and then passed over.
  Result<void> when_free(std::function<Result<void>()> begin,
                         std::function<void(Error)> failed,
                         std::function<void()> on_long_wait);

  /// Waits no longer: `failed` comes from the loop. Nothing happens to one that does not wait.
  void give_up() { has_given_up_ = true; }

  /// For the child to inherit; nothing where there is no lock to hold.
  std::optional<int> descriptor() const;

  /// The child that holds it as well, for those who find it held when we are gone.
  void name_owner(int pid);

 private:
  void look_again();
  bool is_free();
  bool take();

  platform::EventLoop& loop_;
  std::string file_;
  std::optional<platform::FileLock> lock_;
  std::optional<platform::Timer> timer_;
  std::function<Result<void>()> begin_;  // empty: nothing waits
  std::function<void(Error)> failed_;
  std::function<void()> on_long_wait_;
  bool has_given_up_ = false;
  int looks_ = 0;
  int looks_without_owner_ = 0;
};

}  // namespace pcargo::execute
