// SPDX-License-Identifier: MIT OR Apache-2.0
// What it costs to read a unit graph, by its size: is it linear?
//
//     graph_reading 1000 10000 100000 1000000
//
// Each unit is a package of its own with a path, features and four edges, as in a graph of cargo's. Prints a row for
// each number of units: the text in MiB, processor time, time per unit, and the graph in memory per unit.
#include "cargo/unit_graph_reader.h"

#include <malloc.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

namespace {

std::string unit(std::uint32_t number) {
  const std::string name = "unit" + std::to_string(number);
  std::string edges;
  for (std::uint32_t i = 0; i < 4 && i < number; ++i) {
    // Near ones and far ones, always below: no cycle.
    const std::uint32_t below =
        i % 2 == 0 ? number - 1 - i : static_cast<std::uint32_t>(number * 2654435761ULL % number);
    edges += (edges.empty() ? "" : ",") + std::string(R"({"index":)") + std::to_string(below) +
             R"(,"extern_crate_name":"unit)" + std::to_string(below) + R"(","public":false,"noprelude":false})";
  }
  return R"({"pkg_id":"registry+https://example.org/rust-lang/crates-io-index#)" + name +
         R"(@1.0.0","target":{"kind":["lib"],"crate_types":["lib"],"name":")" + name +
         R"(","src_path":"/h/registry/src/example.org-1949cf8c6b5b557f/)" + name +
         R"(-1.0.0/src/lib.rs","edition":"2021","doc":true,"doctest":true,"test":true},"profile":{"name":"dev",)"
         R"("opt_level":"0","lto":"false","codegen_backend":null,"codegen_units":null,"debuginfo":2,"split_debuginfo":)"
         R"(null,"debug_assertions":true,"overflow_checks":true,"rpath":false,"incremental":false,"panic":"unwind",)"
         R"("strip":{"deferred":"None"}},"platform":null,"mode":"build","features":["default","std"],"dependencies":[)" +
         edges + "]}";
}

std::string graph(std::uint32_t units) {
  std::string text = R"({"version":1,"units":[)";
  for (std::uint32_t i = 0; i < units; ++i) {
    text += (i == 0 ? "" : ",") + unit(i);
  }
  return text + R"(],"roots":[)" + std::to_string(units - 1) + "]}";
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::size_t bytes_in_use() {
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

}  // namespace

int main(int argc, char** argv) {
  std::printf("%10s %10s %10s %12s %12s\n", "units", "MiB", "seconds", "us a unit", "bytes a unit");
  for (int i = 1; i < argc; ++i) {
    const auto units = static_cast<std::uint32_t>(std::strtoul(argv[i], nullptr, 10));
    const std::string text = graph(units);
    const std::size_t before = bytes_in_use();
    const double start = processor_seconds();
    const auto result = pcargo::cargo::read_unit_graph(text);
    const double seconds = processor_seconds() - start;
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
