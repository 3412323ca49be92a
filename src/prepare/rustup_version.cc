// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/rustup_version.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <functional>
#include <string_view>
#include <vector>

namespace pcargo::prepare {

bool names_toolchain_source(const std::string& proxy) {
  constexpr std::string_view kName = "RUSTUP_TOOLCHAIN_SOURCE";
  constexpr std::size_t kChunk = std::size_t{256} << 10;
  const std::boyer_moore_horspool_searcher searcher(kName.begin(), kName.end());

  std::filebuf file;
  file.pubsetbuf(nullptr, 0);
  if (file.open(proxy, std::ios::in | std::ios::binary) == nullptr) {
    return true;
  }
  // The end of one chunk is kept in front of the next: the name may lie across.
  std::vector<char> bytes(kName.size() + kChunk);
  std::size_t kept = 0;
  while (true) {
    auto count = file.sgetn(bytes.data() + kept, kChunk);
    if (count <= 0) {
      return false;
    }
    auto end = bytes.begin() + static_cast<std::ptrdiff_t>(kept) + count;
    if (std::search(bytes.begin(), end, searcher) != end) {
      return true;
    }
    kept = std::min(kName.size() - 1, static_cast<std::size_t>(end - bytes.begin()));
    std::memmove(bytes.data(), &*(end - static_cast<std::ptrdiff_t>(kept)), kept);
  }
}

}  // namespace pcargo::prepare
