// SPDX-License-Identifier: MIT OR Apache-2.0
// What the fake compiler says on stderr, in the form of rustc 1.95's JSON.
#pragma once

#include <string>

namespace pcargo::fake_rustc {

std::string json_quoted(const std::string& text);

/// `emit` is rustc's word: "dep-info", "metadata", "link".
std::string artifact_notice(const std::string& path, const std::string& emit);

std::string error_diagnostic(const std::string& message);
std::string warning_diagnostic(const std::string& message);

/// Writes all of it to descriptor 2, in one piece where the pipe allows.
void say(const std::string& bytes);
void say_line(const std::string& line);

/// One write call a byte.
void say_byte_by_byte(const std::string& bytes);

}  // namespace pcargo::fake_rustc
