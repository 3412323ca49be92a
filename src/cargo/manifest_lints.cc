// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/manifest_lints.h"

#include "cargo/manifest_fields.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace pcargo::cargo {
namespace {

struct Lint {
  std::int64_t priority = 0;
  std::string_view name;
  std::string option;

  /// Ascending by priority, then descending by name: groups such as `all` come to stand last.
  bool operator<(const Lint& other) const {
    return std::tie(priority, other.name, option) < std::tie(other.priority, name, other.option);
  }
};

bool is_level(std::string_view text) {
  return text == "forbid" || text == "deny" || text == "warn" || text == "allow";
}

Result<Lint> read_lint(std::string_view tool, std::string_view name, const TomlValue& value) {
  const std::string key = "lints." + std::string(tool) + "." + std::string(name);
  const TomlValue* level = value.is_table() ? value.find("level") : &value;
  if (level == nullptr) {
    return Error{ErrorKind::kInput, key + ": missing field `level`"};
  }
  if (!level->is_string()) {
    return wrong_type(*level, key, "a level or a table with a level");
  }
  if (!is_level(level->string)) {
    return Error{ErrorKind::kInput, key + ": unknown level `" + level->string + "`"};
  }
  Lint lint;
  lint.name = name;
  lint.option = "--" + level->string + "=" + (tool == "rust" ? "" : std::string(tool) + "::") + std::string(name);
  if (const TomlValue* priority = value.find("priority")) {
    if (priority->kind != TomlValue::Kind::kInteger || priority->integer < -128 || priority->integer > 127) {
      return Error{ErrorKind::kInput, key + ".priority: expected an integer from -128 to 127"};
    }
    lint.priority = priority->integer;
  }
  return lint;
}

Result<void> append_check_cfgs(const TomlValue& lints, std::vector<std::string>* flags) {
  const TomlValue* rust = lints.find("rust");
  const TomlValue* unexpected = rust == nullptr ? nullptr : rust->find("unexpected_cfgs");
  const TomlValue* list = unexpected == nullptr ? nullptr : unexpected->find("check-cfg");
  if (list == nullptr) {
    return {};
  }
  const auto cfgs = strings(*list, "check-cfg");
  if (!cfgs) {
    return Error{ErrorKind::kInput, "`lints.rust.unexpected_cfgs.check-cfg` must be a list of string"};
  }
  for (const std::string& cfg : *cfgs) {
    flags->push_back("--check-cfg");
    flags->push_back(cfg);
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> lint_flags(const TomlValue& lints) {
  std::vector<Lint> found;
  for (const auto& [tool, names] : lints.table) {
    if (tool == "cargo" || tool == "workspace") {
      continue;
    }
    if (!names.is_table()) {
      return wrong_type(names, "lints." + tool, "a table");
    }
    for (const auto& [name, value] : names.table) {
      PCARGO_ASSIGN(Lint lint, read_lint(tool, name, value));
      found.push_back(std::move(lint));
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> flags;
  for (Lint& lint : found) {
    flags.push_back(std::move(lint.option));
  }
  PCARGO_TRY(append_check_cfgs(lints, &flags));
  return flags;
}

}  // namespace pcargo::cargo
