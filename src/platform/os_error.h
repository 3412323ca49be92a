// SPDX-License-Identifier: MIT OR Apache-2.0
// What the system said no to, in words: strerror with the number, as Rust's standard library (and so cargo) prints it.
#pragma once

#include "base/result.h"

#include <string>

namespace pcargo::platform {

/// "No such file or directory (os error 2)"
std::string os_error_text(int error_number);

/// An Error of kind kEnvironment: `doing` is the message, the system's text its cause.
Error os_error(int error_number, std::string doing);

}  // namespace pcargo::platform
