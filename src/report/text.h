// SPDX-License-Identifier: MIT OR Apache-2.0
// Small text work that cargo's output needs: escapes, indentation, UTF-8. Knows nothing of builds or terminals.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

/// `text` without terminal escape sequences and control characters, as anstream strips it; line breaks and tabs stay.
/// `text` must be valid UTF-8. Every call starts afresh: an escape left open at the end of one text does not eat the
/// next.
std::string strip_ansi(std::string_view text);

/// `bytes` with every invalid UTF-8 sequence replaced by U+FFFD, as Rust's from_utf8_lossy does.
std::string to_valid_utf8(std::string_view bytes);

/// One line in which nothing moves the cursor or turns the text round, no wider than `columns`, which are at least one.
std::string tame(std::string_view text, std::size_t columns);

/// Columns that it fills on a terminal.
std::size_t width_of(std::string_view text);

/// Lines of words, none wider than `columns` but by a single word.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

/// Every line with two blanks in front and a line break behind; empty lines stay empty. What "Caused by:" uses.
std::string indented_lines(std::string_view text);

/// "0.55s" (truncated, not rounded) below a minute, "1m 05s" from there.
std::string format_elapsed(std::chrono::nanoseconds elapsed);

/// Appends `text` as a JSON string with quotes, escaped as serde_json does. Invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string* json, std::string_view text);

/// How deep arrays and objects nest in a JSON text; strings are skipped. Not a validator.
std::size_t json_depth(std::string_view json);

/// Columns of a terminal that the code point fills: 0, 1 or 2 (approximates the unicode-width crate).
int display_width(char32_t code_point);

/// Takes one code point off the front of valid UTF-8.
char32_t take_code_point(std::string_view* text);

}  // namespace pcargo::report
