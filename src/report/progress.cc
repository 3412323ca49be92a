// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/progress.h"

#include "report/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace pcargo::report {
namespace {

constexpr std::size_t kHeaderWidth = 15;    // "    Building " and some air
constexpr std::size_t kMostForTheBar = 50;  // leaves room for names on narrow terminals

/// The message, cut at `room` columns with an ellipsis.
std::string fitted(std::string_view message, std::size_t room, bool unicode) {
  const std::string_view ellipsis = unicode ? "\xE2\x80\xA6" : "...";
  const std::size_t ellipsis_width = unicode ? 1 : 3;
  if (room <= ellipsis_width) {
    return {};
  }
  std::string text;
  std::size_t end_before_ellipsis = 0;
  while (!message.empty()) {
    const std::string_view before = message;
    const auto width = static_cast<std::size_t>(display_width(take_code_point(&message)));
    if (room < width) {
      text.resize(end_before_ellipsis);
      return text.append(ellipsis);
    }
    room -= width;
    text.append(before.substr(0, before.size() - message.size()));
    if (room >= ellipsis_width) {
      end_before_ellipsis = text.size();
    }
  }
  return text;
}

}  // namespace

std::optional<std::string> render_progress(const ProgressFrame& frame) {
  const std::string stats = fmt::format(" {}/{}", frame.done, frame.total);
  const std::size_t width = std::min(frame.max_width, kMostForTheBar);
  const std::size_t around = stats.size() + 2 + kHeaderWidth;
  if (width < around) {
    return std::nullopt;
  }
  const std::size_t interior = width - around;
  const double part = frame.total == 0 ? 0.0 : static_cast<double>(frame.done) / static_cast<double>(frame.total);
  const auto filled = std::min(interior, static_cast<std::size_t>(static_cast<double>(interior) * part));

  std::string line = "[";
  if (filled > 0) {
    line.append(filled - 1, '=');
    line += frame.done == frame.total ? '=' : '>';
  }
  line.append(interior - filled, ' ');
  line += "]" + stats;
  const std::size_t room = frame.max_width - kHeaderWidth;
  return line + fitted(frame.message, room - std::min(room, line.size()), frame.unicode);
}

ProgressBar::ProgressBar(Shell& shell, std::string word, Options options)
    : shell_(shell), word_(std::move(word)), options_(std::move(options)) {
  if (options_.fixed_width) {
    max_width_ = *options_.fixed_width;
    enabled_ = options_.enabled;
  } else if (options_.enabled && options_.width) {
    const auto width = options_.width();
    max_width_ = width.value_or(0);
    enabled_ = width.has_value();
  }
}

void ProgressBar::update_width() {
  if (!options_.fixed_width && options_.width) {
    max_width_ = options_.width().value_or(max_width_);
  }
}

std::string ProgressBar::report(double percent) const {
  if (!options_.term_integration) {
    return {};
  }
  return fmt::format("\x1b]9;4;{};{:.0f}\x1b\\", failed_ ? 2 : 1, percent);
}

void ProgressBar::tick(std::size_t done, std::size_t total, std::string_view message) {
  if (!enabled_ || done_) {
    return;
  }
  done_ = total > 0 && done == total;
  update_width();
  const std::string window_bar =
      report(total == 0 ? 0.0 : 100.0 * static_cast<double>(done) / static_cast<double>(total));
  auto line = render_progress({max_width_, shell_.options().stderr_unicode, done, total, message});
  if (!line) {
    if (!window_bar.empty()) {
      shell_.err_raw(window_bar + "\r");
    }
    return;
  }
  // Covers the longer line that may have been there. In bytes, as cargo.
  if (line->size() < max_width_ - kHeaderWidth) {
    line->resize(max_width_ - kHeaderWidth, ' ');
  }
  if (!shell_.has_transient() || last_line_ != line) {
    shell_.paint_transient(word_, *line + window_bar);
    last_line_ = std::move(line);
  }
}

void ProgressBar::clear() {
  if (!enabled_) {
    return;
  }
  shell_.erase_transient();
  last_line_.reset();
  if (options_.term_integration) {
    shell_.err_raw(failed_ ? "\x1b]9;4;2;100\x1b\\" : "\x1b]9;4;0;0\x1b\\");
  }
}

}  // namespace pcargo::report
