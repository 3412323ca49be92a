// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/package_reader.h"

#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

#include <string>

using namespace pcargo::cargo;
using pcargo::test::MemoryFileSystem;

namespace {

const std::string kCratesIo = "registry+https://github.com/rust-lang/crates.io-index";

class Build {
 public:
  MemoryFileSystem files;
  WorkspaceMetadata metadata;
  UnitGraph graph;
  std::map<std::string, std::string> registry_names;

  Build() { metadata.workspace_root = "/w"; }

  PackageId unit(const std::string& package_id, const std::string& source) {
    Target target;
    target.src_path = source;
    Unit unit;
    unit.package = graph.package_ids.push_back(package_id);
    unit.target = graph.targets.push_back(target);
    graph.units.push_back(unit);
    return unit.package;
  }

  void manifest(const std::string& directory,
                const std::string& name,
                const std::string& rest = "version = '1.0.0'\n") {
    files.files[directory + "/Cargo.toml"] = "[package]\nname = '" + name + "'\n" + rest;
  }

  auto read() const { return read_packages({graph, metadata, files, "/h", registry_names}); }

  /// The package of the only unit.
  Package only() const {
    const auto packages = read();
    INFO((packages ? "" : packages.error().message));
    REQUIRE(packages);
    return (*packages)[PackageId{0}];
  }
};

}  // namespace

TEST_CASE("a path package lies where its id says, member or not") {
  Build build;
  build.unit("path+file:///w/sp%20ace#app@1.0.0", "/w/sp ace/src/lib.rs");
  build.manifest("/w/sp ace", "app");
  CHECK(build.only().manifest_path == "/w/sp ace/Cargo.toml");
  CHECK(build.only().source_display == "/w/sp ace");
  CHECK(build.only().is_local());
  CHECK_FALSE(build.only().is_member);
}

TEST_CASE("a member's targets are cargo's own, with what the manifest adds") {
  Build build;
  build.unit("path+file:///w#app@1.0.0", "/w/src/lib.rs");
  build.manifest("/w", "app", "version = '1.0.0'\nedition = '2021'\n[[test]]\nname = 't'\nharness = false\n");
  build.files.files["/w/tests/t.rs"];
  build.files.files["/w/tests/unseen.rs"];
  WorkspaceMember member;
  member.id = "path+file:///w#app@1.0.0";
  member.manifest_path = "/w/Cargo.toml";
  Target test;
  test.kind = TargetKind::kTest;
  test.name = "t";
  test.src_path = "/w/tests/t.rs";
  test.crate_types = {"bin"};
  Target script;
  script.kind = TargetKind::kCustomBuild;
  member.targets = {script, test};
  build.metadata.members = {member};

  const Package package = build.only();
  CHECK(package.is_member);
  REQUIRE(package.targets.size() == 1);
  CHECK(package.targets[0].name == "t");
  CHECK(package.targets[0].path == "tests/t.rs");
  CHECK_FALSE(package.targets[0].harness);
}

TEST_CASE("of a member's library and programs only harness and file name are the manifest's to say") {
  Build build;
  build.unit("path+file:///w#app@1.0.0", "/w/src/lib.rs");
  build.manifest(
      "/w",
      "app",
      "version = '1.0.0'\n[lib]\nharness = false\n[[bin]]\nname = 'a'\nfilename = 'other'\n[[bin]]\nname = 'b'\n");
  WorkspaceMember member;
  member.id = "path+file:///w#app@1.0.0";
  member.manifest_path = "/w/Cargo.toml";
  Target library;
  library.name = "app";
  library.src_path = "/w/nowhere/lib.rs";  // no source is looked for: cargo has seen it
  Target first;
  first.kind = TargetKind::kBin;
  first.name = "a";
  Target second = first;
  second.name = "b";
  member.targets = {library, first, second};
  build.metadata.members = {member};

  const Package package = build.only();
  REQUIRE(package.targets.size() == 3);
  CHECK(package.targets[0].path == "nowhere/lib.rs");
  CHECK_FALSE(package.targets[0].harness);
  CHECK(package.targets[1].filename == "other");
  CHECK(package.targets[1].harness);
  CHECK_FALSE(package.targets[2].filename);
}

TEST_CASE("a registry package is found upwards from its sources, past other manifests") {
  Build build;
  build.unit(kCratesIo + "#x@1.0.0", "/h/registry/src/x-1.0.0/src/deep/lib.rs");
  build.manifest("/h/registry/src/x-1.0.0", "x");
  build.manifest("/h/registry/src/x-1.0.0/src", "fixture");
  build.files.files["/h/registry/src/x-1.0.0/src/deep/Cargo.toml"] = "not TOML at all";
  CHECK(build.only().manifest_path == "/h/registry/src/x-1.0.0/Cargo.toml");
  CHECK(build.only().source_display == "");
  CHECK(build.only().source == SourceKind::kRegistry);
}

TEST_CASE("name and version must both fit") {
  Build build;
  build.unit(kCratesIo + "#x@1.0.0", "/v/x/src/lib.rs");
  build.manifest("/v/x", "x", "version = '2.0.0'\n");
  CHECK(build.read().error().message == "no Cargo.toml of `x v1.0.0` is above its sources (`/v/x/src/lib.rs`)");
  build.manifest("/v", "x");
  CHECK(build.only().root == "/v");
}

TEST_CASE("a broken manifest on the way is the error when nothing else fits") {
  Build build;
  build.unit(kCratesIo + "#x@1.0.0", "/v/x/src/lib.rs");
  build.files.files["/v/x/Cargo.toml"] = "[package\n";
  const auto packages = build.read();
  REQUIRE_FALSE(packages);
  CHECK(packages.error().message == "failed to parse manifest at `/v/x/Cargo.toml`");
  CHECK(packages.error().causes.at(0).find("line 1, column ") == 0);
}

TEST_CASE("a missing manifest is an error") {
  Build build;
  build.unit("path+file:///w/gone#1.0.0", "/w/gone/src/lib.rs");
  CHECK(build.read().error().message == "failed to read `/w/gone/Cargo.toml`");
}

TEST_CASE("a git package may inherit its version from the workspace in its checkout") {
  Build build;
  const std::string checkout = "/h/git/checkouts/repo-0a1b/abc1234";
  build.unit("git+https://example.com/repo?branch=main#x@3.0.0", checkout + "/sub/src/lib.rs");
  build.files.files[checkout + "/Cargo.toml"] = "[workspace]\n[workspace.package]\nversion = '3.0.0'\n";
  build.manifest(checkout + "/sub", "x", "version.workspace = true\n");
  CHECK(build.only().version == "3.0.0");
  CHECK(build.only().source == SourceKind::kGit);

  SECTION("the checkout's name gives the commit when nobody knows better") {
    CHECK(build.only().source_display == "https://example.com/repo?branch=main#abc1234");
  }
  SECTION("the clone knows the whole commit") {
    build.files.files[checkout + "/.git/HEAD"] = "ref: refs/heads/main\n";
    build.files.files[checkout + "/.git/refs/heads/main"] = "abc1234567890abc1234567890abc1234567890a\n";
    CHECK(build.only().source_display == "https://example.com/repo?branch=main#abc12345");
  }
  SECTION("the lock file knows the commit too") {
    build.files.files["/w/Cargo.lock"] =
        "[[package]]\nname = 'x'\nversion = '3.0.0'\n"
        "source = 'git+https://example.com/repo?branch=main#0123456789abcdef'\n"
        "[[package]]\nname = 'x'\nversion = '3.0.0'\nsource = 'git+https://example.com/other#ffff456789abcdef'\n";
    CHECK(build.only().source_display == "https://example.com/repo?branch=main#01234567");
  }
}

TEST_CASE("sources outside a git package's directory do not hide it") {
  Build build;
  const std::string checkout = "/h/git/checkouts/repo-0a1b/abc1234";
  build.unit("git+https://example.com/repo#x@1.0.0", checkout + "/shared/lib.rs");
  build.manifest(checkout, "root");
  build.manifest(checkout + "/crates/x", "x");
  build.manifest(checkout + "/target/x", "x");
  CHECK(build.only().root == checkout + "/crates/x");
}

TEST_CASE("a registry that is not crates.io is called by its name in the config, or by its URL") {
  Build build;
  build.unit("sparse+https://example.com/index/#x@1.0.0", "/v/x/src/lib.rs");
  build.manifest("/v/x", "x");
  CHECK(build.only().source_display == "registry `sparse+https://example.com/index/`");
  build.registry_names["sparse+https://example.com/index/"] = "ours";
  CHECK(build.only().source_display == "registry `ours`");

  Build local;
  local.unit("registry+file:///srv/index#x@1.0.0", "/v/x/src/lib.rs");
  local.manifest("/v/x", "x");
  CHECK(local.only().source_display == "registry `/srv/index`");
}

TEST_CASE("packages from crates.io are shown without their source") {
  Package package;
  package.name = "itoa";
  package.version = "1.0.18";
  CHECK(package.display() == "itoa v1.0.18");
  package.source_display = "https://example.invalid/itoa#0123abcd";
  CHECK(package.display() == "itoa v1.0.18 (https://example.invalid/itoa#0123abcd)");
}
