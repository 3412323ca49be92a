// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/standing_answer.h"

#include "base/byte_coding.h"
#include "base/path.h"
#include "base/quick_digest.h"
#include "cli/options.h"
#include "execute/attempts.h"
#include "execute/build_directories.h"
#include "execute/final_dep_info.h"
#include "platform/boot.h"
#include "platform/file_stamp.h"
#include "platform/files.h"
#include "platform/private_directory.h"
#include "platform/terminal.h"
#include "prepare/answers.h"
#include "prepare/plan_memo.h"
#include "report/sink.h"
#include "report/text.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace pcargo::cli {
namespace {

using freshness::Standing;
using freshness::StandingView;
using prepare::PlanInput;

constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20;  // of one standing
constexpr std::size_t kMostFiles = 300;
constexpr std::string_view kBeforeTime = " in ";

/// `build` or `check`, as typed: another word may be an alias, and a program that `run` starts is something to do.
bool may_have_nothing_to_do(const std::vector<std::string>& words) {
  const auto is_option = [](const std::string& word) {
    return !word.empty() && (word.front() == '-' || word.front() == '+');
  };
  const auto command = std::find_if_not(words.begin(), words.end(), is_option);
  if (command == words.end()) {
    return false;
  }
  const std::string name = expand_builtin_alias(*command);
  return name == "build" || name == "check";
}

/// All that a command goes by that is not in a file. How wide the terminal is shapes nothing that is said again.
std::string name_of(const Session& session) {
  ByteWriter question;
  const auto text = [](ByteWriter& to, const std::string& value) { to.text(value); };
  question.text(session.own_executable);
  question.text(session.current_directory);
  question.number(std::uint8_t{platform::is_terminal(STDOUT_FILENO)});
  question.number(std::uint8_t{platform::is_terminal(STDERR_FILENO)});
  question.list(session.words, text);
  for (const auto& [name, value] : session.environment) {
    if (!prepare::is_volatile_variable(name)) {
      question.text(name);
      question.text(value);
    }
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : quick_digest(question.bytes())) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

/// Is it of an unpacked package, and neither its Cargo.toml nor cargo's mark that all of it is there? While those are
/// the same, so is the rest, by cargo's contract.
bool is_in_package(const std::string& path, const std::string& registry) {
  const auto below = path::strip_prefix(path, registry);
  if (!below) {
    return false;
  }
  constexpr int kOfPackageItself = 2;  // "<index>/<package>/Cargo.toml"
  const auto depth = std::count(below->begin(), below->end(), '/');
  const auto name = path::file_name(path);
  return depth > kOfPackageItself || (depth == kOfPackageItself && name != "Cargo.toml" && name != ".cargo-ok");
}

void add_inputs(const prepare::PreparedFrom& from, const std::string& registry, freshness::StandingList* list) {
  using How = PlanInput::How;
  const auto add = [list](How how, const std::string& path, const PlanInput* found) {
    const bool is_file_or_nothing =
        found == nullptr || found->look.stamp.kind == FileKind::kFile || found->look.stamp.kind == FileKind::kNone;
    switch (how) {
      case How::kContents:
      case How::kStamp:
        if (how == How::kContents && !is_file_or_nothing) {
          list->add_kind(path, found->look.stamp.kind);  // a directory where a file might be
        } else {
          list->add(path, found == nullptr ? std::nullopt : std::optional(found->look.stamp));
        }
        return;
      case How::kNames:
        list->add_names(path);
        return;
      case How::kKind:
        list->add_kind(path, found == nullptr ? std::nullopt : std::optional(found->look.stamp.kind));
        return;
    }
  };
  for (const PlanInput& input : from.inputs) {
    if (!is_in_package(input.path, registry)) {
      add(input.how, input.path, &input);
    }
  }
  for (const auto& [path, how] : from.also_read) {
    if (!is_in_package(path, registry)) {
      add(how, path, nullptr);
    }
  }
}

/// One write for what goes to the same place: fewer system calls, the same words.
Transcript in_one_breath(Transcript said) {
  Transcript joined;
  for (Said& part : said) {
    if (!joined.empty() && joined.back().where == part.where) {
      joined.back().text += part.text;
    } else {
      joined.push_back(std::move(part));
    }
  }
  return joined;
}

/// Takes off how long the build took, which comes last; false: it is not there.
bool take_off_time(Transcript* said) {
  if (said->empty() || said->back().where != Said::Where::kStderr) {
    return false;
  }
  std::string& last = said->back().text;
  const std::size_t at = last.rfind(kBeforeTime);
  if (at == std::string::npos || last.find('\n', at) + 1 != last.size()) {
    return false;
  }
  last.resize(at + kBeforeTime.size());
  return true;
}

}  // namespace

StandingAnswer::StandingAnswer(const Session& session)
    : session_(session),
      begin_(std::chrono::steady_clock::now()),
      started_ns_(platform::file_clock_ns()),
      verifies_(session.environment.get("PCARGO_PLAN_CACHE") == "verify"),
      list_(started_ns_) {
  const std::string plans = prepare::memo_directory(session.environment, session.current_directory);
  if (!plans.empty() && may_have_nothing_to_do(session.words)) {
    directory_ = path::join(path::parent(plans), "standings");
  }
}

bool StandingAnswer::is_of_use() const {
  return !directory_.empty() && !session_.environment.contains("PCARGO_TEST_HASH_MAP");
}

std::string StandingAnswer::file() const {
  return path::join(directory_, name_of(session_));
}

/// Once a day the ordinary way is gone: it notes at each record that its unit is still in use (freshness/sweeper.h).
bool StandingAnswer::is_of_yesterday(const std::string& path) const {
  constexpr std::int64_t kDayNs = std::int64_t{24} * 3600 * 1'000'000'000;
  return started_ns_ - platform::stamp_of(path, platform::Links::kOfTheLinkItself).mtime_ns > kDayNs;
}

/// No lock is taken. A stamp that is found again was there all the time since it was listed, so at the moment when this
/// began all of them were; and then there was nothing to do. Another pcargo that builds the same begins with an input
/// that changed, or by taking a record away: either is noticed, and the ordinary way waits for its lock. What it begins
/// later is after us.
std::optional<int> StandingAnswer::answer() {
  if (!is_of_use() || !platform::is_private_directory(directory_)) {
    return std::nullopt;
  }
  const std::string path = file();
  if (is_of_yesterday(path)) {
    return std::nullopt;
  }
  const auto bytes = platform::read_regular_file(path, kMostBytes);
  const auto standing = bytes ? StandingView::open(*bytes) : std::nullopt;
  if (!standing || standing->boot_id().empty() || standing->boot_id() != platform::boot_id() || !standing->holds()) {
    return std::nullopt;
  }
  if (verifies_) {
    foretold_ = standing->said();
    return std::nullopt;
  }
  report::DescriptorSink out(STDOUT_FILENO);
  report::DescriptorSink err(STDERR_FILENO);
  Transcript said = standing->said();
  if (standing->tells_time() && !said.empty()) {
    said.back().text += report::format_elapsed(elapsed()) + "\n";
  }
  for (const Said& part : said) {
    (part.where == Said::Where::kStdout ? out : err).write(part.text);
  }
  constexpr int kFailure = 101;
  return out.is_broken() ? kFailure : 0;
}

/// Stamps tell nothing when the clock that makes them was set meanwhile.
bool StandingAnswer::clock_jumped() const {
  constexpr std::int64_t kSlack = 50'000'000;
  return std::abs(platform::file_clock_ns() - started_ns_ - elapsed().count()) > kSlack;
}

std::optional<Standing> StandingAnswer::make_standing(const prepare::Prepared& prepared,
                                                      const plan::BuildPlan& plan,
                                                      Standing standing) {
  const auto& variables = list_.variables();
  const bool goes_by_volatile = std::any_of(variables.begin(), variables.end(), prepare::is_volatile_variable);
  if (!prepared.from || list_.has_run() || goes_by_volatile) {
    return std::nullopt;
  }
  const std::string registry = path::join(plan.settings().cargo_home, "registry/src");
  list_.trust_below(registry);
  add_inputs(*prepared.from, registry, &list_);
  for (const std::string& directory : execute::build_directories(plan)) {
    list_.add_kind(directory);
  }
  for (const std::string& file : execute::final_dep_info_files(plan)) {
    list_.add(file);
  }
  standing.boot_id = platform::boot_id();
  auto paths = list_.settle();
  if (!paths || clock_jumped()) {
    return std::nullopt;
  }
  standing.paths = *std::move(paths);
  // Where it is, a build was killed and left litter.
  standing.paths.push_back(
      {freshness::StandingPath::What::kNothing, execute::directory_of_attempts(plan.layout().private_root())});
  return standing;
}

Result<void> StandingAnswer::build_ended(const prepare::Prepared& prepared,
                                         const plan::BuildPlan& plan,
                                         Transcript said,
                                         bool tells_time) {
  if (!is_of_use()) {
    return {};
  }
  said = in_one_breath(std::move(said));
  if (tells_time && !take_off_time(&said)) {
    list_.refuse();
  }
  if (foretold_) {
    if (list_.has_run() || said != *foretold_) {
      return Error{ErrorKind::kInput, "the standing of the last build does not say what this one found"};
    }
  }
  const auto standing = make_standing(prepared, plan, {{}, std::move(said), tells_time, {}});
  const std::string path = file();
  if (!standing) {
    if (platform::is_private_directory(directory_)) {
      static_cast<void>(platform::remove_file(path));
    }
    return {};
  }
  constexpr unsigned kOwnerOnly = 0600;
  const std::string bytes = freshness::encode_standing(*standing);
  if (bytes.size() <= kMostBytes && platform::make_private_directory(directory_) &&
      platform::write_file_by_rename(path, bytes, kOwnerOnly)) {
    platform::keep_the_newest(directory_, path, kMostFiles, kMostBytes);
  }
  return {};
}

}  // namespace pcargo::cli
