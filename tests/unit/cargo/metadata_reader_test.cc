// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/metadata_reader.h"

#include <catch2/catch.hpp>

#include <string>

using namespace pcargo::cargo;

namespace {

const std::string kMetadata =
    R"({"packages":[{"name":"app","version":"0.1.0","id":"path+file:///w#app@0.1.0","manifest_path":"/w/Cargo.toml",)"
    R"("default_run":"tool","targets":[)"
    R"({"kind":["lib"],"crate_types":["lib"],"name":"app","src_path":"/w/src/lib.rs","edition":"2021","doc":true,)"
    R"("doctest":true,"test":true},)"
    R"({"kind":["bin"],"crate_types":["bin"],"name":"tool","src_path":"/w/src/bin/tool.rs","edition":"2021",)"
    R"("required-features":["x"],"doc":true,"doctest":false,"test":true}]}],)"
    R"("workspace_members":["path+file:///w#app@0.1.0"],"workspace_default_members":["path+file:///w#app@0.1.0"],)"
    R"("resolve":null,"target_directory":"/w/target","build_directory":"/b","version":1,"workspace_root":"/w",)"
    R"("metadata":null})";

std::string changed(const std::string& old_text, const std::string& new_text) {
  std::string json = kMetadata;
  const std::size_t position = json.find(old_text);
  REQUIRE(position != std::string::npos);
  return json.replace(position, old_text.size(), new_text);
}

std::string error_of(const std::string& json) {
  const auto result = read_metadata(json);
  return result ? "no error" : result.error().message;
}

}  // namespace

TEST_CASE("metadata says where things are and who the members are") {
  const auto metadata = read_metadata(kMetadata);
  REQUIRE(metadata);
  CHECK(metadata->workspace_root == "/w");
  CHECK(metadata->target_directory == "/w/target");
  CHECK(metadata->build_directory == "/b");
  CHECK(metadata->default_members == std::vector<std::string>{"path+file:///w#app@0.1.0"});
  const WorkspaceMember* member = metadata->find_member("path+file:///w#app@0.1.0");
  REQUIRE(member != nullptr);
  CHECK(member->manifest_path == "/w/Cargo.toml");
  CHECK(member->default_run == "tool");
  REQUIRE(member->targets.size() == 2);
  CHECK(member->targets[1].kind == TargetKind::kBin);
  CHECK(member->targets[1].required_features == std::vector<std::string>{"x"});
  CHECK(metadata->find_member("path+file:///w#other@0.1.0") == nullptr);
}

TEST_CASE("an older cargo does not say where the build directory is") {
  const auto metadata = read_metadata(changed(R"("build_directory":"/b",)", ""));
  REQUIRE(metadata);
  CHECK_FALSE(metadata->build_directory.has_value());
}

TEST_CASE("what metadata says beyond that is skipped, as deep as a manifest can have it") {
  const std::string table = R"("metadata":)" + std::string(80, '[') + std::string(80, ']') + ",";
  const std::string dependencies = R"("dependencies":[{"name":"x","targets":3}],)";
  const auto metadata = read_metadata(changed(R"("default_run":)", table + dependencies + R"("default_run":)"));
  REQUIRE(metadata);
  CHECK(metadata->members.size() == 1);
  CHECK(metadata->members[0].targets.size() == 2);
}

TEST_CASE("every mistake in the metadata is named with its place") {
  CHECK(error_of("") == "metadata: empty");
  CHECK(error_of(kMetadata + "x").find("metadata: not JSON at byte") == 0);
  CHECK(error_of("[]") == "metadata: expected an object, found an array");
  CHECK(error_of(changed(R"("version":1,)", R"("version":2,)")) ==
        "version: 2 is not supported; this pcargo reads version 1");
  CHECK(error_of(changed(R"("workspace_root":"/w",)", "")) == "workspace_root: missing");
  CHECK(error_of(changed(R"("workspace_root":"/w")", R"("workspace_root":"w")")) ==
        "workspace_root: expected an absolute path");
  CHECK(error_of(changed(R"("manifest_path":"/w/Cargo.toml",)", "")) == "packages[0].manifest_path: missing");
  CHECK(error_of(changed(R"("name":"tool")", R"("name":7)")) ==
        "packages[0].targets[1].name: expected a string, found a whole number");
  CHECK(error_of(changed(R"("crate_types":["bin"])", R"("crate_types":[null])")) ==
        "packages[0].targets[1].crate_types[0]: expected a string, found null");
  CHECK(error_of(changed(R"("targets":[)", R"("targets":[3,)")) ==
        "packages[0].targets[0]: expected an object, found a whole number");
}
