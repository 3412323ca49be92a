// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/prior.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace pcargo::record {

namespace {

/// milliseconds * kibibytes^growth, times `optimized` where the optimizer runs.
struct Formula {
  double milliseconds;
  double growth;
  double optimized;
  double frontend;            ///< its share of the time
  double frontend_optimized;  ///< the same, where the optimizer runs
};

// ---- by tests/bench/fit_prior.py --print ----
constexpr Formula kLibrary = {60, 0.6, 1.8, 0.6, 0.4};
constexpr Formula kProcMacro = {300, 0.4, 1.0, 0.5, 0.5};
constexpr Formula kBuildScript = {300, 0.1, 1.0, 0.3, 0.3};
constexpr Formula kProgram = {500, 0.4, 3.0, 0.4, 0.2};
constexpr double kScriptRunMilliseconds = 10;

/// Crates that the formulas are far off for, and by how much.
struct Heavy {
  std::string_view package;
  double by;
};
constexpr std::array kHeavyLibraries = {Heavy{"syn", 2}};
constexpr std::array kHeavyProcMacros = {Heavy{"serde_derive", 2}};
constexpr std::array kHeavyScriptRuns = {Heavy{"onig_sys", 300}};
// ---- so far ----

/// Not fitted: what comes by a C compiler, seldom enough in the projects that were measured.
constexpr double kNativeScriptRun = 200;
/// Of what is not in the frontend.
constexpr double kLinkShare = 0.3;

template <std::size_t Size>
double heaviness(const std::array<Heavy, Size>& table, std::string_view package) {
  const auto found =
      std::find_if(table.begin(), table.end(), [package](const Heavy& heavy) { return heavy.package == package; });
  return found == table.end() ? 1 : found->by;
}

/// Its build script compiles something that is not Rust.
bool builds_native_code(const plan::BuildPlan& plan, UnitId run) {
  const auto& graph = plan.graph();
  const auto is_builder = [&plan](const cargo::Dependency& dependency) {
    const std::string& name = plan.package(dependency.unit).name;
    return name == "cc" || name == "cmake" || name == "bindgen" || name == "openssl-src";
  };
  const auto compiles_one = [&graph, &is_builder](const cargo::Dependency& script) {
    const auto& needs = graph.units[script.unit].dependencies;
    return graph.target(script.unit).is_custom_build() && std::any_of(needs.begin(), needs.end(), is_builder);
  };
  const auto& needs = graph.units[run].dependencies;
  return std::any_of(needs.begin(), needs.end(), compiles_one);
}

std::int64_t nanoseconds(double milliseconds) {
  return std::max(static_cast<std::int64_t>(milliseconds * 1e6), std::int64_t{1});
}

double script_run_milliseconds(const plan::BuildPlan& plan, UnitId run) {
  const double by = heaviness(kHeavyScriptRuns, plan.package(run).name);
  return kScriptRunMilliseconds * (by == 1 && builds_native_code(plan, run) ? kNativeScriptRun : by);
}

}  // namespace

graph::PhaseDurations prior(const plan::BuildPlan& plan, UnitId unit, double kibibytes) {
  const auto& target = plan.graph().target(unit);
  const auto mode = plan.graph().units[unit].mode;
  if (mode == cargo::CompileMode::kRunCustomBuild) {
    return {nanoseconds(script_run_milliseconds(plan, unit)), 0, 0};
  }
  const std::string& package = plan.package(unit).name;
  const auto& profile = plan.graph().profile(unit);
  const bool is_optimized = profile.opt_level != "0";
  const Formula& formula = target.is_custom_build() ? kBuildScript
                           : target.is_proc_macro() ? kProcMacro
                           : target.is_library()    ? kLibrary
                                                    : kProgram;
  const double by = target.is_proc_macro() ? heaviness(kHeavyProcMacros, package)
                    : target.is_library()  ? heaviness(kHeavyLibraries, package)
                                           : 1;
  const double total =
      formula.milliseconds * std::pow(kibibytes, formula.growth) * by * (is_optimized ? formula.optimized : 1);
  const double frontend = total * (is_optimized ? formula.frontend_optimized : formula.frontend);
  if (mode == cargo::CompileMode::kCheck || mode == cargo::CompileMode::kCheckTest) {
    return {nanoseconds(frontend), 0, 0};
  }
  const bool links = plan.actions().phases(unit) == graph::Phases::kLinking;
  const double link = links ? (total - frontend) * kLinkShare : 0;
  return {nanoseconds(frontend), nanoseconds(total - frontend - link), links ? nanoseconds(link) : 0};
}

}  // namespace pcargo::record
