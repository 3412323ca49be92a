// SPDX-License-Identifier: MIT OR Apache-2.0
// What it costs to plan and schedule a build, without any process: from the texts of the unit graph and the metadata,
// which are taken to have arrived, to the scheduler's last decision. The rooms are those of the executable; only the
// compilers are left out: each unit ends at once.
//
//     planning_cost GRAPH.json METADATA.json
//
// Prints a line for each step: its name, its processor time in microseconds, the bytes that are in use after it. The
// last line says how many units there were and the peak of the memory, in KiB.
#include "cargo/metadata_reader.h"
#include "cargo/package_reader.h"
#include "cargo/unit_graph_reader.h"
#include "graph/critical_path.h"
#include "plan/build_plan.h"
#include "plan/collisions.h"
#include "platform/files.h"
#include "platform/real_file_system.h"
#include "support/instant_world.h"
#include "support/plan_fixture.h"

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace pcargo;

class Steps {
 public:
  /// The step that ends here.
  void end(const char* name) {
    const double seconds = now() - begin_;
    const auto memory = ::mallinfo2();
    std::printf("%s: %.0f us, %zu bytes\n", name, seconds * 1e6, memory.uordblks + memory.hblkhd);
    begin_ = now();
  }

 private:
  static double now() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  }

  double begin_ = now();
};

/// Our own: what getrusage says begins with the peak of whoever started us.
Result<long> peak_kib() {
  PCARGO_ASSIGN(const std::string status, platform::read_file("/proc/self/status"));
  constexpr std::string_view kLine = "VmHWM:";
  const auto line = status.find(kLine);
  PCARGO_CHECK(line != std::string::npos);
  return std::strtol(status.c_str() + line + kLine.size(), nullptr, 10);
}

Result<void> run(const std::string& graph_file, const std::string& metadata_file) {
  constexpr int kJobs = 8;
  const platform::RealFileSystem files;
  PCARGO_ASSIGN(std::string graph_text, platform::read_file(graph_file));
  PCARGO_ASSIGN(std::string metadata_text, platform::read_file(metadata_file));
  Steps steps;

  PCARGO_ASSIGN(auto metadata, cargo::read_metadata(metadata_text));
  std::string().swap(metadata_text);
  steps.end("metadata");
  PCARGO_ASSIGN(auto graph, cargo::read_unit_graph(graph_text));
  std::string().swap(graph_text);
  steps.end("unit graph");
  PCARGO_ASSIGN(auto packages, cargo::read_packages({graph, metadata, files, "/"}));
  metadata.members = std::vector<cargo::WorkspaceMember>();
  steps.end("manifests");

  plan::Settings settings = test::PlanFixture().settings;
  settings.workspace_root = metadata.workspace_root;
  settings.current_directory = metadata.workspace_root;
  settings.target_directory = settings.build_directory = metadata.target_directory;
  PCARGO_ASSIGN(const auto plan, plan::BuildPlan::make(std::move(graph), std::move(packages), std::move(settings)));
  steps.end("plan");
  PCARGO_CHECK(plan::find_collisions(*plan).empty());
  steps.end("collisions");
  test::InstantWorld world(plan->actions(), graph::equal_weight_priority(plan->actions()), {.max_slots = kJobs});
  world.run();
  const std::size_t started = world.started();
  PCARGO_CHECK(started == plan->graph().units.size());
  steps.end("scheduling");

  // Not part of it: in a build these are made one by one, each when its process starts.
  std::size_t words = 0;
  for (UnitId unit{0}; unit.value < plan->graph().units.size(); ++unit.value) {
    words += plan->compile_invocation(unit, {}).argv.size();
  }
  PCARGO_CHECK(words > started);
  steps.end("invocations");

  PCARGO_ASSIGN(const long peak, peak_kib());
  std::printf("units: %zu, peak: %ld KiB\n", started, peak);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s GRAPH.json METADATA.json\n", argv[0]);
    return 2;
  }
  auto done = run(argv[1], argv[2]);
  if (!done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return 1;
  }
  return 0;
}
