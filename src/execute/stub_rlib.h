// SPDX-License-Identifier: MIT OR Apache-2.0
// A stub stands for an .rlib whose objects are not made yet: an archive with the metadata alone. That is all that rustc
// reads of a dependency before it links.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pcargo::execute {

/// What is before and after the bytes of an .rmeta of that size; nullopt for one that is too large for an archive.
struct StubFrame {
  std::string head;
  std::string_view tail;
};
std::optional<StubFrame> stub_frame(std::uint64_t metadata_size);

/// The .rmeta must come from the very run that makes the .rlib: rustc compares their hashes. Replaces what was at
/// `stub`.
Result<void> write_stub_rlib(const std::string& metadata, const std::string& stub);

}  // namespace pcargo::execute
