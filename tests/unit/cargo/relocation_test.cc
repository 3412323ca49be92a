// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/relocation.h"

#include "cargo/unit_graph_builder.h"
#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace pcargo;
using namespace pcargo::cargo;

namespace {

struct Source {
  std::string package_id;
  std::string path;
};

/// A graph of one unit for each source.
UnitGraph graph_of(const std::vector<Source>& sources) {
  UnitGraphBuilder builder;
  for (const Source& source : sources) {
    UnitDraft draft;
    draft.package_id = source.package_id;
    draft.target.name = "x";
    draft.target.src_path = source.path;
    builder.add_unit(draft);
  }
  return *std::move(builder).finish();
}

/// Of the workspace in /here/ws: `app` in its root, `low` in crates/low.
WorkspaceMetadata metadata() {
  WorkspaceMetadata here;
  here.workspace_root = "/here/ws";
  here.members = {{"path+file:///here/ws#app@0.1.0", "app", "0.1.0", "/here/ws/Cargo.toml", {}, {}},
                  {"path+file:///here/ws/crates/low#0.2.0", "low", "0.2.0", "/here/ws/crates/low/Cargo.toml", {}, {}}};
  return here;
}

struct Moved {
  std::vector<std::string> ids;
  std::vector<std::string> paths;
  std::string error;
};

/// `files` are there.
Moved move(const std::vector<Source>& sources, const std::vector<std::string>& files) {
  test::MemoryFileSystem disk;
  for (const std::string& file : files) {
    disk.files[file] = "";
  }
  const WorkspaceMetadata here = metadata();
  const auto graph = relocate(graph_of(sources), {here, disk, "/home/.cargo", "/sys"});
  Moved moved;
  if (!graph) {
    moved.error = graph.error().message;
    for (const std::string& cause : graph.error().causes) {
      moved.error += "\n" + cause;
    }
    return moved;
  }
  for (const Unit& unit : graph->units) {
    moved.ids.push_back(graph->package_ids[unit.package]);
    moved.paths.push_back(graph->targets[unit.target].src_path);
  }
  return moved;
}

const std::string kCratesIo = "registry+https://github.com/rust-lang/crates.io-index#";
const Source kApp = {"path+file:///there/proj#app@0.1.0", "/there/proj/src/main.rs"};

}  // namespace

TEST_CASE("a graph of this place stays as it is") {
  const std::vector<Source> sources = {
      {"path+file:///here/ws#app@0.1.0", "/here/ws/src/main.rs"},
      {kCratesIo + "a@1.0.0", "/home/.cargo/registry/src/index.crates.io-12/a-1.0.0/src/lib.rs"}};
  const auto moved = move(sources, {sources[0].path, sources[1].path});
  CHECK(moved.error.empty());
  CHECK(moved.ids == std::vector<std::string>{sources[0].package_id, sources[1].package_id});
  CHECK(moved.paths == std::vector<std::string>{sources[0].path, sources[1].path});
}

TEST_CASE("the workspace is found by its members, and what lies beside it beside this one") {
  const auto moved = move({kApp,
                           {"path+file:///there/proj/crates/low#0.2.0", "/there/proj/crates/low/src/lib.rs"},
                           {"path+file:///there/beside%20it#side@0.3.0", "/there/beside it/lib.rs"}},
                          {"/here/ws/src/main.rs", "/here/ws/crates/low/src/lib.rs", "/here/beside it/lib.rs"});
  CHECK(moved.error.empty());
  CHECK(moved.ids == std::vector<std::string>{"path+file:///here/ws#app@0.1.0",
                                              "path+file:///here/ws/crates/low#0.2.0",
                                              "path+file:///here/beside%20it#side@0.3.0"});
  CHECK(moved.paths ==
        std::vector<std::string>{"/here/ws/src/main.rs", "/here/ws/crates/low/src/lib.rs", "/here/beside it/lib.rs"});
}

TEST_CASE("registry sources are found under whatever name their index has here") {
  const std::string there = "/root/x/registry/src/index.crates.io-11/a-1.0.0/src/lib.rs";
  const auto find = [&](const std::string& file) {
    return move({kApp, {kCratesIo + "a@1.0.0", there}}, {"/here/ws/src/main.rs", file});
  };
  const std::string same = "/home/.cargo/registry/src/index.crates.io-11/a-1.0.0/src/lib.rs";
  const std::string other = "/home/.cargo/registry/src/index.crates.io-99/a-1.0.0/src/lib.rs";
  CHECK(find(same).paths.at(1) == same);
  CHECK(find(other).paths.at(1) == other);
  CHECK(find("/home/.cargo/registry/src/example.org-99/a-1.0.0/src/lib.rs").error.find("there is no `" + there) !=
        std::string::npos);
  CHECK(find("/home/.cargo/registry/src/index.crates.io-99/a-1.0.1/src/lib.rs").error.find(there) != std::string::npos);
}

TEST_CASE(
    "vendored sources lie in the workspace, git checkouts in the cargo home, the standard library in the sysroot") {
  const auto moved = move({kApp,
                           {kCratesIo + "v@1.0.0", "/there/proj/vendor/v/src/lib.rs"},
                           {"git+https://h/r#g@1.0.0", "/home/u/.cargo/git/checkouts/r-5/abc/g/src/lib.rs"},
                           {"path+file:///old/lib/rustlib/src/rust/library/core#0.0.0",
                            "/old/lib/rustlib/src/rust/library/core/src/lib.rs"}},
                          {"/here/ws/src/main.rs",
                           "/here/ws/vendor/v/src/lib.rs",
                           "/home/.cargo/git/checkouts/r-6/abc/g/src/lib.rs",
                           "/sys/lib/rustlib/src/rust/library/core/src/lib.rs"});
  CHECK(moved.error.empty());
  CHECK(moved.paths == std::vector<std::string>{"/here/ws/src/main.rs",
                                                "/here/ws/vendor/v/src/lib.rs",
                                                "/home/.cargo/git/checkouts/r-6/abc/g/src/lib.rs",
                                                "/sys/lib/rustlib/src/rust/library/core/src/lib.rs"});
  CHECK(moved.ids.at(3) == "path+file:///sys/lib/rustlib/src/rust/library/core#0.0.0");
}

TEST_CASE("a graph of another workspace, or of another state of this one, is refused") {
  CHECK(move({{"path+file:///there/other#1.0.0", "/there/other/src/lib.rs"}}, {}).error ==
        "the plan is of another workspace: none of its packages (`other`, ...) is a member of the one in "
        "`/here/ws`");
  CHECK(move({{"path+file:///there#low@0.2.0", "/there/src/lib.rs"}}, {}).error ==
        "the plan is of another workspace: `low` lies in `/there` there, and in `crates/low` of the workspace "
        "here");
  CHECK(move({kApp, {"path+file:///else/crates/low#0.2.0", "/else/crates/low/src/lib.rs"}}, {})
            .error.find("`low` lies in `/else/crates/low` there") != std::string::npos);
  CHECK(move({{"path+file:///there#app@0.2.0", "/there/src/main.rs"}}, {}).error ==
        "the plan is of another state of the workspace: it has `app v0.2.0`, here is v0.1.0");
}

TEST_CASE("what is missing is named, and not without end") {
  CHECK(move({kApp}, {}).error == "sources are not where the plan has them\nthere is no `/here/ws/src/main.rs`");
  std::vector<Source> many;
  for (int i = 0; i < 25; ++i) {
    many.push_back({kApp.package_id, "/there/proj/src/" + std::to_string(i) + ".rs"});
  }
  const std::string error = move(many, {}).error;
  CHECK(std::count(error.begin(), error.end(), '\n') == 11);
  CHECK(error.ends_with("... and 15 more"));
}
