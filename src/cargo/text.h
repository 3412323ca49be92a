// SPDX-License-Identifier: MIT OR Apache-2.0
// Text as Rust's `str` sees it: UTF-8, with Unicode's white space. Cargo trims and splits with these rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pcargo::cargo::text {

bool is_utf8(std::string_view bytes);

std::string_view trim(std::string_view text);
std::string_view trim_end(std::string_view text);

/// Takes the next word off the front of `text`, with the white space before it; empty at the end.
std::string_view take_word(std::string_view* text);

/// Takes the next line off the front of `text`, without its "\n".
std::string_view take_line(std::string_view* text);

/// What is after `prefix`; nullopt if `text` does not begin with it.
std::optional<std::string_view> strip_prefix(std::string_view text, std::string_view prefix);

/// What is before and after the first `separator`; nullopt if there is none.
std::optional<std::pair<std::string_view, std::string_view>> split_once(std::string_view text, char separator);

std::string replace_all(std::string_view text, std::string_view old_part, std::string_view new_part);

}  // namespace pcargo::cargo::text
