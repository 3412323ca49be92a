// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/unit_graph_reader.h"

#include <catch2/catch.hpp>

#include <string>

using namespace pcargo::cargo;
using pcargo::UnitId;

namespace {

const std::string kPackage = R"("pkg_id":"path+file:///w#app@0.1.0")";
const std::string kTarget =
    R"("target":{"kind":["lib"],"crate_types":["lib"],"name":"app","src_path":"/w/src/lib.rs","edition":"2021",)"
    R"("doc":true,"doctest":true,"test":true})";
const std::string kProfile =
    R"("profile":{"name":"dev","opt_level":"0","lto":"false","codegen_backend":null,"codegen_units":null,"debuginfo":2,)"
    R"("split_debuginfo":null,"debug_assertions":true,"overflow_checks":true,"rpath":false,"incremental":false,)"
    R"("panic":"unwind","strip":{"deferred":"None"}})";
const std::string kRest = R"("platform":null,"mode":"build","features":["std"])";

std::string unit(const std::string& dependencies = "") {
  return "{" + kPackage + "," + kTarget + "," + kProfile + "," + kRest + R"(,"dependencies":[)" + dependencies + "]}";
}

std::string edge(const std::string& index, const std::string& name = "dep") {
  return R"({"index":)" + index + R"(,"extern_crate_name":")" + name + R"("})";
}

std::string graph(const std::string& units, const std::string& roots = "0") {
  return R"({"version":1,"units":[)" + units + R"(],"roots":[)" + roots + "]}";
}

/// A graph of one unit in which `old_text` reads `new_text`.
std::string changed(const std::string& old_text, const std::string& new_text) {
  std::string json = graph(unit());
  const std::size_t position = json.find(old_text);
  REQUIRE(position != std::string::npos);
  return json.replace(position, old_text.size(), new_text);
}

std::string error_of(const std::string& json) {
  const auto result = read_unit_graph(json);
  return result ? "no error" : result.error().message;
}

}  // namespace

TEST_CASE("a unit's values are read as cargo wrote them") {
  const auto result = read_unit_graph(graph(unit(edge("1", "renamed")) + "," + unit(), "1,0"));
  REQUIRE(result);
  CHECK(result->units.size() == 2);
  CHECK(result->roots == std::vector<UnitId>{UnitId{1}, UnitId{0}});
  const Unit& first = result->units[UnitId{0}];
  CHECK(result->package_ids[first.package] == "path+file:///w#app@0.1.0");
  CHECK(first.platform == kHostPlatform);
  CHECK(first.mode == CompileMode::kBuild);
  REQUIRE(first.dependencies.size() == 1);
  CHECK(first.dependencies[0].unit == UnitId{1});
  CHECK(result->crate_names[first.dependencies[0].extern_crate_name] == "renamed");
  CHECK_FALSE(first.dependencies[0].is_public.has_value());
  const Target& target = result->target(UnitId{0});
  CHECK(target.kind == TargetKind::kLib);
  CHECK(target.src_path == "/w/src/lib.rs");
  CHECK(target.doctest);
  const Profile& profile = result->profile(UnitId{0});
  CHECK(profile.debuginfo == "2");
  CHECK(profile.debuginfo_is_integer);
  CHECK(profile.strip.deferred);
  CHECK_FALSE(profile.codegen_units.has_value());
  CHECK(result->features(UnitId{0}) == std::vector<std::string>{"std"});
}

TEST_CASE("units share what is equal, and only that") {
  const std::string other_mode = changed(R"("mode":"build")", R"("mode":"check")");
  const std::string third = changed(R"("edition":"2021")", R"("edition":"2018")");
  const auto unit_of = [](const std::string& json) {
    const std::size_t start = json.find('[') + 1;
    return json.substr(start, json.rfind("],\"roots\"") - start);
  };
  const auto result = read_unit_graph(graph(unit() + "," + unit_of(other_mode) + "," + unit_of(third)));
  REQUIRE(result);
  CHECK(result->units.size() == 3);
  CHECK(result->package_ids.size() == 1);
  CHECK(result->profiles.size() == 1);
  CHECK(result->targets.size() == 2);
  CHECK(result->feature_sets.size() == 1);
  CHECK(result->units[UnitId{1}].mode == CompileMode::kCheck);
}

TEST_CASE("fields of unstable features are read where they are") {
  const auto nightly = read_unit_graph(graph(
      unit(R"({"index":1,"extern_crate_name":"d","public":false,"noprelude":true,"nounused":true})") + "," + unit()));
  REQUIRE(nightly);
  const Dependency& dependency = nightly->units[UnitId{0}].dependencies[0];
  CHECK(dependency.is_public == false);
  CHECK(dependency.noprelude);
  CHECK(dependency.nounused);

  const auto profile = read_unit_graph(
      changed(R"("panic":)",
              R"("rustflags":["-g"],"trim_paths":{"a":[1,"x",{}],"b":null},"hint_mostly_unused":true,"panic":)"));
  REQUIRE(profile);
  CHECK(profile->profile(UnitId{0}).rustflags == std::vector<std::string>{"-g"});
  CHECK(profile->profile(UnitId{0}).trim_paths == R"({"a":[1,"x",{}],"b":null})");
  CHECK(profile->profile(UnitId{0}).hint_mostly_unused == "true");
}

TEST_CASE("strip is a word, or a name in an object") {
  const auto strip_of = [](const std::string& json) {
    const auto result = read_unit_graph(changed(R"({"deferred":"None"})", json));
    REQUIRE(result);
    return result->profile(UnitId{0}).strip;
  };
  CHECK(strip_of(R"({"resolved":"None"})") == Strip{false, "None"});
  CHECK(strip_of(R"({"resolved":{"Named":"symbols"}})") == Strip{false, "symbols"});
  CHECK(strip_of(R"({"deferred":{"Named":"debuginfo"}})") == Strip{true, "debuginfo"});
  CHECK(error_of(changed(R"({"deferred":"None"})", "{}")) ==
        "units[0].profile.strip: expected one of deferred and resolved");
}

TEST_CASE("cargo before 1.71 writes strip as a word and no debuginfo as null") {
  const auto profile_of = [](const std::string& from, const std::string& to) {
    const auto result = read_unit_graph(changed(from, to));
    REQUIRE(result);
    return result->profile(UnitId{0});
  };
  CHECK(profile_of(R"({"deferred":"None"})", R"("none")").strip == Strip{false, "None"});
  CHECK(profile_of(R"({"deferred":"None"})", R"({"named":"symbols"})").strip == Strip{false, "symbols"});
  const auto without = profile_of(R"("debuginfo":2)", R"("debuginfo":null)");
  CHECK_FALSE(without.has_debuginfo());
  CHECK_FALSE(without.debuginfo_is_given);
  CHECK(profile_of(R"("debuginfo":2)", R"("debuginfo":0)").debuginfo_is_given);
}

TEST_CASE("the target's kind comes from its kind names") {
  const auto kind_of = [](const std::string& names) {
    const auto result = read_unit_graph(changed(R"("kind":["lib"])", R"("kind":)" + names));
    REQUIRE(result);
    return result->target(UnitId{0}).kind;
  };
  CHECK(kind_of(R"(["bin"])") == TargetKind::kBin);
  CHECK(kind_of(R"(["custom-build"])") == TargetKind::kCustomBuild);
  CHECK(kind_of(R"(["dylib","rlib"])") == TargetKind::kLib);
  CHECK(kind_of(R"(["proc-macro"])") == TargetKind::kLib);
}

TEST_CASE("unknown fields are skipped, however deep they are within reason") {
  CHECK(read_unit_graph(changed(R"("version":1)", R"("version":1,"new":{"a":[[1,2.5,-3,null,"x"]]})")));
  CHECK(read_unit_graph(changed(R"("features")", R"("units":[{"mode":7}],"features")")));
  CHECK(
      error_of(changed(R"("version":1)", R"("version":1,"new":)" + std::string(1000, '['))).find("nested too deeply") !=
      std::string::npos);
}

TEST_CASE("a target's name cannot lead out of the directory that files named after it go to") {
  const auto error_of_name = [](const std::string& name) {
    return error_of(changed(R"("name":"app")", R"("name":")" + name + "\""));
  };
  CHECK(error_of_name("../escaped") == R"(units[0].target.name: "../escaped" contains a path separator)");
  CHECK(error_of_name("/etc/passwd") == R"(units[0].target.name: "/etc/passwd" contains a path separator)");
  CHECK(error_of_name("..") == R"(units[0].target.name: ".." names a directory)");
  CHECK(error_of_name("a\\nb") == R"(units[0].target.name: "a\nb" contains a control character)");
  CHECK(read_unit_graph(changed(R"("name":"app")", R"("name":"a..b c-d")")));
}

TEST_CASE("every mistake is named with its place") {
  CHECK(error_of(changed(R"("version":1)", R"("version":2)")) ==
        "version: 2 is not supported; this pcargo reads version 1");
  CHECK(error_of(changed(R"("mode":"build")", R"("mode":"x")")) == R"(units[0].mode: unknown mode "x")");
  CHECK(error_of(changed(R"("mode":"build",)", "")) == "units[0].mode: missing");
  CHECK(error_of(changed(R"("version":1,)", "")) == "version: missing");
  CHECK(error_of(changed(R"("name":"app")", R"("name":7)")) ==
        "units[0].target.name: expected a string, found a whole number");
  CHECK(error_of(changed(R"("platform":null)", R"("platform":false)")) ==
        "units[0].platform: expected a string or null, found true or false");
  CHECK(error_of(changed(R"("target":{)", R"("target":[],"x":{)")) ==
        "units[0].target: expected an object, found an array");
  CHECK(error_of(changed(R"(["std"])", R"(["std",1])")) ==
        "units[0].features[1]: expected a string, found a whole number");
  CHECK(error_of(changed(R"("mode":"build")", R"("mode":"build","mode":"build")")) == "units[0].mode: given twice");
  CHECK(error_of(changed(R"("debuginfo":2)", R"("debuginfo":3)")) ==
        R"(units[0].profile.debuginfo: unknown debuginfo "3")");
  CHECK(error_of(changed(R"("codegen_units":null)", R"("codegen_units":4294967296)")) ==
        "units[0].profile.codegen_units: 4294967296 is too large");
  CHECK(error_of(changed(R"("name":"app")", R"("name":"a\u0000b")")) ==
        "units[0].target.name: contains a NUL character");
  CHECK(error_of(changed(R"("name":"app")", R"("name":"")")) == "units[0].target.name: empty");
  CHECK(error_of("[]") == "unit graph: expected an object, found an array");
  CHECK(error_of("7") == "unit graph: expected an object, found a whole number");
  CHECK(error_of("") == "unit graph: empty");
  CHECK(error_of(" \n") == "unit graph: empty");
  CHECK(error_of("\xef\xbb\xbf" + graph(unit())) == "unit graph: begins with a byte order mark");
}

TEST_CASE("indices are whole numbers within the list of units") {
  CHECK(error_of(graph(unit(edge("40")))) == "units[0].dependencies[0].index: 40 is out of range (1 units)");
  CHECK(error_of(graph(unit() + "," + unit(edge("0") + "," + edge("2")))) ==
        "units[1].dependencies[1].index: 2 is out of range (2 units)");
  CHECK(error_of(graph(unit(), "0,1")) == "roots[1]: 1 is out of range (1 units)");
  CHECK(error_of(graph(unit(edge("-1")))) == "units[0].dependencies[0].index: -1 is negative");
  CHECK(error_of(graph(unit(edge("0.5")))) == "units[0].dependencies[0].index: 0.5 is not a whole number");
  CHECK(error_of(graph(unit(), "1e3")) == "roots[0]: 1e3 is not a whole number");
  for (const char* huge : {"4294967295", "4294967296", "18446744073709551616", "99999999999999999999999999"}) {
    CHECK(error_of(graph(unit(edge(huge)))) ==
          std::string("units[0].dependencies[0].index: ") + huge + " is out of range (1 units)");
  }
}

TEST_CASE("a cycle is refused, with the units on it") {
  const std::string id = " (path+file:///w#app@0.1.0)";
  CHECK(error_of(graph(unit(edge("0")))) == "units[0].dependencies: a cycle: units[0]" + id + " -> units[0]" + id);
  CHECK(error_of(graph(unit(edge("1")) + "," + unit(edge("2")) + "," + unit(edge("1")))) ==
        "units[1].dependencies: a cycle: units[1]" + id + " -> units[2]" + id + " -> units[1]" + id);
  // Two ways to one unit are no cycle.
  CHECK(read_unit_graph(graph(unit(edge("1") + "," + edge("2")) + "," + unit(edge("2")) + "," + unit())));
}

TEST_CASE("a graph cut off anywhere is an error, and so is text after it") {
  const std::string json = graph(unit(edge("1")) + "," + unit());
  for (std::size_t length = 0; length < json.size(); ++length) {
    INFO("the first " << length << " bytes");
    CHECK_FALSE(read_unit_graph(json.substr(0, length)));
  }
  CHECK(read_unit_graph(json + "\n"));
  CHECK(error_of(json + "{}").find("not JSON at byte") != std::string::npos);
  CHECK_FALSE(read_unit_graph(json + '\0'));
}

TEST_CASE("garbage gives a short message in valid UTF-8") {
  CHECK(error_of(R"({"version":1,"units":[{"mode":"\x)").find("units[0].mode: not JSON at byte") == 0);
  std::string long_token = R"({"version":1,"units":[{"mode":")";
  for (int i = 0; i < 10000; ++i) {
    long_token += "\xc3\xa4";
  }
  CHECK(error_of(long_token).size() < 400);
  CHECK(error_of("{\"version\":\xff").find("version: not JSON") == 0);
}

TEST_CASE("a chain of a hundred thousand units is read in one pass and walked without recursion") {
  constexpr int kUnits = 100000;
  std::string units;
  for (int i = 0; i < kUnits; ++i) {
    units += (i == 0 ? "" : ",") + unit(i + 1 < kUnits ? edge(std::to_string(i + 1)) : "");
  }
  const auto result = read_unit_graph(graph(units));
  REQUIRE(result);
  CHECK(result->units.size() == kUnits);
  CHECK(result->targets.size() == 1);
  CHECK(result->crate_names.size() == 1);
  CHECK(result->units[UnitId{kUnits - 2}].dependencies.capacity() == 1);
}
