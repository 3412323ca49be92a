// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/fixed_place.h"

#include "base/path.h"
#include "platform/files.h"
#include "platform/process.h"

#include <utility>

namespace pcargo::execute {

namespace {

constexpr std::uint64_t kLookMilliseconds = 20;
constexpr int kLooksASecond = 50;
constexpr int kMostLooksWithoutOwner = 10 * kLooksASecond;
constexpr std::uint64_t kMostBytes = 64;

}  // namespace

Result<void> FixedPlace::when_free(std::function<Result<void>()> begin,
                                   std::function<void(Error)> failed,
                                   std::function<void()> on_long_wait) {
  PCARGO_TRY(platform::create_directories(std::string(path::parent(file_))));
  if (is_free()) {
    return begin();
  }
  begin_ = std::move(begin);
  failed_ = std::move(failed);
  on_long_wait_ = std::move(on_long_wait);
  timer_.emplace(loop_, kLookMilliseconds, kLookMilliseconds, [this] { look_again(); });
  return {};
}

std::optional<int> FixedPlace::descriptor() const {
  return lock_ && lock_->is_effective() ? std::optional(lock_->descriptor()) : std::nullopt;
}

void FixedPlace::name_owner(int pid) {
  if (lock_) {
    (void)lock_->write(platform::process_identity(pid));
  }
}

void FixedPlace::look_again() {
  if (!begin_) {
    return;  // the timer goes on until the run is over
  }
  if (!has_given_up_ && !is_free()) {
    if (++looks_ == kLooksASecond) {
      on_long_wait_();
    }
    return;
  }
  const auto begin = std::exchange(begin_, nullptr);
  auto begun = has_given_up_ ? Error{ErrorKind::kCommandFailed, "interrupted"} : begin();
  if (!begun) {
    failed_(std::move(begun).error());
  }
}

bool FixedPlace::is_free() {
  if (take()) {
    return true;
  }
  const auto owner = platform::read_regular_file(file_, kMostBytes);
  const bool has_ended = owner && owner->empty();
  looks_without_owner_ += owner && platform::is_running(*owner) ? 0 : 1;
  if (!has_ended && looks_without_owner_ < kMostLooksWithoutOwner) {
    return false;
  }
  // Whoever holds that file may do so for ever. From here on another one counts.
  (void)platform::remove_file(file_);
  (void)take();
  return true;
}

bool FixedPlace::take() {
  auto lock = platform::FileLock::try_lock(file_);
  if (!lock) {
    return true;  // no lock can be had here at all
  }
  if (*lock) {
    lock_ = std::move(*lock);
    (void)lock_->write("begins");
  }
  return lock_.has_value();
}

FixedPlace::~FixedPlace() {
  if (lock_) {
    (void)lock_->write("");
  }
}

}  // namespace pcargo::execute
