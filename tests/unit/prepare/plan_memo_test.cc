// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/plan_memo.h"

#include "platform/files.h"
#include "platform/real_file_system.h"
#include "prepare/recording_files.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <functional>

namespace pcargo::prepare {
namespace {

using How = PlanInput::How;
using support::TemporaryDirectory;

platform::SpawnOptions start_of(std::vector<std::string> argv, std::vector<std::string> environment = {}) {
  platform::SpawnOptions options;
  options.argv = std::move(argv);
  options.environment = std::move(environment);
  return options;
}

Memo some_memo() {
  Memo memo;
  memo.answers[question_of(start_of({"cargo", "build"}))] = {"graph", "", true};
  memo.answers[question_of(start_of({"rustc", "-vV"}))] = {"host: x", "said", false};
  memo.inputs.push_back({How::kNames, "/a/src", {}, {"f main.rs", "d bin"}});
  memo.ignored = {"/a/target"};
  return memo;
}

/// A file for each way of looking; settled, so that later looks are compared with it.
struct Looked {
  TemporaryDirectory directory;
  std::vector<PlanInput> inputs;

  Looked() {
    directory.write("read", "contents");
    directory.write("program", "code");
    directory.write("listed/one", "");
    directory.write("kind", "");
    directory.write("listed/below/deep", "");
    PlanInputs all;
    all.add(How::kContents, directory / "read");
    all.add(How::kContents, directory / "absent");
    all.add(How::kStamp, directory / "program");
    all.add(How::kNames, directory / "listed");
    all.add(How::kKind, directory / "kind");
    all.ignore(directory / "listed/target");
    age(directory.path());
    all.look_before();
    auto settled = all.settle();
    REQUIRE(settled);
    inputs = *std::move(settled);
  }

  /// A stamp counts only when it is older than the look by a tick: waits for the clock, which always goes on.
  static void age(const std::string& path) {
    const std::int64_t newest = platform::stamp_of(path).ctime_ns;
    constexpr std::int64_t kSome = 30'000'000;
    while (platform::file_clock_ns() < newest + kSome) {
    }
  }

  InputCheck check() {
    std::vector<PlanInput> copy = inputs;
    return check_inputs({directory / "listed/target"}, &copy);
  }
};

TEST_CASE("a memo is read as it was written") {
  const Memo memo = some_memo();
  const auto read = decode_memo(encode_memo(memo));
  REQUIRE(read);
  CHECK(read->answers == memo.answers);
  CHECK(read->ignored == memo.ignored);
  REQUIRE(read->inputs.size() == 1);
  CHECK(read->inputs[0].finds_the_same(memo.inputs[0]));
}

TEST_CASE("no byte of a memo can change or be missing") {
  const std::string whole = encode_memo(some_memo());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CHECK_FALSE(decode_memo(whole.substr(0, i)));
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(decode_memo(changed));
  }
  CHECK_FALSE(decode_memo(whole + "x"));
}

TEST_CASE("inputs that nobody changed hold, and each change is seen") {
  Looked looked;
  CHECK(looked.check().holds);

  const TemporaryDirectory& directory = looked.directory;
  const auto move_away = [&](const char* name) { std::filesystem::rename(directory / name, directory / "away"); };
  const std::vector<std::pair<std::string, std::function<void()>>> changes = {
      {"read", [&] { directory.write("read", "CONTENTS"); }},
      {"read", [&] { move_away("read"); }},
      {"absent", [&] { directory.write("absent", ""); }},
      {"program", [&] { directory.write("program", "CODE"); }},
      {"listed", [&] { directory.write("listed/two", ""); }},
      {"listed", [&] { move_away("listed/one"); }},
      {"listed",
       [&] {
         std::filesystem::remove(directory / "listed/one");
         directory.write("listed/one/now", "");
       }},
      {"kind", [&] { std::filesystem::remove(directory / "kind"); }},
  };
  const auto& [name, change] = changes[GENERATE(range(0, 8))];
  change();
  const InputCheck check = looked.check();
  CHECK_FALSE(check.holds);
  CHECK(check.changed == directory / name);
}

TEST_CASE("what does not count does not matter") {
  Looked looked;
  looked.directory.write("listed/target/debug", "made by the build");
  looked.directory.write("listed/below/deeper", "");
  looked.directory.write("kind", "other contents");
  looked.directory.write("read", "contents");  // written again, the same
  const InputCheck check = looked.check();
  CHECK(check.holds);
  CHECK(check.renewed);
}

TEST_CASE("inputs that move while processes run are not settled") {
  TemporaryDirectory directory;
  directory.write("known", "before");
  PlanInputs inputs;
  inputs.add(How::kContents, directory / "known");
  inputs.add(How::kContents, directory / "not there");
  Looked::age(directory.path());
  inputs.look_before();
  SECTION("nothing moves") {
    CHECK(inputs.settle());
  }
  SECTION("a known file changes") {
    directory.write("known", "after");
    CHECK_FALSE(inputs.settle());
  }
  SECTION("a file appears") {
    directory.write("not there", "");
    CHECK_FALSE(inputs.settle());
  }
  SECTION("one that nobody looked at before is new") {
    directory.write("late", "");
    inputs.add(How::kContents, directory / "late");
    CHECK_FALSE(inputs.settle());
  }
  SECTION("one that nobody looked at before is gone") {
    directory.write("late", "");
    std::filesystem::remove(directory / "late");
    inputs.add(How::kContents, directory / "late");
    CHECK_FALSE(inputs.settle());
  }
}

TEST_CASE("a store gives back what was kept, to the same command only") {
  TemporaryDirectory directory;
  Environment environment;
  environment.set("A", "1");
  const std::string plans = directory / "cache/plans";
  const auto store = [&](std::vector<std::string> words, const std::string& where) {
    return MemoStore(plans, {std::move(words), where, environment});
  };
  Memo memo = some_memo();
  memo.inputs.clear();
  store({"build"}, "/w").keep(memo);
  CHECK(store({"build"}, "/w").find());
  CHECK_FALSE(store({"check"}, "/w").find());
  CHECK_FALSE(store({"build"}, "/v").find());
  environment.set("SHLVL", "7");
  CHECK(store({"build"}, "/w").find());
  environment.set("A", "2");
  CHECK_FALSE(store({"build"}, "/w").find());
  environment.set("A", "1");

  SECTION("forgotten") {
    store({"build"}, "/w").forget();
    CHECK_FALSE(store({"build"}, "/w").find());
  }
  SECTION("others may read the directory") {
    REQUIRE(::chmod(plans.c_str(), 0750) == 0);
    CHECK_FALSE(store({"build"}, "/w").find());
  }
  SECTION("the directory is a link") {
    std::filesystem::rename(plans, directory / "elsewhere");
    std::filesystem::create_symlink(directory / "elsewhere", plans);
    CHECK_FALSE(store({"build"}, "/w").find());
  }
  SECTION("no home") {
    MemoStore nowhere("", {{"build"}, "/w", environment});
    nowhere.keep(memo);
    CHECK_FALSE(nowhere.find());
  }
}

TEST_CASE("a store does not grow for ever") {
  TemporaryDirectory directory;
  const Environment environment;
  Memo memo = some_memo();
  memo.inputs.clear();
  const std::string plans = directory / "plans";
  for (int i = 0; i < 310; ++i) {
    MemoStore(plans, {{std::to_string(i)}, "/w", environment}).keep(memo);
  }
  CHECK(platform::RealFileSystem().list(plans).size() == 300);
  CHECK(MemoStore(plans, {{"309"}, "/w", environment}).find());
}

TEST_CASE("where memos lie") {
  const auto directory = [](std::vector<std::pair<std::string, std::string>> variables) {
    Environment environment;
    for (auto& [name, value] : variables) {
      environment.set(name, value);
    }
    return memo_directory(environment, "/here");
  };
  CHECK(directory({{"HOME", "/h"}}) == "/h/.cache/pcargo/plans");
  CHECK(directory({{"HOME", "/h"}, {"XDG_CACHE_HOME", "/x"}}) == "/x/pcargo/plans");
  CHECK(directory({{"HOME", "/h"}, {"XDG_CACHE_HOME", "x"}}) == "/h/.cache/pcargo/plans");
  CHECK(directory({{"HOME", "/h"}, {"XDG_CACHE_HOME", "/x"}, {"PCARGO_HOME", "p"}}) == "/here/p/plans");
  CHECK(directory({}).empty());
}

TEST_CASE("answers are used, kept and compared") {
  const Question graph = question_of(start_of({"cargo", "build"}));
  const Question version = question_of(start_of({"cargo", "-V"}));
  SECTION("off: nothing is known and nothing is kept") {
    Answers answers;
    answers.set_known({{graph, {"old", "", false}}});
    CHECK_FALSE(answers.find(graph));
    answers.add(graph, {"new", "", false});
    CHECK_FALSE(answers.has_news());
  }
  SECTION("used") {
    Answers answers(Answers::Mode::kUse);
    answers.set_known({{graph, {"old", "", false}}});
    REQUIRE(answers.find(graph));
    CHECK(answers.find(graph)->out == "old");
    CHECK_FALSE(answers.find(version));
    CHECK_FALSE(answers.is_refused());
    answers.add(version, {"1", "", false});
    CHECK(answers.is_refused());  // old and new side by side
  }
  SECTION("what was shown is unknown: all are asked again") {
    Answers answers(Answers::Mode::kUse);
    answers.set_known({{graph, {"old", "", true}}, {version, {"1", "", false}}});
    CHECK_FALSE(answers.find(graph));
    CHECK_FALSE(answers.find(version));
    CHECK(answers.knows_all_but_stderr(graph));
    CHECK_FALSE(answers.knows_all_but_stderr(version));
  }
  SECTION("verified") {
    Answers answers(Answers::Mode::kVerify);
    answers.set_known({{graph, {"old", "", false}}});
    CHECK_FALSE(answers.find(graph));
    answers.add(graph, {"old", "", false});
    CHECK(answers.differences() == 0);
    answers.add(graph, {"new", "", false});
    CHECK(answers.differences() == 1);
    answers.add(version, {"1", "", false});
    CHECK(answers.differences() == 2);
  }
}

TEST_CASE("a question is words, directory and environment, but for what is volatile") {
  const auto base = start_of({"cargo", "build"}, {"A=1"});
  auto elsewhere = base;
  elsewhere.working_directory = "/w";
  CHECK(question_of(base) == question_of(start_of({"cargo", "build"}, {"A=1", "MAKEFLAGS=-j", "_=/bin/x"})));
  CHECK_FALSE(question_of(base) == question_of(elsewhere));
  CHECK_FALSE(question_of(base) == question_of(start_of({"cargo", "build", "A=1"})));
  CHECK_FALSE(question_of(base) == question_of(start_of({"cargo", "build"}, {"A=2"})));
  CHECK_FALSE(question_of(base) == question_of(start_of({"cargobuild"}, {"A=1"})));
}

TEST_CASE("what is asked of the file system becomes an input") {
  TemporaryDirectory directory;
  directory.write("file", "text");
  const platform::RealFileSystem real;
  PlanInputs inputs;
  const RecordingFiles files(real, &inputs);
  CHECK(*files.read(directory / "file") == "text");
  CHECK(files.kind(directory / "none") == FileKind::kNone);
  CHECK(files.list(directory.path()).size() == 1);
  Looked::age(directory.path());
  inputs.look_before();
  const auto settled = inputs.settle();
  REQUIRE(settled);
  CHECK(settled->size() == 3);
}

}  // namespace
}  // namespace pcargo::prepare
