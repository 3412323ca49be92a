// SPDX-License-Identifier: MIT OR Apache-2.0
// What kind of thing a line on rustc's stderr is. The line is input from outside: anything may be in it.
#pragma once

#include <string>
#include <string_view>

namespace pcargo::execute {

struct RustcMessage {
  enum class Kind {
    kNotJson,         ///< to be passed through
    kArtifact,        ///< `artifact` was written
    kFutureIncompat,  ///< a future-incompat report
    kDiagnostic,      ///< any other JSON object
  };
  Kind kind = Kind::kNotJson;
  std::string artifact = {};
};

RustcMessage classify_rustc_line(std::string_view line);

}  // namespace pcargo::execute
