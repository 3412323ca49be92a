// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/parts_digest.h"

#include "platform/background.h"
#include "platform/sha256.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <future>
#include <thread>
#include <vector>

namespace pcargo::platform {
namespace {

/// What the threads share: each takes the next part until there is none.
struct Parts {
  const Descriptor& file;
  std::vector<Digest> digests;
  std::atomic<std::size_t> next{0};
  std::atomic<int> error{0};

  void work() {
    for (std::size_t part = next++; part < digests.size(); part = next++) {
      if (const int failure = sha256_of_range(file, part * kPartBytes, kPartBytes, digests[part]); failure != 0) {
        error = failure;
      }
    }
  }
};

}  // namespace

int digest_of_parts(const Descriptor& file, Digest& digest) {
  struct stat about {};
  const bool is_there = file && ::fstat(file.get(), &about) == 0;
  if (!is_there || !S_ISREG(about.st_mode) || static_cast<std::uint64_t>(about.st_size) <= kPartBytes) {
    return sha256_of_file(file, digest);
  }
  const std::uint64_t count = (static_cast<std::uint64_t>(about.st_size) + kPartBytes - 1) / kPartBytes;
  Parts parts{.file = file, .digests = std::vector<Digest>(count)};
  {
    std::vector<std::future<void>> helpers;  // each waited for when it goes
    const std::uint64_t threads = std::min<std::uint64_t>(std::thread::hardware_concurrency(), count);
    while (helpers.size() + 1 < threads) {
      auto helper = in_background([&] { parts.work(); });
      if (!helper) {
        break;
      }
      helpers.push_back(*std::move(helper));
    }
    parts.work();
  }
  if (parts.error != 0) {
    return parts.error;
  }
  Sha256 hash;
  for (const Digest& part : parts.digests) {
    hash.update(bytes_of(part));
  }
  digest = hash.finish();
  return 0;
}

}  // namespace pcargo::platform
