// SPDX-License-Identifier: MIT OR Apache-2.0
// A story with the real cargo: skipped (77) on a machine without one.
#include "cargo/metadata_reader.h"
#include "cargo/unit_graph_reader.h"
#include "platform/event_loop.h"
#include "platform/process.h"
#include "platform/real_file_system.h"
#include "prepare/planner.h"
#include "prepare/planning_run.h"
#include "prepare/probe_run.h"
#include "prepare/tool_lookup.h"
#include "prepare/toolchain.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

using namespace pcargo;
using namespace pcargo::prepare;
namespace fs = std::filesystem;

namespace {

int failures = 0;

void check(bool condition, const std::string& what) {
  if (!condition) {
    std::fprintf(stderr, "FAILED: %s\n", what.c_str());
    ++failures;
  }
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// A package that depends on nothing, in a directory of its own that is removed at the end.
struct Fixture {
  fs::path root = fs::temp_directory_path() / ("pcargo-prepare-" + std::to_string(::getpid()));

  Fixture() {
    write(root / "Cargo.toml", "[package]\nname = \"story\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n");
    write(root / "src/main.rs", "fn main() {}\n");
    fs::create_directories(root / "target");
  }
  ~Fixture() { fs::remove_all(root); }
};

ProbeQuestion probe_question(const CargoProgram& cargo, const std::string& directory) {
  ProbeQuestion question;
  question.rustc.rustc = find_tool("rustc", std::nullopt, cargo.environment, directory);
  question.environment = cargo.environment;
  question.working_directory = directory;
  // Flags that only follow from a cfg: they are asked with in the second round.
  question.rustflags = [](const std::string&,
                          const std::optional<std::string>&,
                          const plan::TargetInfo* info) -> Result<std::vector<std::string>> {
    return info == nullptr ? std::vector<std::string>() : std::vector<std::string>{"--cfg", "second_round"};
  };
  return question;
}

PlanningAnswer make_plan(const CargoProgram& cargo, const PlanRequest& request, std::optional<ProbeAnswer>* probes) {
  platform::EventLoop loop;
  PlanningQuestion question;
  question.unit_graph = unit_graph_command(request);
  question.unit_graph_environment = planning_environment(cargo.environment, true);
  question.metadata = metadata_command(request, false);
  question.environment = cargo.environment;
  question.version = {cargo.path, "-V"};
  Answers answers;
  PlanningRun planning(loop, question, &answers);
  ProbeRun probe(loop, probe_question(cargo, fs::current_path().string()), &answers);
  loop.run();
  if (auto answer = probe.take()) {
    *probes = *std::move(answer);
  }
  auto answer = planning.take();
  check(answer.has_value(), "cargo can be started");
  return answer ? *std::move(answer) : PlanningAnswer();
}

}  // namespace

int main() {
  platform::set_up_process();
  platform::RealFileSystem files;
  Fixture fixture;
  fs::current_path(fixture.root);
  auto search = find_cargo({files, platform::current_environment(), fixture.root.string(), std::nullopt, "/nowhere"});
  if (!search || !search->cargo) {
    std::fprintf(stderr, "no cargo here: skipped\n");
    return 77;
  }
  const CargoProgram& cargo = *search->cargo;
  check(fs::exists(cargo.real_path), "the real cargo exists");
  check(!is_rustup_proxy(cargo.path), "what is run is no proxy");

  std::optional<ProbeAnswer> probes;
  PlanRequest request{.cargo = cargo.path, .command = "build"};
  auto answer = make_plan(cargo, request, &probes);
  check(!answer.exit_code, "a plan is made");
  auto graph = cargo::read_unit_graph(answer.unit_graph);
  check(graph && graph->units.size() == 1 && graph->roots.size() == 1, "it has one unit");
  auto metadata = cargo::read_metadata(answer.metadata);
  check(metadata && metadata->members.size() == 1 && metadata->members[0].name == "story", "and one member");
  check(!answer.version.empty(), "cargo tells its version");
  check(fs::is_empty(fixture.root / "target"), "nothing is left in the target directory");

  check(probes.has_value(), "rustc answers");
  if (probes) {
    check(probes->targets.size() == 1 && !probes->targets[0].target, "about the host");
    check(probes->targets[0].rustflags.size() == 2, "asked with the flags of the second round");
    bool has_cfg = false;
    for (const auto& [name, value] : probes->targets[0].probe.info.cfg) {
      has_cfg = has_cfg || name == "second_round";
    }
    check(has_cfg, "which show in its cfgs");
    check(fs::exists(probes->targets[0].probe.info.sysroot_library_dir), "its library directory exists");
  }

  // The unlocked run would take an unstable feature; plain cargo does not, and says so in its own words.
  write(fixture.root / "Cargo.toml",
        "cargo-features = [\"public-dependency\"]\n[package]\nname = \"story\"\nversion = \"0.1.0\"\nedition = "
        "\"2021\"\n");
  if (answer.version.find('-') == std::string::npos && !cargo.environment.contains("RUSTC_BOOTSTRAP")) {
    answer = make_plan(cargo, request, &probes);
    check(answer.exit_code == 101, "an unstable manifest is refused");
    check(answer.words.find("requires a nightly version of Cargo") != std::string::npos, "in cargo's words");
  }
  std::printf("%s\n", failures == 0 ? "all held" : "some failed");
  return failures == 0 ? 0 : 1;
}
