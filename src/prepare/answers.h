// SPDX-License-Identifier: MIT OR Apache-2.0
// What the planning processes answered: in this command, or in an earlier one whose inputs were the same. A question is
// a whole start of a process: words, environment, directory. Knows neither inputs nor files.
#pragma once

#include "base/digest.h"
#include "base/result.h"
#include "platform/child_process.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::prepare {

using Question = Digest;
Question question_of(const platform::SpawnOptions& options);

/// Does a variable say nothing to cargo and rustc, though it differs from one start to the next?
bool is_volatile_variable(std::string_view name);

struct Answer {
  std::string out;
  std::string err;
  /// Cargo had the terminal to itself: nobody knows what it said there, so it must be asked once more.
  bool stderr_is_unknown = false;

  bool operator==(const Answer&) const = default;
};

class Answers {
 public:
  enum class Mode {
    kOff,     ///< everything is asked, nothing is kept
    kUse,     ///< what is known is not asked again
    kVerify,  ///< everything is asked, and compared with what is known
  };
  using Known = std::map<Question, Answer>;

  explicit Answers(Mode mode = Mode::kOff) : mode_(mode) {}

  bool is_on() const { return mode_ != Mode::kOff; }
  /// Of an earlier command. When what one of them showed is unknown, all are asked again.
  void set_known(Known known);

  /// A process that need not be started.
  std::optional<platform::Completed> find(const Question& question);
  /// The same, once: the answer is large, and nobody else asks.
  std::optional<platform::Completed> take(const Question& question);
  bool knows(const Question& question) const { return mode_ == Mode::kUse && known_ && known_->count(question) != 0; }
  /// The only thing unknown is what it would show.
  bool knows_all_but_stderr(const Question& question) const;
  /// A process that ended well.
  void add(const Question& question, Answer answer);
  /// Something was said or done that the next command must see again: nothing is kept.
  void refuse() { refused_ = true; }
  /// Also when old and new answers met: they are not kept side by side.
  bool is_refused() const { return refused_ || (gave_any_ && has_news()); }

  /// Was anything asked that was not known?
  bool has_news() const { return !news_.empty(); }
  Known take_news() { return std::move(news_); }

  /// Of kVerify: the questions that earlier commands have another answer to, or none.
  int differences() const { return differences_; }

 private:
  Mode mode_;
  std::optional<Known> known_;
  bool is_complete_ = false;
  bool gave_any_ = false;
  Known news_;
  bool refused_ = false;
  int differences_ = 0;
};

/// Runs it to its end, unless the answer is known.
Result<platform::Completed> ask(const platform::SpawnOptions& options, Answers* answers);

}  // namespace pcargo::prepare
