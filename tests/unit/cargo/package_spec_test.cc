// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/package_spec.h"

#include <catch2/catch.hpp>

using namespace pcargo::cargo;

namespace {

void check(const char* id, SourceKind source, const char* url, const char* name, const char* version) {
  INFO(id);
  const auto spec = parse_package_spec(id);
  REQUIRE(spec);
  CHECK(spec->source == source);
  CHECK(spec->url == url);
  CHECK(spec->name == name);
  CHECK(spec->version == version);
}

}  // namespace

TEST_CASE("ids of older unit graphs come into URL form") {
  CHECK(to_url_form("app 0.1.0 (path+file:///w/app)") == "path+file:///w/app#0.1.0");
  CHECK(to_url_form("app 0.1.0 (path+file:///w/x (y))") == "path+file:///w/x (y)#app@0.1.0");
  CHECK(to_url_form("a 1.0.0-b (registry+https://github.com/rust-lang/crates.io-index)") ==
        "registry+https://github.com/rust-lang/crates.io-index#a@1.0.0-b");
  CHECK(to_url_form("a 1.0.0 (git+https://h/x/a?rev=1#0123)") == "git+https://h/x/a?rev=1#1.0.0");
  for (const char* id : {"path+file:///w/a (b)#a@0.1.0", "path+file:///w#a@1.0.0", "", " (", "a (b)", "a ()"}) {
    CHECK(to_url_form(id) == id);
  }
}

TEST_CASE("package ids name source, package and version") {
  check("path+file:///w/app#0.1.0", SourceKind::kPath, "file:///w/app", "app", "0.1.0");
  check("path+file:///w/dir#app@0.1.0", SourceKind::kPath, "file:///w/dir", "app", "0.1.0");
  check("registry+https://github.com/rust-lang/crates.io-index#a-b@1.2.3-beta.1+meta",
        SourceKind::kRegistry,
        "https://github.com/rust-lang/crates.io-index",
        "a-b",
        "1.2.3-beta.1+meta");
  check("sparse+https://example.com/index/#x@1.0.0",
        SourceKind::kRegistry,
        "sparse+https://example.com/index/",
        "x",
        "1.0.0");
  check("git+https://example.com/repo?branch=main#1.0.0",
        SourceKind::kGit,
        "https://example.com/repo?branch=main",
        "repo",
        "1.0.0");
  check("git+ssh://git@example.com/repo.git?rev=a1#x@1.0.0",
        SourceKind::kGit,
        "ssh://git@example.com/repo.git?rev=a1",
        "x",
        "1.0.0");
}

TEST_CASE("what is no package id is refused by name") {
  for (const char* id : {"",
                         "app",
                         "path+file:///w/app",
                         "path+file:///w#",
                         "path+file:///w#app@",
                         "registry+#x@1.0.0",
                         "ftp+https://x#x@1.0.0",
                         "path+file:///w#@1.0.0",
                         "path+file:///w#app"}) {
    INFO(id);
    const auto spec = parse_package_spec(id);
    REQUIRE_FALSE(spec);
    CHECK(spec.error().message == "package id `" + std::string(id) + "` is not a URL with a name and a version");
  }
}

TEST_CASE("file URLs lose their percent escapes") {
  CHECK(path_of_file_url("file:///w/sp%20ace/%C3%A4") == "/w/sp ace/\xc3\xa4");
  CHECK(path_of_file_url("file:///w/100%/%zz") == "/w/100%/%zz");
  CHECK(path_of_file_url("https://w") == "");
}

TEST_CASE("an id goes back into the form of older cargos, a git source with its commit") {
  for (const char* id : {"app 0.1.0 (path+file:///w/app)",
                         "a-b 1.2.3-beta.1+meta (registry+https://github.com/rust-lang/crates.io-index)",
                         "x 1.0.0 (sparse+https://example.com/index/)"}) {
    const auto spec = parse_package_spec(to_url_form(id));
    REQUIRE(spec);
    CHECK(to_older_form(*spec, "") == id);
  }
  const auto git = parse_package_spec("git+https://example.com/repo?branch=main#x@1.0.0");
  REQUIRE(git);
  CHECK(to_older_form(*git, "0123abc") == "x 1.0.0 (git+https://example.com/repo?branch=main#0123abc)");
}
