// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plan/late_link.h"

#include "base/path.h"
#include "plan/unit_rules.h"

#include <algorithm>
#include <array>
#include <set>

namespace pcargo::plan {

using cargo::CompileMode;

namespace {

constexpr std::array kHoldTexts = {
    std::pair(Hold::kLinksNothing, "it links nothing"),
    std::pair(Hold::kWrapper, "a wrapper runs its compiler"),
    std::pair(Hold::kHiddenArgument, "its flags hide others"),
    std::pair(Hold::kCrateType, "its crate types"),
    std::pair(Hold::kTarget, "its target"),
    std::pair(Hold::kLinkerName, "its linker is not known by name"),
    std::pair(Hold::kLinkerFlavor, "its linker flavor is given"),
    std::pair(Hold::kLto, "it runs LTO"),
    std::pair(Hold::kLinkerPluginLto, "its linker runs LTO"),
    std::pair(Hold::kPackedDebuginfo, "its debug information is packed"),
    std::pair(Hold::kRpath, "it has an rpath"),
    std::pair(Hold::kSaveTemps, "it keeps temporary files"),
    std::pair(Hold::kPrint, "its flags ask for --print"),
    std::pair(Hold::kDepInfo, "its dep-info names libraries"),
    std::pair(Hold::kCodegenBackend, "its codegen backend"),
    std::pair(Hold::kMetadataApart, "metadata are not embedded"),
    std::pair(Hold::kWholeArchive, "a native library is linked whole"),
    std::pair(Hold::kNoMetadata, "something below makes no metadata"),
};

/// One option of rustc: its name as `-C`, `--emit`, whatever way it was written, and its value.
struct Option {
  std::string_view name;
  std::string_view value;
};

/// rustc's words one option after the other (getopts: no abbreviations, values in the same word or the next one).
class Options {
 public:
  explicit Options(const std::vector<std::string>& argv) : argv_(argv) {}

  /// nullopt: at the end. What is no option has an empty name.
  std::optional<Option> next() {
    if (at_ == argv_.size()) {
      return std::nullopt;
    }
    const std::string_view word = argv_[at_++];
    if (word.starts_with("--") && word.size() > 2) {
      if (const auto equals = word.find('='); equals != std::string_view::npos) {
        return Option{word.substr(0, equals), word.substr(equals + 1)};
      }
      const bool is_flag = word == "--test" || word == "--verbose" || word == "--version" || word == "--help";
      return Option{word, is_flag ? "" : following()};
    }
    if (word.starts_with('-') && word.size() > 1) {
      const auto name = word.substr(0, 2);
      const bool is_flag = std::string_view("gOvVh").find(word[1]) != std::string_view::npos;
      return Option{name, is_flag || word.size() > 2 ? word.substr(2) : following()};
    }
    return Option{{}, word};
  }

 private:
  std::string_view following() { return at_ == argv_.size() ? std::string_view() : argv_[at_++]; }

  const std::vector<std::string>& argv_;
  std::size_t at_ = 1;
};

bool is_no(std::string_view value) {
  return value == "n" || value == "no" || value == "off" || value == "false";
}

template <class Visit>
void for_each_part(std::string_view list, Visit visit) {
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    visit(list.substr(begin, end - begin));
    begin = end + 1;
  }
}

/// `static:+whole-archive=x`: does an .rlib bundle it in a way that rustc takes out again?
bool is_whole_archive(std::string_view library) {
  const auto equals = library.find('=');
  return equals != std::string_view::npos && library.substr(0, equals).find("+whole-archive") != std::string_view::npos;
}

/// A compiler driver as linker. rustc infers what a linker understands from the name without extension and version; of
/// the names that say nothing to it only cc and c++ are taken, which mean what the target says.
bool is_driver(std::string_view linker) {
  auto name = path::file_stem(linker);
  if (const auto dash = name.rfind('-'); dash != std::string_view::npos) {
    const auto version = name.substr(dash + 1);
    if (std::all_of(version.begin(), version.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      name = name.substr(0, dash);
    }
  }
  constexpr std::array<std::string_view, 6> kDrivers = {"cc", "c++", "gcc", "g++", "clang", "clang++"};
  return std::any_of(kDrivers.begin(), kDrivers.end(), [name](std::string_view driver) {
    return name == driver || (name.ends_with(driver) && name[name.size() - driver.size() - 1] == '-');
  });
}

/// Where rustc takes `cc` unless it is told otherwise (its target specifications, 1.95 and 1.97).
bool is_linux(const BuildPlan& plan, UnitId unit) {
  const auto& platform = plan.graph().platform(unit);
  if (platform_short_name(platform) != platform) {
    return false;  // a specification of the user's
  }
  const std::string_view triple = plan.target_settings(unit).triple;
  const bool has_another_linker = triple.starts_with("wasm") || triple.starts_with("hexagon");
  return !has_another_linker && (triple.find("-unknown-linux-gnu") != std::string_view::npos ||
                                 triple.find("-unknown-linux-musl") != std::string_view::npos);
}

/// What the arguments say, the last word counting where it does for rustc.
class Words {
 public:
  explicit Words(const std::vector<std::string>& argv) {
    Options options(argv);
    while (const auto option = options.next()) {
      add(*option);
    }
  }

  std::optional<Hold> hold() const {
    if (const auto found = types(); found || holds_.empty()) {
      return found;
    }
    return *holds_.begin();
  }
  const std::string& linker() const { return linker_; }

 private:
  void add(const Option& option) {
    const auto& [name, value] = option;
    if (name == "-C" || name == "--codegen") {
      codegen(value);
    } else if (name == "-Z") {
      unstable(value);
    } else if (name == "-l" && is_whole_archive(value)) {
      set(Hold::kWholeArchive, true);
    } else if (name == "--print") {
      set(Hold::kPrint, true);
    } else if (name == "--test") {
      is_test_ = true;
    } else if (name == "--crate-type") {
      for_each_part(value, [this](std::string_view type) { crate_types_.insert(type); });
    } else if (name == "--emit") {
      for_each_part(value, [this](std::string_view kind) { links_ |= kind == "link" || kind.starts_with("link="); });
    } else if ((name.empty() && value.starts_with('@')) || (name.size() == 2 && is_cluster(option))) {
      set(Hold::kHiddenArgument, true);
    }
  }

  static bool is_cluster(const Option& option) {
    return std::string_view("gOvVh").find(option.name[1]) != std::string_view::npos && !option.value.empty();
  }

  /// "name=value" with rustc's freedom of `-` and `_`.
  static std::pair<std::string, std::string_view> split(std::string_view text) {
    const auto equals = std::min(text.find('='), text.size());
    std::string name(text.substr(0, equals));
    std::replace(name.begin(), name.end(), '_', '-');
    return {std::move(name), text.substr(std::min(equals + 1, text.size()))};
  }

  void codegen(std::string_view text) {
    const auto [name, value] = split(text);
    if (name == "linker") {
      linker_ = value;
      set(Hold::kLinkerName, !is_driver(value));
    } else if (name == "linker-flavor") {
      set(Hold::kLinkerFlavor, true);
    } else if (name == "lto") {
      set(Hold::kLto, !is_no(value));
    } else if (name == "linker-plugin-lto") {
      set(Hold::kLinkerPluginLto, !is_no(value));
    } else if (name == "split-debuginfo") {
      set(Hold::kPackedDebuginfo, value == "packed");
    } else if (name == "rpath") {
      set(Hold::kRpath, !is_no(value));
    } else if (name == "save-temps") {
      set(Hold::kSaveTemps, !is_no(value));
    }
  }

  void unstable(std::string_view text) {
    const auto [name, value] = split(text);
    if (name == "codegen-backend") {
      set(Hold::kCodegenBackend, value != "llvm");
    } else if (name == "embed-metadata") {
      set(Hold::kMetadataApart, is_no(value));
    } else if (name == "binary-dep-depinfo") {
      set(Hold::kDepInfo, !is_no(value));
    } else if (name == "packed-bundled-libs" && !is_no(value)) {
      set(Hold::kWholeArchive, true);
    } else if (name == "no-link" || name == "link-only" || name == "no-codegen") {
      set(Hold::kLinksNothing, true);
    } else if (name == "shell-argfiles") {
      set(Hold::kHiddenArgument, true);
    }
  }

  /// The last word counts.
  void set(Hold hold, bool holds) {
    if (holds) {
      holds_.insert(hold);
    } else {
      holds_.erase(hold);
    }
  }

  std::optional<Hold> types() const {
    if (!links_) {
      return Hold::kLinksNothing;
    }
    const auto is_one_of = [](std::string_view type, std::initializer_list<std::string_view> list) {
      return std::find(list.begin(), list.end(), type) != list.end();
    };
    bool is_held = false;
    bool is_only_rlib = !crate_types_.empty() && !is_test_;  // without a type it is a program
    for (const auto type : crate_types_) {
      is_held |= !is_one_of(type, {"bin", "cdylib", "proc-macro"});
      is_only_rlib &= is_one_of(type, {"lib", "rlib"});
    }
    return is_only_rlib ? std::optional(Hold::kLinksNothing) : is_held ? std::optional(Hold::kCrateType) : std::nullopt;
  }

  std::set<Hold> holds_;
  std::set<std::string_view> crate_types_;
  std::string linker_ = "cc";
  bool is_test_ = false;
  bool links_ = false;
};

bool links_whole_archive(const BuildPlan& plan, UnitId unit, const ScriptOutputs& scripts) {
  const auto& runs = plan.native_links(unit).to_link;
  return std::any_of(runs.begin(), runs.end(), [&scripts](UnitId run) {
    const auto output = scripts.find(run);
    return output != scripts.end() && std::any_of(output->second.library_links.begin(),
                                                  output->second.library_links.end(),
                                                  [](const auto& library) { return is_whole_archive(library); });
  });
}

std::optional<Hold> hold_of(const BuildPlan& plan,
                            UnitId unit,
                            const Invocation& invocation,
                            const ScriptOutputs& scripts,
                            const IdMap<UnitId, char>& metadata_below,
                            const Words& words) {
  const auto mode = plan.graph().units[unit].mode;
  if (mode != CompileMode::kBuild && mode != CompileMode::kTest) {
    return Hold::kLinksNothing;
  }
  if (const auto hold = words.hold(); hold == Hold::kLinksNothing) {
    return hold;
  }
  if (invocation.argv.front() != plan.settings().toolchain.rustc) {
    return Hold::kWrapper;
  }
  if (!is_linux(plan, unit)) {
    return Hold::kTarget;
  }
  if (const auto hold = words.hold()) {
    return hold;
  }
  if (plan.settings().no_embed_metadata) {
    return Hold::kMetadataApart;
  }
  if (links_whole_archive(plan, unit, scripts)) {
    return Hold::kWholeArchive;
  }
  return metadata_below[unit] != 0 ? std::nullopt : std::optional(Hold::kNoMetadata);
}

}  // namespace

std::string_view hold_text(Hold hold) {
  const auto* found =
      std::find_if(kHoldTexts.begin(), kHoldTexts.end(), [hold](const auto& text) { return text.first == hold; });
  PCARGO_CHECK(found != kHoldTexts.end());
  return found->second;
}

IdMap<UnitId, char> derive_metadata_below(const cargo::UnitGraph& graph) {
  IdMap<UnitId, char> result(graph.units.size(), 1);
  for (const UnitId unit : dependency_order(graph)) {
    for (const auto& dependency : graph.units[unit].dependencies) {
      const auto& target = graph.target(dependency.unit);
      // A proc-macro is loaded as it is, and what went into it is not linked again.
      if (target.is_linkable() && !target.is_proc_macro() &&
          (requires_upstream_objects(graph, dependency.unit) || result[dependency.unit] == 0)) {
        result[unit] = 0;
      }
    }
  }
  return result;
}

LateLink late_link(const BuildPlan& plan,
                   UnitId unit,
                   const Invocation& invocation,
                   const ScriptOutputs& scripts,
                   const IdMap<UnitId, char>& metadata_below) {
  const Words words(invocation.argv);
  LateLink result{hold_of(plan, unit, invocation, scripts, metadata_below, words), {}};
  if (!result.hold) {
    result.linker = words.linker();
  }
  return result;
}

Invocation late_linked(Invocation invocation, const std::vector<StubDirectory>& directories, const std::string& gate) {
  auto& argv = invocation.argv;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const auto equals = argv[i].find('=');
    const bool is_dependency = argv[i - 1] == "--extern" || (argv[i - 1] == "-L" && argv[i].starts_with("dependency="));
    if (!is_dependency || equals == std::string::npos) {
      continue;
    }
    const auto file = std::string_view(argv[i]).substr(equals + 1);
    for (const auto& [real, stubs] : directories) {
      if (const auto below = path::strip_prefix(file, real)) {
        argv[i] = argv[i].substr(0, equals + 1) + path::join(stubs, *below);
        break;
      }
    }
  }
  argv.insert(argv.end(), {"-C", "linker=" + gate});
  return invocation;
}

}  // namespace pcargo::plan
