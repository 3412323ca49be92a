// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/sha256.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <string>

using namespace pcargo;
using namespace pcargo::platform;
using pcargo::support::TemporaryDirectory;

TEST_CASE("the digests of the standard's examples") {
  CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256(std::string(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("pieces hash as the whole, fields do not run into each other") {
  Sha256 pieces;
  pieces.update("a");
  pieces.update("");
  pieces.update("bc");
  CHECK(pieces.finish() == sha256("abc"));
  const auto fields = [](std::string_view first, std::string_view second) {
    Sha256 hash;
    hash.update_field(first);
    hash.update_field(second);
    return hash.finish();
  };
  CHECK(fields("a", "bc") != fields("ab", "c"));
  CHECK(fields("", "abc") != fields("abc", ""));
  CHECK(fields("a", "bc") == fields("a", "bc"));
}

TEST_CASE("a file hashes as its bytes, behind a link too") {
  const TemporaryDirectory directory;
  const std::string large(200'001, 'x');
  directory.write("large", large);
  directory.write("empty", "");
  std::filesystem::create_symlink("large", directory / "link");
  CHECK(*sha256_of_file(directory / "large") == sha256(large));
  CHECK(*sha256_of_file(directory / "empty") == sha256(""));
  CHECK(*sha256_of_file(directory / "link") == sha256(large));
  Digest digest;
  CHECK(sha256_of_file(open_to_hash(directory / "link", Links::kOfTheLinkItself), digest) == ELOOP);
}

TEST_CASE("what is no file is an error and not a hang") {
  const TemporaryDirectory directory;
  REQUIRE(::mkfifo((directory / "fifo").c_str(), 0644) == 0);
  for (const std::string& path : {directory / "none", directory / "fifo", directory.path(), std::string("/dev/zero")}) {
    const auto digest = sha256_of_file(path);
    REQUIRE_FALSE(digest);
    CHECK(digest.error().message == "failed to read `" + path + "`");
  }
}
