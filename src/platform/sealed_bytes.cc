// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/sealed_bytes.h"

#include "base/byte_coding.h"
#include "platform/sha256.h"

namespace pcargo::platform {
namespace {

constexpr std::size_t kDigestSize = sizeof(Digest::bytes);

}  // namespace

std::string seal(std::string_view magic, std::uint32_t epoch, std::string_view payload) {
  ByteWriter header;
  header.number(epoch);
  header.number(std::uint64_t{payload.size()});
  std::string bytes(magic);
  bytes += header.bytes();
  bytes += payload;
  ByteWriter digest;
  digest.digest(sha256(bytes));
  return bytes + digest.bytes();
}

std::optional<std::string_view> unseal(std::string_view magic, std::uint32_t epoch, std::string_view bytes) {
  const std::size_t header_size = magic.size() + sizeof(epoch) + sizeof(std::uint64_t);
  if (bytes.size() < header_size + kDigestSize) {
    return std::nullopt;
  }
  ByteReader header(bytes);
  const std::string_view found_magic = header.take(magic.size());
  std::uint32_t found_epoch = 0;
  std::uint64_t size = 0;
  header.number(found_epoch);
  header.number(size);
  if (found_magic != magic || found_epoch != epoch || size != bytes.size() - header_size - kDigestSize) {
    return std::nullopt;
  }
  Digest digest;
  ByteReader(bytes.substr(header_size + size)).digest(digest);
  if (sha256(bytes.substr(0, header_size + size)) != digest) {
    return std::nullopt;
  }
  return bytes.substr(header_size, size);
}

std::optional<std::uint32_t> sealed_epoch(std::string_view magic, std::string_view bytes) {
  if (!bytes.starts_with(magic)) {
    return std::nullopt;
  }
  ByteReader header(bytes.substr(magic.size()));
  std::uint32_t epoch = 0;
  header.number(epoch);
  return header.is_good() ? std::optional(epoch) : std::nullopt;
}

}  // namespace pcargo::platform
