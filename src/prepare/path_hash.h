// SPDX-License-Identifier: MIT OR Apache-2.0
// The hash that cargo makes of a path where it names a directory after it. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace pcargo::prepare {

/// `Path` as Rust's standard library hashes it, by cargo's StableHasher (crate rustc-stable-hash 0.1: SipHasher128).
std::uint64_t stable_path_hash(std::string_view path);

}  // namespace pcargo::prepare
