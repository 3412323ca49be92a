// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/rustup.h"

#include "base/path.h"
#include "cargo/toml_value.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace pcargo::prepare {
namespace {

using cargo::TomlValue;
using Source = RustupChoice::Source;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Length of the channel and the date at the start of a toolchain name; 0 for the name of a custom one.
std::size_t channel_length(std::string_view name) {
  std::size_t length = 0;
  for (std::string_view channel : {"nightly", "beta", "stable"}) {
    if (starts_with(name, channel)) {
      length = channel.size();
    }
  }
  if (length == 0) {
    while (length < name.size() && (is_digit(name[length]) || name[length] == '.')) {
      ++length;
    }
    if (name.substr(0, length).find('.') == std::string_view::npos) {
      return 0;
    }
    if (starts_with(name.substr(length), "-beta")) {
      length += 5;
      while (length < name.size() && (is_digit(name[length]) || name[length] == '.')) {
        ++length;
      }
    }
  }
  if (length < name.size() && name[length] != '-') {
    return 0;
  }
  std::string_view rest = name.substr(length);
  constexpr std::string_view kDate = "-dddd-dd-dd";
  bool has_date = rest.size() >= kDate.size();
  for (std::size_t i = 0; has_date && i < kDate.size(); ++i) {
    has_date = kDate[i] == 'd' ? is_digit(rest[i]) : rest[i] == kDate[i];
  }
  return has_date ? length + kDate.size() : length;
}

/// The lines of a toolchain file that matter.
struct ToolchainFile {
  std::optional<std::string> channel;
  std::optional<std::string> path;
  std::vector<std::string> components;
  std::vector<std::string> targets;
  bool has_options = false;
};

std::optional<std::string> string_at(const TomlValue& table, std::string_view key) {
  const TomlValue* value = table.find(key);
  return value != nullptr && value->is_string() ? std::optional<std::string>(value->string) : std::nullopt;
}

/// False if the key is there and no list of strings.
bool strings_at(const TomlValue& table, std::string_view key, std::vector<std::string>* strings) {
  const TomlValue* value = table.find(key);
  if (value == nullptr) {
    return true;
  }
  for (const TomlValue& entry : value->array) {
    if (!entry.is_string()) {
      return false;
    }
    strings->push_back(entry.string);
  }
  return value->is_array();
}

std::string_view trim(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// A file of one line is the name alone, unless its own name ends in .toml. nullopt: rustup would refuse it.
std::optional<ToolchainFile> parse_toolchain_file(const std::string& text, bool only_toml) {
  ToolchainFile file;
  std::size_t newline = text.find('\n');
  bool one_line = newline == std::string::npos || newline + 1 == text.size();
  if (one_line && !only_toml) {
    std::string name(trim(text));
    if (name.empty()) {
      return std::nullopt;
    }
    (path::is_absolute(name) ? file.path : file.channel) = name;
    return file;
  }
  auto document = cargo::parse_toml(text);
  const TomlValue* table = document ? document->find("toolchain") : nullptr;
  if (table == nullptr || !table->is_table()) {
    return std::nullopt;
  }
  file.channel = string_at(*table, "channel");
  file.path = string_at(*table, "path");
  file.has_options =
      table->find("components") != nullptr || table->find("targets") != nullptr || table->find("profile") != nullptr;
  if (!strings_at(*table, "components", &file.components) || !strings_at(*table, "targets", &file.targets)) {
    return std::nullopt;
  }
  return file;
}

class Chooser {
 public:
  Chooser(const FileSystem& files, const RustupQuestion& question)
      : files_(files), question_(question), toolchains_(path::join(question.rustup_home, "toolchains")) {}

  RustupAnswer choose() {
    if (!read_settings()) {
      return unclear(Source::kDefault);
    }
    if (question_.command_line_toolchain) {
      return named(*question_.command_line_toolchain, Source::kCommandLine);
    }
    if (question_.environment_toolchain && !question_.environment_toolchain->empty()) {
      return named(*question_.environment_toolchain, Source::kEnvironment);
    }
    std::string directory = question_.current_directory;
    while (true) {
      if (auto answer = look_in(directory)) {
        return *answer;
      }
      std::string parent(path::parent(directory));
      if (parent == directory || parent.empty()) {
        break;
      }
      directory = parent;
    }
    return default_toolchain(Source::kDefault);
  }

 private:
  static RustupAnswer unclear(Source source) { return RustupAnswer{std::nullopt, true, source}; }

  bool read_settings() {
    auto text = files_.read(path::join(question_.rustup_home, "settings.toml"));
    if (!text || !*text) {
      return false;
    }
    auto settings = cargo::parse_toml(**text);
    if (!settings || string_at(*settings, "version") != "12") {
      return false;
    }
    settings_ = *std::move(settings);
    host_ = string_at(settings_, "default_host_tuple");
    if (!host_) {
      host_ = string_at(settings_, "default_host_triple");
    }
    return true;
  }

  /// The override of this directory, or its toolchain file.
  std::optional<RustupAnswer> look_in(const std::string& directory) {
    const TomlValue* overrides = settings_.find("overrides");
    if (overrides != nullptr && !overrides->table.empty()) {
      if (auto name = string_at(*overrides, question_.canonicalize(directory))) {
        return named(*name, Source::kPathOverride);
      }
    }
    auto plain = files_.read(path::join(directory, "rust-toolchain"));
    auto toml = files_.read(path::join(directory, "rust-toolchain.toml"));
    bool has_plain = plain && plain->has_value();
    bool has_toml = toml && toml->has_value();
    if (has_plain && has_toml) {
      RustupAnswer answer = from_file(**plain, false);
      answer.ask_rustup = true;  // it warns
      return answer;
    }
    if (has_plain || has_toml) {
      return from_file(has_plain ? **plain : **toml, has_toml);
    }
    return std::nullopt;
  }

  RustupAnswer from_file(const std::string& text, bool only_toml) {
    auto file = parse_toolchain_file(text, only_toml);
    if (!file || (file->channel && file->path) || (file->path && file->has_options)) {
      return unclear(Source::kToolchainFile);
    }
    if (file->path) {
      return by_path(*file->path, Source::kToolchainFile);
    }
    RustupAnswer answer =
        file->channel ? named(*file->channel, Source::kToolchainFile) : default_toolchain(Source::kToolchainFile);
    if (answer.choice && !has_all(*answer.choice, *file)) {
      answer.ask_rustup = true;  // it installs what is missing
    }
    return answer;
  }

  RustupAnswer default_toolchain(Source source) {
    auto name = string_at(settings_, "default_toolchain");
    return name ? named(*name, source) : unclear(source);
  }

  RustupAnswer named(std::string name, Source source) {
    while (!name.empty() && name.back() == '/') {
      name.pop_back();
    }
    if (path::is_absolute(name)) {
      return source == Source::kToolchainFile ? unclear(source) : by_path(name, source);
    }
    if (name.empty() || name == "none" || name == "." || name == ".." || name[0] == '+' ||
        name.find_first_of("/\\") != std::string::npos) {
      return unclear(source);
    }
    auto full = full_name(name);
    return full ? installed(*full, path::join(toolchains_, *full), source) : unclear(source);
  }

  RustupAnswer by_path(const std::string& directory, Source source) {
    return path::is_absolute(directory) ? installed(directory, directory, source) : unclear(source);
  }

  /// "stable" with the host behind it; a custom or already full name as it is.
  std::optional<std::string> full_name(const std::string& name) const {
    std::size_t length = channel_length(name);
    if (length == 0) {
      return name;
    }
    if (length < name.size()) {
      // A part of a target, as in stable-gnu, is for rustup to complete.
      return files_.kind(path::join(toolchains_, name)) == FileKind::kDirectory ? std::optional<std::string>(name)
                                                                                : std::nullopt;
    }
    if (host_) {
      return name + "-" + *host_;
    }
    std::vector<std::string> candidates;
    for (const std::string& entry : files_.list(toolchains_)) {
      if (channel_length(entry) == length && starts_with(entry, name + "-")) {
        candidates.push_back(entry);
      }
    }
    return candidates.size() == 1 ? std::optional<std::string>(candidates[0]) : std::nullopt;
  }

  RustupAnswer installed(const std::string& name, const std::string& directory, Source source) const {
    if (files_.kind(path::join(directory, "bin")) != FileKind::kDirectory) {
      return unclear(source);
    }
    RustupChoice choice{name, directory, path::join(directory, "bin/cargo"), source};
    if (files_.kind(choice.cargo) == FileKind::kFile) {
      return RustupAnswer{choice, false, source};
    }
    if (channel_length(name) != 0) {
      return unclear(source);
    }
    // A linked toolchain without a cargo of its own: rustup lends it one and says so.
    for (const char* channel : {"nightly", "beta", "stable"}) {
      auto full = full_name(channel);
      std::string cargo = full ? path::join(toolchains_, *full + "/bin/cargo") : std::string();
      if (full && files_.kind(cargo) == FileKind::kFile) {
        choice.cargo = cargo;
        return RustupAnswer{choice, true, source};
      }
    }
    return unclear(source);
  }

  bool has_all(const RustupChoice& choice, const ToolchainFile& file) const {
    if (channel_length(choice.name) == 0 || (file.components.empty() && file.targets.empty())) {
      return true;
    }
    auto list = files_.read(path::join(choice.directory, "lib/rustlib/components"));
    if (!list || !*list) {
      return false;
    }
    std::string host = choice.name.substr(std::min(choice.name.size(), channel_length(choice.name) + 1));
    std::string text = "\n" + **list + "\n";
    auto lists = [&text](const std::string& component) {
      return text.find("\n" + component + "\n") != std::string::npos;
    };
    bool components = std::all_of(file.components.begin(), file.components.end(), [&](const std::string& name) {
      return lists(name) || lists(name + "-" + host) || lists(name + "-preview") || lists(name + "-preview-" + host);
    });
    return components && std::all_of(file.targets.begin(), file.targets.end(), [&](const std::string& target) {
             return lists("rust-std-" + target);
           });
  }

  const FileSystem& files_;
  const RustupQuestion& question_;
  std::string toolchains_;
  TomlValue settings_;
  std::optional<std::string> host_;
};

/// Two spellings of one path: repeated and trailing slashes and inner dots do not count.
bool same_path(std::string_view a, std::string_view b) {
  auto components = [](std::string_view path) {
    std::vector<std::string_view> parts;
    std::size_t at = 0;
    while (at < path.size()) {
      std::size_t end = std::min(path.find('/', at), path.size());
      std::string_view part = path.substr(at, end - at);
      if (!part.empty() && (part != "." || at == 0)) {
        parts.push_back(part);
      }
      at = end + 1;
    }
    return parts;
  };
  return path::is_absolute(a) == path::is_absolute(b) && components(a) == components(b);
}

void prepend_path(const std::string& name, const std::string& entry, Environment* environment) {
  if (entry.find(':') != std::string::npos) {
    return;
  }
  auto old = environment->get(name);
  if (!old || old->empty()) {
    environment->set(name, entry);
    return;
  }
  std::string_view rest = *old;
  while (true) {
    std::size_t end = rest.find(':');
    if (same_path(rest.substr(0, end), entry)) {
      return;
    }
    if (end == std::string_view::npos) {
      break;
    }
    rest.remove_prefix(end + 1);
  }
  environment->set(name, entry + ":" + *old);
}

}  // namespace

RustupAnswer choose_toolchain(const FileSystem& files, const RustupQuestion& question) {
  return Chooser(files, question).choose();
}

std::string source_name(RustupChoice::Source source) {
  switch (source) {
    case Source::kDefault:
      return "default";
    case Source::kEnvironment:
      return "env";
    case Source::kCommandLine:
      return "cli";
    case Source::kPathOverride:
      return "path-override";
    case Source::kToolchainFile:
      return "toolchain-file";
  }
  return "default";
}

void apply_proxy_environment(const ProxyEnvironment& proxy, Environment* environment) {
  prepend_path(proxy.library_path_variable, path::join(proxy.choice.directory, "lib"), environment);
  prepend_path("PATH", path::join(proxy.cargo_home, "bin"), environment);
  environment->set("CARGO_HOME", proxy.cargo_home);

  std::string count = environment->get("RUST_RECURSION_COUNT").value_or("");
  unsigned value = 0;
  auto parsed = std::from_chars(count.data(), count.data() + count.size(), value);
  bool whole = parsed.ec == std::errc() && parsed.ptr == count.data() + count.size();
  environment->set("RUST_RECURSION_COUNT", std::to_string((whole ? value : 0) + 1));

  environment->set("RUSTUP_TOOLCHAIN", proxy.choice.name);
  environment->set("RUSTUP_HOME", proxy.rustup_home);
  environment->set("RUSTUP_TOOLCHAIN_SOURCE", source_name(proxy.choice.source));
}

}  // namespace pcargo::prepare
