// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/run_selection.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::prepare;
using cargo::TargetKind;
using Kind = RunSelection::Kind;
using Words = std::vector<std::string>;

namespace {

cargo::Target target(TargetKind kind, const std::string& name, const std::string& crate_type = "bin") {
  cargo::Target target;
  target.kind = kind;
  target.name = name;
  target.crate_types = {crate_type};
  return target;
}

/// A workspace of `app` (the default) and `tool`.
cargo::WorkspaceMetadata workspace() {
  cargo::WorkspaceMember app;
  app.id = "app-id";
  app.name = "app";
  app.version = "1.0.0";
  app.targets = {target(TargetKind::kLib, "app", "lib"),
                 target(TargetKind::kBin, "app"),
                 target(TargetKind::kExample, "demo"),
                 target(TargetKind::kExample, "part", "lib")};
  cargo::WorkspaceMember tool = app;
  tool.id = "tool-id";
  tool.name = "tool";
  tool.targets = {target(TargetKind::kBin, "hammer"), target(TargetKind::kBin, "saw")};
  cargo::WorkspaceMetadata metadata;
  metadata.members = {app, tool};
  metadata.default_members = {"app-id"};
  return metadata;
}

Kind kind_of(const cargo::WorkspaceMetadata& metadata, const Words& arguments) {
  return select_run_target(metadata, arguments).kind;
}

}  // namespace

TEST_CASE("the only program of the default package is planned as build would, its library included") {
  auto selection = select_run_target(workspace(), {"--release"});
  CHECK(selection.kind == Kind::kPlan);
  CHECK(selection.flags.empty());
}

TEST_CASE("default-run chooses among several programs") {
  auto metadata = workspace();
  CHECK(kind_of(metadata, {"-p", "tool"}) == Kind::kCargoRefuses);
  metadata.members[1].default_run = "saw";
  auto selection = select_run_target(metadata, {"-ptool"});
  CHECK(selection.kind == Kind::kPlan);
  CHECK(selection.flags == Words{"--bin", "saw"});
  CHECK(select_run_target(metadata, {"-p", "tool@1.0.0", "--bin", "hammer"}).flags.empty());
}

TEST_CASE("what cannot be run is cargo's to refuse") {
  auto metadata = workspace();
  CHECK(kind_of(metadata, {"--bin", "nothing"}) == Kind::kCargoRefuses);
  CHECK(kind_of(metadata, {"--bin", "app", "--example", "demo"}) == Kind::kCargoRefuses);
  CHECK(kind_of(metadata, {"--example", "part"}) == Kind::kCargoRefuses);
  CHECK(kind_of(metadata, {"--example", "demo"}) == Kind::kPlan);
  CHECK(kind_of(metadata, {"--bin", "ap*"}) == Kind::kCargoRefuses);
}

TEST_CASE("what only cargo can decide is left to it") {
  auto metadata = workspace();
  CHECK(kind_of(metadata, {"-p", "path+file:///w/tool"}) == Kind::kUnclear);
  metadata.members[0].targets[1].required_features = Words{"gui"};
  CHECK(kind_of(metadata, {}) == Kind::kUnclear);
  CHECK(kind_of(metadata, {"--bin", "app"}) == Kind::kPlan);
}

TEST_CASE("where cargo does not name the default members, the current manifest does") {
  auto metadata = workspace();
  metadata.workspace_root = "/w";
  metadata.members[0].manifest_path = "/w/Cargo.toml";
  metadata.members[1].manifest_path = "/w/tool/Cargo.toml";
  CHECK(default_members(metadata, "/w/Cargo.toml", false) == Words{"app-id"});
  CHECK(default_members(metadata, "/w/tool/Cargo.toml", true) == Words{"tool-id"});
  CHECK(default_members(metadata, "/w/Cargo.toml", true).empty());
  metadata.members[0].manifest_path = "/w/app/Cargo.toml";
  CHECK(default_members(metadata, "/w/Cargo.toml", false) == Words{"app-id", "tool-id"});
  metadata.default_members.clear();
  CHECK(kind_of(metadata, {}) == Kind::kUnclear);
}
