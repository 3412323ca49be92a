// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/plan_inputs.h"

#include "base/path.h"
#include "freshness/look_coding.h"
#include "platform/file_stamp.h"
#include "platform/real_file_system.h"

#include <string_view>

namespace pcargo::prepare {
namespace {

using How = PlanInput::How;

char letter_of(FileKind kind) {
  return kind == FileKind::kFile ? 'f' : kind == FileKind::kDirectory ? 'd' : kind == FileKind::kOther ? 'o' : '-';
}

std::vector<std::string> names_in(const std::string& directory, const std::set<std::string>& ignored) {
  const platform::RealFileSystem files;
  std::vector<std::string> names;
  for (const std::string& name : files.list(directory)) {
    const std::string path = path::join(directory, name);
    if (ignored.count(path) == 0) {
      names.push_back(std::string{letter_of(files.kind(path)), ' '} + name);
    }
  }
  return names;
}

struct Looker {
  freshness::Inspector& inspector;
  const std::set<std::string>& ignored;

  PlanInput look(How how, const std::string& path, const freshness::Look* known = nullptr) const {
    PlanInput input{how, path, {}};
    input.look.looked_at_ns = platform::file_clock_ns();
    input.look.stamp = platform::stamp_of(path);
    const FileKind kind = input.look.stamp.kind;
    if (how == How::kContents && kind == FileKind::kFile) {
      input.look = inspector.look(path, known);
    }
    if (how == How::kNames && kind == FileKind::kDirectory) {
      input.names = names_in(path, ignored);
    }
    return input;
  }
};

/// The directory in which a path that is not there would have to appear.
std::string nearest_directory(const std::string& path) {
  std::string_view above = path::parent(path);
  while (above.size() > 1 && platform::stamp_of(std::string(above)).kind == FileKind::kNone) {
    above = path::parent(above);
  }
  return std::string(above);
}

}  // namespace

bool PlanInput::finds_the_same(const PlanInput& other) const {
  if (how != other.how || path != other.path || look.stamp.kind != other.look.stamp.kind) {
    return false;
  }
  switch (how) {
    case How::kContents:
      return look.digest == other.look.digest;  // of no file: nothing was digested
    case How::kStamp:
      return look.stamp == other.look.stamp;
    case How::kNames:
      return names == other.names;
    case How::kKind:
      return true;
  }
  return false;
}

void write_input(ByteWriter& out, const PlanInput& input) {
  out.number(static_cast<std::uint8_t>(input.how));
  out.text(input.path);
  freshness::write_look(out, input.look);
  out.list(input.names, [](ByteWriter& to, const std::string& name) { to.text(name); });
}

void read_input(ByteReader& in, PlanInput& input) {
  in.one_of(input.how, How::kKind);
  in.text(input.path);
  freshness::read_look(in, input.look);
  in.list(input.names, [](ByteReader& from, std::string& name) { from.text(name); });
}

void PlanInputs::add(How how, const std::string& path) {
  inputs_.try_emplace({path, how});
}

std::vector<std::pair<std::string, How>> PlanInputs::paths() const {
  std::vector<std::pair<std::string, How>> paths;
  for (const auto& [key, before] : inputs_) {
    paths.push_back(key);
  }
  return paths;
}

void PlanInputs::look_before() {
  for (auto& [key, before] : inputs_) {
    before = Looker{inspector_, ignored_}.look(key.second, key.first);
  }
  started_ns_ = platform::file_clock_ns();
}

std::optional<std::vector<PlanInput>> PlanInputs::settle() {
  std::vector<PlanInput> settled;
  for (const auto& [key, before] : inputs_) {
    PlanInput after = Looker{inspector_, ignored_}.look(key.second, key.first, before ? &before->look : nullptr);
    if (!stayed(before ? &*before : nullptr, after)) {
      return std::nullopt;
    }
    settled.push_back(std::move(after));
  }
  return settled;
}

bool PlanInputs::stayed(const PlanInput* before, const PlanInput& after) const {
  if (before != nullptr && !before->finds_the_same(after)) {
    return false;
  }
  if (after.how == How::kStamp && after.look.is_there() && !freshness::can_be_trusted(after.look)) {
    return false;
  }
  if (after.look.is_there()) {
    const bool only_kind_counts = before != nullptr && after.how == How::kKind;
    return only_kind_counts || !freshness::changed_since(after.look, started_ns_);
  }
  // Nobody looked before: it may have been there, unless nothing went out of its directory.
  return before != nullptr || platform::stamp_of(nearest_directory(after.path)).ctime_ns < started_ns_;
}

InputCheck check_inputs(const std::set<std::string>& ignored, std::vector<PlanInput>* inputs) {
  freshness::Inspector inspector;
  InputCheck check;
  for (PlanInput& input : *inputs) {
    PlanInput now = Looker{inspector, ignored}.look(input.how, input.path, &input.look);
    if (!input.finds_the_same(now)) {
      check.changed = input.path;
      return check;
    }
    if (input.how == How::kContents && input.look.is_there() && !(now.look == input.look)) {
      input = std::move(now);
      check.renewed = true;
    }
  }
  check.holds = true;
  return check;
}

}  // namespace pcargo::prepare
