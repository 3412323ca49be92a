// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/tool_lookup.h"

#include "base/path.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace pcargo::prepare {
namespace {

namespace fs = std::filesystem;

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::optional<std::uintmax_t> file_size(const std::string& path) {
  std::error_code error;
  auto size = fs::file_size(path, error);
  return error ? std::optional<std::uintmax_t>() : size;
}

std::string home_directory(const Environment& environment,
                           const char* variable,
                           const char* below_home,
                           const std::string& current_directory) {
  auto value = environment.get(variable);
  if (value && !value->empty()) {
    return path::join(current_directory, *value);
  }
  auto home = environment.get("HOME");
  return home && !home->empty() ? path::join(*home, below_home) : std::string();
}

std::string upper_case(std::string text) {
  std::transform(
      text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  return text;
}

/// The toolchain's own program, when the one on PATH is rustup's proxy.
std::optional<std::string> behind_proxy(const std::string& tool,
                                        const Environment& environment,
                                        const std::string& current_directory) {
  auto toolchain = environment.get("RUSTUP_TOOLCHAIN");
  if (!toolchain || toolchain->find_first_of("/\\") != std::string::npos) {
    return std::nullopt;
  }
  auto found = resolve_executable(tool, environment);
  auto rustup = resolve_executable("rustup", environment);
  if (!found || !rustup) {
    return std::nullopt;
  }
  auto size = file_size(*found);
  if (!size || size != file_size(*rustup)) {
    return std::nullopt;
  }
  std::string home = rustup_home(environment, current_directory);
  std::string program = path::join(home, "toolchains/" + *toolchain + "/bin/" + tool);
  std::error_code error;
  return !home.empty() && fs::exists(program, error) ? std::optional<std::string>(program) : std::nullopt;
}

}  // namespace

std::optional<std::string> resolve_executable(const std::string& program, const Environment& environment) {
  if (program.find('/') != std::string::npos) {
    return program;
  }
  auto search_path = environment.get("PATH");
  if (!search_path) {
    return std::nullopt;
  }
  std::string_view rest = *search_path;
  while (true) {
    std::size_t end = rest.find(':');
    std::string candidate = path::join(rest.substr(0, end), program);
    if (is_file(candidate)) {
      return candidate;
    }
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    rest.remove_prefix(end + 1);
  }
}

std::vector<std::string> places_of_program(const std::string& word,
                                           const Environment& environment,
                                           const std::string& current_directory) {
  if (word.find('/') != std::string::npos) {
    return {path::join(current_directory, word)};
  }
  std::vector<std::string> places;
  const std::string search_path = environment.get("PATH").value_or("");
  for (std::string_view rest = search_path;;) {
    const std::size_t end = rest.find(':');
    places.push_back(path::join(current_directory, path::join(rest.substr(0, end), word)));
    if (end == std::string_view::npos) {
      break;
    }
    rest.remove_prefix(end + 1);
  }
  const std::string toolchain = environment.get("RUSTUP_TOOLCHAIN").value_or("");
  if (!toolchain.empty()) {
    places.push_back(
        path::join(rustup_home(environment, current_directory), "toolchains/" + toolchain + "/bin/" + word));
  }
  return places;
}

std::string real_path(const std::string& path) {
  std::error_code error;
  fs::path resolved = fs::canonical(path, error);
  return error ? path : resolved.string();
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

bool is_rustup_proxy(const std::string& path) {
  std::string real = real_path(path);
  if (path::file_stem(real) == "rustup") {
    return true;
  }
  auto size = file_size(real);
  return size && size == file_size(path::join(path::parent(path), "rustup"));
}

std::string cargo_home(const Environment& environment, const std::string& current_directory) {
  return home_directory(environment, "CARGO_HOME", ".cargo", current_directory);
}

std::string rustup_home(const Environment& environment, const std::string& current_directory) {
  return home_directory(environment, "RUSTUP_HOME", ".rustup", current_directory);
}

std::string find_tool(const std::string& tool,
                      const std::optional<std::string>& from_config,
                      const Environment& environment,
                      const std::string& current_directory) {
  if (auto chosen = find_optional_tool(tool, from_config, environment, current_directory)) {
    return *chosen;
  }
  return behind_proxy(tool, environment, current_directory).value_or(tool);
}

std::optional<std::string> find_optional_tool(const std::string& tool,
                                              const std::optional<std::string>& from_config,
                                              const Environment& environment,
                                              const std::string& current_directory) {
  if (auto value = environment.get(upper_case(tool))) {
    return value->find_first_of("/\\") == std::string::npos ? *value : path::join(current_directory, *value);
  }
  return from_config;
}

}  // namespace pcargo::prepare
