// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/rustflags.h"

#include "cargo/text.h"
#include "prepare/rustc_probe.h"
#include "prepare/target_config.h"

#include <iterator>

namespace pcargo::prepare {
namespace {

using Flags = std::vector<std::string>;

Flags split(const std::string& text, char separator) {
  Flags parts;
  std::size_t start = 0;
  while (true) {
    const auto end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string::npos) {
      return parts;
    }
    start = end + 1;
  }
}

/// A variable that is set but empty asks for no flags, and is heard.
std::optional<Flags> from_environment(const Environment& environment, const std::string& name) {
  if (const auto encoded = environment.get("CARGO_ENCODED_" + name)) {
    return encoded->empty() ? Flags() : split(*encoded, '\x1f');
  }
  const auto plain = environment.get(name);
  if (!plain) {
    return std::nullopt;
  }
  Flags flags;
  for (const std::string& part : split(*plain, ' ')) {
    if (const auto flag = cargo::text::trim(part); !flag.empty()) {
      flags.emplace_back(flag);
    }
  }
  return flags;
}

Result<Flags> list(const cargo::Config& config, const cargo::ConfigKey& key) {
  PCARGO_ASSIGN(auto found, config.get_string_list(key));
  return found ? std::move(found->value) : Flags();
}

Result<Flags> from_target(const cargo::Config& config, FlagKind kind, const FlagQuestion& question) {
  const std::string name = kind == FlagKind::kRustflags ? "rustflags" : "rustdocflags";
  PCARGO_ASSIGN(Flags flags, list(config, "target." + question.triple + "." + name));
  if (question.cfg == nullptr || kind == FlagKind::kRustdocflags) {
    return flags;
  }
  PCARGO_ASSIGN(auto tables, matching_cfg_tables(config, *question.cfg));
  for (const cargo::ConfigKey& table : tables) {
    PCARGO_ASSIGN(Flags more, list(config, table.child(name)));
    std::move(more.begin(), more.end(), std::back_inserter(flags));
  }
  return flags;
}

}  // namespace

Result<std::vector<std::string>> flags_for(const cargo::Config& config, FlagKind kind, const FlagQuestion& question) {
  if (question.is_host && question.target_requested) {
    return Flags();
  }
  const bool is_rustflags = kind == FlagKind::kRustflags;
  if (auto flags = from_environment(config.environment(), is_rustflags ? "RUSTFLAGS" : "RUSTDOCFLAGS")) {
    return *std::move(flags);
  }
  PCARGO_ASSIGN(auto flags, from_target(config, kind, question));
  if (!flags.empty()) {
    return flags;
  }
  return list(config, is_rustflags ? "build.rustflags" : "build.rustdocflags");
}

RustflagsFor rustflags_for_probes(const cargo::Config& config, bool target_requested) {
  return [&config, target_requested](
             const std::string& host, const std::optional<std::string>& target, const plan::TargetInfo* info) {
    FlagQuestion question;
    question.triple = target ? target_short_name(*target) : host;
    question.is_host = !target;
    question.target_requested = target_requested;
    question.cfg = info == nullptr ? nullptr : &info->cfg;
    return flags_for(config, FlagKind::kRustflags, question);
  };
}

}  // namespace pcargo::prepare
