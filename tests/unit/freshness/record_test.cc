// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/record.h"

#include "platform/sha256.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <random>
#include <string>

using namespace pcargo;
using namespace pcargo::freshness;

namespace {

constexpr std::size_t kHeaderSize = 20;
constexpr std::size_t kDigestSize = 32;

Look look(std::uint8_t seed) {
  Look look;
  look.stamp = {
      FileKind::kFile, 0100644U + seed, 1000U + seed, 0xfedcba9876543210U, 2049, -1 - seed, 1'700'000'000 + seed};
  look.digest.bytes.fill(seed);
  look.looked_at_ns = INT64_MAX - seed;
  look.is_placed = seed % 2 == 0;
  return look;
}

Record sample() {
  Record record;
  record.given = {{GivenField::Kind::kToolchain, "rustc", "1.95.0"},
                  {GivenField::Kind::kArgument, "", "--crate-name"},
                  {GivenField::Kind::kVariable, "CARGO_PKG_NAME", std::string("a\0b\xff\n", 5)},
                  {GivenField::Kind::kDirectory, "", "/work"},
                  {GivenField::Kind::kDependency, "serde", std::string(64, 'f')},
                  {GivenField::Kind::kScript, "app", ""}};
  record.inputs = {{"/work/src/lib.rs", look(1)}, {"/work/src/none.rs", {}}};
  record.variables = {{"SET", "value"}, {"EMPTY", ""}, {"UNSET", std::nullopt}};
  record.outputs = {{"/work/target/debug/deps/libapp.rlib", look(2)}};
  record.messages = {{Message::Kind::kDiagnostic, R"({"rendered":"warning"})"}, {Message::Kind::kStdoutLine, ""}};
  record.script_stdout = "cargo::rustc-cfg=x\n";
  record.out_dir = TreeLook{look(3).digest, {{"a/b", look(4)}, {"c", look(5)}}};
  record.package = TreeLook{};
  return record;
}

/// The right digest behind any header and payload: what the digest cannot refuse, the reader has to.
std::string with_digest(std::string bytes) {
  const Digest digest = platform::sha256(bytes);
  bytes.append(reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size());
  return bytes;
}

std::string with_header(const std::string& header_of, const std::string& payload) {
  std::string bytes = header_of.substr(0, kHeaderSize - 8);
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes += static_cast<char>(payload.size() >> shift & 0xff);
  }
  return with_digest(bytes + payload);
}

std::string payload_of(const std::string& bytes) {
  return bytes.substr(kHeaderSize, bytes.size() - kHeaderSize - kDigestSize);
}

/// Some bytes changed, some taken out, some put in.
std::string mutated(std::string bytes, std::mt19937& random) {
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  for (std::size_t changes = 1 + below(3); changes > 0 && !bytes.empty(); --changes) {
    const std::size_t place = below(bytes.size());
    switch (below(5)) {
      case 0:
        bytes[place] = static_cast<char>(below(256));
        break;
      case 1:
        bytes[place] = static_cast<char>(bytes[place] ^ 1 << below(8));
        break;
      case 2:
        bytes.erase(place, 1 + below(16));
        break;
      case 3:
        bytes.insert(place, 1 + below(16), static_cast<char>(below(256)));
        break;
      default:
        bytes.replace(place, 8, 8, '\xff');  // a length without end
        break;
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("a record is read as it was written") {
  CHECK(decode_record(encode_record(sample())) == sample());
  CHECK(decode_record(encode_record(Record())) == Record());
  Record other = sample();
  other.out_dir.reset();
  CHECK(decode_record(encode_record(other)) == other);
  CHECK(encode_record(other) != encode_record(sample()));
}

TEST_CASE("a record with any bit changed is none") {
  const std::string bytes = encode_record(sample());
  std::size_t believed = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
      believed += decode_record(damaged) ? 1 : 0;
    }
  }
  CHECK(believed == 0);
}

TEST_CASE("a record cut anywhere is none, and one with more behind it neither") {
  const std::string bytes = encode_record(sample());
  std::size_t believed = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    believed += decode_record(std::string_view(bytes).substr(0, size)) ? 1 : 0;
  }
  CHECK(believed == 0);
  CHECK_FALSE(decode_record(bytes + '\0'));
  CHECK_FALSE(decode_record(bytes + bytes));
}

TEST_CASE("a payload cut anywhere is none though its digest is right") {
  const std::string bytes = encode_record(sample());
  const std::string payload = payload_of(bytes);
  REQUIRE(with_header(bytes, payload) == bytes);
  std::size_t believed = 0;
  for (std::size_t size = 0; size < payload.size(); ++size) {
    believed += decode_record(with_header(bytes, payload.substr(0, size))) ? 1 : 0;
  }
  CHECK(believed == 0);
  CHECK_FALSE(decode_record(with_header(bytes, payload + '\0')));
}

TEST_CASE("a record of another epoch or kind of file is none though its digest is right") {
  const std::string bytes = encode_record(sample());
  const std::string signed_part = bytes.substr(0, bytes.size() - kDigestSize);
  REQUIRE(with_digest(signed_part) == bytes);
  for (std::size_t i = 0; i < kHeaderSize; ++i) {  // magic, epoch and length
    std::string foreign = signed_part;
    foreign[i] = static_cast<char>(foreign[i] + 1);
    INFO(i);
    CHECK_FALSE(decode_record(with_digest(foreign)));
  }
}

TEST_CASE("counts and lengths without end are refused before anything is made for them") {
  const std::string bytes = encode_record(Record());
  const std::string payload = payload_of(bytes);
  for (std::size_t i = 0; i + 8 <= payload.size(); ++i) {
    std::string endless = payload;
    endless.replace(i, 8, 8, '\xff');
    CHECK_FALSE(decode_record(with_header(bytes, endless)));
  }
}

TEST_CASE("10 000 mutations of a record are none, or exactly the record that has these bytes") {
  const std::string bytes = encode_record(sample());
  const std::string payload = payload_of(bytes);
  constexpr unsigned kSeed = 20240817;
  std::mt19937 random(kSeed);
  int believed = 0;
  for (int round = 0; round < 10'000; ++round) {
    INFO("seed " << kSeed << ", round " << round);
    const std::string damaged = mutated(bytes, random);
    if (damaged != bytes && decode_record(damaged)) {
      FAIL("a damaged record was believed");
    }
    const std::string other = with_header(bytes, mutated(payload, random));
    if (const auto record = decode_record(other)) {
      ++believed;
      if (encode_record(*record) != other) {
        FAIL("two payloads mean one record");
      }
    }
  }
  CHECK(believed > 100);  // or nothing behind the digest was tried
}
