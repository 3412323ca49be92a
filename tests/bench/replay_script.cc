// SPDX-License-Identifier: MIT OR Apache-2.0
// What sleeping_rustc needs to play a recorded build again: a line for each unit, and what its build scripts printed.
//
//   replay_script PLAN.json TIMES.sqlite PRINTED SPEED DIRECTORY
//
// PRINTED: the directories that record_times.py kept of its target directory. SPEED: all times are divided by it.
#include "../fake_rustc/arguments.h"
#include "base/path.h"
#include "platform/files.h"
#include "recorded_build.h"
#include "replay_units.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>

using namespace pcargo;

namespace {

/// Cargo's name of the variable that a build script is told of a feature by.
std::string feature_variable(std::string feature) {
  for (char& c : feature) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return "CARGO_FEATURE_" + feature;
}

std::string identity_of(const plan::BuildPlan& plan, UnitId unit, const plan::ScriptOutputs& scripts) {
  const auto& package = plan.package(unit);
  if (plan.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild) {
    std::vector<std::string> features;
    for (const auto& feature : plan.graph().features(unit)) {
      features.push_back(feature_variable(feature));
    }
    return bench::run_identity(package.name, package.version, std::move(features));
  }
  auto argv = plan.compile_invocation(unit, scripts).argv;
  std::vector<char*> words;
  for (auto& word : argv) {
    words.push_back(word.data());
  }
  const auto arguments = fake_rustc::parse_arguments(static_cast<int>(words.size()), words.data());
  return bench::compile_identity(arguments, package.name, package.version);
}

/// What the script printed when it was recorded, with a name for its OUT_DIR, which cargo has elsewhere.
Result<std::string> printed_by(const plan::BuildPlan& plan, UnitId run, const std::string& kept) {
  const std::string record = plan.script_record(run);
  const auto below = path::strip_prefix(record, plan.layout().private_root());
  PCARGO_ASSIGN(auto text, platform::read_file(path::join(kept, path::join(below.value_or(""), "output"))));
  const std::string out_dir = plan.out_dir(run);
  for (auto at = text.find(out_dir); at != std::string::npos; at = text.find(out_dir, at)) {
    text.replace(at, out_dir.size(), "$OUT_DIR");
  }
  return text;
}

Result<void> run(char** argv) {
  PCARGO_ASSIGN(const auto text, platform::read_file(argv[1]));
  PCARGO_ASSIGN(const auto plan, bench::make_plan(text, plan::Linking::kHeld));
  PCARGO_ASSIGN(const auto truth, bench::estimates(*plan, argv[2]));
  const double speed = std::atof(argv[4]);
  const std::string directory = argv[5];
  plan::ScriptOutputs scripts;
  for (UnitId unit{0}; unit.value < plan->actions().size(); ++unit.value) {
    if (plan->graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild) {
      scripts[unit] = {};
    }
  }
  const auto scaled = [speed](double nanoseconds) {
    return std::to_string(static_cast<long long>(nanoseconds / speed));
  };
  std::string lines;
  for (UnitId unit{0}; unit.value < plan->actions().size(); ++unit.value) {
    const auto durations = graph::fit(plan->actions().phases(unit), truth[unit].one_thread);
    const auto codegen = static_cast<double>(durations.codegen);
    lines += identity_of(*plan, unit, scripts) + "\t" + scaled(static_cast<double>(durations.frontend)) + " " +
             scaled(codegen) + " " + scaled(record::kSerialShare * codegen) + " " +
             scaled(static_cast<double>(durations.link)) + " " + std::to_string(truth[unit].threads);
    if (scripts.contains(unit)) {
      const std::string name = "printed-" + std::to_string(unit.value);
      PCARGO_ASSIGN(const auto printed, printed_by(*plan, unit, argv[3]));
      PCARGO_TRY(platform::write_file_by_rename(path::join(directory, name), printed));
      lines += " " + name;
    }
    lines += "\n";
  }
  return platform::write_file_by_rename(path::join(directory, "units"), lines);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: replay_script PLAN.json TIMES.sqlite PRINTED SPEED DIRECTORY\n", stderr);
    return EXIT_FAILURE;
  }
  if (auto done = run(argv); !done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
