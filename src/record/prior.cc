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

// ---- by tests/bench/fit_prior.py --print; of what emits no metadata nobody has told the frontend's share yet ----
constexpr Formula kLibrary = {20, 0.74, 1.12, 0.60, 0.60};
constexpr Formula kProcMacro = {87, 0.72, 1.35, 0.6, 0.5};
constexpr Formula kBuildScript = {130, 0.28, 1.35, 0.4, 0.3};
constexpr Formula kProgram = {1551, 0.06, 7.16, 0.4, 0.2};
constexpr double kScriptRunMilliseconds = 12;

/// Crates that this is far off for, and by how much.
struct Heavy {
  std::string_view package;
  double by;
};
constexpr std::array kHeavyLibraries = {Heavy{"aho-corasick", 1.8},
                                        Heavy{"askama_parser", 5.3},
                                        Heavy{"bitflags", 0.33},
                                        Heavy{"blake3", 0.4},
                                        Heavy{"bstr", 0.29},
                                        Heavy{"bytemuck", 0.32},
                                        Heavy{"cc", 1.7},
                                        Heavy{"clap", 0.062},
                                        Heavy{"clap_builder", 3.8},
                                        Heavy{"clap_mangen", 2},
                                        Heavy{"console", 1.9},
                                        Heavy{"const-oid", 0.27},
                                        Heavy{"crossbeam-channel", 0.6},
                                        Heavy{"crypto-common", 4.1},
                                        Heavy{"csv", 0.16},
                                        Heavy{"darling", 0.073},
                                        Heavy{"darling_core", 3.8},
                                        Heavy{"deranged", 2.7},
                                        Heavy{"deunicode", 0.11},
                                        Heavy{"encoding_rs", 0.3},
                                        Heavy{"git2", 2.8},
                                        Heavy{"globset", 3.1},
                                        Heavy{"grep-cli", 1.9},
                                        Heavy{"hashbrown", 0.47},
                                        Heavy{"icu_locid", 2},
                                        Heavy{"icu_locid_transform", 3.8},
                                        Heavy{"icu_locid_transform_data", 0.072},
                                        Heavy{"icu_normalizer_data", 0.067},
                                        Heavy{"icu_properties", 3.4},
                                        Heavy{"icu_properties_data", 0.067},
                                        Heavy{"ignore", 3.3},
                                        Heavy{"indicatif", 2.5},
                                        Heavy{"jemalloc-sys", 0.023},
                                        Heavy{"libc", 0.34},
                                        Heavy{"libgit2-sys", 0.03},
                                        Heavy{"libz-sys", 0.013},
                                        Heavy{"linux-raw-sys", 0.041},
                                        Heavy{"log", 0.33},
                                        Heavy{"minimal-lexical", 0.26},
                                        Heavy{"minus", 0.58},
                                        Heavy{"mio", 0.47},
                                        Heavy{"nom", 1.8},
                                        Heavy{"num-bigint", 1.8},
                                        Heavy{"num-rational", 2.5},
                                        Heavy{"onig", 1.8},
                                        Heavy{"onig_sys", 0.03},
                                        Heavy{"owo-colors", 2.1},
                                        Heavy{"pest_generator", 2.9},
                                        Heavy{"pest_meta", 3.2},
                                        Heavy{"pkg-config", 1.7},
                                        Heavy{"portable-atomic", 0.44},
                                        Heavy{"rayon", 1.7},
                                        Heavy{"regex", 0.38},
                                        Heavy{"ryu", 0.28},
                                        Heavy{"serde", 3.3},
                                        Heavy{"serde_core", 3.8},
                                        Heavy{"serde_with", 0.51},
                                        Heavy{"serde_yaml", 3},
                                        Heavy{"sha2", 2.6},
                                        Heavy{"similar", 2.5},
                                        Heavy{"strsim", 1.9},
                                        Heavy{"syn", 1.9},
                                        Heavy{"synstructure", 2.3},
                                        Heavy{"tera", 3.5},
                                        Heavy{"toml", 3},
                                        Heavy{"toml_parser", 1.7},
                                        Heavy{"unicode-ident", 0.14},
                                        Heavy{"unicode-width", 0.1},
                                        Heavy{"vcpkg", 0.38},
                                        Heavy{"yaml-rust", 1.6},
                                        Heavy{"zerocopy", 0.5}};
constexpr std::array kHeavyProcMacros = {Heavy{"const_format_proc_macros", 0.55},
                                         Heavy{"displaydoc", 0.45},
                                         Heavy{"pest_derive", 0.22},
                                         Heavy{"serde_with_macros", 0.57},
                                         Heavy{"yoke-derive", 1.6},
                                         Heavy{"zerocopy-derive", 0.4},
                                         Heavy{"zerofrom-derive", 1.9}};
constexpr std::array kHeavyScriptRuns = {Heavy{"chrono-tz", 27},
                                         Heavy{"crossbeam-utils", 0.1},
                                         Heavy{"jemalloc-sys", 7.5e+03},
                                         Heavy{"libgit2-sys", 1.4e+03},
                                         Heavy{"onig_sys", 2.1e+02}};
// ---- so far ----

/// megabytes + more * seconds^growth, where the seconds are the prior's own, so by kind, source and optimizing.
struct PeakFormula {
  double megabytes;
  double more;
  double growth;
};
// ---- by tests/bench/fit_prior.py --print, of 907 units built with -j4; nine of ten take less ----
constexpr PeakFormula kLibraryPeak = {76, 183, 0.55};
constexpr PeakFormula kProgramPeak = {227, 223, 0.30};
constexpr PeakFormula kBuildScriptPeak = {139, 0, 1};
constexpr PeakFormula kScriptRunPeak = {83, 0, 1};
// ---- so far ----
/// Not fitted: what is measured of a script is the largest of its processes, not how many there are.
constexpr PeakFormula kNativeScriptRunPeak = {300, 0, 1};

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

std::int64_t prior_peak(const plan::BuildPlan& plan, UnitId unit, std::int64_t nanoseconds) {
  const auto& target = plan.graph().target(unit);
  const bool is_run = plan.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild;
  const PeakFormula& formula = is_run ? (builds_native_code(plan, unit) ? kNativeScriptRunPeak : kScriptRunPeak)
                               : target.is_custom_build() ? kBuildScriptPeak
                               : target.is_library()      ? kLibraryPeak
                                                          : kProgramPeak;
  const double seconds = 1e-9 * static_cast<double>(nanoseconds);
  return static_cast<std::int64_t>(1e6 * (formula.megabytes + formula.more * std::pow(seconds, formula.growth)));
}

}  // namespace pcargo::record
