// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/build_plan_arguments.h"

#include "cargo/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace pcargo::cargo {
namespace {

using Words = std::vector<std::string>;

std::string in_quotes(std::string_view text) {
  return nlohmann::json(text).dump();
}

class ArgumentReader {
 public:
  ArgumentReader(const Words& words, const Words& rustflags) : words_(words), rustflags_(rustflags) {
    read_.profile.debuginfo_is_given = false;
  }

  Result<RustcArguments> read() {
    PCARGO_TRY(find_ends());
    while (next_ < end_) {
      PCARGO_TRY(read_argument());
    }
    if (read_.source.empty()) {
      return Error{ErrorKind::kInput, "args: no source file"};
    }
    set_checks();
    return std::move(read_);
  }

 private:
  /// rustc and its wrappers before what cargo says, the user's flags behind it.
  Result<void> find_ends() {
    constexpr std::ptrdiff_t kMostWrapped = 2;  // the workspace's wrapper and rustc behind the wrapper
    const auto first = std::find(words_.begin(), words_.end(), "--crate-name");
    const auto is_option = [](const std::string& word) { return word.empty() || word.front() == '-'; };
    if (first == words_.end() || first - words_.begin() > kMostWrapped ||
        std::any_of(words_.begin(), first, is_option)) {
      return Error{ErrorKind::kInput, "args: not a rustc command of cargo's (it has to begin with --crate-name)"};
    }
    next_ = static_cast<std::size_t>(first - words_.begin());
    end_ = words_.size();
    if (end_ - next_ < rustflags_.size() || !std::equal(rustflags_.rbegin(), rustflags_.rend(), words_.rbegin())) {
      return Error{ErrorKind::kInput, "args: does not end with the rustflags of this build"};
    }
    end_ -= rustflags_.size();
    return {};
  }

  Result<void> read_argument() {
    at_ = next_++;
    const std::string& word = words_[at_];
    if (word.empty() || word.front() != '-') {
      return set_once(&read_.source, word);
    }
    if (word == "-C" || word == "-Z" || word == "-L") {
      PCARGO_ASSIGN(const std::string* value, take_value());
      return word == "-C" ? read_codegen(*value) : word == "-Z" ? read_unstable(*value) : read_search_path(*value);
    }
    if (const auto edition = text::strip_prefix(word, "--edition=")) {
      read_.edition = *edition;
      return {};
    }
    if (word == "--test") {
      read_.is_test = true;
      return {};
    }
    // Made anew for each command; lints come from the manifest.
    for (const char* prefix : {"--error-format=",
                               "--json=",
                               "--emit=",
                               "--diagnostic-width=",
                               "--allow=",
                               "--warn=",
                               "--deny=",
                               "--forbid="}) {
      if (text::strip_prefix(word, prefix)) {
        return {};
      }
    }
    return word == "-Zunstable-options" ? Result<void>() : read_option(word);
  }

  Result<void> read_option(const std::string& word) {
    static constexpr std::string_view kWithValue[] = {
        "--crate-name", "--crate-type", "--cfg", "--check-cfg", "--out-dir", "--target", "--extern", "--cap-lints"};
    if (std::find(std::begin(kWithValue), std::end(kWithValue), word) == std::end(kWithValue)) {
      return mistake("unknown argument " + in_quotes(word));
    }
    PCARGO_ASSIGN(const std::string* value, take_value());
    if (word == "--crate-name") {
      return read_crate_name(*value);
    }
    if (word == "--crate-type") {
      read_.crate_types.push_back(*value);
    } else if (word == "--cfg") {
      return read_cfg(*value);
    } else if (word == "--target") {
      return set_once(&read_.target, *value);
    } else if (word == "--out-dir") {
      return set_once(&read_.out_dir, *value);
    } else if (word == "--extern") {
      return read_extern(*value);
    } else if (word == "--cap-lints") {
      read_.caps_lints = true;
    }
    return {};
  }

  Result<void> read_crate_name(const std::string& value) {
    const bool is_name = std::all_of(value.begin(), value.end(), [](unsigned char c) {
      return c == '_' || c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    if (value.empty() || !is_name) {
      return mistake(in_quotes(value) + " is no name of a crate");
    }
    return set_once(&read_.crate_name, value);
  }

  Result<void> read_cfg(const std::string& value) {
    constexpr std::string_view kFeature = "feature=\"";
    if (value == "test") {
      read_.is_test = true;
      return {};
    }
    if (value.substr(0, kFeature.size()) != kFeature || value.back() != '"' || value.size() < kFeature.size() + 2) {
      return mistake("unknown cfg " + in_quotes(value));
    }
    read_.features.push_back(value.substr(kFeature.size(), value.size() - kFeature.size() - 1));
    return {};
  }

  Result<void> read_extern(std::string_view value) {
    RustcArguments::Extern one;
    one.argument = at_;
    const std::size_t equals = value.find('=');
    std::string_view name = value.substr(0, equals);
    if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
      for (std::string_view options = name.substr(0, colon); !options.empty();) {
        const std::string_view option = options.substr(0, options.find(','));
        options.remove_prefix(std::min(options.size(), option.size() + 1));
        one.is_private |= option == "priv";
        one.noprelude |= option == "noprelude";
        if (option != "priv" && option != "noprelude") {
          return mistake("unknown option " + in_quotes(option));
        }
      }
      name.remove_prefix(colon + 1);
    }
    one.name = name;
    one.path = equals == std::string_view::npos ? "" : value.substr(equals + 1);
    if (one.name.empty() || (one.path.empty() && value != "proc_macro")) {
      return mistake(in_quotes(value) + " has no name or no path");
    }
    read_.externs.push_back(std::move(one));
    return {};
  }

  Result<void> read_codegen(std::string_view value) {
    const std::size_t equals = value.find('=');
    const std::string_view name = value.substr(0, equals);
    const std::optional<std::string_view> given =
        equals == std::string_view::npos ? std::nullopt : std::optional(value.substr(equals + 1));
    // What the names of files and the order of work are made of is ours.
    for (std::string_view ours : {"metadata", "extra-filename", "linker", "prefer-dynamic"}) {
      if (name == ours) {
        return {};
      }
    }
    if (name == "lto" || name == "linker-plugin-lto" || name == "embed-bitcode") {
      return read_lto(value, name, given);
    }
    Profile& profile = read_.profile;
    if (name == "rpath" && !given) {
      profile.rpath = true;
      return {};
    }
    if (!given || given->empty()) {
      return unknown_codegen(value);
    }
    if (name == "incremental") {
      profile.incremental = true;
      return {};
    }
    if (name == "opt-level") {
      return set_one_of(&profile.opt_level, *given, {"0", "1", "2", "3", "s", "z"});
    }
    if (name == "debuginfo") {
      PCARGO_TRY(set_one_of(&debuginfo_, *given, {"0", "1", "2", "line-tables-only", "line-directives-only"}));
      profile.debuginfo = debuginfo_;
      profile.debuginfo_is_given = true;
      profile.debuginfo_is_integer = debuginfo_.size() == 1;
      return {};
    }
    if (name == "panic") {
      profile.panic.clear();
      return set_one_of(&profile.panic, *given, {"unwind", "abort"});
    }
    if (name == "strip") {
      profile.strip.value.clear();
      return set_one_of(&profile.strip.value, *given, {"debuginfo", "symbols"});
    }
    if (name == "split-debuginfo") {
      return set_one_of(&profile.split_debuginfo.emplace(), *given, {"off", "packed", "unpacked"});
    }
    if (name == "debug-assertions") {
      return set_one_of(&debug_assertions_, *given, {"on", "off"});
    }
    if (name == "overflow-checks") {
      return set_one_of(&overflow_checks_, *given, {"on", "off"});
    }
    return name == "codegen-units" ? read_codegen_units(*given) : unknown_codegen(value);
  }

  Result<void> read_codegen_units(std::string_view given) {
    std::uint32_t units = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), units);
    if (error != std::errc() || end != given.data() + given.size() || read_.profile.codegen_units) {
      return unknown_codegen("codegen-units=" + std::string(given));
    }
    read_.profile.codegen_units = units;
    return {};
  }

  /// `embed-bitcode=no` stands alone or behind `lto=off`.
  Result<void> read_lto(std::string_view value, std::string_view name, std::optional<std::string_view> given) {
    const LtoArguments before = read_.lto;
    if (value == "embed-bitcode=no" && before == LtoArguments::kOff) {
      return {};
    }
    if (before != LtoArguments::kNone) {
      return mistake(in_quotes(value) + " does not go with what is before it");
    }
    if (value == "embed-bitcode=no") {
      read_.lto = LtoArguments::kNoBitcode;
    } else if (value == "linker-plugin-lto") {
      read_.lto = LtoArguments::kLinkerPlugin;
    } else if (value == "lto=off") {
      read_.lto = LtoArguments::kOff;
    } else if (name == "lto" && (!given || !given->empty())) {
      read_.lto = LtoArguments::kRun;
      read_.lto_name = given.value_or("true");
    } else {
      return unknown_codegen(value);
    }
    return {};
  }

  Result<void> read_unstable(std::string_view value) {
    if (value == "unstable-options") {
      return {};
    }
    if (const auto backend = text::strip_prefix(value, "codegen-backend="); backend && !backend->empty()) {
      return set_once(&read_.profile.codegen_backend.emplace(), *backend);
    }
    return mistake("unknown argument " + in_quotes("-Z " + std::string(value)));
  }

  /// Build scripts' own come only when they have run.
  Result<void> read_search_path(std::string_view value) {
    return text::strip_prefix(value, "dependency=") ? Result<void>()
                                                    : mistake("unknown search path " + in_quotes(value));
  }

  /// The two checks follow the optimisation level and each other where nothing is said.
  void set_checks() {
    Profile& profile = read_.profile;
    if (profile.opt_level.empty()) {
      profile.opt_level = "0";
    }
    profile.debug_assertions = debug_assertions_.empty() ? profile.opt_level == "0" : debug_assertions_ == "on";
    profile.overflow_checks = overflow_checks_.empty() ? profile.debug_assertions : overflow_checks_ == "on";
  }

  Result<const std::string*> take_value() {
    if (next_ == end_) {
      return mistake(in_quotes(words_[at_]) + " has no value");
    }
    at_ = next_++;
    return &words_[at_];
  }

  Result<void> set_once(std::string* place, std::string_view value) const {
    if (value.empty() || !place->empty()) {
      return mistake(value.empty() ? "empty" : in_quotes(value) + " comes second");
    }
    *place = value;
    return {};
  }

  Result<void> set_one_of(std::string* place,
                          std::string_view value,
                          std::initializer_list<std::string_view> known) const {
    if (std::find(known.begin(), known.end(), value) == known.end()) {
      return mistake("unknown value " + in_quotes(value));
    }
    return set_once(place, value);
  }

  Error unknown_codegen(std::string_view value) const {
    return mistake("unknown argument " + in_quotes("-C " + std::string(value)));
  }

  Error mistake(const std::string& what) const {
    return {ErrorKind::kInput, "args[" + std::to_string(at_) + "]: " + what};
  }

  const Words& words_;
  const Words& rustflags_;
  std::size_t at_ = 0;  // the word being read
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  std::string debuginfo_;
  std::string debug_assertions_;
  std::string overflow_checks_;
  RustcArguments read_;
};

}  // namespace

Result<RustcArguments> read_rustc_arguments(const Words& words, const Words& rustflags) {
  return ArgumentReader(words, rustflags).read();
}

}  // namespace pcargo::cargo
