// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/path.h"

#include <catch2/catch.hpp>

namespace path = pcargo::path;

TEST_CASE("join keeps absolute paths and empty ends") {
  CHECK(path::join("/a", "b") == "/a/b");
  CHECK(path::join("/a/", "b") == "/a/b");
  CHECK(path::join("/a", "/b") == "/b");
  CHECK(path::join("", "b") == "b");
  CHECK(path::join("/a", "") == "/a");
}

TEST_CASE("parent and file_name agree with dirname and basename") {
  CHECK(path::parent("/a/b") == "/a");
  CHECK(path::parent("/a") == "/");
  CHECK(path::parent("/") == "/");
  CHECK(path::parent("a") == "");
  CHECK(path::parent("/a/b/") == "/a");
  CHECK(path::file_name("/a/b/") == "b");
  CHECK(path::file_name("a") == "a");
  CHECK(path::file_stem("/a/b.tar.gz") == "b.tar");
  CHECK(path::file_stem(".hidden") == ".hidden");
}

TEST_CASE("normalize resolves dots without a disk") {
  CHECK(path::normalize("/a/./b/../c") == "/a/c");
  CHECK(path::normalize("/../a") == "/a");
  CHECK(path::normalize("../a/..") == "..");
  CHECK(path::normalize("a//b/") == "a/b");
}

TEST_CASE("is_within compares whole components") {
  CHECK(path::is_within("/a/b", "/a"));
  CHECK(path::is_within("/a", "/a/"));
  CHECK_FALSE(path::is_within("/ab", "/a"));
  CHECK(path::strip_prefix("/a/b/c", "/a") == "b/c");
  CHECK(path::strip_prefix("/a", "/a") == "");
  CHECK(path::strip_prefix("/x", "/") == "x");
  CHECK_FALSE(path::strip_prefix("/ab", "/a"));
}
