// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/directories.h"

#include "base/path.h"
#include "cargo/text.h"
#include "prepare/path_hash.h"

#include <array>
#include <cstdio>
#include <utility>

namespace pcargo::prepare {
namespace {

Error wrong(std::string message) {
  return Error{ErrorKind::kInput, std::move(message)};
}

std::string fill_in(std::string value, const DirectoryQuestion& question) {
  const std::string manifest = path::join(question.workspace_root, "Cargo.toml");
  const std::array<std::pair<const char*, std::string>, 3> variables = {{
      {"{workspace-root}", question.workspace_root},
      {"{cargo-cache-home}", question.config.cargo_home()},
      {"{workspace-path-hash}",
       workspace_path_hash(question.canonicalize ? question.canonicalize(manifest) : manifest)},
  }};
  for (const auto& [name, text] : variables) {
    value = cargo::text::replace_all(value, name, text);
  }
  return value;
}

/// Brackets that are left over: a variable that does not exist, or half of one.
Result<void> check_brackets(const std::string& value, const std::string& raw) {
  const std::string where = " in build.build-dir path `" + raw + "`";
  const auto open = value.find('{');
  const auto close = value.rfind('}');
  if (open != std::string::npos && close != std::string::npos && open < close) {
    return wrong("unexpected variable `" + value.substr(open + 1, close - open - 1) + "`" + where +
                 "\n\nhelp: available template variables are `{workspace-root}`, `{cargo-cache-home}`, "
                 "`{workspace-path-hash}`");
  }
  if (open != std::string::npos) {
    return wrong("unexpected opening bracket `{`" + where);
  }
  if (close != std::string::npos) {
    return wrong("unexpected closing bracket `}`" + where);
  }
  return {};
}

}  // namespace

Result<std::string> target_directory(const DirectoryQuestion& question) {
  const cargo::Config& config = question.config;
  if (question.target_dir) {
    return path::join(config.current_directory(), *question.target_dir);
  }
  if (const auto directory = config.environment().get("CARGO_TARGET_DIR")) {
    if (directory->empty()) {
      return wrong("the target directory is set to an empty string in the `CARGO_TARGET_DIR` environment variable");
    }
    return path::join(config.current_directory(), *directory);
  }
  PCARGO_ASSIGN(const auto directory, config.get_string("build.target-dir"));
  if (directory) {
    if (directory->value.empty()) {
      return wrong("the target directory is set to an empty string in " + directory->definition.describe());
    }
    return config.resolve_path(*directory);
  }
  return path::join(question.workspace_root, "target");
}

Result<std::string> build_directory(const DirectoryQuestion& question) {
  PCARGO_ASSIGN(auto directory, question.config.get_string("build.build-dir"));
  if (!directory) {
    return target_directory(question);
  }
  if (directory->value.empty()) {
    return wrong("the build directory is set to an empty string in " + directory->definition.describe());
  }
  const std::string raw = directory->value;
  directory->value = fill_in(raw, question);
  PCARGO_TRY(check_brackets(directory->value, raw));
  return question.config.resolve_path(*directory);
}

std::string own_directory(const Environment& environment, const std::string& current_directory) {
  const auto set = [&](const char* name) {
    auto value = environment.get(name);
    return value && !value->empty() ? value : std::nullopt;
  };
  if (const auto home = set("PCARGO_HOME")) {
    return path::join(current_directory, *home);
  }
  if (const auto cache = set("XDG_CACHE_HOME"); cache && path::is_absolute(*cache)) {
    return path::join(*cache, "pcargo");
  }
  const auto home = set("HOME");
  return home && path::is_absolute(*home) ? path::join(*home, ".cache/pcargo") : std::string();
}

std::string workspace_path_hash(const std::string& manifest_path) {
  const std::uint64_t hash = stable_path_hash(manifest_path);
  std::string hex;
  for (int byte = 0; byte < 8; ++byte) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned>(hash >> (8 * byte) & 0xff));
    hex += digits.data();
  }
  return hex.substr(0, 2) + "/" + hex.substr(2);
}

}  // namespace pcargo::prepare
