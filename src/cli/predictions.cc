// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/predictions.h"

#include "platform/file_stamp.h"

#include <algorithm>
#include <iterator>

namespace pcargo::cli {

std::vector<report::PredictionCheck> other_checks(const std::vector<std::string>& journals, const std::string& chosen) {
  std::vector<report::PredictionCheck> checks;
  for (const std::string& file : journals) {
    const auto timeline = file == chosen ? Result<record::Timeline>(record::Timeline()) : read_build(file);
    if (auto check = timeline ? report::check_prediction(*timeline) : std::nullopt) {
      checks.push_back(*std::move(check));
    }
  }
  return checks;
}

std::vector<record::AskedAnswer> asked_before(const record::Timeline& timeline,
                                              const std::string& file,
                                              const Journals& journals) {
  if (journals.private_root.empty()) {
    return {};
  }
  const auto next = std::next(std::find(journals.files.begin(), journals.files.end(), file));
  const auto before = next == journals.files.end() ? Result<record::Timeline>(record::Timeline()) : read_build(*next);
  return report::answers_for(timeline, before ? before->ended_at_ms() : 0, record::kept_answers(journals.private_root));
}

void remember(const report::WhatIfs& what_ifs, const Journals& journals) {
  if (journals.private_root.empty()) {
    return;
  }
  std::vector<record::AskedAnswer> answers;
  for (const report::WhatIf& answer : what_ifs.answers) {
    answers.push_back(
        {platform::file_clock_ns() / 1'000'000, answer.change, answer.cores, answer.wall, answer.expected_error});
  }
  record::keep_answers(journals.private_root, answers);
}

}  // namespace pcargo::cli
