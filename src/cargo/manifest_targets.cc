// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/manifest_targets.h"

#include "base/path.h"
#include "cargo/manifest_fields.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace pcargo::cargo {
namespace {

/// One target while its parts are put together.
struct Draft {
  std::optional<std::string> name;
  std::optional<std::string> path;  ///< relative to the package
  std::optional<std::vector<std::string>> crate_types;
  std::optional<bool> proc_macro;
  std::optional<std::string> filename;
  bool harness = true;
};

using Drafts = std::vector<Draft>;

/// What the four kinds of targets that come in lists differ in.
struct Section {
  TargetKind kind;
  const char* name;       ///< of the array of tables
  const char* autoflag;   ///< in [package]
  const char* directory;  ///< searched for sources
};
constexpr Section kBins = {TargetKind::kBin, "bin", "autobins", "src/bin"};
constexpr Section kExamples = {TargetKind::kExample, "example", "autoexamples", "examples"};
constexpr Section kTests = {TargetKind::kTest, "test", "autotests", "tests"};
constexpr Section kBenches = {TargetKind::kBench, "bench", "autobenches", "benches"};

Result<Draft> read_draft(const TomlValue& table, const std::string& key) {
  if (!table.is_table()) {
    return wrong_type(table, key, "a table");
  }
  const auto either = [&](std::string_view name, std::string_view old_name) {
    const TomlValue* value = table.find(name);
    return value != nullptr ? value : table.find(old_name);
  };
  Draft draft;
  PCARGO_ASSIGN(draft.name, optional_string(table.find("name"), key + ".name"));
  PCARGO_ASSIGN(draft.path, optional_string(table.find("path"), key + ".path"));
  PCARGO_ASSIGN(draft.crate_types, optional_strings(either("crate-type", "crate_type"), key + ".crate-type"));
  PCARGO_ASSIGN(draft.proc_macro, optional_boolean(either("proc-macro", "proc_macro"), key + ".proc-macro"));
  PCARGO_ASSIGN(draft.filename, optional_string(table.find("filename"), key + ".filename"));
  PCARGO_ASSIGN(const auto harness, optional_boolean(table.find("harness"), key + ".harness"));
  draft.harness = harness.value_or(true);
  return draft;
}

/// nullopt if the manifest has no such section (an empty one is one).
Result<std::optional<Drafts>> read_drafts(const TomlValue& manifest, const Section& section) {
  const TomlValue* list = manifest.find(section.name);
  if (list == nullptr) {
    return std::optional<Drafts>();
  }
  if (!list->is_array()) {
    return wrong_type(*list, section.name, "an array of tables");
  }
  Drafts drafts;
  for (std::size_t i = 0; i < list->array.size(); ++i) {
    PCARGO_ASSIGN(Draft draft, read_draft(list->array[i], section.name + ("[" + std::to_string(i) + "]")));
    drafts.push_back(std::move(draft));
  }
  return std::optional<Drafts>(std::move(drafts));
}

/// Two paths that differ only in "." and repeated slashes are one (Rust compares paths by their components).
std::string without_dots(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('/'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (!part.empty() && part != ".") {
      result.append("/").append(part);
    }
  }
  return result;
}

class TargetFinder {
 public:
  TargetFinder(const ManifestFile& manifest,
               const std::string& package_name,
               bool is_edition_2015,
               const FileSystem& files)
      : manifest_(manifest), package_name_(package_name), is_edition_2015_(is_edition_2015), files_(files) {}

  Result<std::vector<ManifestTarget>> run();

 private:
  bool exists(const std::string& relative) const {
    return files_.kind(path::join(manifest_.root, relative)) != FileKind::kNone;
  }
  Result<std::optional<bool>> autodiscover(const char* flag) const {
    return optional_boolean(manifest_.package()->find(flag), std::string("package.") + flag);
  }
  Result<std::optional<Draft>> find_library() const;
  Drafts infer(const Section& section) const;
  Result<Drafts> find_listed(const Section& section) const;
  Drafts with_inferred(std::optional<Drafts> declared, const Drafts& inferred, std::optional<bool> discover) const;
  std::optional<std::string> path_of(const Draft& draft, const Drafts& inferred, const Section& section) const;
  std::optional<std::string> legacy_path(const std::string& name, TargetKind kind) const;
  Result<void> append_listed(const Section& section, std::vector<ManifestTarget>* targets) const;

  const ManifestFile& manifest_;
  const std::string& package_name_;
  bool is_edition_2015_;
  const FileSystem& files_;
  bool has_library_ = false;
};

Result<std::optional<Draft>> TargetFinder::find_library() const {
  PCARGO_ASSIGN(const auto discover, autodiscover("autolib"));
  std::optional<Draft> library;
  if (const TomlValue* table = manifest_.toml.find("lib")) {
    PCARGO_ASSIGN(library, read_draft(*table, "lib"));
  }
  const bool is_complete = !library || (library->name && library->path);
  if (discover == false && is_complete) {
    return library;
  }
  const bool is_inferred = exists("src/lib.rs");
  if (!library && is_inferred) {
    library = Draft();
  }
  if (!library) {
    return library;
  }
  if (!library->name) {
    library->name = package_name_;
    std::replace(library->name->begin(), library->name->end(), '-', '_');
  }
  if (!library->path) {
    const std::string legacy = "src/" + *library->name + ".rs";
    if (!is_inferred && !(is_edition_2015_ && exists(legacy))) {
      return Error{ErrorKind::kInput,
                   "can't find library `" + *library->name + "`, rename file to `src/lib.rs` or specify lib.path"};
    }
    library->path = is_inferred ? "src/lib.rs" : legacy;
  }
  return library;
}

Drafts TargetFinder::infer(const Section& section) const {
  Drafts drafts;
  const auto add = [&](std::string name, std::string path) {
    Draft draft;
    draft.name = std::move(name);
    draft.path = std::move(path);
    drafts.push_back(std::move(draft));
  };
  if (section.kind == TargetKind::kBin && exists("src/main.rs")) {
    add(package_name_, "src/main.rs");
  }
  for (const std::string& entry : files_.list(path::join(manifest_.root, section.directory))) {
    if (entry.front() == '.') {
      continue;
    }
    const std::string relative = path::join(section.directory, entry);
    if (files_.kind(path::join(manifest_.root, relative)) == FileKind::kDirectory) {
      if (exists(relative + "/main.rs")) {
        add(entry, relative + "/main.rs");
      }
    } else if (entry.size() > 3 && entry.substr(entry.size() - 3) == ".rs") {
      add(entry.substr(0, entry.size() - 3), relative);
    }
  }
  return drafts;
}

Drafts TargetFinder::with_inferred(std::optional<Drafts> declared,
                                   const Drafts& inferred,
                                   std::optional<bool> discover) const {
  // In the 2015 edition one declared target switches the search off.
  const bool default_discover = !declared || !is_edition_2015_;
  Drafts drafts = declared ? *std::move(declared) : Drafts();
  std::set<std::string> names;
  std::set<std::string> paths;
  for (const Draft& draft : drafts) {
    names.insert(draft.name.value_or(""));
    paths.insert(without_dots(draft.path.value_or("")));
  }
  if (discover.value_or(default_discover)) {
    for (const Draft& draft : inferred) {
      if (names.count(*draft.name) == 0 && paths.count(without_dots(*draft.path)) == 0) {
        drafts.push_back(draft);
      }
    }
  }
  std::stable_sort(drafts.begin(), drafts.end(), [](const Draft& a, const Draft& b) { return a.name < b.name; });
  return drafts;
}

/// Sources that cargo took for a target's in the 2015 edition.
std::optional<std::string> TargetFinder::legacy_path(const std::string& name, TargetKind kind) const {
  std::vector<std::string> candidates;
  if (kind == TargetKind::kBin) {
    if (!has_library_) {
      candidates.push_back("src/" + name + ".rs");
    }
    candidates.insert(candidates.end(), {"src/main.rs", "src/bin/main.rs"});
  } else if (kind == TargetKind::kBench && name == "bench") {
    candidates.push_back("src/bench.rs");
  }
  for (const std::string& candidate : candidates) {
    if (exists(candidate)) {
      return candidate;
    }
  }
  return std::nullopt;
}

std::optional<std::string> TargetFinder::path_of(const Draft& draft,
                                                 const Drafts& inferred,
                                                 const Section& section) const {
  if (draft.path) {
    return draft.path;
  }
  const auto is_same = [&](const Draft& candidate) { return candidate.name == draft.name; };
  if (std::count_if(inferred.begin(), inferred.end(), is_same) == 1) {
    return std::find_if(inferred.begin(), inferred.end(), is_same)->path;
  }
  return is_edition_2015_ ? legacy_path(*draft.name, section.kind) : std::nullopt;
}

Result<Drafts> TargetFinder::find_listed(const Section& section) const {
  PCARGO_ASSIGN(const auto discover, autodiscover(section.autoflag));
  PCARGO_ASSIGN(auto declared, read_drafts(manifest_.toml, section));
  const bool is_complete = !declared || std::all_of(declared->begin(), declared->end(), [](const Draft& draft) {
    return draft.name && draft.path;
  });
  if (discover == false && is_complete) {
    return declared.value_or(Drafts());
  }
  const Drafts inferred = infer(section);
  Drafts found;
  for (Draft& draft : with_inferred(std::move(declared), inferred, discover)) {
    if (!draft.name) {
      return Error{ErrorKind::kInput, std::string(section.name) + ".name is required"};
    }
    draft.path = path_of(draft, inferred, section);
    if (draft.path) {
      found.push_back(std::move(draft));
    } else if (section.kind == TargetKind::kBin) {
      return Error{ErrorKind::kInput,
                   "can't find `" + *draft.name + "` bin at `src/bin/" + *draft.name + ".rs` or `src/bin/" +
                       *draft.name + "/main.rs`. Please specify bin.path if you want to use a non-default path."};
    }
    // Any other target without a source is left out: cargo complains where the package is built itself.
  }
  return found;
}

Result<void> TargetFinder::append_listed(const Section& section, std::vector<ManifestTarget>* targets) const {
  PCARGO_ASSIGN(Drafts drafts, find_listed(section));
  for (Draft& draft : drafts) {
    ManifestTarget target;
    target.kind = section.kind;
    target.name = *std::move(draft.name);
    target.path = path::normalize(*draft.path);
    target.harness = draft.harness;
    target.crate_types = {"bin"};
    if (section.kind == TargetKind::kExample && draft.crate_types && !draft.crate_types->empty()) {
      target.crate_types = *std::move(draft.crate_types);
    }
    if (section.kind == TargetKind::kBin) {
      target.filename = std::move(draft.filename);
    }
    targets->push_back(std::move(target));
  }
  return {};
}

Result<std::vector<ManifestTarget>> TargetFinder::run() {
  std::vector<ManifestTarget> targets;
  PCARGO_ASSIGN(std::optional<Draft> library, find_library());
  has_library_ = library.has_value();
  if (library) {
    ManifestTarget target;
    target.name = *std::move(library->name);
    target.path = path::normalize(*library->path);
    target.harness = library->harness;
    const auto& types = library->crate_types;
    const bool names_proc_macro = types && std::find(types->begin(), types->end(), "proc-macro") != types->end();
    if (names_proc_macro || (!types && library->proc_macro == true)) {
      target.crate_types = {"proc-macro"};
    } else {
      target.crate_types = types ? *types : std::vector<std::string>{"lib"};
    }
    targets.push_back(std::move(target));
  }
  for (const Section& section : {kBins, kExamples, kTests, kBenches}) {
    PCARGO_TRY(append_listed(section, &targets));
  }
  return targets;
}

/// What the manifest declares about targets of one kind.
Result<Drafts> read_declared(const TomlValue& manifest, TargetKind kind) {
  if (kind == TargetKind::kLib) {
    const TomlValue* table = manifest.find("lib");
    if (table == nullptr) {
      return Drafts();
    }
    PCARGO_ASSIGN(Draft library, read_draft(*table, "lib"));
    library.name.reset();  // there is but one, whatever it is called
    return Drafts{std::move(library)};
  }
  for (const Section& section : {kBins, kExamples, kTests, kBenches}) {
    if (section.kind == kind) {
      PCARGO_ASSIGN(auto drafts, read_drafts(manifest, section));
      return std::move(drafts).value_or(Drafts());
    }
  }
  return Drafts();
}

}  // namespace

Result<std::vector<ManifestTarget>> adopt_targets(const ManifestFile& manifest, const std::vector<Target>& listed) {
  std::vector<ManifestTarget> targets;
  for (const Target& target : listed) {
    if (target.is_custom_build()) {
      continue;
    }
    ManifestTarget adopted;
    adopted.kind = target.kind;
    adopted.name = target.name;
    adopted.crate_types = target.crate_types;
    adopted.path = path::strip_prefix(target.src_path, manifest.root).value_or(target.src_path);
    PCARGO_ASSIGN(const Drafts declared, read_declared(manifest.toml, target.kind));
    for (const Draft& draft : declared) {
      if (!draft.name || draft.name == target.name) {
        adopted.harness = draft.harness;
        adopted.filename = target.is_bin() ? draft.filename : std::nullopt;
      }
    }
    targets.push_back(std::move(adopted));
  }
  return targets;
}

Result<std::vector<ManifestTarget>> find_targets(const ManifestFile& manifest,
                                                 const std::string& package_name,
                                                 const std::string& edition,
                                                 const FileSystem& files) {
  return TargetFinder(manifest, package_name, edition == "2015", files).run();
}

}  // namespace pcargo::cargo
