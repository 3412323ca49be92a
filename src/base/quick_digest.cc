// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/quick_digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

namespace pcargo {

QuickDigest quick_digest(std::string_view bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  QuickDigest digest{};
  static_assert(sizeof canonical.digest == sizeof digest);
  std::memcpy(digest.data(), canonical.digest, sizeof digest);
  return digest;
}

}  // namespace pcargo
