// SPDX-License-Identifier: MIT OR Apache-2.0
// One line of rustc's JSON: what of it cargo shows, counts and folds (cargo: core/compiler/mod.rs,
// on_stderr_line_inner). Pure but for the set of what was already shown; prints nothing. The line is input from
// outside: anything may be in it.
#pragma once

#include "cargo/capabilities.h"
#include "cargo/unit_graph.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace pcargo::report {

/// A line as read for one of the two ways of showing diagnostics.
struct DiagnosticLine {
  enum class Kind : std::uint8_t {
    kNotJson,   ///< pass the line to stderr as it is
    kSilent,    ///< nothing to show: rustc's own summary ("aborting due to ..."), or an artifact notice
    kRendered,  ///< `text` is the rendered diagnostic without its last line break
    kMessage,   ///< `text` is the JSON to embed in a compiler-message
  };
  Kind kind = Kind::kNotJson;
  std::string text = {};
  std::string level = {};           ///< "warning", "error", ...; empty where the line has none
  bool is_lint = false;             ///< it has a code
  bool machine_applicable = false;  ///< some suggestion can be applied by a program
};

/// For human, short and json-render-diagnostics. JSON that is no diagnostic comes back as kMessage, as in cargo.
DiagnosticLine read_for_text(std::string_view line);

/// For the other JSON formats. Without `ansi` a diagnostic is written anew with colours taken out of `rendered`:
/// `rendered` first, then the other keys in order of their names, `code` last; one nested too deeply stays as it is.
DiagnosticLine read_for_json(std::string_view line, bool ansi, const cargo::Capabilities& capabilities = {});

/// What one unit has said so far. The first four are what was printed as text, for "generated N warnings"; the last two
/// are everything rustc reported, for "could not compile".
struct DiagnosticCounts {
  std::size_t shown_warnings = 0;  ///< duplicates included
  std::size_t duplicates = 0;
  std::size_t fixable = 0;
  bool may_suggest_fix = true;  ///< false from the first error on
  std::size_t warnings = 0;
  std::size_t errors = 0;

  void count_level(std::string_view level);
  /// A diagnostic given to the screen; `emitted`: it was no duplicate.
  void count_shown(const DiagnosticLine& diagnostic, bool emitted);
};

/// Remembers what was shown, over the whole build and all its units.
class DuplicateFilter {
 public:
  /// False if this very text was shown before.
  bool insert(std::string_view rendered);

 private:
  std::unordered_set<std::uint64_t> seen_;
};

/// What the summary depends on besides the counts.
struct SummaryContext {
  std::string_view package_name;
  const cargo::Target& target;
  cargo::CompileMode mode = cargo::CompileMode::kBuild;
  bool is_local = false;
  bool is_clippy = false;                       ///< the workspace wrapper is clippy-driver
  std::optional<std::string> clippy_args = {};  ///< the CLIPPY_ARGS variable
  cargo::Capabilities capabilities = {};
};

/// "`x` (lib) generated 2 warnings (1 duplicate) (run `cargo fix --lib -p x` to apply 1 suggestion)"; nullopt: no
/// warnings.
std::optional<std::string> warning_summary(const DiagnosticCounts& counts, const SummaryContext& context);

/// "could not compile `x` (bin "x") due to 2 previous errors; 1 warning emitted".
std::string failure_headline(const DiagnosticCounts& counts, const SummaryContext& context);

}  // namespace pcargo::report
