// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/line_splitter.h"

#include <algorithm>
#include <utility>

namespace pcargo::platform {

LineSplitter::LineSplitter(OnLine on_line, std::size_t limit) : on_line_(std::move(on_line)), limit_(limit) {}

void LineSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    const bool complete = newline != std::string_view::npos;
    take(bytes.substr(0, newline), complete);
    bytes.remove_prefix(complete ? newline + 1 : bytes.size());
  }
}

void LineSplitter::take(std::string_view piece, bool complete) {
  if (dropping_) {
    dropping_ = !complete;
    return;
  }
  // Most lines arrive whole: they are handed on without a copy.
  if (complete && pending_.empty() && piece.size() <= limit_) {
    on_line_(piece, false);
    return;
  }
  const std::size_t room = limit_ - pending_.size();
  pending_.append(piece.substr(0, room));
  if (piece.size() > room) {
    deliver_pending(true);
    dropping_ = !complete;
  } else if (complete) {
    deliver_pending(false);
  }
}

void LineSplitter::finish() {
  if (!pending_.empty()) {
    deliver_pending(false);
  }
  dropping_ = false;
}

void LineSplitter::deliver_pending(bool truncated) {
  const std::string line = std::exchange(pending_, {});
  on_line_(line, truncated);
}

}  // namespace pcargo::platform
