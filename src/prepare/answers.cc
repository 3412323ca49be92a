// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/answers.h"

#include "platform/sha256.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace pcargo::prepare {

bool is_volatile_variable(std::string_view name) {
  // The shell's own, the window's size, and the descriptors of make's job server.
  constexpr std::string_view kVolatile[] = {"_",
                                            "CARGO_MAKEFLAGS",
                                            "COLUMNS",
                                            "LINES",
                                            "MAKEFLAGS",
                                            "MAKELEVEL",
                                            "MFLAGS",
                                            "OLDPWD",
                                            "PCARGO_LATE_LINK",
                                            "PCARGO_PLAN_CACHE",
                                            "SHLVL",
                                            "WINDOWID"};
  return std::find(std::begin(kVolatile), std::end(kVolatile), name) != std::end(kVolatile);
}

Question question_of(const platform::SpawnOptions& options) {
  platform::Sha256 hash;
  hash.update_field(options.working_directory);
  hash.update_field(std::to_string(options.argv.size()));
  for (const std::string& word : options.argv) {
    hash.update_field(word);
  }
  for (const std::string& variable : options.environment) {
    if (!is_volatile_variable(std::string_view(variable).substr(0, variable.find('=')))) {
      hash.update_field(variable);
    }
  }
  return hash.finish();
}

void Answers::set_known(Known known) {
  is_complete_ =
      std::none_of(known.begin(), known.end(), [](const auto& answer) { return answer.second.stderr_is_unknown; });
  known_ = std::move(known);
}

std::optional<platform::Completed> Answers::find(const Question& question) {
  if (mode_ != Mode::kUse || !known_ || !is_complete_) {
    return std::nullopt;
  }
  const auto found = known_->find(question);
  if (found == known_->end()) {
    return std::nullopt;
  }
  gave_any_ = true;
  return platform::Completed{{}, found->second.out, found->second.err};
}

std::optional<platform::Completed> Answers::take(const Question& question) {
  auto taken = find(question);
  if (taken) {
    known_->erase(question);
  }
  return taken;
}

bool Answers::knows_all_but_stderr(const Question& question) const {
  const auto found = known_ ? known_->find(question) : Known::const_iterator();
  return known_ && found != known_->end() && found->second.stderr_is_unknown;
}

void Answers::add(const Question& question, Answer answer) {
  if (mode_ == Mode::kOff) {
    return;
  }
  if (mode_ == Mode::kVerify && known_) {
    const auto found = known_->find(question);
    const bool same = found != known_->end() && found->second.out == answer.out &&
                      (found->second.stderr_is_unknown || answer.stderr_is_unknown || found->second.err == answer.err);
    differences_ += same ? 0 : 1;
  }
  news_.insert_or_assign(question, std::move(answer));
}

Result<platform::Completed> ask(const platform::SpawnOptions& options, Answers* answers) {
  const Question question = question_of(options);
  if (auto known = answers->find(question)) {
    return *std::move(known);
  }
  PCARGO_ASSIGN(auto completed, platform::run_to_end(options));
  if (completed.status.success()) {
    answers->add(question, {completed.out, completed.err});
  }
  return completed;
}

}  // namespace pcargo::prepare
