// SPDX-License-Identifier: MIT OR Apache-2.0
#include "gate/rewrite.h"

#include <catch2/catch.hpp>

using pcargo::gate::Replacement;
using pcargo::gate::rewrite_argument;
using pcargo::gate::rewrite_response;

namespace {

const std::vector<Replacement> kDirectories{{"/b/stubs", "/b/deps"}, {"/b/x/stubs", "/b/x/deps"}};

std::string argument(std::string_view text) {
  return rewrite_argument(text, kDirectories);
}

}  // namespace

TEST_CASE("a stub is replaced wherever a linker's argument holds a path") {
  CHECK(argument("/b/stubs/liba-1.rlib") == "/b/deps/liba-1.rlib");
  CHECK(argument("/b/x/stubs/liba-1.rlib") == "/b/x/deps/liba-1.rlib");
  CHECK(argument("/b/stubs") == "/b/deps");
  CHECK(argument("-L/b/stubs") == "-L/b/deps");
  CHECK(argument("-Wl,-rpath=/b/stubs") == "-Wl,-rpath=/b/deps");
  CHECK(argument("-Wl,-rpath,/b/stubs,-L/b/stubs,/b/stubs/a.rlib,/b/x/stubs/b.rlib,-z") ==
        "-Wl,-rpath,/b/deps,-L/b/deps,/b/deps/a.rlib,/b/x/deps/b.rlib,-z");
  CHECK(argument("@/b/stubs/list") == "@/b/deps/list");
}

TEST_CASE("what only looks like a stub stays") {
  for (const std::string text : {"/b/stubs-of-mine/a",
                                 "/b/stubs.old",
                                 "/a/b/stubs/a",
                                 "b/stubs/a",
                                 "/b/stub",
                                 "x/b/stubs",
                                 "-lb/stubs",
                                 "-XL/b/stubs",
                                 "",
                                 "--",
                                 "/b/deps/liba.rlib"}) {
    CHECK(argument(text) == text);
  }
}

TEST_CASE("paths with unusual bytes are replaced whole") {
  const std::vector<Replacement> odd{{"/a b/\"s\"\\", "/a b/\"d\"\\"}};
  CHECK(rewrite_argument("-L/a b/\"s\"\\", odd) == "-L/a b/\"d\"\\");
  CHECK(rewrite_response("/a\\ b/\"s\"\\\\/liba.rlib\n", odd) == "/a\\ b/\"d\"\\\\/liba.rlib\n");
}

TEST_CASE("in a response file each line is an argument") {
  CHECK(rewrite_response("-m64\n/b/stubs/a\\ b.rlib\n-Wl,--start-group,/b/stubs/c.rlib\n-L/b/stubs\n/a/b/stubs/d\n",
                         kDirectories) ==
        "-m64\n/b/deps/a\\ b.rlib\n-Wl,--start-group,/b/deps/c.rlib\n-L/b/deps\n/a/b/stubs/d\n");
  CHECK(rewrite_response("", kDirectories).empty());
}
