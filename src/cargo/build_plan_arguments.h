// SPDX-License-Identifier: MIT OR Apache-2.0
// What the words of one rustc command of a build plan say of its unit: the way back from what plan/rustc_arguments
// writes. Knows the arguments that cargo gives, and refuses any other: it would be lost.
#pragma once

#include "base/result.h"
#include "cargo/unit_graph.h"

#include <cstddef>
#include <string>
#include <vector>

namespace pcargo::cargo {

/// What a command has of the arguments that cargo derives from `lto` for each unit (plan/lto.h goes the other way).
enum class LtoArguments { kNone, kNoBitcode, kLinkerPlugin, kOff, kRun };

struct RustcArguments {
  struct Extern {
    std::size_t argument = 0;  ///< its place among the words
    std::string name;
    std::string path;  ///< empty for a crate of the compiler's own: `--extern proc_macro`
    bool is_private = false;
    bool noprelude = false;
  };

  std::string crate_name;
  std::string edition = "2015";
  std::string source;                    ///< as given, perhaps relative
  std::vector<std::string> crate_types;  ///< empty in test mode
  std::vector<std::string> features;
  std::vector<Extern> externs;
  std::string target;  ///< empty: the host
  std::string out_dir;
  bool is_test = false;
  /// Cargo caps the lints of whatever is no path package.
  bool caps_lints = false;
  /// Cargo's own defaults where an argument is absent; without name and lto. Debuginfo that nothing is said of is not
  /// given.
  Profile profile;
  LtoArguments lto = LtoArguments::kNone;
  std::string lto_name;  ///< of kRun: "true", "thin", ...
};

/// `words` may begin with rustc itself, behind a wrapper, and end with `rustflags`, the user's own. An error's message
/// begins with the place: `args[7]: ...`.
Result<RustcArguments> read_rustc_arguments(const std::vector<std::string>& words,
                                            const std::vector<std::string>& rustflags);

}  // namespace pcargo::cargo
