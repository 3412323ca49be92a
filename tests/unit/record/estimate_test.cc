// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/estimate.h"

#include "record/prior.h"
#include "record/source_size.h"
#include "support/plan_fixture.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

namespace pcargo::record {
namespace {

using graph::PhaseDurations;
using graph::Phases;
using test::PlanFixture;
using From = Estimate::From;

constexpr PhaseDurations kShares{50, 30, 20};

TEST_CASE("a run's time goes to the phases that its milestones tell of") {
  CHECK(one_thread({.total = 100, .metadata = 60}, Phases::kPipelined, kShares) == PhaseDurations{60, 40, 0});
  CHECK(one_thread({.total = 100, .metadata = 60, .objects = 90}, Phases::kLinking, kShares) ==
        PhaseDurations{60, 30, 10});
  CHECK(one_thread({.total = 100}, Phases::kWhole, kShares) == PhaseDurations{100, 0, 0});
  CHECK(one_thread({.total = 100, .cpu = 40}, Phases::kWhole, kShares) == PhaseDurations{40, 0, 0});
  CHECK(one_thread({.total = 100, .cpu = 4}, Phases::kWhole, kShares) == PhaseDurations{100, 0, 0});
  CHECK(one_thread({.total = 100, .cpu = 700}, Phases::kWhole, kShares) == PhaseDurations{700, 0, 0});
}

TEST_CASE("phases that nobody told of get their usual share") {
  CHECK(one_thread({.total = 200}, Phases::kLinking, kShares) == PhaseDurations{100, 60, 40});
  CHECK(one_thread({.total = 200, .objects = 150}, Phases::kLinking, kShares) == PhaseDurations{100, 50, 50});
  CHECK(one_thread({.total = 200, .metadata = 50}, Phases::kLinking, kShares) == PhaseDurations{50, 110, 40});
}

TEST_CASE("time without the processor is none of the unit's, and threads beside each other were in codegen") {
  CHECK(one_thread({.total = 300, .metadata = 180, .cpu = 100}, Phases::kPipelined, kShares) ==
        PhaseDurations{60, 40, 0});
  CHECK(one_thread({.total = 100, .metadata = 60, .cpu = 250}, Phases::kPipelined, kShares) ==
        PhaseDurations{60, 190, 0});
}

TEST_CASE("whatever was recorded, no phase is negative") {
  for (const auto phases : {Phases::kWhole, Phases::kPipelined, Phases::kLinking}) {
    for (const Measurement& odd : {Measurement{},
                                   Measurement{.total = 10, .metadata = 50},
                                   Measurement{.total = 10, .objects = 50},
                                   Measurement{.total = 10, .metadata = 9, .objects = 1, .cpu = 3},
                                   Measurement{.cpu = 5}}) {
      for (const PhaseDurations& shares : {kShares, PhaseDurations{}}) {
        const auto result = one_thread(odd, phases, shares);
        CHECK(result.frontend >= 0);
        CHECK(result.codegen >= 0);
        CHECK(result.link >= 0);
      }
    }
  }
}

struct Build {
  PlanFixture fixture;
  UnitId a = fixture.lib("a");
  UnitId b = fixture.lib("b");
  UnitId c = fixture.lib("c");
  std::unique_ptr<const plan::BuildPlan> plan = fixture.plan({a, b, c});
  std::vector<Known> known{3};

  std::int64_t prior_of(UnitId unit) const { return prior(*plan, unit, SourceSizes(*plan).kibibytes(unit)).total(); }
};

TEST_CASE("the unit itself, else its crate, scaled, else the prior at this machine's speed") {
  Build build;
  const std::int64_t usual = build.prior_of(build.a);
  // Here it took half of what the prior had said then.
  build.known[0].same = Run{{}, {.total = 1000, .metadata = 400, .peak_bytes = 77}, 2000};
  // This variant should take as long as the prior says of it; the one that was run, a quarter.
  build.known[1].kin = Run{{}, {.total = usual / 8, .metadata = usual / 16}, usual / 4};
  const auto estimates = estimate(*build.plan, build.known);
  CHECK(estimates[build.a].from == From::kThisUnit);
  CHECK(estimates[build.a].one_thread == PhaseDurations{400, 600, 0});
  CHECK(estimates[build.a].peak_bytes == 77);
  CHECK(estimates[build.a].prior == 2000);
  CHECK(estimates[build.b].from == From::kThisCrate);
  CHECK(estimates[build.b].one_thread.total() == Approx(usual / 2).epsilon(0.01));
  CHECK(estimates[build.b].prior == usual);
  CHECK(estimates[build.c].from == From::kPrior);
  CHECK(estimates[build.c].one_thread.total() == Approx(usual / 2).epsilon(0.01));
  CHECK(estimates[build.c].prior == usual);
}

TEST_CASE("without any history it is the prior as it is") {
  Build build;
  const auto estimates = estimate(*build.plan, build.known);
  for (const UnitId unit : {build.a, build.b, build.c}) {
    CHECK(estimates[unit].from == From::kPrior);
    CHECK(estimates[unit].one_thread.total() == build.prior_of(unit));
    CHECK(estimates[unit].prior == build.prior_of(unit));
    CHECK(estimates[unit].peak_bytes == prior_peak(*build.plan, unit, build.prior_of(unit)));
  }
}

TEST_CASE("scaling has bounds") {
  Build build;
  build.known[0].kin = Run{{}, {.total = 1000}, 1};
  const auto estimates = estimate(*build.plan, build.known);
  CHECK(estimates[build.a].one_thread.total() == Approx(16'000));
}

TEST_CASE("codegen is shorter by the threads that it may have, and nothing else is") {
  Estimates estimates;
  estimates.push_back({.one_thread = {100, 1000, 10}, .threads = 16});
  estimates.push_back({.one_thread = {100, 1000, 10}, .threads = 1});
  const auto codegen = [&](unsigned cores, std::uint32_t unit) {
    const auto duration = on_free_cores(estimates, cores)[UnitId{unit}];
    CHECK(duration.frontend == 100);
    CHECK(duration.link == 10);
    return duration.codegen;
  };
  CHECK(codegen(1, 0) == 1000);
  CHECK(codegen(4, 0) < codegen(2, 0));
  CHECK(codegen(16, 0) < codegen(4, 0));
  CHECK(codegen(64, 0) == codegen(16, 0));
  CHECK(codegen(64, 0) > 1000 / 16);
  CHECK(codegen(64, 1) == 1000);
  CHECK(codegen(0, 0) == 1000);
}

TEST_CASE("threads: codegen units, else rustc's own choice; one for what is one piece") {
  PlanFixture fixture;
  const UnitId script = fixture.script("a");
  const UnitId run = fixture.script_run("a", {{script, "build_script_build"}});
  const UnitId lib = fixture.lib("a");
  const auto threads = [&](UnitId unit) {
    const auto plan = fixture.plan({lib, run});
    return estimate(*plan, std::vector<Known>(3))[unit].threads;
  };
  CHECK(threads(lib) == 16);
  CHECK(threads(run) == 1);
  fixture.graph.profiles[cargo::ProfileId{0}].incremental = true;
  CHECK(threads(lib) == 256);
  fixture.graph.profiles[cargo::ProfileId{0}].codegen_units = 4;
  CHECK(threads(lib) == 4);
}

TEST_CASE("the prior: more source and optimizing take longer, a check stops at the frontend") {
  PlanFixture fixture;
  const UnitId lib = fixture.lib("a");
  const UnitId check = fixture.unit("b", cargo::TargetKind::kLib, {"lib"}, {}, cargo::CompileMode::kCheck);
  const UnitId syn = fixture.lib("syn");
  const UnitId bin = fixture.bin("tool", {{lib, "a"}});
  const auto plan = fixture.plan({bin, check, syn});
  const auto one = prior(*plan, lib, 10);
  CHECK(one.frontend > 0);
  CHECK(one.codegen > 0);
  CHECK(one.link == 0);
  CHECK(prior(*plan, lib, 100).total() > one.total());
  CHECK(prior(*plan, check, 10) == PhaseDurations{one.frontend, 0, 0});
  CHECK(prior(*plan, syn, 10).total() > one.total());
  CHECK(prior(*plan, bin, 10).link > 0);
  fixture.graph.profiles[cargo::ProfileId{0}].opt_level = "3";
  CHECK(prior(*fixture.plan({bin, check, syn}), lib, 10).total() > one.total());
}

TEST_CASE("the prior's memory: what takes longer takes more, a program more than a library, a script's run least") {
  constexpr std::int64_t kSecond = 1'000'000'000;
  PlanFixture fixture;
  const UnitId lib = fixture.lib("a");
  const UnitId bin = fixture.bin("tool", {{lib, "a"}});
  const UnitId script = fixture.script("plain");
  const UnitId run = fixture.script_run("plain", {{script, "build_script_build"}});
  const auto plan = fixture.plan({bin, run});
  CHECK(prior_peak(*plan, lib, kSecond) > 100'000'000);
  CHECK(prior_peak(*plan, lib, 9 * kSecond) > 2 * prior_peak(*plan, lib, kSecond));
  CHECK(prior_peak(*plan, bin, kSecond) > prior_peak(*plan, lib, kSecond));
  CHECK(prior_peak(*plan, script, kSecond) < prior_peak(*plan, lib, kSecond));
  CHECK(prior_peak(*plan, run, 9 * kSecond) == prior_peak(*plan, run, kSecond));
  CHECK(prior_peak(*plan, run, kSecond) < prior_peak(*plan, script, kSecond));
}

TEST_CASE("a script that compiles C is no short one") {
  PlanFixture fixture;
  const UnitId cc = fixture.lib("cc");
  const UnitId native_script = fixture.script("native-sys", {{cc, "cc"}});
  const UnitId native = fixture.script_run("native-sys", {{native_script, "build_script_build"}});
  const UnitId plain_script = fixture.script("plain");
  const UnitId plain = fixture.script_run("plain", {{plain_script, "build_script_build"}});
  const auto plan = fixture.plan({native, plain});
  CHECK(prior(*plan, native, 1).total() > 10 * prior(*plan, plain, 1).total());
  CHECK(prior(*plan, plain, 1).codegen == 0);
  CHECK(prior_peak(*plan, native, 1) > prior_peak(*plan, plain, 1));
}

TEST_CASE("sizes: the packed crate of a registry, else what lies in src, else what is usual") {
  const support::TemporaryDirectory home;
  PlanFixture fixture(home / "ws");
  const UnitId packed = fixture.lib("packed");
  const UnitId local = fixture.lib("local");
  const UnitId nowhere = fixture.lib("nowhere");
  const UnitId script = fixture.script("local");
  fixture.packages[cargo::PackageId{0}].root = home / "registry/src/index/packed-1.0.0";
  home.write("registry/cache/index/packed-1.0.0.crate", std::string(100 * 1024, 'x'));
  home.write("ws/local/src/lib.rs", std::string(20 * 1024, 'x'));
  home.write("ws/local/src/deep/er.rs", std::string(20 * 1024, 'x'));
  home.write("ws/local/src/data.bin", std::string(90 * 1024, 'x'));
  home.write("ws/local/build.rs", std::string(8 * 1024, 'x'));
  const auto plan = fixture.plan({packed, local, nowhere, script});
  SourceSizes sizes(*plan);
  CHECK(sizes.kibibytes(packed) == 100);
  CHECK(sizes.kibibytes(local) == 10);
  CHECK(sizes.kibibytes(nowhere) == 30);
  CHECK(sizes.kibibytes(script) == 2);
}

}  // namespace
}  // namespace pcargo::record
