// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/build_plan_units.h"

#include "base/path.h"
#include "cargo/relocation.h"

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pcargo::cargo {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

std::string feature_variable(std::string_view feature) {
  std::string text = "CARGO_FEATURE_";
  for (const char c : feature) {
    text += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

Error mistake(std::size_t invocation, const std::string& what) {
  return {ErrorKind::kInput, "invocations[" + std::to_string(invocation) + "]" + what};
}

class GraphMaker {
 public:
  GraphMaker(std::vector<PlannedInvocation> invocations,
             const BuildPlanContext& context,
             BuildPlanPackages* packages,
             UnitGraphBuilder builder)
      : all_(std::move(invocations)),
        context_(context),
        packages_(packages),
        builder_(std::move(builder)),
        first_user_(all_.size(), kNone),
        has_user_(all_.size(), false) {}

  Result<UnitGraph> make() && {
    if (context_.here) {
      PCARGO_TRY(move_here(*context_.here));
    }
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      if (!all_[i].is_script_run()) {
        PCARGO_TRY(check_profile(i));
        PCARGO_TRY(find_package(i));
      }
    }
    find_users();
    PCARGO_TRY(set_lto());
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      if (all_[i].is_script_run()) {
        PCARGO_TRY(complete_script_run(i));
      }
    }
    PCARGO_TRY(find_roots());
    for (PlannedInvocation& invocation : all_) {
      invocation.unit.profile.name = context_.profile_name;
      builder_.add_unit(invocation.unit);
    }
    PCARGO_ASSIGN(UnitGraph graph, std::move(builder_).finish());
    if (context_.here) {
      PCARGO_TRY(require_sources(graph, context_.files));
    }
    return graph;
  }

 private:
  /// From where packages and sources lay when the plan was made to where they lie now.
  Result<void> move_here(const Surroundings& here) {
    std::vector<Relocation::PathPackage> path_packages;
    std::unordered_map<std::string, std::string> moved;  // directories of packages
    for (const PlannedInvocation& one : all_) {
      const auto& [name, version, root] = one.package;
      if (!one.is_script_run() && moved.try_emplace(root).second && one.is_path) {
        path_packages.push_back({name, version, root});
      }
    }
    PCARGO_ASSIGN(const Relocation relocation, Relocation::find(path_packages, here));
    const auto move = [&](const PlannedInvocation& one, const std::string& file) {
      return one.is_path ? relocation.move_path(file) : relocation.move_download(file);
    };
    std::set<std::string> missing;
    for (PlannedInvocation& one : all_) {
      const auto root = moved.find(one.package.root);
      if (root == moved.end()) {
        continue;  // the run of an overridden script has none
      }
      if (root->second.empty()) {
        const std::string manifest = move(one, path::join(one.package.root, "Cargo.toml"));
        root->second = path::parent(manifest);
        if (here.files.kind(manifest) != FileKind::kFile) {
          missing.insert(manifest);
        }
      }
      std::string& source = one.unit.target.src_path;
      if (!one.is_script_run()) {
        const auto inside = path::strip_prefix(source, one.package.root);
        source = inside ? path::join(root->second, *inside) : move(one, source);
      }
      one.package.root = root->second;
    }
    return missing.empty() ? Result<void>() : missing_files("packages are not where the plan has them", missing);
  }

  /// Compilers write to `DIRECTORY/deps`, `DIRECTORY/examples` and `DIRECTORY/build/*`.
  Result<void> check_profile(std::uint32_t i) const {
    const std::string& out_dir = all_[i].out_dir;
    if (!context_.profile_directory || out_dir.empty()) {
      return {};
    }
    const std::string outer(path::parent(out_dir));
    const std::string directory(path::file_name(path::file_name(outer) == "build" ? path::parent(outer) : outer));
    if (directory == *context_.profile_directory) {
      return {};
    }
    return mistake(i,
                   ".args: the plan builds into `" + directory + "`, the profile `" + context_.profile_name +
                       "` into `" + *context_.profile_directory +
                       "`: give `--profile` as it was when the plan was made");
  }

  Result<void> find_package(std::uint32_t i) {
    PlannedInvocation& one = all_[i];
    PCARGO_TRY(at_its_place(i, packages_->id_of(one.package, one.is_path), &one.unit.package_id));
    return at_its_place(i, packages_->complete(one.package, std::move(one.unit.target)), &one.unit.target);
  }

  template <typename T>
  static Result<void> at_its_place(std::uint32_t i, Result<T> found, T* place) {
    if (!found) {
      std::string what = ": " + found.error().message;
      for (const std::string& cause : found.error().causes) {
        what += ": " + cause;
      }
      return mistake(i, what);
    }
    *place = *std::move(found);
    return {};
  }

  void find_users() {
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      for (const Dependency& dependency : all_[i].unit.dependencies) {
        const std::uint32_t below = dependency.unit.value;
        has_user_[below] = true;
        const bool is_own =
            all_[below].package.name == all_[i].package.name && all_[below].package.version == all_[i].package.version;
        if (first_user_[below] == kNone && is_own && !all_[i].is_script_run()) {
          first_user_[below] = i;
        }
      }
    }
  }

  /// No package can have an `lto` of its own. What cargo makes of it for each unit is derived again (plan/lto.h).
  Result<void> set_lto() {
    std::string lto;
    bool says_anything = all_.empty();
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const PlannedInvocation& one = all_[i];
      if (one.is_script_run()) {
        continue;
      }
      says_anything |= one.lto != LtoArguments::kNone;
      std::string said;
      if (one.lto == LtoArguments::kRun) {
        said = one.lto_name;
      } else if (one.lto == LtoArguments::kOff) {
        said = "off";
      }
      if (!said.empty() && !lto.empty() && said != lto) {
        return mistake(i, ".args: lto is " + said + " here and " + lto + " before");
      }
      lto = said.empty() ? lto : said;
    }
    const auto is_seen_on_libraries = [](const PlannedInvocation& one) {
      return !one.is_script_run() && !one.unit.target.for_host() &&
             (one.lto == LtoArguments::kNone || one.lto == LtoArguments::kLinkerPlugin);
    };
    if (!says_anything) {
      // Before 1.45 cargo said nothing of bitcode; then nothing is no sign of lto either.
      return mistake(0, ".args: no command says anything of lto or bitcode: the plan of a cargo before 1.45?");
    }
    if (lto.empty()) {
      // Which lto it is matters only where something is linked, and nothing is.
      lto = std::any_of(all_.begin(), all_.end(), is_seen_on_libraries) ? "true" : "false";
    }
    for (PlannedInvocation& one : all_) {
      one.unit.profile.lto = one.is_script_run() ? "false" : lto;
    }
    return {};
  }

  /// Cargo gives it the profile of the unit that it is run for, but for what only compiling needs
  /// (Profiles::get_profile_run_custom_build), and that unit's features.
  Result<void> complete_script_run(std::uint32_t i) {
    PlannedInvocation& run = all_[i];
    if (first_user_[i] == kNone) {
      return mistake(i, ": nothing of its package depends on this run of a build script");
    }
    const PlannedInvocation& user = all_[first_user_[i]];
    run.unit.features = user.unit.features;
    Profile& profile = run.unit.profile;
    profile.opt_level = user.unit.profile.opt_level;
    profile.debuginfo = user.unit.profile.debuginfo;
    profile.debuginfo_is_given = user.unit.profile.debuginfo_is_given;
    profile.debuginfo_is_integer = user.unit.profile.debuginfo_is_integer;
    if (context_.capabilities.has_debug_assertions_cfg) {
      profile.debug_assertions = user.unit.profile.debug_assertions;
    }
    set_strip_of_run(&run);
    PCARGO_TRY(compare_with_environment(i, user));
    run.package.root = user.package.root;
    run.unit.package_id = user.unit.package_id;
    return set_script_target(i, user);
  }

  /// It is stripped of nothing, but cargo says so, and names of files are made of that.
  void set_strip_of_run(PlannedInvocation* run) const {
    const auto has_debuginfo = [this](const Dependency& below) {
      return all_[below.unit.value].unit.profile.has_debuginfo();
    };
    const auto& dependencies = run->unit.dependencies;
    if (context_.capabilities.strips_without_debuginfo && !run->unit.profile.has_debuginfo() &&
        std::none_of(dependencies.begin(), dependencies.end(), has_debuginfo)) {
      run->unit.profile.strip.value = "debuginfo";
    }
  }

  Result<void> compare_with_environment(std::uint32_t i, const PlannedInvocation& user) {
    PlannedInvocation& run = all_[i];
    if (!run.opt_level) {
      return {};  // nothing is run
    }
    if (*run.opt_level != user.unit.profile.opt_level) {
      return mistake(
          i, ".env.OPT_LEVEL: " + *run.opt_level + ", but " + user.unit.profile.opt_level + " in " + user_of(i));
    }
    if (*run.debug != user.unit.profile.has_debuginfo()) {
      return mistake(i, ".env.DEBUG: not what " + user_of(i) + " has");
    }
    if (run.package.root != user.package.root) {
      return mistake(i, ".env.CARGO_MANIFEST_DIR: not that of " + user_of(i));
    }
    std::vector<std::string> variables;
    for (const std::string& feature : user.unit.features) {
      variables.push_back(feature_variable(feature));
    }
    std::sort(variables.begin(), variables.end());
    variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
    std::sort(run.feature_variables.begin(), run.feature_variables.end());
    if (variables != run.feature_variables) {
      return mistake(i, ".env: the CARGO_FEATURE_ variables are not the features of " + user_of(i));
    }
    return {};
  }

  std::string user_of(std::uint32_t i) const { return "invocations[" + std::to_string(first_user_[i]) + "]"; }

  Result<void> set_script_target(std::uint32_t i, const PlannedInvocation& user) {
    PlannedInvocation& run = all_[i];
    for (const Dependency& dependency : run.unit.dependencies) {
      const PlannedInvocation& below = all_[dependency.unit.value];
      if (below.unit.target.is_custom_build() && !below.is_script_run() && below.package.root == run.package.root) {
        run.unit.target = below.unit.target;
        return {};
      }
    }
    if (run.opt_level) {
      return mistake(i, ".deps: the build script is not compiled");
    }
    auto target = packages_->overridden_script(run.package, user.unit.target.edition);
    if (!target) {
      return std::move(target).error().context("invocations[" + std::to_string(i) + "]: whose script it is");
    }
    run.unit.target = *std::move(target);
    return {};
  }

  /// A root is what the command asks for: all that nothing else needs, and of the rest what cargo treats as asked for.
  Result<void> find_roots() {
    std::unordered_set<std::string> with_root;
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      const PlannedInvocation& one = all_[i];
      if (one.unit.target.is_custom_build()) {
        if (!has_user_[i]) {
          return mistake(i, ": nothing depends on this build script");
        }
      } else if (!has_user_[i] || is_asked_for(one)) {
        builder_.add_root(UnitId{i});
        with_root.insert(one.unit.package_id);
      }
    }
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const PlannedInvocation& one = all_[i];
      if (!one.is_script_run() && one.is_primary != (with_root.count(one.unit.package_id) != 0)) {
        return mistake(i,
                       std::string(".env: CARGO_PRIMARY_PACKAGE ") + (one.is_primary ? "is set" : "is not set") +
                           ", but the command asks for " + (one.is_primary ? "nothing" : "something") +
                           " of the package");
      }
    }
    return {};
  }

  /// Of something that others need. Only a root's files get a final place (output_files.cc), but for those of bins and
  /// of dylibs, which always have one.
  bool is_asked_for(const PlannedInvocation& one) const {
    const Target& target = one.unit.target;
    if (target.is_bin()) {
      return context_.asks_for_bin(target.name);
    }
    if (target.crate_types == std::vector<std::string>{"dylib"}) {
      return one.is_primary;
    }
    return one.links > (target.has_crate_type("dylib") ? 1U : 0U);
  }

  std::vector<PlannedInvocation> all_;
  const BuildPlanContext& context_;
  BuildPlanPackages* packages_;
  UnitGraphBuilder builder_;
  std::vector<std::uint32_t> first_user_;  // of the same package, no run
  std::vector<char> has_user_;
};

}  // namespace

Result<UnitGraph> to_unit_graph(std::vector<PlannedInvocation> invocations,
                                const BuildPlanContext& context,
                                BuildPlanPackages* packages,
                                UnitGraphBuilder builder) {
  return GraphMaker(std::move(invocations), context, packages, std::move(builder)).make();
}

}  // namespace pcargo::cargo
