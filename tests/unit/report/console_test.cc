// SPDX-License-Identifier: MIT OR Apache-2.0
// Builds of the workspace of captured.h, told event by event. Where a whole screen is compared, it is what cargo 1.95
// showed for the same build, with paths and hashes replaced.
#include "report/console.h"

#include "captured.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::report;
using namespace pcargo::test;
using Severity = cargo::BuildScriptOutput::Severity;

namespace {

constexpr UnitId kCompileScript = Workspace::kCompileScript;
constexpr UnitId kRunScript = Workspace::kRunScript;
constexpr UnitId kLibrary = Workspace::kLibrary;
constexpr UnitId kProgram = Workspace::kProgram;

/// A console on captured streams; settings may be changed before the first event.
struct Build {
  explicit Build(ShellOptions shell_options = {}) : shell(shell_options, out, err) {}

  Console& console() {
    if (!console_) {
      ConsoleContext context{workspace.graph, workspace.packages, workspace.settings};
      context.message_format = format;
      context.base_profile = base_profile;
      context.out_dir = [](UnitId) { return std::string("/w/target/debug/build/a-f/out"); };
      context.elapsed = [] { return std::chrono::milliseconds(559); };
      console_ = std::make_unique<Console>(std::move(context), shell, progress);
    }
    return *console_;
  }
  void start(UnitId unit) {
    plan::Invocation invocation;
    invocation.argv = {"/r/rustc", "--check-cfg", "cfg(docsrs,test)"};
    invocation.set_environment = {{"CARGO_PKG_AUTHORS", ""}, {"CARGO", "/r/cargo"}};
    console().unit_started(unit, invocation);
  }
  void succeed(UnitId unit) { console().unit_finished(unit, Outcome::kSuccess, nullptr); }
  void fail(UnitId unit, Error error, bool is_simple_exit = true) {
    const execute::UnitFailure failure{std::move(error), is_simple_exit};
    console().unit_finished(unit, Outcome::kFailure, &failure);
  }
  void run(UnitId unit) {
    start(unit);
    succeed(unit);
  }
  void script_says(std::vector<std::pair<Severity, std::string>> log) {
    cargo::BuildScriptOutput output;
    output.cfgs = {"foo"};
    output.log_messages = std::move(log);
    console().build_script_finished(kRunScript, output, Console::ScriptAnswer::kRan);
  }

  Workspace workspace;
  MessageFormat format;
  BaseProfile base_profile;
  ProgressBar::Options progress;
  CaptureSink out;
  CaptureSink err;
  Shell shell;

 private:
  std::unique_ptr<Console> console_;
};

ShellOptions with(Verbosity verbosity, bool color = false) {
  ShellOptions options;
  options.verbosity = verbosity;
  options.stderr_color = color;
  return options;
}

const std::string kError =
    R"({"rendered":"error[E0308]: mismatched types\n\n","message":"mismatched types","level":"error","children":[],"code":{"code":"E0308"}})";

Error rustc_failed() {
  return {ErrorKind::kCommandFailed, "process didn't exit successfully: `/r/rustc --crate-name b` (exit status: 1)"};
}

}  // namespace

TEST_CASE("a build that succeeds") {
  Build build;
  build.run(kCompileScript);
  build.start(kRunScript);
  build.script_says({{Severity::kWarning, "hello from build"}});
  build.succeed(kRunScript);
  build.start(kLibrary);
  build.console().diagnostic(kLibrary, kUnusedMutJson);
  build.console().diagnostic(kLibrary, kSummaryJson);
  build.succeed(kLibrary);
  build.run(kProgram);
  build.console().build_finished(Outcome::kSuccess);
  CHECK(build.err.text ==
        "   Compiling a v0.1.0 (/w/a)\n"
        "warning: a@0.1.0: hello from build\n"
        "warning: variable does not need to be mutable\n"
        " --> a/src/lib.rs:2:18\n"
        "  |\n"
        "2 | pub fn f() { let mut x = 1; println!(\"{}\", x); }\n"
        "  |                  ----^\n"
        "  |                  |\n"
        "  |                  help: remove this `mut`\n"
        "  |\n"
        "  = note: `#[warn(unused_mut)]` (part of `#[warn(unused)]`) on by default\n"
        "\n"
        "warning: `a` (lib) generated 1 warning (run `cargo fix --lib -p a` to apply 1 suggestion)\n"
        "   Compiling b v0.2.0 (/w/b)\n"
        "    Finished `dev` profile [unoptimized + debuginfo] target(s) in 0.55s\n");
  CHECK(build.out.text.empty());
  CHECK(build.console().failures() == 0);
}

TEST_CASE("the words of Finished follow the profile, and link to its page") {
  ShellOptions options = with(Verbosity::kNormal, true);
  options.hyperlinks = true;
  Build build(options);
  build.workspace.settings.requested_profile = "release";
  build.base_profile = {"3", false};
  build.console().build_finished(Outcome::kSuccess);
  CHECK(build.err.text ==
        "\x1b[1m\x1b[92m    Finished\x1b[0m "
        "\x1b]8;;https://doc.rust-lang.org/cargo/reference/profiles.html#default-profiles\x1b\\"
        "`release` profile [optimized]\x1b]8;;\x1b\\ target(s) in 0.55s\n");
}

TEST_CASE("a failure while another unit runs") {
  Build build;
  build.start(kProgram);
  build.start(kLibrary);
  build.console().diagnostic(kProgram, kError);
  build.fail(kProgram, rustc_failed());
  build.console().diagnostic(kLibrary, kUnusedMutJson);
  build.err.take();
  build.succeed(kLibrary);
  build.console().build_finished(Outcome::kFailure);
  CHECK(build.err.text ==
        "warning: `a` (lib) generated 1 warning (run `cargo fix --lib -p a` to apply 1 suggestion)\n");
  CHECK(build.console().failures() == 1);
}

TEST_CASE("the first failure says that others are waited for, the second does not") {
  Build build;
  build.start(kProgram);
  build.start(kLibrary);
  build.start(kCompileScript);
  build.err.take();
  build.console().diagnostic(kProgram, kError);
  build.fail(kProgram, rustc_failed());
  CHECK(build.err.take() ==
        "error[E0308]: mismatched types\n\n"
        "error: could not compile `b` (bin \"b\") due to 1 previous error\n"
        "warning: build failed, waiting for other jobs to finish...\n");
  build.console().diagnostic(kLibrary, kError);
  build.fail(kLibrary, rustc_failed());
  CHECK(build.err.take() == "error: could not compile `a` (lib) due to 1 previous error\n");
}

TEST_CASE("rustc's command is shown when it said no error, died of a signal, or with -v") {
  const std::string cause =
      "\nCaused by:\n  process didn't exit successfully: `/r/rustc --crate-name b` (exit status: 1)\n";
  SECTION("no error") {
    Build build;
    build.fail(kProgram, rustc_failed());
    CHECK(build.err.text == "error: could not compile `b` (bin \"b\")\n" + cause);
  }
  SECTION("not a simple exit") {
    Build build;
    build.console().diagnostic(kProgram, kError);
    build.err.take();
    build.fail(kProgram, rustc_failed(), false);
    CHECK(build.err.text == "error: could not compile `b` (bin \"b\") due to 1 previous error\n" + cause);
  }
  SECTION("-v") {
    Build build(with(Verbosity::kVerbose));
    build.console().diagnostic(kProgram, kError);
    build.err.take();
    build.fail(kProgram, rustc_failed());
    CHECK(build.err.text == "error: could not compile `b` (bin \"b\") due to 1 previous error\n" + cause);
  }
}

TEST_CASE("a failure before rustc ran is told as it is") {
  Build build;
  build.fail(kProgram, {ErrorKind::kEnvironment, "failed to create directory `/w/target`", {"Permission denied"}});
  CHECK(build.err.text == "error: failed to create directory `/w/target`\n\nCaused by:\n  Permission denied\n");
}

TEST_CASE("a build script that fails: its log first, then the driver's words") {
  Build build;
  build.start(kRunScript);
  build.err.take();
  cargo::BuildScriptOutput logged;
  logged.log_messages = {{Severity::kWarning, "hello"}, {Severity::kError, "bad"}};
  build.console().build_script_failed(kRunScript, logged);
  build.fail(kRunScript,
             {ErrorKind::kCommandFailed,
              "failed to run custom build command for `a v0.1.0 (/w/a)`",
              {"process didn't exit successfully: `/w/build-script-build` (exit status: 3)\n--- stdout\nx"}});
  CHECK(build.err.text ==
        "warning: a@0.1.0: hello\n"
        "error: a@0.1.0: bad\n"
        "error: failed to run custom build command for `a v0.1.0 (/w/a)`\n"
        "\n"
        "Caused by:\n"
        "  process didn't exit successfully: `/w/build-script-build` (exit status: 3)\n"
        "  --- stdout\n"
        "  x\n");
}

TEST_CASE("when a package fails to compile, its build script's warnings come again, before the error") {
  Build build;
  build.start(kRunScript);
  build.script_says({{Severity::kWarning, "hello"}});
  build.succeed(kRunScript);
  build.start(kLibrary);
  build.console().diagnostic(kLibrary, kError);
  build.err.take();
  build.fail(kLibrary, rustc_failed());
  CHECK(build.err.text ==
        "warning: a@0.1.0: hello\n"
        "error: could not compile `a` (lib) due to 1 previous error\n");
}

TEST_CASE("build scripts of other people's packages warn with -vv only, unless they log an error") {
  auto finish = [](Build& build, std::vector<std::pair<Severity, std::string>> log) {
    build.workspace.packages[cargo::PackageId{0}].source = cargo::SourceKind::kRegistry;
    build.start(kRunScript);
    build.err.take();
    build.script_says(std::move(log));
    build.succeed(kRunScript);
    return build.err.take();
  };
  Build quiet;
  CHECK(finish(quiet, {{Severity::kWarning, "w"}}).empty());
  Build extra;
  extra.workspace.settings.verbosity = 2;
  CHECK(finish(extra, {{Severity::kWarning, "w"}}) == "warning: a@0.1.0: w\n");
  Build errors;
  CHECK(finish(errors, {{Severity::kWarning, "w"}, {Severity::kError, "e"}}) ==
        "warning: a@0.1.0: w\nerror: a@0.1.0: e\n");
}

TEST_CASE("the same diagnostic is shown once, and counted") {
  Build build;
  build.console().diagnostic(kLibrary, kUnusedMutJson);
  build.err.take();
  build.console().diagnostic(kProgram, kUnusedMutJson);
  CHECK(build.err.take().empty());
  build.succeed(kProgram);
  CHECK(build.err.take() == "warning: `b` (bin \"b\") generated 1 warning (1 duplicate)\n");
}

TEST_CASE("-v shows commands and fresh packages, -vv variables and what build scripts print") {
  Build build(with(Verbosity::kVerbose));
  build.workspace.settings.verbosity = 1;
  build.start(kRunScript);
  build.console().stdout_line(kRunScript, "cargo::warning=x");
  CHECK(build.err.take() == "   Compiling a v0.1.0 (/w/a)\n     Running `/r/rustc --check-cfg 'cfg(docsrs,test)'`\n");
  CHECK(build.out.take().empty());
  build.console().artifact_ready(kProgram, {}, true);
  CHECK(build.err.take() == "       Fresh b v0.2.0 (/w/b)\n");
  build.succeed(kProgram);
  CHECK(build.err.take().empty());

  Build extra(with(Verbosity::kVerbose));
  extra.workspace.settings.verbosity = 2;
  extra.start(kRunScript);
  CHECK(extra.err.take() ==
        "   Compiling a v0.1.0 (/w/a)\n"
        "     Running `CARGO=/r/cargo CARGO_PKG_AUTHORS='' /r/rustc --check-cfg 'cfg(docsrs,test)'`\n");
  extra.console().stdout_line(kRunScript, "[a 0.1.0] cargo::warning=x\r");
  extra.console().stderr_line(kRunScript, "[a 0.1.0] to stderr");
  CHECK(extra.out.take() == "[a 0.1.0] cargo::warning=x\n");
  CHECK(extra.err.take() == "[a 0.1.0] to stderr\n");
}

TEST_CASE("Fresh is said of a package only when all of its units are") {
  Build build(with(Verbosity::kVerbose));
  build.succeed(kCompileScript);
  build.succeed(kRunScript);
  CHECK(build.err.take().empty());
  build.succeed(kLibrary);
  CHECK(build.err.take() == "       Fresh a v0.1.0 (/w/a)\n");
}

TEST_CASE("check says Checking, an overridden build script counts as work") {
  Build build;
  build.workspace.graph.units[kProgram].mode = cargo::CompileMode::kCheck;
  build.start(kProgram);
  CHECK(build.err.take() == "    Checking b v0.2.0 (/w/b)\n");
  build.format.json = true;
  build.console().build_script_finished(kRunScript, {}, Console::ScriptAnswer::kFromConfig);
  CHECK(build.err.take() == "   Compiling a v0.1.0 (/w/a)\n");
  CHECK(build.out.take().empty());
}

TEST_CASE("other programs' lines pass, with bad bytes replaced") {
  Build build;
  build.console().stderr_line(kLibrary, "plain \xFF");
  build.console().stdout_line(kLibrary, "out\r");
  build.console().diagnostic(kLibrary, "{broken");
  CHECK(build.err.text == "plain \xEF\xBF\xBD\n{broken\n");
  CHECK(build.out.text == "out\n");
}

TEST_CASE("JSON goes to stdout in cargo's order, without summaries") {
  Build build;
  build.format = {.json = true};
  build.start(kLibrary);
  build.script_says({});
  build.console().diagnostic(kLibrary, kUnusedMutJson);
  build.console().diagnostic(kLibrary, kUnusedMutJson);
  build.console().artifact_ready(kLibrary, {}, false);
  build.succeed(kLibrary);
  build.console().build_finished(Outcome::kSuccess);
  const std::string message =
      R"({"reason":"compiler-message","package_id":"path+file:///w/a#0.1.0","manifest_path":"/w/a/Cargo.toml",)"
      R"("target":{"kind":["lib"],"crate_types":["lib"],"name":"a","src_path":"/w/a/src/lib.rs","edition":"2021",)"
      R"("doc":true,"doctest":true,"test":true},"message":)" +
      std::string(kUnusedMutRewritten) + "}\n";
  CHECK(
      build.out.text ==
      R"({"reason":"build-script-executed","package_id":"path+file:///w/a#0.1.0","linked_libs":[],"linked_paths":[],)"
      R"("cfgs":["foo"],"env":[],"out_dir":"/w/target/debug/build/a-f/out"})"
      "\n" +
          message + message +
          R"({"reason":"compiler-artifact","package_id":"path+file:///w/a#0.1.0","manifest_path":"/w/a/Cargo.toml",)"
          R"("target":{"kind":["lib"],"crate_types":["lib"],"name":"a","src_path":"/w/a/src/lib.rs","edition":"2021",)"
          R"("doc":true,"doctest":true,"test":true},"profile":{"opt_level":"0","debuginfo":2,"debug_assertions":true,)"
          R"("overflow_checks":true,"test":false},"features":[],"filenames":[],"executable":null,"fresh":false})"
          "\n"
          R"({"reason":"build-finished","success":true})"
          "\n");
  CHECK(build.err.text ==
        "   Compiling a v0.1.0 (/w/a)\n    Finished `dev` profile [unoptimized + debuginfo] target(s) in 0.55s\n");
}

TEST_CASE("json counts what it embeds for the error, and ends with build-finished") {
  Build build;
  build.format = {.json = true};
  build.console().diagnostic(kProgram, kUnusedMutJson);
  build.console().diagnostic(kProgram, kError);
  build.out.take();
  build.fail(kProgram, rustc_failed());
  build.console().build_finished(Outcome::kFailure);
  CHECK(build.err.text == "error: could not compile `b` (bin \"b\") due to 1 previous error; 1 warning emitted\n");
  CHECK(build.out.text == "{\"reason\":\"build-finished\",\"success\":false}\n");
}

TEST_CASE("json-render-diagnostics renders on stderr and keeps the other messages") {
  Build build;
  build.format = {.json = true, .render_diagnostics = true};
  build.console().diagnostic(kLibrary, kUnusedMutJson);
  CHECK(build.out.text.empty());
  build.succeed(kLibrary);
  CHECK_THAT(build.err.text,
             Catch::StartsWith("warning: variable") && Catch::Contains("`a` (lib) generated 1 warning"));
}

TEST_CASE("the bar names what runs, in order of start, and gives way to lines") {
  Build build(with(Verbosity::kNormal, true));
  build.progress.enabled = true;
  build.progress.width = [] { return std::optional<std::size_t>(100); };
  build.start(kCompileScript);
  build.err.take();
  build.console().idle();
  CHECK(build.err.take() == "\x1b[1m\x1b[96m    Building\x1b[0m [                             ] 0/4: a(build.rs)" +
                                std::string(37, ' ') + "\r");
  build.succeed(kCompileScript);
  build.start(kRunScript);
  build.start(kProgram);
  CHECK(build.err.take() == "\x1b[K\x1b[1m\x1b[92m   Compiling\x1b[0m b v0.2.0 (/w/b)\n");
  build.console().idle();
  CHECK_THAT(build.err.take(), Catch::Contains("[======>                      ] 1/4: a(build), b(bin) "));
  build.succeed(kRunScript);
  build.console().idle();
  CHECK_THAT(build.err.take(), Catch::Contains("2/4: b(bin) "));
  build.console().build_finished(Outcome::kFailure);
  CHECK(build.err.take() == "\x1b[K");
}

TEST_CASE("an interrupted build erases its bar and says no more") {
  Build build(with(Verbosity::kNormal, true));
  build.format.json = true;
  build.progress.enabled = true;
  build.progress.fixed_width = 80;
  build.start(kLibrary);
  build.console().idle();
  build.err.take();
  build.console().unit_finished(kLibrary, Outcome::kCancelled, nullptr);
  build.console().build_finished(Outcome::kCancelled);
  CHECK(build.err.take() == "\x1b[K");
  CHECK(build.out.take().empty());
}

TEST_CASE("future-incompat reports count as warnings and end in a note") {
  Build build;
  build.console().future_incompat_report(
      kLibrary,
      R"({"future_incompat_report":[{"diagnostic":{"level":"warning","rendered":"bad\n"}},{"diagnostic":{"level":"warning","rendered":"bad\n"}}]})");
  CHECK(build.err.take().empty());
  CHECK(build.console().counts(kLibrary)->warnings == 2);
  build.succeed(kLibrary);
  build.console().build_finished(Outcome::kSuccess);
  CHECK(build.err.take() ==
        "    Finished `dev` profile [unoptimized + debuginfo] target(s) in 0.55s\n"
        "warning: the following packages contain code that will be rejected by a future version of Rust: a v0.1.0 "
        "(/w/a)\n"
        "note: to see what the problems were, use the option `--future-incompat-report`, or run `cargo report "
        "future-incompatibilities --id 1`\n");
}
