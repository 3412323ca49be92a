// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/unit_names.h"

#include <catch2/catch.hpp>

using namespace pcargo::report;
using pcargo::cargo::CompileMode;
using pcargo::cargo::Target;
using pcargo::cargo::TargetKind;

namespace {

Target target(TargetKind kind, const std::string& name) {
  Target made;
  made.kind = kind;
  made.name = name;
  return made;
}

}  // namespace

TEST_CASE("units by kind and mode") {
  struct Row {
    TargetKind kind;
    CompileMode mode;
    const char* description;
    const char* progress;
  };
  const Row rows[] = {
      {TargetKind::kLib, CompileMode::kBuild, "`p` (lib)", "p"},
      {TargetKind::kLib, CompileMode::kTest, "`p` (lib test)", "t(test)"},
      {TargetKind::kLib, CompileMode::kCheckTest, "`p` (lib test)", "t(test)"},
      {TargetKind::kLib, CompileMode::kDoc, "`p` (lib doc)", "p(doc)"},
      {TargetKind::kLib, CompileMode::kDoctest, "`p` (lib doctest)", "p"},
      {TargetKind::kBin, CompileMode::kCheck, "`p` (bin \"t\")", "t(bin)"},
      {TargetKind::kBin, CompileMode::kTest, "`p` (bin \"t\" test)", "t(bin test)"},
      {TargetKind::kTest, CompileMode::kTest, "`p` (test \"t\")", "t(test)"},
      {TargetKind::kBench, CompileMode::kTest, "`p` (bench \"t\")", "t(bench)"},
      {TargetKind::kExample, CompileMode::kBuild, "`p` (example \"t\")", "t(example)"},
      {TargetKind::kExample, CompileMode::kTest, "`p` (example \"t\" test)", "t(example test)"},
      {TargetKind::kCustomBuild, CompileMode::kBuild, "`p` (build script)", "p(build.rs)"},
      {TargetKind::kCustomBuild, CompileMode::kRunCustomBuild, "`p` (build script)", "p(build)"},
  };
  for (const Row& row : rows) {
    CHECK(unit_description("p", target(row.kind, "t"), row.mode) == row.description);
    CHECK(progress_name("p", target(row.kind, "t"), row.mode) == row.progress);
  }
}
