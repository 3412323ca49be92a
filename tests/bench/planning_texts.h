// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo's two texts for a build of any number of units. Each unit is a package of its own with a path, features and up
// to four edges, near ones and far ones, always below: no cycle.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace pcargo::bench {

inline std::string unit_name(std::uint32_t number) {
  return "unit" + std::to_string(number);
}

inline std::string package_directory(std::uint32_t number) {
  return "/h/registry/src/example.org-1949cf8c6b5b557f/" + unit_name(number) + "-1.0.0";
}

inline std::vector<std::uint32_t> units_below(std::uint32_t number) {
  if (number == 0) {
    return {};
  }
  const std::set<std::uint32_t> below = {number - 1, number - std::min(number, 3U), number / 2, number / 4};
  return {below.begin(), below.end()};
}

inline std::string graph_unit(std::uint32_t number) {
  const std::string name = unit_name(number);
  std::string edges;
  for (const std::uint32_t below : units_below(number)) {
    edges += (edges.empty() ? "" : ",") + std::string(R"({"index":)") + std::to_string(below) +
             R"(,"extern_crate_name":")" + unit_name(below) + R"(","public":false,"noprelude":false})";
  }
  return R"({"pkg_id":"registry+https://example.org/rust-lang/crates-io-index#)" + name +
         R"(@1.0.0","target":{"kind":["lib"],"crate_types":["lib"],"name":")" + name + R"(","src_path":")" +
         package_directory(number) +
         R"(/src/lib.rs","edition":"2021","doc":true,"doctest":true,"test":true},"profile":{"name":"dev",)"
         R"("opt_level":"0","lto":"false","codegen_backend":null,"codegen_units":null,"debuginfo":2,"split_debuginfo":)"
         R"(null,"debug_assertions":true,"overflow_checks":true,"rpath":false,"incremental":false,"panic":"unwind",)"
         R"("strip":{"deferred":"None"}},"platform":null,"mode":"build","features":["default","std"],"dependencies":[)" +
         edges + "]}";
}

inline std::string graph_text(std::uint32_t units) {
  std::string text = R"({"version":1,"units":[)";
  for (std::uint32_t i = 0; i < units; ++i) {
    text += (i == 0 ? "" : ",") + graph_unit(i);
  }
  return text + R"(],"roots":[)" + std::to_string(units - 1) + "]}";
}

inline std::string output(std::uint32_t number, const char* suffix) {
  return "/w/target/debug/deps/lib" + unit_name(number) + "-0123456789abcdef." + suffix;
}

inline std::string invocation(std::uint32_t number, bool is_root) {
  const std::string name = unit_name(number);
  const std::string directory = package_directory(number);
  std::string edges;
  std::string externs;
  for (const std::uint32_t below : units_below(number)) {
    edges += (edges.empty() ? "" : ",") + std::to_string(below);
    externs += R"("--extern",")" + unit_name(below) + "=" + output(below, "rmeta") + R"(",)";
  }
  return R"({"package_name":")" + name +
         R"(","package_version":"1.0.0","target_kind":["lib"],"kind":null,"compile_mode":"build","deps":[)" + edges +
         R"(],"outputs":[")" + output(number, "rlib") + R"(",")" + output(number, "rmeta") +
         R"("],"links":{},"program":"rustc","args":["--crate-name",")" + name + R"(","--edition=2021",")" + directory +
         R"(/src/lib.rs","--error-format=json","--json=diagnostic-rendered-ansi,artifacts,future-incompat",)"
         R"("--crate-type","lib","--emit=dep-info,metadata,link","-C","embed-bitcode=no","-C","debuginfo=2","--cfg",)"
         R"("feature=\"default\"","--cfg","feature=\"std\"","-C","metadata=0123456789abcdef","-C",)"
         R"("extra-filename=-0123456789abcdef","--out-dir","/w/target/debug/deps","-L",)"
         R"("dependency=/w/target/debug/deps",)" +
         externs + R"("--cap-lints","allow"],"env":{"CARGO":"/usr/bin/cargo","CARGO_CRATE_NAME":")" + name +
         R"(","CARGO_MANIFEST_DIR":")" + directory +
         R"(","CARGO_PKG_AUTHORS":"","CARGO_PKG_DESCRIPTION":"","CARGO_PKG_HOMEPAGE":"","CARGO_PKG_LICENSE":"MIT",)"
         R"("CARGO_PKG_LICENSE_FILE":"","CARGO_PKG_NAME":")" +
         name +
         R"(","CARGO_PKG_REPOSITORY":"","CARGO_PKG_RUST_VERSION":"","CARGO_PKG_VERSION":"1.0.0",)"
         R"("CARGO_PKG_VERSION_MAJOR":"1","CARGO_PKG_VERSION_MINOR":"0","CARGO_PKG_VERSION_PATCH":"0",)"
         R"("CARGO_PKG_VERSION_PRE":"",)" +
         (is_root ? R"("CARGO_PRIMARY_PACKAGE":"1",)" : "") +
         R"("LD_LIBRARY_PATH":"/w/target/debug/deps:/usr/lib"},"cwd":")" + directory + R"("})";
}

/// The last unit is the one that was asked for.
inline std::string build_plan_text(std::uint32_t units) {
  std::string text = R"({"invocations":[)";
  for (std::uint32_t i = 0; i < units; ++i) {
    text += (i == 0 ? "" : ",") + invocation(i, i + 1 == units);
  }
  return text + R"(],"inputs":[]})";
}

inline std::string lock_text(std::uint32_t units) {
  std::string text = "version = 3\n";
  for (std::uint32_t i = 0; i < units; ++i) {
    text += "\n[[package]]\nname = \"" + unit_name(i) +
            "\"\nversion = \"1.0.0\"\nsource = \"registry+https://example.org/rust-lang/crates-io-index\"\n";
  }
  return text;
}

}  // namespace pcargo::bench
