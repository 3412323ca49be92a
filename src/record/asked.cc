// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/asked.h"

#include "base/path.h"
#include "platform/files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

namespace pcargo::record {

namespace {

using nlohmann::json;

constexpr std::uint64_t kMostBytes = 1 << 20;
constexpr double kMillion = 1e6;

std::string file_of(const std::string& private_root) {
  return path::join(private_root, "what-ifs.jsonl");
}

std::string text_of(const AskedAnswer& answer) {
  const json line = {{"asked_at_ms", answer.asked_at_ms},
                     {"change", answer.change},
                     {"cores", answer.cores},
                     {"wall_us", answer.wall},
                     {"error_ppm", std::llround(answer.expected_error * kMillion)}};
  return line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

template <class Number>
bool take(const json& line, const char* name, Number* number) {
  const auto found = line.find(name);
  if (found == line.end() || !found->is_number_unsigned() || found->get<std::uint64_t>() > (std::uint64_t{1} << 50)) {
    return false;
  }
  *number = static_cast<Number>(found->get<std::uint64_t>());
  return true;
}

std::optional<AskedAnswer> read(const std::string& text) {
  const json line = json::parse(text, nullptr, false);
  AskedAnswer answer;
  std::int64_t millionths = 0;
  if (!line.is_object() || !take(line, "asked_at_ms", &answer.asked_at_ms) || !take(line, "cores", &answer.cores) ||
      !take(line, "wall_us", &answer.wall) || !take(line, "error_ppm", &millionths) || !line.contains("change") ||
      !line["change"].is_string()) {
    return std::nullopt;
  }
  answer.change = line["change"].get<std::string>();
  answer.expected_error = static_cast<double>(millionths) / kMillion;
  return answer;
}

}  // namespace

void keep_answers(const std::string& private_root, const std::vector<AskedAnswer>& answers) {
  auto all = kept_answers(private_root);
  all.insert(all.end(), answers.begin(), answers.end());
  std::string text;
  for (std::size_t i = all.size() - std::min(all.size(), kAnswersKept); i < all.size(); ++i) {
    text += text_of(all[i]);
  }
  (void)platform::write_file_by_rename(file_of(private_root), text);
}

std::vector<AskedAnswer> kept_answers(const std::string& private_root) {
  const auto text = platform::read_regular_file(file_of(private_root), kMostBytes);
  std::istringstream lines(text ? *text : std::string());
  std::vector<AskedAnswer> answers;
  for (std::string line; std::getline(lines, line);) {
    if (auto answer = read(line)) {
      answers.push_back(*std::move(answer));
    }
  }
  return answers;
}

}  // namespace pcargo::record
