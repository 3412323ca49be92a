// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/plan_memo.h"

#include "base/path.h"
#include "platform/files.h"
#include "platform/private_directory.h"
#include "platform/sealed_bytes.h"
#include "platform/sha256.h"
#include "prepare/directories.h"

#include <utility>

namespace pcargo::prepare {
namespace {

constexpr std::string_view kMagic = "pcargo\x1aP";
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;  // of one file, and of all together
constexpr std::size_t kMostFiles = 300;

void write_memo(ByteWriter& out, const Memo& memo) {
  out.number(std::uint64_t{memo.answers.size()});
  for (const auto& [question, answer] : memo.answers) {
    out.digest(question);
    out.text(answer.out);
    out.text(answer.err);
    out.number(static_cast<std::uint8_t>(answer.stderr_is_unknown));
  }
  out.list(memo.inputs, write_input);
  out.list(std::vector<std::string>(memo.ignored.begin(), memo.ignored.end()),
           [](ByteWriter& to, const std::string& path) { to.text(path); });
}

void read_memo(ByteReader& in, Memo& memo) {
  std::uint64_t count = 0;
  in.number(count);
  for (; count > 0 && in.is_good(); --count) {
    Question question;
    in.digest(question);
    Answer& answer = memo.answers[question];
    in.text(answer.out);
    in.text(answer.err);
    in.one_of(answer.stderr_is_unknown, true);
  }
  in.list(memo.inputs, read_input);
  std::vector<std::string> ignored;
  in.list(ignored, [](ByteReader& from, std::string& path) { from.text(path); });
  memo.ignored.insert(ignored.begin(), ignored.end());
}

}  // namespace

std::string encode_memo(const Memo& memo) {
  return platform::seal_value(kMagic, kMemoEpoch, memo, write_memo);
}

std::optional<Memo> decode_memo(std::string_view bytes) {
  return platform::unseal_value<Memo>(kMagic, kMemoEpoch, bytes, read_memo);
}

MemoStore::MemoStore(std::string directory, const MemoKey& key) : directory_(std::move(directory)) {
  // The same digest as a question's: words, environment, directory.
  platform::SpawnOptions command;
  command.argv = key.words;
  command.environment = key.environment.to_block();
  command.working_directory = key.current_directory;
  path_ = path::join(directory_, to_hex(question_of(command)));
}

std::optional<Memo> MemoStore::find() const {
  if (directory_.empty() || !platform::is_private_directory(directory_)) {
    return std::nullopt;
  }
  const auto bytes = platform::read_regular_file(path_, kMostBytes);
  auto memo = bytes ? decode_memo(*bytes) : std::nullopt;
  if (!memo) {
    return std::nullopt;
  }
  const InputCheck check = check_inputs(memo->ignored, &memo->inputs);
  if (!check.holds) {
    return std::nullopt;
  }
  if (check.renewed) {
    keep(*memo);  // what was only touched is not read again
  }
  return memo;
}

void MemoStore::keep(const Memo& memo) const {
  if (directory_.empty() || !platform::make_private_directory(directory_)) {
    return;
  }
  constexpr unsigned kOwnerOnly = 0600;
  std::string bytes = encode_memo(memo);
  if (bytes.size() <= kMostBytes && platform::write_file_by_rename(path_, bytes, kOwnerOnly)) {
    platform::keep_the_newest(directory_, path_, kMostFiles, kMostBytes);
  }
}

void MemoStore::forget() const {
  if (!directory_.empty() && platform::is_private_directory(directory_)) {
    static_cast<void>(platform::remove_file(path_));
  }
}

std::string memo_directory(const Environment& environment, const std::string& current_directory) {
  const std::string own = own_directory(environment, current_directory);
  return own.empty() ? std::string() : path::join(own, "plans");
}

}  // namespace pcargo::prepare
