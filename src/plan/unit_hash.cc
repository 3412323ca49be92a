// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/unit_hash.h"

#define XXH_INLINE_ALL
#include "base/path.h"
#include "cargo/version.h"
#include "plan/unit_rules.h"

#include <xxhash.h>

#include <algorithm>
#include <sstream>

namespace pcargo::plan {

namespace {

// A change of what goes into the hash, or of how files below the build directory are laid out, raises this.
constexpr std::uint64_t kFormatEpoch = 1;

/// Collects tagged, length-prefixed fields, so that no two lists of fields give the same bytes.
class Fields {
 public:
  Fields& text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
    return *this;
  }
  Fields& number(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) {
      bytes_ += static_cast<char>(value >> shift & 0xff);
    }
    return *this;
  }
  Fields& list(const std::vector<std::string>& values) {
    number(values.size());
    for (const auto& value : values) {
      text(value);
    }
    return *this;
  }
  Fields& optional(const std::optional<std::string>& value) {
    number(value ? 1 : 0);
    return value ? text(*value) : *this;
  }
  Fields& sorted(std::vector<std::uint64_t> values) {
    std::sort(values.begin(), values.end());
    number(values.size());
    for (auto value : values) {
      number(value);
    }
    return *this;
  }
  Fields& all(const Fields& more) {
    bytes_ += more.bytes_;
    return *this;
  }
  std::uint64_t digest() const { return XXH3_64bits(bytes_.data(), bytes_.size()); }

 private:
  std::string bytes_;
};

/// The steps from `base` to `path`, both absolute: "../lib". The same in every checkout that has the same shape.
std::string relative_path(std::string_view path, std::string_view base) {
  std::string up;
  while (!path::is_within(path, base)) {
    base = path::parent(base);
    up += "../";
  }
  return up + std::string(*path::strip_prefix(path, base));
}

void add_package(const cargo::Package& package, const Settings& settings, Fields* fields) {
  fields->text(package.name).text(package.version).number(static_cast<std::uint64_t>(package.source));
  fields->text(package.source == cargo::SourceKind::kPath ? relative_path(package.root, settings.workspace_root)
                                                          : package.id);
}

void add_profile(const cargo::Profile& profile, Fields* fields) {
  // The name is left out: `test` and `dev` with equal settings share their units, as in cargo.
  fields->text(profile.opt_level).text(profile.lto).optional(profile.codegen_backend);
  fields->number(profile.codegen_units ? *profile.codegen_units + std::uint64_t{1} : 0);
  fields->text(profile.debuginfo).optional(profile.split_debuginfo);
  fields->number(profile.debug_assertions).number(profile.overflow_checks).number(profile.rpath);
  fields->number(profile.incremental).text(profile.panic).text(profile.strip.value);
  fields->list(profile.rustflags).optional(profile.trim_paths).optional(profile.hint_mostly_unused);
}

/// Different compilers keep different files; a pre-release only differs by channel, so that a nightly's update
/// overwrites the files of the one before (cargo: hash_rustc_version).
Fields of_compiler(const Toolchain& toolchain, bool for_host) {
  Fields fields;
  const std::string pre_release = cargo::pre_release_of(toolchain.release);
  if (!pre_release.empty()) {
    fields.text(pre_release.substr(0, pre_release.find('.')));
    fields.text(for_host ? toolchain.host : "");
    return fields;
  }
  std::istringstream lines(toolchain.verbose_version);
  for (std::string line; std::getline(lines, line);) {
    if (for_host || line.rfind("host: ", 0) != 0) {
      fields.text(line);
    }
  }
  return fields;
}

/// What is the same for all units.
struct Compiler {
  Fields for_host;
  Fields for_target;
};

/// Flags that remap paths make builds reproducible; hashing the paths in them would undo that.
bool remaps_paths(const std::vector<std::string>& arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [](const std::string& argument) {
    return argument == "--remap-path-prefix" || argument.rfind("--remap-path-prefix=", 0) == 0;
  });
}

void add_flags(const std::vector<std::string>& flags, Fields* fields) {
  fields->list(remaps_paths(flags) ? std::vector<std::string>() : flags);
}

UnitHash hash_unit(
    const UnitHashInputs& in, const Compiler& compiler, UnitId id, const IdMap<UnitId, UnitHash>& done, bool is_root) {
  const auto& unit = in.graph.units[id];
  const auto& target = in.graph.target(id);
  const auto& package = in.packages[unit.package];
  const auto& settings = in.settings;
  const bool for_host = unit.platform == cargo::kHostPlatform;

  Fields shared;
  shared.number(kFormatEpoch);
  add_package(package, settings, &shared);
  shared.list(in.graph.features(id));
  add_profile(in.graph.profile(id), &shared);
  shared.number(static_cast<std::uint64_t>(unit.mode));
  shared.number(static_cast<std::uint64_t>(in.lto[id].kind)).text(in.lto[id].name);
  shared.text(in.graph.platform(id));
  shared.text(target.name).number(static_cast<std::uint64_t>(target.kind)).list(target.kind_names);
  shared.list(target.crate_types);
  shared.all(for_host ? compiler.for_host : compiler.for_target);
  shared.optional(package.is_member ? settings.rustc_workspace_wrapper : std::nullopt);
  shared.optional(settings.environment.get("__CARGO_DEFAULT_LIB_METADATA"));
  shared.number(unit.is_std);

  std::vector<std::uint64_t> ids;
  std::vector<std::uint64_t> metadata;
  for (const auto& dependency : unit.dependencies) {
    ids.push_back(done[dependency.unit].unit_id);
    metadata.push_back(done[dependency.unit].c_metadata);
  }
  Fields for_metadata = shared;
  for_metadata.text("metadata").sorted(std::move(metadata));

  Fields for_id = std::move(shared);
  for_id.text("unit").sorted(std::move(ids));
  add_flags(is_root ? settings.extra_rustc_args : std::vector<std::string>(), &for_id);
  add_flags(
      is_doc(unit.mode) ? settings.targets[unit.platform].rustdocflags : settings.targets[unit.platform].rustflags,
      &for_id);
  return {for_id.digest(), for_metadata.digest()};
}

}  // namespace

std::string UnitHash::to_hex(std::uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i, value >>= 4) {
    text[static_cast<std::size_t>(i)] = kDigits[value & 0xf];
  }
  return text;
}

IdMap<UnitId, UnitHash> compute_unit_hashes(const UnitHashInputs& in) {
  IdMap<UnitId, char> is_root(in.graph.units.size(), 0);
  for (UnitId root : in.graph.roots) {
    is_root[root] = 1;
  }
  const Compiler compiler{of_compiler(in.settings.toolchain, true), of_compiler(in.settings.toolchain, false)};
  IdMap<UnitId, UnitHash> hashes(in.graph.units.size());
  for (UnitId id : in.order) {
    hashes[id] = hash_unit(in, compiler, id, hashes, is_root[id]);
  }
  return hashes;
}

}  // namespace pcargo::plan
