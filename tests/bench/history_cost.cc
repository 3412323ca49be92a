// SPDX-License-Identifier: MIT OR Apache-2.0
// What the history costs a build, without any compiler: estimates of a plan with and without one, and keeping what all
// of its units took.
//
//     history_cost [UNITS ...]
#include "record/build_history.h"
#include "support/plan_fixture.h"
#include "support/temporary_directory.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

using namespace pcargo;

template <class Work>
double milliseconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void measure(int units) {
  const support::TemporaryDirectory directory;
  test::PlanFixture fixture(directory / "ws");
  std::vector<UnitId> roots;
  for (int i = 0; i < units; ++i) {
    const std::string name = "package-" + std::to_string(i);
    // A package of its own, as from a registry; PlanFixture::package would look for its name among all.
    auto package = fixture.packages.empty() ? cargo::Package() : fixture.packages[cargo::PackageId{0}];
    if (i > 0) {
      package.id += name;
      package.name = name;
    }
    package.root = directory / ("registry/src/index/" + name);
    directory.write("registry/cache/index/" + name + ".crate", "packed");
    if (i == 0) {
      roots.push_back(fixture.lib(name));
      fixture.packages[cargo::PackageId{0}].root = package.root;
      continue;
    }
    cargo::Unit unit = fixture.graph.units[UnitId{0}];
    unit.package = fixture.packages.push_back(package);
    fixture.graph.package_ids.push_back(package.id);
    unit.dependencies = {{roots.back(), fixture.graph.crate_names.push_back("it"), std::nullopt, false, false}};
    roots.push_back(fixture.graph.units.push_back(unit));
  }
  const auto plan = fixture.plan({roots.back()});
  std::map<UnitId, record::Measurement> measured;
  for (const UnitId unit : roots) {
    measured[unit] = {.total = 1000, .metadata = 500, .cpu = 900, .peak_bytes = 1 << 20, .output_bytes = 1 << 10};
  }
  const std::string file = directory / "history.sqlite";
  std::optional<record::BuildHistory> first;
  const double without = milliseconds([&] { first.emplace(*plan, file, "machine"); });
  const double kept = milliseconds([&] { first->keep(measured); });
  const double with = milliseconds([&] { record::BuildHistory(*plan, file, "machine"); });
  std::printf("%8d units: estimates without a history %7.2f ms, with one %7.2f ms, keeping %7.2f ms\n",
              units,
              without,
              with,
              kept);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    measure(500);
  }
  for (int i = 1; i < argc; ++i) {
    measure(std::atoi(argv[i]));
  }
  return 0;
}
