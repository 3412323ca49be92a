// SPDX-License-Identifier: MIT OR Apache-2.0
// That rustc takes a stub for an .rlib is tests/e2e/late_link.py's to say.
#include "execute/stub_rlib.h"

#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>

using pcargo::execute::stub_frame;
using pcargo::execute::write_stub_rlib;
using pcargo::support::TemporaryDirectory;

TEST_CASE("a stub is an archive with the metadata as its only member") {
  const TemporaryDirectory directory;
  const std::string head = "!<arch>\nlib.rmeta/      0           0     0     644     ";
  for (const std::string metadata : {"rust", "rust\n", ""}) {
    directory.write("libx.rmeta", metadata);
    REQUIRE(write_stub_rlib(directory / "libx.rmeta", directory / "libx.rlib"));
    const std::string size = std::to_string(metadata.size()) + "         `\n";
    CHECK(directory.read("libx.rlib") == head + size + metadata + (metadata.size() % 2 == 1 ? "\n" : ""));
  }
}

TEST_CASE("a stub of much metadata is whole") {
  const TemporaryDirectory directory;
  std::string metadata(3'000'001, 'm');
  metadata.back() = 'e';
  directory.write("libx.rmeta", metadata);
  REQUIRE(write_stub_rlib(directory / "libx.rmeta", directory / "libx.rlib"));
  CHECK(directory.read("libx.rlib") == stub_frame(metadata.size())->head + metadata + "\n");
}

TEST_CASE("metadata that an archive cannot say the size of have no stub") {
  CHECK(stub_frame(9'999'999'999)->head.size() == 68);
  CHECK_FALSE(stub_frame(10'000'000'000));
}

TEST_CASE("without metadata there is no stub") {
  const TemporaryDirectory directory;
  const auto written = write_stub_rlib(directory / "libx.rmeta", directory / "libx.rlib");
  REQUIRE_FALSE(written);
  CHECK(written.error().message.find("libx.rmeta") != std::string::npos);
  CHECK(std::filesystem::is_empty(directory.path()));
}
