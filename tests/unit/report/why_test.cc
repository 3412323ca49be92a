// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/why.h"

#include "report/explanation.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace pcargo;
using namespace pcargo::report;
using freshness::Cause;
using freshness::LastBuild;
using State = LastBuild::State;

namespace {

Cause by(std::uint32_t source, const std::string& name) {
  Cause cause{Cause::Kind::kMetadataChanged, name};
  cause.source = UnitId{source};
  return cause;
}

/// util <- middle <- app; side was fresh, late was not reached.
LastBuild sample() {
  LastBuild build;
  build.command = "pcargo build";
  build.workspace_root = "/ws";
  build.outcome = Outcome::kFailure;
  build.units = {{"util", "0.1.2", "util", "lib", "", "", State::kRan, "", {Cause::Kind::kInputChanged, "/ws/util.rs"}},
                 {"middle-crate", "0.1.0", "middle-crate", "lib", "", "", State::kRan, "", by(0, "util")},
                 {"app", "1.0.0", "app", "lib", "", "", State::kRan, "", by(1, "middle-crate")},
                 {"app", "1.0.0", "tool", "bin \"tool\"", "", "", State::kFailed, "", by(1, "middle-crate")},
                 {"app", "1.0.0", "late", "bin \"late\"", "", "", State::kNotReached},
                 {"side", "2.0.0", "side", "lib", "", "", State::kFresh}};
  return build;
}

std::vector<std::size_t> found(const std::string& wanted) {
  const auto units = find_units(sample(), wanted);
  return units ? *units : std::vector<std::size_t>();
}

using Units = std::vector<std::size_t>;

}  // namespace

TEST_CASE("units are found by package, version, target and kind") {
  CHECK(found("util") == Units{0});
  CHECK(found("middle_crate") == Units{1});
  CHECK(found("app") == Units{2, 3, 4});
  CHECK(found("tool") == Units{3});
  CHECK(found("app (lib)") == Units{2});
  CHECK(found("app (bin)") == Units{3, 4});
  CHECK(found("app(bin \"tool\")") == Units{3});
  CHECK(found("util@0.1.2") == Units{0});
  CHECK(found("util@0.1") == Units{0});
  CHECK(found("util@0.1.2 (lib)") == Units{0});
  CHECK(found("util@0").size() == 1);
  CHECK(found("util@1").empty());
  CHECK(found("util (bin)").empty());
  CHECK(found("").empty());
  CHECK(found("(").empty());
  CHECK(found("()").empty());
}

TEST_CASE("a name that is none is answered with those like it") {
  const auto near = [](const std::string& name) { return find_units(sample(), name).error().message; };
  CHECK(near("utl") == "no unit of the last build matches `utl`\n\nhelp: names like it: `util`");
  CHECK(near("middle") == "no unit of the last build matches `middle`\n\nhelp: names like it: `middle-crate`");
  CHECK(near("zzzzzz") == "no unit of the last build matches `zzzzzz`");
}

TEST_CASE("what became of a unit, and why") {
  const auto told = [](std::size_t unit) { return why_units(sample(), {unit}); };
  CHECK(told(0) == "util v0.1.2 (lib): ran: the content of the file `util.rs` changed\n");
  CHECK(
      told(1) ==
      "middle-crate v0.1.0 (lib): ran: the metadata of `util` changed <- the content of the file `util.rs` changed\n");
  CHECK(told(3) ==
        "app v1.0.0 (bin \"tool\"): ran and failed: the metadata of `middle-crate` changed <- `util` <- "
        "the content of the file `util.rs` changed\n");
  CHECK(told(4) == "app v1.0.0 (bin \"late\"): was not reached\n");
  CHECK(told(5) == "side v2.0.0 (lib): was fresh\n");
}

TEST_CASE("all that ran stands below its root") {
  auto build = sample();
  build.units.push_back({"other", "0.1.0", "other", "lib", "", "", State::kRan});
  build.units.push_back(build.units.back());
  CHECK(headline(build, "then") == "`pcargo build` of then failed: 6 ran, 1 fresh, 1 not reached\n");
  CHECK(why_all(build) ==
        "the content of the file `util.rs` changed\n"
        "    util v0.1.2 (lib)\n"
        "    <- app v1.0.0 (bin \"tool\")\n"
        "    <- app v1.0.0 (lib)\n"
        "    <- middle-crate v0.1.0 (lib)\n"
        "there is no record of an earlier run\n"
        "    other v0.1.0 (lib), 2 units\n");
}

TEST_CASE("a long chain is told by its ends, and one that goes round ends") {
  std::vector<Cause> causes = {{Cause::Kind::kInputChanged, "/ws/a.rs"}};
  for (std::uint32_t i = 0; i < 9; ++i) {
    causes.push_back(by(i, "c" + std::to_string(i)));
  }
  const CauseOf cause_of = [&causes](UnitId unit) { return &causes[unit.value]; };
  const auto told = [&](std::uint32_t unit) { return describe_chain(chain_of(UnitId{unit}, cause_of), "/ws"); };
  CHECK(told(4) == "the metadata of `c3` changed <- `c2` <- `c1` <- `c0` <- the content of the file `a.rs` changed");
  CHECK(told(9) == "the metadata of `c8` changed <- `c7` <- 6 more <- `c0` <- the content of the file `a.rs` changed");
  causes[0] = by(9, "c9");
  CHECK(chain_of(UnitId{9}, cause_of).size() == 11);
  CHECK(describe_chain({}, "/ws").empty());
}
