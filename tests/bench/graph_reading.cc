// SPDX-License-Identifier: MIT OR Apache-2.0
// What it costs to read what cargo would build, by its size: is it linear?
//
//     graph_reading 1000 10000 100000 1000000                the unit graph
//     graph_reading --build-plan 1000 10000 100000 1000000   the build plan, with Cargo.lock and a manifest a package
//
// Prints a row for each number of units: the text in MiB, processor time, time per unit, and the graph in memory per
// unit.
#include "cargo/build_plan_reader.h"
#include "cargo/unit_graph_reader.h"
#include "planning_texts.h"
#include "support/processor_time.h"

#include <malloc.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using pcargo::Result;
using pcargo::cargo::UnitGraph;

/// The manifest of every package, as if it were there.
class Manifests : public pcargo::FileSystem {
 public:
  Result<std::optional<std::string>> read(const std::string& path) const override {
    const std::string_view directory(path.data(), path.rfind('/'));
    const std::string_view name = directory.substr(directory.rfind('/') + 1);
    return std::optional("[package]\nname = \"" + std::string(name.substr(0, name.rfind('-'))) +
                         "\"\nversion = \"1.0.0\"\nedition = \"2021\"\n\n[features]\ndefault = [\"std\"]\nstd = []\n");
  }
  pcargo::FileKind kind(const std::string& /*path*/) const override { return pcargo::FileKind::kFile; }
  std::vector<std::string> list(const std::string& /*directory*/) const override { return {}; }
};

Result<UnitGraph> read_build_plan(const std::string& text, const std::string& lock_file) {
  const Manifests files;
  const pcargo::cargo::WorkspaceMetadata metadata;
  pcargo::cargo::BuildPlanContext context{metadata, files, lock_file, "dev"};
  context.rustflags[""] = {};
  return pcargo::cargo::read_build_plan(text, context);
}

std::size_t bytes_in_use() {
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

}  // namespace

int main(int argc, char** argv) {
  const bool is_build_plan = argc > 1 && std::string_view(argv[1]) == "--build-plan";
  std::printf("%10s %10s %10s %12s %12s\n", "units", "MiB", "seconds", "us a unit", "bytes a unit");
  for (int i = is_build_plan ? 2 : 1; i < argc; ++i) {
    const auto units = static_cast<std::uint32_t>(std::strtoul(argv[i], nullptr, 10));
    const std::string text = is_build_plan ? pcargo::bench::build_plan_text(units) : pcargo::bench::graph_text(units);
    const std::string lock_file = is_build_plan ? pcargo::bench::lock_text(units) : "";
    const std::size_t before = bytes_in_use();
    const double start = pcargo::test::processor_seconds();
    const auto result = is_build_plan ? read_build_plan(text, lock_file) : pcargo::cargo::read_unit_graph(text);
    const double seconds = pcargo::test::processor_seconds() - start;
    if (!result || result->units.size() != units) {
      std::fprintf(stderr, "%s\n", result ? "units are missing" : result.error().message.c_str());
      return 1;
    }
    std::printf("%10u %10.1f %10.4f %12.2f %12zu\n",
                units,
                static_cast<double>(text.size()) / (1 << 20),
                seconds,
                seconds / units * 1e6,
                (bytes_in_use() - before) / units);
  }
  return argc > 1 ? 0 : 1;
}
