// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/rustc_probe.h"

#include "base/command_text.h"
#include "base/path.h"
#include "cargo/capabilities.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pcargo::prepare {
namespace {

constexpr std::array<const char*, 6> kCrateTypes = {"bin", "rlib", "dylib", "cdylib", "staticlib", "proc-macro"};

/// Lines as Rust's str::lines gives them: "\n" or "\r\n" ends one, a last empty one does not count.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  std::optional<std::string_view> next() {
    if (rest_.empty()) {
      return std::nullopt;
    }
    std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    if (end != std::string_view::npos && !line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    return line;
  }

 private:
  std::string_view rest_;
};

std::string_view trim(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<std::string> field(const std::string& text, std::string_view name) {
  Lines lines(text);
  while (auto line = lines.next()) {
    if (line->substr(0, name.size()) == name) {
      return std::string(line->substr(name.size()));
    }
  }
  return Error{ErrorKind::kEnvironment,
               "`rustc -vV` didn't have a line for `" + std::string(trim(name)) + "`, got:\n" + text};
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// major.minor.patch, then perhaps -something or +something.
bool is_semver(std::string_view version) {
  std::string_view core = version.substr(0, version.find_first_of("-+"));
  std::size_t first = core.find('.');
  std::size_t second = first == std::string_view::npos ? first : core.find('.', first + 1);
  return second != std::string_view::npos && is_digits(core.substr(0, first)) &&
         is_digits(core.substr(first + 1, second - first - 1)) && is_digits(core.substr(second + 1));
}

std::string output_details(const std::vector<std::string>& command, std::string_view out, std::string_view err) {
  std::string text = "command was: " + display_command({}, command) + "\n";
  if (!out.empty()) {
    text += "\n--- stdout\n" + std::string(out);
  }
  if (!err.empty()) {
    text += "\n--- stderr\n" + std::string(err);
  }
  if (out.empty() && err.empty()) {
    text += "(no output received)";
  }
  return text;
}

/// Everything that the answer of one probe is read from.
struct Answer {
  const std::vector<std::string>& command;
  std::string_view out;
  std::string_view err;

  Error missing(std::string_view request) const {
    return Error{ErrorKind::kEnvironment,
                 "output of --print=" + std::string(request) +
                     " missing when learning about target-specific information from rustc\n" +
                     output_details(command, out, err)};
  }
};

bool is_unsupported(std::string_view crate_type, std::string_view err) {
  std::string quoted = "crate type `" + std::string(crate_type) + "`";
  Lines lines(err);
  while (auto line = lines.next()) {
    bool complains = line->find("unsupported crate type") != std::string_view::npos ||
                     line->find("unknown crate type") != std::string_view::npos;
    if (complains && line->find(quoted) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

Result<std::optional<plan::FileNaming>> read_naming(const Answer& answer, const char* crate_type, Lines* lines) {
  if (is_unsupported(crate_type, answer.err)) {
    return std::optional<plan::FileNaming>();
  }
  auto line = lines->next();
  if (!line) {
    return Error{ErrorKind::kEnvironment,
                 "malformed output when learning about crate-type " + std::string(crate_type) + " information\n" +
                     output_details(answer.command, answer.out, answer.err)};
  }
  std::string_view name = trim(*line);
  std::size_t mark = name.find("___");
  if (mark == std::string_view::npos) {
    return answer.missing("file-names");
  }
  std::string_view suffix = name.substr(mark + 3);
  return std::optional<plan::FileNaming>(
      plan::FileNaming{std::string(name.substr(0, mark)), std::string(suffix.substr(0, suffix.find("___")))});
}

bool is_identifier(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
  });
}

/// `name` or `name="value"` (crates/cargo-platform, Cfg::from_str); nullopt if it is neither.
std::optional<std::pair<std::string, std::optional<std::string>>> parse_cfg(std::string_view line) {
  line = trim(line);
  std::size_t equals = line.find('=');
  std::string_view name = trim(line.substr(0, equals));
  if (name.substr(0, 2) == "r#") {
    name.remove_prefix(2);
  }
  if (!is_identifier(name)) {
    return std::nullopt;
  }
  if (equals == std::string_view::npos) {
    return std::pair(std::string(name), std::optional<std::string>());
  }
  std::string_view value = trim(line.substr(equals + 1));
  if (value.size() < 2 || value.front() != '"' || value.find('"', 1) != value.size() - 1) {
    return std::nullopt;
  }
  return std::pair(std::string(name), std::optional<std::string>(value.substr(1, value.size() - 2)));
}

}  // namespace

std::vector<std::string> RustcCommand::program() const {
  std::vector<std::string> words;
  for (const auto& prefix : {wrapper, workspace_wrapper}) {
    if (prefix && !prefix->empty()) {
      words.push_back(*prefix);
    }
  }
  words.push_back(rustc);
  return words;
}

Result<VerboseVersion> parse_verbose_version(std::string text) {
  VerboseVersion version;
  PCARGO_ASSIGN(version.host, field(text, "host: "));
  PCARGO_ASSIGN(version.release, field(text, "release: "));
  if (!is_semver(version.release)) {
    return Error{ErrorKind::kEnvironment,
                 "rustc version does not appear to be a valid semver version, from:\n" + text,
                 {"unexpected version `" + version.release + "`"}};
  }
  version.text = std::move(text);
  return version;
}

bool is_nightly_release(std::string_view release) {
  return release.find("-nightly") != std::string_view::npos || release.find("-dev") != std::string_view::npos;
}

std::vector<std::string> target_probe_arguments(const std::string& release,
                                                const std::vector<std::string>& rustflags,
                                                const std::optional<std::string>& target) {
  std::vector<std::string> arguments = {"-", "--crate-name", "___", "--print=file-names"};
  arguments.insert(arguments.end(), rustflags.begin(), rustflags.end());
  if (target) {
    arguments.insert(arguments.end(), {"--target", *target});
    if (target->size() > 5 && target->substr(target->size() - 5) == ".json") {
      arguments.push_back("-Zunstable-options");
    }
  }
  for (const char* crate_type : kCrateTypes) {
    arguments.insert(arguments.end(), {"--crate-type", crate_type});
  }
  if (cargo::prints_split_debuginfo(release)) {
    arguments.insert(arguments.end(),
                     {"--print=sysroot", "--print=split-debuginfo", "--print=crate-name", "--print=cfg", "-Wwarnings"});
  } else {
    arguments.insert(arguments.end(), {"--print=sysroot", "--print=cfg"});
  }
  return arguments;
}

Result<TargetProbe> parse_target_probe(const std::string& release,
                                       const std::vector<std::string>& command,
                                       const std::string& triple,
                                       std::string_view out,
                                       std::string_view err) {
  Answer answer{command, out, err};
  Lines lines(out);
  TargetProbe probe;
  for (const char* crate_type : kCrateTypes) {
    PCARGO_ASSIGN(probe.info.naming[crate_type], read_naming(answer, crate_type, &lines));
  }

  auto sysroot = lines.next();
  if (!sysroot) {
    return answer.missing("sysroot");
  }
  probe.sysroot = *sysroot;
  probe.info.sysroot_library_dir = path::join(probe.sysroot, "lib/rustlib/" + triple + "/lib");

  // The crate's name, ___, ends the list of split-debuginfo values.
  const bool is_asked = cargo::prints_split_debuginfo(release);
  if (!is_asked) {
    probe.info.split_debuginfo = cargo::known_split_debuginfo(release);
  }
  for (auto line = is_asked ? lines.next() : "___"; line != "___"; line = lines.next()) {
    if (!line) {
      return answer.missing("split-debuginfo");
    }
    probe.info.split_debuginfo.emplace_back(*line);
  }

  while (auto line = lines.next()) {
    auto cfg = parse_cfg(*line);
    if (!cfg) {
      return Error{ErrorKind::kEnvironment,
                   "failed to parse the cfg from `rustc --print=cfg`, got:\n" + std::string(out),
                   {"failed to parse `" + std::string(*line) + "` as a cfg expression"}};
    }
    if (cfg->first != "proc_macro" || cfg->second) {
      probe.info.cfg.push_back(*std::move(cfg));
    }
  }
  return probe;
}

std::string target_short_name(const std::string& target) {
  if (target.size() > 5 && target.substr(target.size() - 5) == ".json") {
    return std::string(path::file_stem(target));
  }
  return target;
}

}  // namespace pcargo::prepare
