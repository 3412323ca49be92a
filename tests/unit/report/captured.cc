// SPDX-License-Identifier: MIT OR Apache-2.0
#include "captured.h"

namespace pcargo::test {

// clang-format off
const std::string_view kUnusedMutJson =
    R"json({"$message_type":"diagnostic","message":"variable does not need to be mutable","code":{"code":"unused_mut","ex)json"
    R"json(planation":null},"level":"warning","spans":[{"file_name":"a/src/lib.rs","byte_start":32,"byte_end":37,"line_st)json"
    R"json(art":2,"line_end":2,"column_start":18,"column_end":23,"is_primary":true,"text":[{"text":"pub fn f() { let mut )json"
    R"json(x = 1; println!(\"{}\", x); }","highlight_start":18,"highlight_end":23}],"label":null,"suggested_replacement":)json"
    R"json(null,"suggestion_applicability":null,"expansion":null}],"children":[{"message":"`#[warn(unused_mut)]` (part of)json"
    R"json( `#[warn(unused)]`) on by default","code":null,"level":"note","spans":[],"children":[],"rendered":null},{"mess)json"
    R"json(age":"remove this `mut`","code":null,"level":"help","spans":[{"file_name":"a/src/lib.rs","byte_start":32,"byte)json"
    R"json(_end":36,"line_start":2,"line_end":2,"column_start":18,"column_end":22,"is_primary":true,"text":[{"text":"pub )json"
    R"json(fn f() { let mut x = 1; println!(\"{}\", x); }","highlight_start":18,"highlight_end":22}],"label":null,"sugges)json"
    R"json(ted_replacement":"","suggestion_applicability":"MachineApplicable","expansion":null}],"children":[],"rendered")json"
    R"json(:null}],"rendered":"\u001b[1m\u001b[33mwarning\u001b[0m\u001b[1m: variable does not need to be mutable\u001b[0)json"
    R"json(m\n \u001b[1m\u001b[94m--> \u001b[0ma/src/lib.rs:2:18\n  \u001b[1m\u001b[94m|\u001b[0m\n\u001b[1m\u001b[94m2\u)json"
    R"json(001b[0m \u001b[1m\u001b[94m|\u001b[0m pub fn f() { let mut x = 1; println!(\"{}\", x); }\n  \u001b[1m\u001b[94)json"
    R"json(m|\u001b[0m                  \u001b[1m\u001b[94m----\u001b[0m\u001b[1m\u001b[33m^\u001b[0m\n  \u001b[1m\u001b[)json"
    R"json(94m|\u001b[0m                  \u001b[1m\u001b[94m|\u001b[0m\n  \u001b[1m\u001b[94m|\u001b[0m                 )json"
    R"json( \u001b[1m\u001b[94mhelp: remove this `mut`\u001b[0m\n  \u001b[1m\u001b[94m|\u001b[0m\n  \u001b[1m\u001b[94m= )json"
    R"json(\u001b[0m\u001b[1mnote\u001b[0m: `#[warn(unused_mut)]` (part of `#[warn(unused)]`) on by default\n\n"})json";

const std::string_view kUnusedMutRendered =
    "\x1b" "[1m\x1b" "[33mwarning\x1b" "[0m\x1b" "[1m: variable does not need to be mutable\x1b" "[0m\n"
    " \x1b" "[1m\x1b" "[94m--> \x1b" "[0ma/src/lib.rs:2:18\n"
    "  \x1b" "[1m\x1b" "[94m|\x1b" "[0m\n"
    "\x1b" "[1m\x1b" "[94m2\x1b" "[0m \x1b" "[1m\x1b" "[94m|\x1b" "[0m pub fn f() { let mut x = 1; println!(\"{}\", x); }\n"
    "  \x1b" "[1m\x1b" "[94m|\x1b" "[0m                  \x1b" "[1m\x1b" "[94m----\x1b" "[0m\x1b" "[1m\x1b" "[33m^\x1b" "[0m\n"
    "  \x1b" "[1m\x1b" "[94m|\x1b" "[0m                  \x1b" "[1m\x1b" "[94m|\x1b" "[0m\n"
    "  \x1b" "[1m\x1b" "[94m|\x1b" "[0m                  \x1b" "[1m\x1b" "[94mhelp: remove this `mut`\x1b" "[0m\n"
    "  \x1b" "[1m\x1b" "[94m|\x1b" "[0m\n"
    "  \x1b" "[1m\x1b" "[94m= \x1b" "[0m\x1b" "[1mnote\x1b" "[0m: `#[warn(unused_mut)]` (part of `#[warn(unused)]`) on by default\n";

// The same as cargo 1.95 embeds it with --message-format json.
const std::string_view kUnusedMutRewritten =
    R"json({"rendered":"warning: variable does not need to be mutable\n --> a/src/lib.rs:2:18\n  |\n2 | pub fn f() { let )json"
    R"json(mut x = 1; println!(\"{}\", x); }\n  |                  ----^\n  |                  |\n  |                  he)json"
    R"json(lp: remove this `mut`\n  |\n  = note: `#[warn(unused_mut)]` (part of `#[warn(unused)]`) on by default\n\n","$m)json"
    R"json(essage_type":"diagnostic","children":[{"children":[],"code":null,"level":"note","message":"`#[warn(unused_mut))json"
    R"json(]` (part of `#[warn(unused)]`) on by default","rendered":null,"spans":[]},{"children":[],"code":null,"level":")json"
    R"json(help","message":"remove this `mut`","rendered":null,"spans":[{"byte_end":36,"byte_start":32,"column_end":22,"c)json"
    R"json(olumn_start":18,"expansion":null,"file_name":"a/src/lib.rs","is_primary":true,"label":null,"line_end":2,"line_)json"
    R"json(start":2,"suggested_replacement":"","suggestion_applicability":"MachineApplicable","text":[{"highlight_end":22)json"
    R"json(,"highlight_start":18,"text":"pub fn f() { let mut x = 1; println!(\"{}\", x); }"}]}]}],"level":"warning","mes)json"
    R"json(sage":"variable does not need to be mutable","spans":[{"byte_end":37,"byte_start":32,"column_end":23,"column_s)json"
    R"json(tart":18,"expansion":null,"file_name":"a/src/lib.rs","is_primary":true,"label":null,"line_end":2,"line_start":)json"
    R"json(2,"suggested_replacement":null,"suggestion_applicability":null,"text":[{"highlight_end":23,"highlight_start":1)json"
    R"json(8,"text":"pub fn f() { let mut x = 1; println!(\"{}\", x); }"}]}],"code":{"code":"unused_mut","explanation":nu)json"
    R"json(ll}})json";

const std::string_view kSummaryJson =
    R"json({"$message_type":"diagnostic","message":"2 warnings emitted","code":null,"level":"warning","spans":[],"childre)json"
    R"json(n":[],"rendered":"\u001b[1m\u001b[33mwarning\u001b[0m\u001b[1m: 2 warnings emitted\u001b[0m\n\n"})json";
// clang-format on

namespace {

cargo::Package make_package(const std::string& name, const std::string& version) {
  cargo::Package package;
  package.id = "path+file:///w/" + name + "#" + version;
  package.source_display = "/w/" + name;
  package.is_member = true;
  package.name = name;
  package.version = version;
  package.manifest_path = "/w/" + name + "/Cargo.toml";
  package.root = "/w/" + name;
  return package;
}

cargo::Target make_target(cargo::TargetKind kind,
                          const std::string& kind_name,
                          const std::string& crate_type,
                          const std::string& name,
                          const std::string& source) {
  cargo::Target target;
  target.kind = kind;
  target.kind_names = {kind_name};
  target.crate_types = {crate_type};
  target.name = name;
  target.src_path = source;
  target.edition = "2021";
  target.doc = kind != cargo::TargetKind::kCustomBuild;
  target.doctest = kind == cargo::TargetKind::kLib;
  target.test = kind != cargo::TargetKind::kCustomBuild;
  return target;
}

}  // namespace

Workspace::Workspace() {
  using cargo::CompileMode;
  using cargo::TargetKind;
  const auto a = packages.push_back(make_package("a", "0.1.0"));
  const auto b = packages.push_back(make_package("b", "0.2.0"));
  graph.package_ids.push_back(packages[a].id);
  graph.package_ids.push_back(packages[b].id);
  const auto script = graph.targets.push_back(
      make_target(TargetKind::kCustomBuild, "custom-build", "bin", "build-script-build", "/w/a/build.rs"));
  const auto library = graph.targets.push_back(make_target(TargetKind::kLib, "lib", "lib", "a", "/w/a/src/lib.rs"));
  const auto program = graph.targets.push_back(make_target(TargetKind::kBin, "bin", "bin", "b", "/w/b/src/main.rs"));
  cargo::Profile dev;
  dev.name = "dev";
  dev.opt_level = "0";
  dev.debuginfo = "2";
  dev.debug_assertions = true;
  dev.overflow_checks = true;
  cargo::Profile host = dev;
  host.debuginfo = "0";
  const auto dev_id = graph.profiles.push_back(dev);
  const auto host_id = graph.profiles.push_back(host);
  graph.platforms.push_back("");
  const auto no_features = graph.feature_sets.push_back({});
  const auto script_name = graph.crate_names.push_back("build_script_build");
  const auto library_name = graph.crate_names.push_back("a");

  graph.units.push_back({a, script, host_id, cargo::kHostPlatform, no_features, CompileMode::kBuild, false, {}});
  graph.units.push_back({a,
                         script,
                         dev_id,
                         cargo::kHostPlatform,
                         no_features,
                         CompileMode::kRunCustomBuild,
                         false,
                         {{kCompileScript, script_name, {}}}});
  graph.units.push_back({a,
                         library,
                         dev_id,
                         cargo::kHostPlatform,
                         no_features,
                         CompileMode::kBuild,
                         false,
                         {{kRunScript, script_name, {}}}});
  graph.units.push_back({b,
                         program,
                         dev_id,
                         cargo::kHostPlatform,
                         no_features,
                         CompileMode::kBuild,
                         false,
                         {{kLibrary, library_name, {}}}});
  graph.roots = {kLibrary, kProgram};
  settings.requested_profile = "dev";
}

}  // namespace pcargo::test
