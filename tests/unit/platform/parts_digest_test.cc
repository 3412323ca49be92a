// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/parts_digest.h"

#include "platform/sha256.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <cerrno>
#include <string>

using namespace pcargo;
using namespace pcargo::platform;
using pcargo::support::TemporaryDirectory;

namespace {

Digest parts_of(const std::string& path) {
  Digest digest;
  REQUIRE(digest_of_parts(open_to_hash(path, Links::kFollow), digest) == 0);
  return digest;
}

}  // namespace

TEST_CASE("a file of one part has its own digest") {
  const TemporaryDirectory directory;
  const std::string part(kPartBytes, 'x');
  directory.write("part", part);
  directory.write("empty", "");
  CHECK(parts_of(directory / "part") == sha256(part));
  CHECK(parts_of(directory / "empty") == sha256(""));
}

TEST_CASE("a larger file has that of its parts' digests, in turn") {
  const TemporaryDirectory directory;
  const std::string first(kPartBytes, 'x');
  const std::string second(kPartBytes, 'y');
  directory.write("file", first + second + "z");
  const Digest digests[] = {sha256(first), sha256(second), sha256("z")};
  Sha256 whole;
  for (const Digest& digest : digests) {
    whole.update(bytes_of(digest));
  }
  CHECK(parts_of(directory / "file") == whole.finish());
}

TEST_CASE("what is no file is an error") {
  const TemporaryDirectory directory;
  Digest digest;
  CHECK(digest_of_parts(open_to_hash(directory / "none", Links::kFollow), digest) == ENOENT);
  CHECK(digest_of_parts(open_to_hash(directory.path(), Links::kFollow), digest) == EISDIR);
}
