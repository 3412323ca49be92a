// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/diagnostics.h"

#include "captured.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::report;
using namespace pcargo::test;
using Kind = DiagnosticLine::Kind;

TEST_CASE("a warning from rustc is rendered, counted as a lint, and can be fixed") {
  const auto read = read_for_text(kUnusedMutJson);
  CHECK(read.kind == Kind::kRendered);
  CHECK(read.text == kUnusedMutRendered);
  CHECK(read.level == "warning");
  CHECK(read.is_lint);
  CHECK(read.machine_applicable);
}

TEST_CASE("rustc's own summaries are not shown, in any format") {
  CHECK(read_for_text(kSummaryJson).kind == Kind::kSilent);
  CHECK(read_for_json(kSummaryJson, false).kind == Kind::kSilent);
  CHECK(read_for_json(kSummaryJson, true).kind == Kind::kSilent);
  const std::string aborting =
      R"({"message":"aborting due to 2 previous errors","level":"error","code":null,"children":[],"spans":[],"rendered":"x"})";
  CHECK(read_for_text(aborting).kind == Kind::kSilent);
  CHECK(read_for_json(aborting, false).kind == Kind::kSilent);
  const std::string one =
      R"({"message":"1 warning emitted","level":"warning","code":null,"children":[],"spans":[],"rendered":"x"})";
  CHECK(read_for_text(one).kind == Kind::kSilent);
}

TEST_CASE("artifact notices are for cargo alone") {
  const std::string notice = R"({"$message_type":"artifact","artifact":"/w/liba.rmeta","emit":"metadata"})";
  CHECK(read_for_text(notice).kind == Kind::kSilent);
  CHECK(read_for_json(notice, false).kind == Kind::kSilent);
}

TEST_CASE("JSON formats embed the message, rewritten where colours have to go") {
  CHECK(read_for_json(kUnusedMutJson, true).text == kUnusedMutJson);
  CHECK(read_for_json(kUnusedMutJson, true).level == "warning");
  CHECK(read_for_json(kUnusedMutJson, false).text == kUnusedMutRewritten);
  CHECK(read_for_json(kUnusedMutJson, false).level == "warning");
}

TEST_CASE("what is not JSON passes through") {
  CHECK(read_for_text("plain").kind == Kind::kNotJson);
  CHECK(read_for_text("").kind == Kind::kNotJson);
  CHECK(read_for_text("{broken").kind == Kind::kNotJson);
  CHECK(read_for_text("[1]").kind == Kind::kNotJson);
  CHECK(read_for_json("{\"a\":\"\xFF\"}", false).kind == Kind::kNotJson);
}

// cargo 1.95, fed these lines by a wrapper, answered so.
TEST_CASE("JSON that is no diagnostic becomes a message even where diagnostics are text") {
  auto read = read_for_text(R"( {"foo":1})");
  CHECK(read.kind == Kind::kNotJson);
  read = read_for_text(R"({"foo":1} )");
  CHECK(read.kind == Kind::kMessage);
  CHECK(read.text == R"({"foo":1})");
  CHECK(read.level.empty());

  const std::string without_spans = R"({"rendered":"r\n","message":"m","level":"warning","children":[{}]})";
  read = read_for_text(without_spans);
  CHECK(read.kind == Kind::kMessage);
  CHECK(read.text == without_spans);
  CHECK(read.level == "warning");
  CHECK(read_for_json(without_spans, false).text ==
        R"({"rendered":"r\n","children":[{}],"level":"warning","message":"m","code":null})");
}

TEST_CASE("odd types never crash and never count as diagnostics") {
  for (const std::string line : {R"({"rendered":1,"message":"m","level":"warning","children":[]})",
                                 R"({"rendered":"r","message":"m","level":"warning","children":{}})",
                                 R"({"rendered":"r","message":"m","level":"warning","children":[1]})",
                                 R"({"rendered":"r","message":"m","level":"warning","children":[{"spans":[[]]}]})",
                                 R"({"rendered":"r","message":"m","level":"warning","children":[],"code":"x"})",
                                 R"({"rendered":"r","message":"m","level":"warning","children":[],"code":{"code":1}})",
                                 R"({"artifact":1})"}) {
    CAPTURE(line);
    CHECK(read_for_text(line).kind == Kind::kMessage);
    CHECK(read_for_json(line, false).kind == Kind::kMessage);
  }
}

TEST_CASE("a megabyte in one string, and a nul in it") {
  const std::string body(1 << 20, 'x');
  const std::string line =
      R"({"rendered":")" + body + R"(\u0000\n","message":"m","level":"error","children":[],"code":null})";
  const auto read = read_for_text(line);
  CHECK(read.kind == Kind::kRendered);
  CHECK(read.text == body + std::string(1, '\0'));
  CHECK_FALSE(read.is_lint);
}

TEST_CASE("deep nesting is passed on as it is") {
  auto nested = [](std::size_t depth) {
    return R"({"rendered":"r","message":"m","level":"warning","children":)" + std::string(depth, '[') +
           std::string(depth, ']') + R"(,"code":null})";
  };
  CHECK(read_for_json(nested(126), false).text.substr(0, 28) == R"({"rendered":"r","children":[)");
  CHECK(read_for_json(nested(127), false).text == nested(127));
  CHECK(read_for_json(nested(300'000), false).text == nested(300'000));
  CHECK(read_for_text(nested(300'000)).kind == Kind::kMessage);
  CHECK(read_for_text("{\"a\":" + std::string(300'000, '[')).kind == Kind::kNotJson);
}

namespace {

DiagnosticLine warning(bool fixable) {
  return {Kind::kRendered, "text", "warning", true, fixable};
}

}  // namespace

TEST_CASE("a text is shown once in a build") {
  DuplicateFilter filter;
  CHECK(filter.insert("one"));
  CHECK(filter.insert("two"));
  CHECK_FALSE(filter.insert("one"));
}

TEST_CASE("the summary counts warnings, duplicates and suggestions") {
  Workspace workspace;
  SummaryContext library{"a", workspace.graph.target(Workspace::kLibrary)};
  library.is_local = true;
  DiagnosticCounts counts;
  CHECK_FALSE(warning_summary(counts, library));

  counts.count_shown(warning(true), true);
  CHECK(warning_summary(counts, library) ==
        "`a` (lib) generated 1 warning (run `cargo fix --lib -p a` to apply 1 suggestion)");
  counts.count_shown(warning(true), true);
  counts.count_shown(warning(true), false);
  CHECK(warning_summary(counts, library) ==
        "`a` (lib) generated 3 warnings (1 duplicate) (run `cargo fix --lib -p a` to apply 2 suggestions)");
  counts.count_shown(warning(false), false);
  CHECK(warning_summary(counts, library) ==
        "`a` (lib) generated 4 warnings (2 duplicates) (run `cargo fix --lib -p a` to apply 2 suggestions)");

  library.is_local = false;
  CHECK(warning_summary(counts, library) == "`a` (lib) generated 4 warnings (2 duplicates)");
}

TEST_CASE("an error takes the suggestion away") {
  Workspace workspace;
  SummaryContext library{"a", workspace.graph.target(Workspace::kLibrary)};
  library.is_local = true;
  DiagnosticCounts counts;
  counts.count_shown({Kind::kRendered, "e", "error", true, false}, true);
  CHECK_FALSE(warning_summary(counts, library));
  counts.count_shown(warning(true), true);
  CHECK(warning_summary(counts, library) == "`a` (lib) generated 1 warning");
}

TEST_CASE("the suggestion names the target as cargo fix wants it") {
  Workspace workspace;
  DiagnosticCounts counts;
  counts.count_shown(warning(true), true);
  SummaryContext program{"b", workspace.graph.target(Workspace::kProgram), cargo::CompileMode::kTest, true};
  CHECK(warning_summary(counts, program) ==
        "`b` (bin \"b\" test) generated 1 warning (run `cargo fix --bin \"b\" -p b --tests` to apply 1 suggestion)");
  SummaryContext script{"a", workspace.graph.target(Workspace::kCompileScript), cargo::CompileMode::kBuild, true};
  CHECK(warning_summary(counts, script) == "`a` (build script) generated 1 warning");
  SummaryContext clippy{"a",
                        workspace.graph.target(Workspace::kLibrary),
                        cargo::CompileMode::kCheck,
                        true,
                        true,
                        "-Wclippy::all__CLIPPY_HACKERY__-Dx__CLIPPY_HACKERY__"};
  CHECK(
      warning_summary(counts, clippy) ==
      "`a` (lib) generated 1 warning (run `cargo clippy --fix --lib -p a -- -Wclippy::all -Dx` to apply 1 suggestion)");
}

TEST_CASE("the headline of a failure counts everything rustc said") {
  Workspace workspace;
  SummaryContext program{"b", workspace.graph.target(Workspace::kProgram)};
  DiagnosticCounts counts;
  CHECK(failure_headline(counts, program) == "could not compile `b` (bin \"b\")");
  counts.count_level("error");
  CHECK(failure_headline(counts, program) == "could not compile `b` (bin \"b\") due to 1 previous error");
  counts.count_level("error");
  counts.count_level("warning");
  counts.count_level("note");
  CHECK(failure_headline(counts, program) ==
        "could not compile `b` (bin \"b\") due to 2 previous errors; 1 warning emitted");
  counts = {};
  counts.count_level("warning");
  counts.count_level("warning");
  CHECK(failure_headline(counts, program) == "could not compile `b` (bin \"b\"); 2 warnings emitted");
}
