// SPDX-License-Identifier: MIT OR Apache-2.0
// Frames a byte stream into lines, with a bound on what one line may cost (R26).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace pcargo::platform {

/// Feed bytes, get whole lines without their "\n" (a "\r" before it stays). A line longer than `limit` is cut there:
/// the callback gets `truncated` = true and the rest up to the newline is dropped. The view is valid during the call
/// only.
class LineSplitter {
 public:
  using OnLine = std::function<void(std::string_view line, bool truncated)>;

  static constexpr std::size_t kDefaultLimit = std::size_t{64} << 20;

  explicit LineSplitter(OnLine on_line, std::size_t limit = kDefaultLimit);
  void feed(std::string_view bytes);
  /// The stream ended: a last line without newline is delivered too.
  void finish();

 private:
  void take(std::string_view piece, bool complete);
  void deliver_pending(bool truncated);

  OnLine on_line_;
  std::size_t limit_;
  std::string pending_;
  bool dropping_ = false;
};

}  // namespace pcargo::platform
