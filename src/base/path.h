// SPDX-License-Identifier: MIT OR Apache-2.0
// Lexical work on paths as byte strings. Nothing here looks at a disk.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pcargo::path {

bool is_absolute(std::string_view path);

/// `base`/`path`, or `path` itself when that is absolute. An empty `path` gives `base`.
std::string join(std::string_view base, std::string_view path);

/// Without the last component: "/a/b" -> "/a", "/a" -> "/", "a" -> "". The parent of "/" is "/".
std::string_view parent(std::string_view path);

/// The last component: "/a/b" -> "b".
std::string_view file_name(std::string_view path);

/// The file name without its last extension: "a/b.tar.gz" -> "b.tar".
std::string_view file_stem(std::string_view path);

/// Removes "." and ".." and repeated slashes, without asking a disk (as cargo's paths::normalize_path).
std::string normalize(std::string_view path);

/// Is `path` equal to `directory` or below it, component-wise?
bool is_within(std::string_view path, std::string_view directory);

/// `path` without the leading `directory` and its slash; nullopt if it does not lie there.
std::optional<std::string_view> strip_prefix(std::string_view path, std::string_view directory);

}  // namespace pcargo::path
