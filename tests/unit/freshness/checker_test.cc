// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/checker.h"

#include "base/path.h"
#include "freshness/record_store.h"
#include "platform/file_stamp.h"
#include "support/plan_fixture.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

using namespace pcargo;
using namespace pcargo::freshness;
using CauseKind = Cause::Kind;

namespace {

/// A workspace on disk: lib `below` <- lib `app` with a build script. Runs are played by writing files.
class Workspace {
 public:
  Workspace() : fixture(directory.path()) {
    below = fixture.lib("below");
    script = fixture.script("app");
    run = fixture.script_run("app", {{script, "build_script_build"}});
    app = fixture.lib("app", {{below, "below"}, {run, "build_script_build"}});
    for (const char* name : {"below", "app"}) {
      directory.write(std::string(name) + "/src/lib.rs", "// first");
      directory.write(std::string(name) + "/Cargo.toml", "");
    }
    directory.write("app/build.rs", "fn main() {}");
    make_plan();
  }

  void make_plan() { plan = fixture.plan({app}); }

  struct Story {
    std::vector<std::string> ran;  ///< names of units, in order
    std::vector<Cause> causes;
  };

  /// One build: every unit is checked in order and "run" when it must. `meanwhile` happens while `app` runs.
  Story build(const std::function<void()>& meanwhile = {}) {
    // The file clock may be a tick or two behind the stamps of what was just written, which would then pass for written
    // after the start: let it catch up.
    directory.write("clock", "");
    for (const auto newest = platform::stamp_of(directory / "clock").ctime_ns; platform::file_clock_ns() <= newest;) {
    }
    Story story;
    plan::ScriptOutputs scripts;
    Checker checker(*plan, scripts, boot_id);
    for (UnitId unit : {below, script, run, app}) {
      const bool is_run = unit == run;
      const auto [verdict, record] = checker.check(unit);
      CHECK(verdict == (record ? Checker::Verdict::kFresh : Checker::Verdict::kMustRun));
      if (record) {
        if (is_run) {
          scripts[unit] = script_says;
          CHECK(record->script_stdout == "said");
        }
        continue;
      }
      story.causes.push_back(checker.cause(unit));
      story.ran.push_back(is_run ? "run" : unit == script ? "script" : plan->package(unit).name);
      REQUIRE(checker.begin(unit));
      if (unit == app && meanwhile) {
        meanwhile();
      }
      if (is_run) {
        scripts[unit] = script_says;
        directory.write(relative(plan->out_dir(unit)) + "/made", script_makes);
        directory.write(relative(plan->script_record(unit)) + "/output", "said");
        directory.write(relative(plan->script_record(unit)) + "/stderr", "");
        checker.commit_script(unit, script_says, "said");
      } else {
        play_rustc(unit);
        CHECK(checker.commit_compile(unit, plan->outputs(unit), std::vector<Message>()));
      }
    }
    return story;
  }

  std::vector<std::string> ran() { return build().ran; }

  std::string relative(const std::string& path) const { return path.substr(directory.path().size() + 1); }
  std::string output(UnitId unit) const { return relative(plan->outputs(unit).front().path); }

  support::TemporaryDirectory directory;
  test::PlanFixture fixture;
  UnitId below, script, run, app;
  std::unique_ptr<const plan::BuildPlan> plan;
  cargo::BuildScriptOutput script_says;
  std::string script_makes = "1";
  std::string boot_id = "first";
  std::string reads_variable;  ///< what env! of `app` names

 private:
  /// Outputs that depend on the source only.
  void play_rustc(UnitId unit) {
    const std::string source = plan->graph().target(unit).src_path;
    const std::string text = directory.read(relative(source));
    for (const auto& made : plan->outputs(unit)) {
      directory.write(relative(made.path), path::file_name(made.path).substr(0, 3) == "lib" ? text : "program " + text);
    }
    std::string dep_info = "out: " + source + "\n";
    if (unit == app && !reads_variable.empty()) {
      dep_info += "# env-dep:" + reads_variable + "\n";
    }
    directory.write(relative(plan->dep_info_path(unit)), dep_info);
  }
};

using Names = std::vector<std::string>;

Cause by(UnitId source, Cause cause) {
  cause.source = source;
  return cause;
}

Cause of_package(Cause cause) {
  cause.asked = Cause::Asked::kForWholePackage;
  return cause;
}

}  // namespace

TEST_CASE("the first build runs everything, the second nothing") {
  Workspace workspace;
  const auto first = workspace.build();
  CHECK(first.ran == Names{"below", "script", "run", "app"});
  CHECK(first.causes.front() == Cause{});
  CHECK(workspace.ran().empty());
  CHECK(workspace.ran().empty());
}

TEST_CASE("a changed source runs what it reaches, and a touched one nothing") {
  Workspace workspace;
  workspace.build();
  workspace.directory.write("below/src/lib.rs", "// first");
  CHECK(workspace.ran().empty());
  workspace.directory.write("below/src/lib.rs", "// later");  // as long as before
  const auto story = workspace.build();
  CHECK(story.ran == Names{"below", "app"});
  CHECK(story.causes.at(0) == Cause{CauseKind::kInputChanged, workspace.directory / "below/src/lib.rs"});
  CHECK(story.causes.at(1) == by(workspace.below, {CauseKind::kMetadataChanged, "below"}));
  CHECK(workspace.ran().empty());
}

TEST_CASE("a second file for the same module is seen though no compiler read it") {
  Workspace workspace;
  workspace.build();
  workspace.directory.write("below/src/lib/mod.rs", "// the rival of lib.rs");
  const auto story = workspace.build();
  CHECK(story.ran == Names{"below"});
  CHECK(story.causes.at(0) == Cause{CauseKind::kInputAppeared, workspace.directory / "below/src/lib/mod.rs"});
  CHECK(workspace.ran().empty());
  std::filesystem::remove(workspace.directory / "below/src/lib/mod.rs");
  CHECK(workspace.ran() == Names{"below"});
  CHECK(workspace.ran().empty());
}

TEST_CASE("a unit that ran again and made the same stops there") {
  Workspace workspace;
  workspace.build();
  std::filesystem::remove(workspace.directory / workspace.output(workspace.below));
  CHECK(workspace.ran() == Names{"below"});
  // The script's package changes: it runs, says and makes the same.
  workspace.directory.write("app/data", "new");
  const auto first = workspace.build();
  CHECK(first.ran == Names{"run"});
  CHECK(first.causes.at(0) == of_package({CauseKind::kInputAppeared, workspace.directory / "app/data"}));
  workspace.directory.write("app/data", "newer");
  workspace.script_makes = "2";
  const auto story = workspace.build();
  CHECK(story.ran == Names{"run", "app"});
  CHECK(story.causes.at(0) == of_package({CauseKind::kInputChanged, workspace.directory / "app/data"}));
  CHECK(story.causes.at(1) == by(workspace.run, {CauseKind::kScriptChanged, "app"}));
  CHECK(workspace.ran().empty());
  std::filesystem::remove(workspace.directory / "app/data");
  CHECK(workspace.build().causes.at(0) == of_package({CauseKind::kInputMissing, workspace.directory / "app/data"}));
}

TEST_CASE("after another start of the system what was made is read, whatever its stamp says") {
  Workspace workspace;
  workspace.build();
  // A record that believes something else to be in the file, with the file's own stamp, and long after it.
  const std::string path =
      workspace.plan->layout().record(cargo::kHostPlatform, "below", workspace.plan->unit_id(workspace.below));
  auto record = RecordStore::read(path);
  REQUIRE(record);
  Look& look = record->outputs.front().look;
  look.stamp = platform::stamp_of(record->outputs.front().path);
  look.looked_at_ns = look.stamp.ctime_ns + 1'000'000'000'000;
  look.digest = Digest{};
  CHECK(record->boot_id == "first");
  REQUIRE(RecordStore::write(path, *record));
  SECTION("the same start: the stamp is believed") {
    CHECK(workspace.ran().empty());
  }
  SECTION("another start") {
    workspace.boot_id = "second";
    const auto story = workspace.build();
    CHECK(story.ran == Names{"below"});
    CHECK(story.causes.at(0).kind == CauseKind::kOutputChanged);
    CHECK(workspace.ran().empty());
  }
}

TEST_CASE("the record of a unit that is fresh after another start says so") {
  Workspace workspace;
  workspace.build();
  workspace.boot_id = "second";
  CHECK(workspace.ran().empty());
  const auto record = RecordStore::read(
      workspace.plan->layout().record(cargo::kHostPlatform, "app", workspace.plan->unit_id(workspace.app)));
  REQUIRE(record);
  CHECK(record->boot_id == "second");
}

TEST_CASE("metadata that is not what was announced fails the unit") {
  Workspace workspace;
  plan::ScriptOutputs scripts;
  Checker checker(*workspace.plan, scripts, "boot");
  REQUIRE(checker.check(workspace.below).verdict == Checker::Verdict::kMustRun);
  REQUIRE(checker.begin(workspace.below));
  const auto outputs = workspace.plan->outputs(workspace.below);
  for (const auto& output : outputs) {
    workspace.directory.write(workspace.relative(output.path), "announced");
  }
  checker.metadata_ready(workspace.below);
  const bool is_changed = GENERATE(false, true);
  for (const auto& output : outputs) {
    const bool is_metadata = output.flavor == plan::OutputFile::Flavor::kRmeta;
    workspace.directory.write(workspace.relative(output.path), is_metadata && !is_changed ? "announced" : "another");
  }
  CHECK(checker.commit_compile(workspace.below, outputs, std::vector<Message>()).has_value() == !is_changed);
}

namespace {

/// Program `tool` <- lib `below`, built once; the library's source has changed since.
class LinkingWorkspace {
 public:
  LinkingWorkspace() : fixture(directory.path()) {
    below = fixture.lib("below");
    tool = fixture.bin("tool", {{below, "below"}});
    plan = fixture.plan({tool});
    source(below, "// first");
    source(tool, "// first");
    Checker checker(*plan, scripts, "boot");
    for (UnitId unit : {below, tool}) {
      REQUIRE(checker.check(unit).verdict == Checker::Verdict::kMustRun);
      REQUIRE(checker.begin(unit));
      make(unit, "metadata", "object");
      REQUIRE(checker.commit_compile(unit, plan->outputs(unit), std::vector<Message>()));
    }
    source(below, "// second");
  }

  void source(UnitId unit, const std::string& text) {
    directory.write(relative(plan->graph().target(unit).src_path), text);
    const auto newest = platform::stamp_of(plan->graph().target(unit).src_path).ctime_ns;
    while (platform::file_clock_ns() <= newest) {
    }
  }

  void make(UnitId unit, const std::string& metadata, const std::string& rest) {
    for (const auto& made : plan->outputs(unit)) {
      directory.write(relative(made.path), made.flavor == plan::OutputFile::Flavor::kRmeta ? metadata : rest);
    }
    directory.write(relative(plan->dep_info_path(unit)), "out: " + plan->graph().target(unit).src_path + "\n");
  }

  std::string relative(const std::string& path) const { return path.substr(directory.path().size() + 1); }

  support::TemporaryDirectory directory;
  test::PlanFixture fixture;
  UnitId below, tool;
  std::unique_ptr<const plan::BuildPlan> plan;
  plan::ScriptOutputs scripts;
};

}  // namespace

TEST_CASE("only what it links can tell about a unit of which all else is as it was") {
  LinkingWorkspace workspace;
  Checker checker(*workspace.plan, workspace.scripts, "boot");
  REQUIRE(checker.check(workspace.below).verdict == Checker::Verdict::kMustRun);
  REQUIRE(checker.begin(workspace.below));
  const std::string metadata = GENERATE("metadata", "other metadata");
  const std::string object = GENERATE("object", "other object");
  workspace.make(workspace.below, metadata, object);
  checker.metadata_ready(workspace.below);
  const auto early = checker.check(workspace.tool).verdict;
  CHECK(early == (metadata == "metadata" ? Checker::Verdict::kUndecided : Checker::Verdict::kMustRun));
  REQUIRE(checker.commit_compile(workspace.below, workspace.plan->outputs(workspace.below), std::vector<Message>()));
  const bool is_as_before = metadata == "metadata" && object == "object";
  CHECK(checker.check(workspace.tool).verdict ==
        (is_as_before ? Checker::Verdict::kFresh : Checker::Verdict::kMustRun));
}

TEST_CASE("who started before all it links was there is recorded with what it linked") {
  LinkingWorkspace workspace;
  {
    Checker checker(*workspace.plan, workspace.scripts, "boot");
    REQUIRE(checker.check(workspace.below).verdict == Checker::Verdict::kMustRun);
    REQUIRE(checker.begin(workspace.below));
    workspace.make(workspace.below, "other metadata", "other object");
    checker.metadata_ready(workspace.below);
    REQUIRE(checker.check(workspace.tool).verdict == Checker::Verdict::kMustRun);
    REQUIRE(checker.begin(workspace.tool));
    REQUIRE(checker.commit_compile(workspace.below, workspace.plan->outputs(workspace.below), std::vector<Message>()));
    workspace.make(workspace.tool, "", "other program");
    REQUIRE(checker.commit_compile(workspace.tool, workspace.plan->outputs(workspace.tool), std::vector<Message>()));
  }
  Checker checker(*workspace.plan, workspace.scripts, "boot");
  CHECK(checker.check(workspace.below).verdict == Checker::Verdict::kFresh);
  CHECK(checker.check(workspace.tool).verdict == Checker::Verdict::kFresh);
}

TEST_CASE("whatever of the results is gone or was changed is made again") {
  Workspace workspace;
  workspace.build();
  const auto file = workspace.directory / workspace.output(workspace.app);
  const auto dep_info = workspace.plan->dep_info_path(workspace.app);
  const auto made = workspace.plan->out_dir(workspace.run) + "/made";
  const auto said = workspace.plan->script_record(workspace.run) + "/stderr";
  struct Damage {
    std::function<void()> damage;
    std::string what;
    Names ran;
    CauseKind kind;
  };
  const auto change = [&](const std::string& path) { workspace.directory.write(workspace.relative(path), "damaged"); };
  const std::vector<Damage> damages = {
      {[&] { std::filesystem::remove(file); }, "output gone", {"app"}, CauseKind::kOutputMissing},
      {[&] { change(file); }, "output changed", {"app"}, CauseKind::kOutputChanged},
      {[&] { std::filesystem::remove(dep_info); }, "dep-info gone", {"app"}, CauseKind::kOutputMissing},
      {[&] { std::filesystem::remove(made); }, "file in OUT_DIR gone", {"run"}, CauseKind::kOutputChanged},
      {[&] { change(made); }, "file in OUT_DIR changed", {"run"}, CauseKind::kOutputChanged},
      {[&] { std::filesystem::remove(said); }, "what the script said gone", {"run"}, CauseKind::kOutputMissing},
      {[&] { std::filesystem::remove_all(path::parent(made)); }, "OUT_DIR gone", {"run"}, CauseKind::kOutputMissing},
  };
  for (const auto& [damage, what, ran, kind] : damages) {
    INFO(what);
    damage();
    const auto story = workspace.build();
    CHECK(story.ran == ran);
    CHECK(story.causes.at(0).kind == kind);
    CHECK(workspace.ran().empty());
  }
}

TEST_CASE("another toolchain, environment or command runs again, and going back does too") {
  Workspace workspace;
  workspace.build();
  const std::vector<std::pair<std::function<void()>, Names>> changes = {
      {[&] { workspace.fixture.settings.toolchain.verbose_version += "2"; }, {"below", "script", "run", "app"}},
      {[&] {
         workspace.fixture.settings.config_env["X"] = {"1", true};
       },
       {"below", "script", "run", "app"}},
      {[&] { workspace.fixture.packages[cargo::PackageId{0}].description = "new"; }, {"below"}},
  };
  for (const auto& [change, ran] : changes) {
    change();
    workspace.make_plan();
    CHECK(workspace.ran() == ran);
    CHECK(workspace.ran().empty());
  }
}

TEST_CASE("every field of a record decides: whichever is not what it was, the unit runs") {
  Workspace workspace;
  workspace.reads_variable = "READ";
  workspace.build();
  int damages = 0;
  for (const auto& [unit, name] : {std::pair(workspace.app, "app"), std::pair(workspace.run, "run")}) {
    const std::string path = workspace.plan->layout().record(workspace.plan->graph().units[unit].platform,
                                                             workspace.plan->package(unit).name,
                                                             workspace.plan->unit_id(unit));
    const auto runs_with = [&, unit_name = std::string(name)](const std::function<void(Record&)>& damage) {
      auto record = RecordStore::read(path);
      REQUIRE(record);
      damage(*record);
      REQUIRE(RecordStore::write(path, *record));
      const Names ran = workspace.ran();
      CHECK(workspace.ran().empty());
      ++damages;
      return std::find(ran.begin(), ran.end(), unit_name) != ran.end();
    };
    const auto spoil = [](Look& look) {
      look.digest.bytes.fill(1);
      look.looked_at_ns = 0;  // or its stamp vouches for it
    };
    const auto record = RecordStore::read(path);
    REQUIRE(record);
    // Every one of them: who adds a field says here what it decides.
    const auto& [boot_id, given, inputs, variables, outputs, messages, script_stdout, out_dir, package] = *record;
    CHECK(boot_id == workspace.boot_id);  // whether looks are believed
    CHECK(messages.empty());              // this and the script's words are said again, and decide nothing
    CHECK(script_stdout == (unit == workspace.run ? "said" : ""));
    for (std::size_t i = 0; i < given.size(); ++i) {
      INFO(name << ": " << given[i].name << " " << given[i].value);
      CHECK(runs_with([i](Record& damaged) { damaged.given[i].value += "x"; }));
    }
    CHECK(runs_with([](Record& damaged) { damaged.given.pop_back(); }));
    CHECK(runs_with([](Record& damaged) { damaged.given.push_back(damaged.given.back()); }));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      INFO(name << ": " << inputs[i].path);
      CHECK(runs_with([&](Record& damaged) { spoil(damaged.inputs[i].look); }));
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      INFO(name << ": " << outputs[i].path);
      CHECK(runs_with([&](Record& damaged) { spoil(damaged.outputs[i].look); }));
    }
    CHECK(variables.empty() == (unit == workspace.run));
    if (!variables.empty()) {
      CHECK(runs_with([](Record& damaged) { damaged.variables[0].value = "other"; }));
    }
    CHECK(out_dir.has_value() == (unit == workspace.run));
    CHECK(package.has_value() == (unit == workspace.run));
    if (out_dir && package) {
      CHECK(runs_with([](Record& damaged) { damaged.out_dir->digest.bytes.fill(1); }));
      CHECK(runs_with([](Record& damaged) { damaged.package->digest.bytes.fill(1); }));
    }
  }
  CHECK(damages > 50);
}

TEST_CASE("a variable that the compiler read is compared, others are not") {
  Workspace workspace;
  workspace.reads_variable = "READ";
  workspace.build();
  workspace.fixture.settings.environment.set("OTHER", "1");
  workspace.make_plan();
  CHECK(workspace.ran().empty());
  workspace.fixture.settings.environment.set("READ", "1");
  workspace.make_plan();
  const auto story = workspace.build();
  CHECK(story.ran == Names{"app"});
  CHECK(story.causes.at(0) == Cause{CauseKind::kVariableChanged, "READ", std::nullopt, "1"});
}

TEST_CASE("an input that moves while the unit runs leaves no record, known or not") {
  Workspace workspace;
  // Known from no record: the very first run.
  workspace.build([&] { workspace.directory.write("app/src/lib.rs", "// moved"); });
  CHECK(workspace.ran() == Names{"run", "app"});
  CHECK(workspace.ran().empty());
  // Known: what the compiler reads is changed back before it ends, and then again.
  workspace.directory.write("app/src/lib.rs", "// again");
  const auto story = workspace.build([&] { workspace.directory.write("app/src/lib.rs", "// moved"); });
  CHECK(story.ran == Names{"run", "app"});
  CHECK(workspace.ran() == Names{"run", "app"});
  CHECK(workspace.ran().empty());
}

TEST_CASE("a script that says what it reads is asked about nothing else") {
  Workspace workspace;
  workspace.script_says.rerun_if_changed = {"listed", "folder"};
  workspace.script_says.rerun_if_env_changed = {"LISTED"};
  workspace.directory.write("app/listed", "1");
  workspace.directory.write("app/folder/a", "1");
  workspace.build();
  workspace.directory.write("app/other", "1");
  CHECK(workspace.ran().empty());
  workspace.directory.write("app/listed", "2");
  CHECK(workspace.ran() == Names{"run"});
  workspace.directory.write("app/folder/b", "");
  CHECK(workspace.ran() == Names{"run"});
  workspace.fixture.settings.environment.set("LISTED", "1");
  workspace.make_plan();
  CHECK(workspace.ran() == Names{"run"});
  CHECK(workspace.ran().empty());
  // A file that is not there is a way to say "always".
  std::filesystem::remove(workspace.directory / "app/listed");
  CHECK(workspace.ran() == Names{"run"});
  CHECK(workspace.ran() == Names{"run"});
}

TEST_CASE("a unit that was begun and not committed is not done") {
  Workspace workspace;
  workspace.build();
  plan::ScriptOutputs scripts;
  {
    Checker checker(*workspace.plan, scripts, workspace.boot_id);
    std::filesystem::remove(workspace.directory / workspace.output(workspace.below));
    CHECK(checker.check(workspace.below).verdict == Checker::Verdict::kMustRun);
    REQUIRE(checker.begin(workspace.below));
    workspace.directory.write(workspace.output(workspace.below), "// first");
  }
  CHECK(workspace.ran() == Names{"below"});
}

TEST_CASE("no dep-info, no record") {
  Workspace workspace;
  workspace.build();
  plan::ScriptOutputs scripts;
  workspace.directory.write("below/src/lib.rs", "// later");
  {
    Checker checker(*workspace.plan, scripts, workspace.boot_id);
    CHECK(checker.check(workspace.below).verdict == Checker::Verdict::kMustRun);
    REQUIRE(checker.begin(workspace.below));
    workspace.directory.write(workspace.relative(workspace.plan->dep_info_path(workspace.below)), "no rule at all");
    CHECK(checker.commit_compile(workspace.below, workspace.plan->outputs(workspace.below), std::vector<Message>()));
  }
  CHECK(workspace.ran() == Names{"below", "app"});
}
