// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/clean_command.h"

#include "base/path.h"
#include "cargo/metadata_reader.h"
#include "cargo/package_spec.h"
#include "cli/build_lock.h"
#include "cli/screen.h"
#include "cli/where.h"
#include "platform/files.h"
#include "platform/real_file_system.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

namespace pcargo::cli {

namespace {

struct CleanOptions {
  std::vector<std::string> packages;
  std::vector<std::string> targets;
  std::optional<std::string> profile_directory;
  bool doc = false;
  bool workspace = false;
  bool dry_run = false;
  int verbose = 0;
  bool quiet = false;
  std::vector<std::string> metadata_arguments;  ///< for the question where things are
};

std::string directory_of_profile(const std::string& profile) {
  return profile == "dev" || profile == "test" ? "debug" : profile == "bench" ? "release" : profile;
}

/// nullopt: words that cargo must answer.
std::optional<CleanOptions> parse(std::vector<std::string> arguments) {
  CleanOptions options;
  CLI::App app;
  app.set_help_flag();
  const auto value = [&app](const char* names) {
    return app.add_option(names)->type_size(1)->expected(1)->allow_extra_args(false)->take_all();
  };
  auto* package = value("-p,--package");
  auto* target = value("--target");
  auto* profile = value("--profile");
  auto* release = app.add_flag("-r,--release");
  auto* doc = app.add_flag("--doc");
  auto* workspace = app.add_flag("--workspace");
  auto* dry_run = app.add_flag("-n,--dry-run");
  auto* verbose = app.add_flag("-v,--verbose");
  auto* quiet = app.add_flag("-q,--quiet");
  value("--color");
  const std::vector<CLI::Option*> passed{
      value("--manifest-path"), value("--target-dir"), value("--config"), value("-Z")};
  const std::vector<CLI::Option*> flags{app.add_flag("--locked"), app.add_flag("--offline"), app.add_flag("--frozen")};
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
  } catch (const CLI::Error&) {
    return std::nullopt;
  }
  options.packages = package->results();
  options.targets = target->results();
  if (profile->count() > 0) {
    options.profile_directory = directory_of_profile(profile->results().back());
  } else if (release->count() > 0) {
    options.profile_directory = "release";
  }
  options.doc = doc->count() > 0;
  options.workspace = workspace->count() > 0;
  options.dry_run = dry_run->count() > 0;
  options.verbose = static_cast<int>(verbose->count());
  options.quiet = quiet->count() > 0;
  for (const auto* option : passed) {
    for (const auto& text : option->results()) {
      if (option->get_name() == "--target-dir") {
        options.metadata_arguments.insert(options.metadata_arguments.end(),
                                          {"--config", "build.target-dir=\"" + text + "\""});
      } else {
        options.metadata_arguments.insert(options.metadata_arguments.end(), {option->get_name(), text});
      }
    }
  }
  for (const auto* flag : flags) {
    if (flag->count() > 0) {
      options.metadata_arguments.push_back(flag->get_name());
    }
  }
  return options;
}

/// Names that files of the asked packages carry: of the packages and, for members, of all their targets.
std::set<std::string> names_of(const CleanOptions& options, const cargo::WorkspaceMetadata& metadata) {
  std::set<std::string> names;
  const auto add = [&names](std::string name) {
    names.insert(name);
    std::replace(name.begin(), name.end(), '-', '_');
    names.insert(std::move(name));
  };
  auto asked = options.packages;
  if (options.workspace) {
    for (const auto& member : metadata.members) {
      asked.push_back(member.name);
    }
  }
  for (const auto& spec : asked) {
    const std::string name = spec.find("://") == std::string::npos ? spec.substr(0, spec.find_first_of("@:"))
                                                                   : spec.substr(spec.find_last_of("/#") + 1);
    const std::string bare = name.substr(0, name.find('@'));
    add(bare);
    for (const auto& member : metadata.members) {
      if (member.name == bare) {
        for (const auto& target : member.targets) {
          add(target.name);
        }
      }
    }
  }
  return names;
}

/// "libserde-0123456789abcdef.rlib", "serde-0123456789abcdef", "libdy.so", "serde-1a2b3c (incremental)": whose is it?
bool belongs_to(const std::string& entry, const std::set<std::string>& names) {
  for (std::string_view rest :
       {std::string_view(entry), std::string_view(entry).substr(entry.rfind("lib", 0) == 0 ? 3 : 0)}) {
    const auto end = rest.find_last_of('-');
    const auto dot = rest.find('.');
    if (names.count(std::string(rest.substr(0, dot))) != 0 ||
        (end != std::string_view::npos && names.count(std::string(rest.substr(0, end))) != 0)) {
      return true;
    }
  }
  return false;
}

class Cleaner {
 public:
  Cleaner(const CleanOptions& options, std::string root, report::Shell& shell)
      : options_(options), root_(std::move(root)), shell_(shell) {}

  Result<void> clean(const std::set<std::string>& names) {
    const platform::RealFileSystem files;
    for (const auto& base : bases(files)) {
      for (const auto& profile : files.list(base)) {
        if (options_.profile_directory.value_or(profile) == profile) {
          PCARGO_TRY(clean_profile(files, path::join(base, profile), names));
        }
      }
    }
    summarise();
    return {};
  }

 private:
  /// Directories that hold profiles: ours for the host, and one for each target.
  std::vector<std::string> bases(const platform::RealFileSystem& files) const {
    std::vector<std::string> result;
    for (const auto& triple : options_.targets) {
      result.push_back(
          path::join(root_, path::file_stem(triple) == triple ? triple : std::string(path::file_name(triple))));
    }
    if (options_.targets.empty()) {
      result.push_back(root_);
      if (!options_.packages.empty() || options_.workspace) {
        for (const auto& entry : files.list(root_)) {
          if (files.kind(path::join(root_, entry + "/" + options_.profile_directory.value_or("debug") + "/deps")) ==
              FileKind::kDirectory) {
            result.push_back(path::join(root_, entry));
          }
        }
      }
    }
    return result;
  }

  Result<void> clean_profile(const platform::RealFileSystem& files,
                             const std::string& directory,
                             const std::set<std::string>& names) {
    if (files.kind(path::join(directory, "deps")) != FileKind::kDirectory) {
      return {};  // the lock, or another target's directory
    }
    if (names.empty()) {
      return remove(directory);
    }
    for (const char* below : {"deps", "build", "examples", "incremental", "locks", "records"}) {
      const std::string folder = path::join(directory, below);
      for (const auto& entry : files.list(folder)) {
        if (belongs_to(entry, names)) {
          PCARGO_TRY(remove(path::join(folder, entry)));
        }
      }
    }
    return {};
  }

  Result<void> remove(const std::string& path) {
    const auto removal = options_.dry_run ? platform::Removal::kCountOnly : platform::Removal::kRemove;
    const auto tell = [this](const std::string& entry) {
      if (options_.verbose > 0) {
        shell_.status("Removing", entry);
      }
    };
    PCARGO_ASSIGN(const auto size, platform::remove_tree(path, removal, tell));
    total_.files += size.files;
    total_.bytes += size.bytes;
    return {};
  }

  void summarise() {
    if (total_.files == 0) {
      return;
    }
    shell_.status(options_.dry_run ? "Summary" : "Removed",
                  fmt::format("{} files of pcargo's, {:.1f}MiB total",
                              total_.files,
                              static_cast<double>(total_.bytes) / (1024.0 * 1024.0)));
  }

  const CleanOptions& options_;
  std::string root_;
  report::Shell& shell_;
  platform::TreeSize total_;
};

/// With the lock of our files held from here until cargo, which removes its own and with no choice made all of them,
/// has ended: a build that runs would lose what it needs.
Result<void> clean_ours(const Session& session,
                        const CleanOptions& options,
                        bool is_partial,
                        const prepare::CargoProgram& cargo) {
  const auto metadata = ask_where(session, cargo, options.metadata_arguments);
  if (!metadata) {
    return {};  // cargo will tell why when it is asked to clean
  }
  const std::string root = private_root(*metadata);
  if (platform::entry_kind(root) != FileKind::kDirectory) {
    return {};
  }
  prepare::CommandLine line;
  line.quiet = options.quiet;
  line.verbose = options.verbose;
  Screen screen(early_options(line), session.environment);
  PCARGO_ASSIGN(auto lock, lock_with_words(root, typed_command(session), &screen.shell()));
  if (is_partial) {
    const auto names =
        options.packages.empty() && !options.workspace ? std::set<std::string>() : names_of(options, *metadata);
    PCARGO_TRY(Cleaner(options, root, screen.shell()).clean(names));
  }
  std::move(lock).keep_in_next_program();
  return {};
}

}  // namespace

int run_clean_command(const Session& session, const std::vector<std::string>& arguments) {
  const auto options = parse(arguments);
  // Without a choice cargo removes both directories whole, ours in them. Documentation is cargo's alone, and so are
  // words that we do not understand.
  const bool is_partial = options && (!options->packages.empty() || options->workspace || !options->targets.empty() ||
                                      options->profile_directory);
  std::optional<prepare::CargoProgram> cargo;
  if (options && !options->doc && !(options->dry_run && !is_partial)) {
    const platform::RealFileSystem files;
    auto search = prepare::find_cargo(
        {files, session.environment, session.current_directory, std::nullopt, session.own_executable});
    if (search && search->cargo) {
      cargo = search->cargo;
      if (auto cleaned = clean_ours(session, *options, is_partial, *cargo); !cleaned) {
        Screen screen({}, session.environment);
        screen.shell().display_error(cleaned.error());
        return 101;
      }
    }
  }
  Session allowed = session;
  allowed.environment.remove("PCARGO_NO_HANDOVER");  // cargo's part of a command of ours
  return hand_over_to_cargo(allowed, "cargo removes its own files", nullptr);
}

}  // namespace pcargo::cli
