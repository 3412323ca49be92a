// SPDX-License-Identifier: MIT OR Apache-2.0
// The workspace that tests/fuzz/corpus/build_plan/vendored-1.65.json was recorded of: fixtures/vendored, at /w, with
// its dependencies from Cargo.lock in /w/vendor.
#pragma once

#include "cargo/build_plan_reader.h"
#include "support/memory_file_system.h"

#include <string>
#include <vector>

namespace pcargo::test {

struct RecordedPlan {
  cargo::WorkspaceMetadata metadata;
  MemoryFileSystem files;
  cargo::BuildPlanContext context{metadata, files, "", "dev"};

  RecordedPlan() {
    cargo::Target bin;
    bin.kind = cargo::TargetKind::kBin;
    bin.kind_names = bin.crate_types = {"bin"};
    bin.name = "uses-vendored";
    bin.src_path = "/w/src/main.rs";
    bin.edition = "2021";
    cargo::WorkspaceMember member;
    member.id = "uses-vendored 0.1.0 (path+file:///w)";
    member.name = "uses-vendored";
    member.version = "0.1.0";
    member.manifest_path = "/w/Cargo.toml";
    member.targets = {bin};
    metadata.workspace_root = "/w";
    metadata.members = {member};
    add_vendored("first", "1.0.4");
    add_vendored("first", "2.1.0+build.7");
    add_vendored("made", "1.0.0");
    add_vendored("sys", "0.3.1");
    context.rustflags[""] = {};
    context.capabilities = cargo::capabilities_of("1.65.0");
  }
  RecordedPlan(const RecordedPlan&) = delete;  // the context refers to the rest
  RecordedPlan& operator=(const RecordedPlan&) = delete;

 private:
  void add_vendored(const std::string& name, const std::string& version) {
    files.files["/w/vendor/" + name + "-" + version + "/Cargo.toml"] = "[package]\nname = \"" + name + "\"\n";
    context.lock_file += "[[package]]\nname = \"" + name + "\"\nversion = \"" + version +
                         "\"\nsource = \"registry+https://example.org/index\"\n";
  }
};

}  // namespace pcargo::test
