// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/true_paths.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using pcargo::execute::TruePath;
using pcargo::execute::with_true_paths;

namespace {

const std::vector<TruePath> kPaths{{"/b/gates/1/cc", "cc"}, {"/b/stubs", "/b/deps"}};

/// A diagnostic as rustc writes it: the same words in two keys.
std::string diagnostic(const std::string& message, const std::string& note) {
  const nlohmann::ordered_json json{{"$message_type", "diagnostic"},
                                    {"message", message},
                                    {"children", {{{"message", note}, {"level", "note"}}}},
                                    {"rendered", "\x1b[1merror\x1b[0m: " + message + "\n = note: " + note + "\n"}};
  return json.dump();
}

}  // namespace

TEST_CASE("a linker's failure names the true linker and real paths") {
  CHECK(with_true_paths(
            diagnostic("linking with `/b/gates/1/cc` failed: exit status: 1",
                       R"( "/b/gates/1/cc" "-m64" "/b/stubs/{liba-*,libb-*}.rlib" "-L" "/b/stubs" "-o" "/b/deps/app")"),
            kPaths) == diagnostic("linking with `cc` failed: exit status: 1",
                                  R"( "cc" "-m64" "/b/deps/{liba-*,libb-*}.rlib" "-L" "/b/deps" "-o" "/b/deps/app")"));
}

TEST_CASE("paths are found however they are quoted") {
  const std::string told = "/o\"dd b\\s\n\x01";
  const std::string meant = "/me\"ant\\\t\x1f";
  const std::vector<TruePath> paths{{told, meant}};
  const auto line = diagnostic("in " + told + "/x", R"("/o\"dd b\\s\n\u{1}/x")");
  CHECK(with_true_paths(line, paths) == diagnostic("in " + meant + "/x", R"("/me\"ant\\\t\u{1f}/x")"));
  CHECK(with_true_paths("no JSON: " + told, paths) == "no JSON: " + meant);
}

TEST_CASE("other names stay") {
  for (const std::string line :
       {"/b/stubs-old/x", "/b/gates/1/cc1", "/b/stubs_", "/b/stub", "", "{\"message\":\"/b/gates/1\"}"}) {
    CHECK(with_true_paths(line, kPaths) == line);
  }
}
