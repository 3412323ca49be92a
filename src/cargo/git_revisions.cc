// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/git_revisions.h"

#include "base/path.h"
#include "cargo/text.h"
#include "cargo/toml_value.h"

#include <optional>
#include <string_view>

namespace pcargo::cargo {
namespace {

bool is_commit(std::string_view text) {
  return text.size() >= 7 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string first_line(const FileSystem& files, const std::string& path) {
  const auto text = files.read(path);
  return text && *text ? std::string(text::trim((*text)->substr(0, (*text)->find('\n')))) : std::string();
}

/// The commit that the clone in `directory` has checked out; empty if there is no clone.
std::string checked_out_commit(const std::string& directory, const FileSystem& files) {
  std::string head = first_line(files, directory + "/.git/HEAD");
  if (const auto reference = text::strip_prefix(head, "ref: ")) {
    head = first_line(files, directory + "/.git/" + std::string(*reference));
  }
  return is_commit(head) ? head : std::string();
}

}  // namespace

GitRevisions GitRevisions::from_lock_file(const std::string& text) {
  GitRevisions revisions;
  const auto lock = parse_toml(text);
  const TomlValue* packages = lock ? lock->find("package") : nullptr;
  if (packages == nullptr) {
    return revisions;
  }
  for (const TomlValue& package : packages->array) {
    const TomlValue* name = package.find("name");
    const TomlValue* version = package.find("version");
    const TomlValue* source = package.find("source");
    if (name == nullptr || version == nullptr || source == nullptr) {
      continue;
    }
    const auto url = text::strip_prefix(source->string, "git+");
    const auto parts = url ? text::split_once(*url, '#') : std::nullopt;
    if (parts) {
      revisions.locked_.emplace(std::tuple(name->string, version->string, std::string(parts->first)), parts->second);
    }
  }
  return revisions;
}

std::string GitRevisions::find(const PackageSpec& spec,
                               const std::string& package_root,
                               const FileSystem& files) const {
  if (const auto found = locked_.find(std::tuple(spec.name, spec.version, spec.url)); found != locked_.end()) {
    return found->second;
  }
  // $CARGO_HOME/git/checkouts/<name>-<hash>/<short commit>[/...]
  for (std::string_view directory = package_root; directory.size() > 1; directory = path::parent(directory)) {
    if (path::file_name(path::parent(path::parent(directory))) == "checkouts") {
      const std::string commit = checked_out_commit(std::string(directory), files);
      return commit.empty() ? std::string(path::file_name(directory)) : commit;
    }
  }
  return {};
}

}  // namespace pcargo::cargo
