// SPDX-License-Identifier: MIT OR Apache-2.0
// SHA-256 of bytes and files, by OpenSSL. The library is touched at the first use only: a build with nothing to hash
// does not pay for it.
#pragma once

#include "base/digest.h"
#include "base/result.h"
#include "platform/descriptor.h"
#include "platform/file_stamp.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pcargo::platform {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  /// With its length before it, so that no two sequences of fields feed the same bytes.
  void update_field(std::string_view field);
  /// Once, and nothing after it.
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest sha256(std::string_view bytes);

/// Of a regular file's contents, behind symbolic links if need be. Opened without waiting: a FIFO or a device is an
/// error, not a hang.
Result<Digest> sha256_of_file(const std::string& path);

/// The same in two steps, of which the second may be another thread's, and the file may move between them. A file that
/// could not be opened is told by errno, so ask at once: an errno, or 0 and the digest.
Descriptor open_to_hash(const std::string& path, Links links);
int sha256_of_file(const Descriptor& file, Digest& digest);

/// Of at most `size` bytes from `begin` on, as many as there are.
int sha256_of_range(const Descriptor& file, std::uint64_t begin, std::uint64_t size, Digest& digest);

}  // namespace pcargo::platform
