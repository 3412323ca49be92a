// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/build_script_output.h"

#include "cargo/text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace pcargo::cargo {
namespace {

constexpr std::string_view kDocumentation =
    "See https://doc.rust-lang.org/cargo/reference/build-scripts.html#outputs-of-the-build-script for more information "
    "about build script outputs.";

/// Keys of the old `cargo:` syntax; after it any other key is metadata. No key may ever be added.
constexpr std::string_view kReservedPrefixes[] = {
    "rustc-flags=",
    "rustc-link-lib=",
    "rustc-link-search=",
    "rustc-link-arg-cdylib=",
    "rustc-cdylib-link-arg=",
    "rustc-link-arg-bins=",
    "rustc-link-arg-bin=",
    "rustc-link-arg-tests=",
    "rustc-link-arg-benches=",
    "rustc-link-arg-examples=",
    "rustc-link-arg=",
    "rustc-cfg=",
    "rustc-check-cfg=",
    "rustc-env=",
    "warning=",
    "rerun-if-changed=",
    "rerun-if-env-changed=",
};

bool has_reserved_prefix(std::string_view data) {
  return std::any_of(std::begin(kReservedPrefixes), std::end(kReservedPrefixes), [&](std::string_view prefix) {
    return text::strip_prefix(data, prefix).has_value();
  });
}

/// Would a package that supports Rust `msrv` ("1", "1.70", "1.70.1") also run on 1.77.0 as its oldest (^1.77.0)?
bool knows_new_syntax(std::string_view msrv) {
  std::uint64_t parts[3] = {0, 0, 0};
  for (std::uint64_t& part : parts) {
    const auto [end, error] = std::from_chars(msrv.data(), msrv.data() + msrv.size(), part);
    msrv.remove_prefix(static_cast<std::size_t>(end - msrv.data()));
    if (error != std::errc() || msrv.empty() || msrv.front() != '.') {
      break;
    }
    msrv.remove_prefix(1);
  }
  return parts[0] == 1 && parts[1] >= 77;
}

Error mistake(std::string message) {
  return {ErrorKind::kCommandFailed, std::move(message)};
}

class Parser {
 public:
  explicit Parser(const BuildScriptContext& context)
      : context_(context), whence_("build script of `" + context.package_description + "`") {}

  Result<void> read_line(std::string_view line);
  BuildScriptOutput take_output() && { return std::move(output_); }

 private:
  struct Directive {
    std::string_view line;
    std::string_view prefix;  ///< "cargo:" or "cargo::"
    std::string_view key;
    std::string value;

    std::string name() const { return std::string(prefix) + std::string(key); }
  };

  Result<void> check_minimum_rust_version(std::string_view data) const;
  Error without_equals_sign(std::string_view line, std::string_view syntax) const;
  bool has_target(TargetKind kind, std::string_view name = {}) const;
  Result<void> apply(Directive directive);
  Result<void> apply_link_arg(Directive& directive);
  Result<void> add_for_targets(Directive& directive, LinkArgTarget::Kind link_kind, TargetKind kind, const char* words);
  Result<void> add_for_single_bin(const Directive& directive);
  void add_for_cdylib(Directive& directive);
  Result<void> add_flags(std::string_view value);
  Result<void> add_variable(const std::string& value);
  Result<void> refuse_bootstrap(std::string_view value);
  Result<void> add_metadata(const Directive& directive);
  void warn(std::string text) {
    output_.log_messages.emplace_back(BuildScriptOutput::Severity::kWarning, std::move(text));
  }

  const BuildScriptContext& context_;
  std::string whence_;
  BuildScriptOutput output_;
};

Result<void> Parser::read_line(std::string_view line) {
  if (!text::is_utf8(line)) {
    return {};
  }
  line = text::trim(line);
  Directive directive{line, {}, {}, {}};
  std::string_view data;
  if (auto new_syntax = text::strip_prefix(line, "cargo::"); new_syntax && context_.capabilities.has_double_colon) {
    directive.prefix = "cargo::";
    data = *new_syntax;
    PCARGO_TRY(check_minimum_rust_version(data));
  } else if (auto old_syntax = text::strip_prefix(line, "cargo:")) {
    directive.prefix = "cargo:";
    data = *old_syntax;
  } else {
    return {};
  }
  std::string_view value = data;
  if (directive.prefix == "cargo:" && !has_reserved_prefix(data)) {
    directive.key = "metadata";
  } else {
    const auto parts = text::split_once(data, '=');
    if (!parts) {
      return without_equals_sign(line, directive.prefix);
    }
    directive.key = parts->first;
    value = text::trim_end(parts->second);
  }
  // The target directory may have moved since the script ran.
  directive.value = text::replace_all(value, context_.old_out_dir, context_.out_dir);
  return apply(std::move(directive));
}

Result<void> Parser::check_minimum_rust_version(std::string_view data) const {
  if (!context_.rust_version || knows_new_syntax(*context_.rust_version)) {
    return {};
  }
  std::string suggestion;
  if (has_reserved_prefix(data)) {
    suggestion = "Switch to the old `cargo:" + std::string(data) + "` syntax (note the single colon).\n";
  } else if (auto metadata = text::strip_prefix(data, "metadata=")) {
    suggestion = "Switch to the old `cargo:" + std::string(*metadata) +
                 "` syntax instead of `cargo::" + std::string(data) + "` (note the single colon).\n";
  }
  return mistake(
      "the `cargo::` syntax for build script output instructions was added in Rust 1.77.0, but the minimum supported "
      "Rust version of `" +
      context_.package_description + "` is " + *context_.rust_version + ".\n" + suggestion +
      std::string(kDocumentation));
}

Error Parser::without_equals_sign(std::string_view line, std::string_view syntax) const {
  return mistake("invalid output in " + whence_ + ": `" + std::string(line) + "`\nExpected a line with `" +
                 std::string(syntax) + (context_.capabilities.has_double_colon ? "KEY=VALUE" : "key=value") +
                 "` with an `=` character, but none was found.\n" + std::string(kDocumentation));
}

bool Parser::has_target(TargetKind kind, std::string_view name) const {
  return std::any_of(context_.targets.begin(), context_.targets.end(), [&](const auto& target) {
    return target.first == kind && (name.data() == nullptr || target.second == name);
  });
}

Result<void> Parser::apply(Directive directive) {
  const std::string_view key = directive.key;
  std::string& value = directive.value;
  if (key == "rustc-flags") {
    return add_flags(value);
  }
  if (key == "rustc-env") {
    return add_variable(value);
  }
  if (key == "metadata") {
    return add_metadata(directive);
  }
  if (key == "rustc-check-cfg" && !context_.capabilities.has_script_check_cfg) {
    warn(directive.name() + " requires -Zcheck-cfg" + (context_.capabilities.has_check_cfg_output ? "=output" : "") +
         " flag");
    return {};
  }
  if (key == "error" && context_.capabilities.has_script_errors) {
    output_.log_messages.emplace_back(BuildScriptOutput::Severity::kError, std::move(value));
    return {};
  }
  if (key == "warning") {
    warn(std::move(value));
    return {};
  }
  static constexpr std::pair<std::string_view, std::vector<std::string> BuildScriptOutput::*> kLists[] = {
      {"rustc-link-lib", &BuildScriptOutput::library_links},
      {"rustc-link-search", &BuildScriptOutput::library_paths},
      {"rustc-cfg", &BuildScriptOutput::cfgs},
      {"rustc-check-cfg", &BuildScriptOutput::check_cfgs},
      {"rerun-if-changed", &BuildScriptOutput::rerun_if_changed},
      {"rerun-if-env-changed", &BuildScriptOutput::rerun_if_env_changed},
  };
  for (const auto& [name, list] : kLists) {
    if (name == key) {
      (output_.*list).push_back(std::move(value));
      return {};
    }
  }
  return apply_link_arg(directive);
}

Result<void> Parser::apply_link_arg(Directive& directive) {
  using Kind = LinkArgTarget::Kind;
  const std::string_view key = directive.key;
  if (key == "rustc-link-arg") {
    output_.linker_args.emplace_back(LinkArgTarget{Kind::kAll}, std::move(directive.value));
    return {};
  }
  if (key == "rustc-link-arg-cdylib" || key == "rustc-cdylib-link-arg") {
    add_for_cdylib(directive);
    return {};
  }
  if (key == "rustc-link-arg-bin") {
    return add_for_single_bin(directive);
  }
  if (key == "rustc-link-arg-bins") {
    return add_for_targets(directive, Kind::kBin, TargetKind::kBin, "bin");
  }
  if (key == "rustc-link-arg-tests") {
    return add_for_targets(directive, Kind::kTest, TargetKind::kTest, "test");
  }
  if (key == "rustc-link-arg-benches") {
    return add_for_targets(directive, Kind::kBench, TargetKind::kBench, "benchmark");
  }
  if (key == "rustc-link-arg-examples") {
    return add_for_targets(directive, Kind::kExample, TargetKind::kExample, "example");
  }
  return mistake("invalid output in " + whence_ + ": `" + std::string(directive.line) + "`\nUnknown key: `" +
                 std::string(key) + "`.\n" + std::string(kDocumentation));
}

Result<void> Parser::add_for_targets(Directive& directive,
                                     LinkArgTarget::Kind link_kind,
                                     TargetKind kind,
                                     const char* words) {
  if (!has_target(kind)) {
    return mistake("invalid instruction `" + directive.name() + "` from " + whence_ + "\nThe package " +
                   context_.package_description + " does not have a " + words + " target.");
  }
  output_.linker_args.emplace_back(LinkArgTarget{link_kind}, std::move(directive.value));
  return {};
}

Result<void> Parser::add_for_single_bin(const Directive& directive) {
  const auto parts = text::split_once(directive.value, '=');
  const std::string name = directive.name();
  if (!parts) {
    return mistake("invalid instruction `" + name + "=" + directive.value + "` from " + whence_ +
                   "\nThe instruction should have the form " + name + "=BIN=ARG");
  }
  const auto& [bin, argument] = *parts;
  if (!has_target(TargetKind::kBin, bin)) {
    return mistake("invalid instruction `" + name + "` from " + whence_ + "\nThe package " +
                   context_.package_description + " does not have a bin target with the name `" + std::string(bin) +
                   "`.");
  }
  output_.linker_args.emplace_back(LinkArgTarget{LinkArgTarget::Kind::kSingleBin, std::string(bin)}, argument);
  return {};
}

void Parser::add_for_cdylib(Directive& directive) {
  if (!context_.has_cdylib) {
    warn(directive.name() + " was specified in the build script of " + context_.package_description +
         ", but that package does not contain a cdylib target\n\nAllowing this was an unintended change in the 1.50 "
         "release, and may become an error in the future. For more information, see "
         "<https://github.com/rust-lang/cargo/issues/9562>.");
  }
  output_.linker_args.emplace_back(LinkArgTarget{LinkArgTarget::Kind::kCdylib}, std::move(directive.value));
}

Result<void> Parser::add_flags(std::string_view value) {
  value = text::trim(value);
  std::string_view rest = value;
  for (std::string_view flag = text::take_word(&rest); !flag.empty(); flag = text::take_word(&rest)) {
    const std::string_view kind = flag.substr(0, 2);
    if (kind != "-l" && kind != "-L") {
      return mistake((context_.capabilities.mistakes_begin_small ? "o" : "O") +
                     std::string("nly `-l` and `-L` flags are allowed in ") + whence_ + ": `" + std::string(value) +
                     "`");
    }
    std::string_view argument = flag.substr(2);
    if (argument.empty()) {
      argument = text::take_word(&rest);
    }
    if (argument.empty()) {
      // Cargo means to print the flags here and prints an empty text.
      return mistake("flag in rustc-flags has no value in " + whence_ + ": ");
    }
    (kind == "-l" ? output_.library_links : output_.library_paths).emplace_back(argument);
  }
  return {};
}

Result<void> Parser::add_variable(const std::string& value) {
  const auto parts = text::split_once(value, '=');
  if (!parts) {
    return mistake("Variable rustc-env has no value in " + whence_ + ": " + value);
  }
  if (parts->first == "RUSTC_BOOTSTRAP") {
    return refuse_bootstrap(parts->second);
  }
  output_.env.emplace_back(parts->first, parts->second);
  return {};
}

Result<void> Parser::refuse_bootstrap(std::string_view value) {
  bool is_allowed = context_.nightly_features_allowed;
  if (context_.library_name && context_.rustc_bootstrap) {
    std::string_view names = *context_.rustc_bootstrap;
    for (auto parts = text::split_once(names, ','); parts; parts = text::split_once(names, ',')) {
      is_allowed = is_allowed || parts->first == *context_.library_name;
      names = parts->second;
    }
    is_allowed = is_allowed || names == *context_.library_name;
  }
  const bool is_small = context_.capabilities.mistakes_begin_small;
  std::string message = std::string(is_small ? "cannot" : "Cannot") + " set `RUSTC_BOOTSTRAP=" + std::string(value) +
                        "` from " + whence_ + ".\nnote: " + (is_small ? "crates" : "Crates") +
                        " cannot set `RUSTC_BOOTSTRAP` themselves, as doing so would subvert the "
                        "stability guarantees of Rust for your project.";
  if (is_allowed) {
    warn(std::move(message));
    return {};
  }
  return mistake(message +
                 "\nhelp: If you're sure you want to do this in your project, set the environment variable "
                 "`RUSTC_BOOTSTRAP=" +
                 context_.library_name.value_or("1") + "` before running cargo instead.");
}

Result<void> Parser::add_metadata(const Directive& directive) {
  const auto parts = text::split_once(directive.value, '=');
  if (!parts) {
    return without_equals_sign(directive.line, directive.prefix == "cargo:" ? "cargo:" : "cargo::metadata=");
  }
  output_.metadata.emplace_back(parts->first, text::trim_end(parts->second));
  return {};
}

bool is_any_test(CompileMode mode) {
  return mode == CompileMode::kTest || mode == CompileMode::kCheckTest || mode == CompileMode::kDoctest;
}

}  // namespace

bool LinkArgTarget::applies_to(const Target& target, CompileMode mode) const {
  switch (kind) {
    case Kind::kAll:
      return true;
    case Kind::kCdylib:
      return !is_any_test(mode) && target.is_library() && target.has_crate_type("cdylib");
    case Kind::kBin:
      return target.is_bin();
    case Kind::kSingleBin:
      return target.is_bin() && target.name == bin;
    case Kind::kTest:
      return target.is_test();
    case Kind::kBench:
      return target.is_bench();
    case Kind::kExample:
      return target.is_example() && target.is_executable();
  }
  return false;
}

Result<BuildScriptOutput> parse_build_script_output(std::string_view stdout_text, const BuildScriptContext& context) {
  Parser parser(context);
  while (!stdout_text.empty()) {
    PCARGO_TRY(parser.read_line(text::take_line(&stdout_text)));
  }
  return std::move(parser).take_output();
}

}  // namespace pcargo::cargo
