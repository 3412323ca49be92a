// SPDX-License-Identifier: MIT OR Apache-2.0
// The digest of a large file, on every core. A build ends when its program is hashed: one thread takes some 35 ms for
// 70 MB, as long as all that cargo does after the last rustc.
#pragma once

#include "base/digest.h"
#include "platform/descriptor.h"

#include <cstdint>

namespace pcargo::platform {

/// Parts are of this size, the last of what is left.
inline constexpr std::uint64_t kPartBytes = std::uint64_t{8} * 1024 * 1024;

/// The SHA-256 of a regular file of one part; of a larger one, the SHA-256 of the digests of its parts in turn: no
/// digest that anybody else knows the file by. Errno, or 0 and the digest. The file is not to change meanwhile: who
/// asks looks at its stamp before and after.
int digest_of_parts(const Descriptor& file, Digest& digest);

}  // namespace pcargo::platform
