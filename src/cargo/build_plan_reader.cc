// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/build_plan_reader.h"

#include "base/path.h"
#include "cargo/build_plan_arguments.h"
#include "cargo/build_plan_format.h"
#include "cargo/build_plan_packages.h"
#include "cargo/build_plan_units.h"
#include "cargo/json_reader.h"
#include "cargo/text.h"
#include "cargo/unit_graph_builder.h"
#include "cargo/unit_graph_values.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace pcargo::cargo {
namespace {

using namespace build_plan_format;  // NOLINT: the tables are this file's own vocabulary

std::string in_quotes(std::string_view text) {
  return nlohmann::json(text).dump();
}

/// One invocation as it is written.
struct RawInvocation {
  std::string package_name;
  std::string package_version;
  std::vector<std::string> target_kind;
  std::optional<std::string> platform;
  std::string mode;
  std::vector<std::uint64_t> deps;
  std::vector<std::string> outputs;
  std::size_t links = 0;
  std::string program;
  std::vector<std::string> args;
  std::optional<std::string> cwd;

  // What the environment says that the rest does not.
  std::optional<std::string> manifest_directory;
  std::optional<std::string> opt_level;
  std::optional<std::string> debug;
  bool is_primary = false;
  std::vector<std::string> feature_variables;
};

class BuildPlanReader : private JsonReader {
 public:
  explicit BuildPlanReader(const BuildPlanContext& context)
      : JsonReader("build plan", kPlaces), context_(context), packages_(context) {}

  Result<UnitGraph> read(std::string_view json) && {
    PCARGO_TRY(walk(json));
    return to_unit_graph(std::move(invocations_), context_, &packages_, std::move(builder_));
  }

 private:
  bool value(Where where, Scalar& value) override;
  void enter(Where where, Where from) override;
  bool leave(Where where) override;

  bool store_text(Scalar& value);
  void store_variable(Scalar& value);

  bool finish_invocation();
  bool set_mode();
  bool set_script_run();
  bool set_compiler_run();
  bool set_dependencies(const RustcArguments& arguments);
  bool refuse(const Error& error);

  const BuildPlanContext& context_;
  BuildPlanPackages packages_;
  UnitGraphBuilder builder_;
  std::vector<PlannedInvocation> invocations_;
  RawInvocation raw_;
  PlannedInvocation done_;  // what is made of it
};

void BuildPlanReader::enter(Where where, Where /*from*/) {
  if (where == at::kInvocation) {
    raw_ = RawInvocation();
  }
}

bool BuildPlanReader::leave(Where where) {
  return where != at::kInvocation || finish_invocation();
}

bool BuildPlanReader::value(Where where, Scalar& value) {
  switch (where) {
    case at::kInvocation:
      return store_text(value);
    case at::kTargetKind:
      raw_.target_kind.push_back(std::move(value.text));
      return true;
    case at::kDeps:
      // What is depended on comes first: so there is no cycle, and an index is checked when it is read.
      if (value.number >= invocations_.size()) {
        return fail(value.text + " is not before invocations[" + std::to_string(invocations_.size()) + "]");
      }
      raw_.deps.push_back(value.number);
      return true;
    case at::kOutputs:
      raw_.outputs.push_back(std::move(value.text));
      return true;
    case at::kLinks:
      ++raw_.links;
      return true;
    case at::kArgs:
      raw_.args.push_back(std::move(value.text));
      return true;
    case at::kEnv:
      store_variable(value);
      return true;
    default:
      return true;  // the inputs are found by ourselves
  }
}

bool BuildPlanReader::store_text(Scalar& value) {
  const auto optional_text = [&] { return value.kind == kNull ? std::nullopt : std::optional(std::move(value.text)); };
  switch (field_number()) {
    case kPackageName:
      raw_.package_name = std::move(value.text);
      return !raw_.package_name.empty() || fail("empty");
    case kPackageVersion:
      raw_.package_version = std::move(value.text);
      return !raw_.package_version.empty() || fail("empty");
    case kKind:
      raw_.platform = optional_text();
      return raw_.platform != "" || fail("empty");
    case kCompileMode:
      raw_.mode = std::move(value.text);
      return true;
    case kProgram:
      raw_.program = std::move(value.text);
      return true;
    case kCwd:
      raw_.cwd = optional_text();
      return !raw_.cwd || path::is_absolute(*raw_.cwd) || fail(in_quotes(*raw_.cwd) + " is not absolute");
    default:
      return true;
  }
}

void BuildPlanReader::store_variable(Scalar& value) {
  if (key() == "CARGO_MANIFEST_DIR") {
    raw_.manifest_directory = std::move(value.text);
  } else if (key() == "CARGO_PRIMARY_PACKAGE") {
    raw_.is_primary = true;
  } else if (key() == "OPT_LEVEL") {
    raw_.opt_level = std::move(value.text);
  } else if (key() == "DEBUG") {
    raw_.debug = std::move(value.text);
  } else if (text::strip_prefix(key(), "CARGO_FEATURE_")) {
    raw_.feature_variables.push_back(key());
  }
}

bool BuildPlanReader::finish_invocation() {
  if (invocations_.size() == std::numeric_limits<std::uint32_t>::max()) {
    return fail_of_object(": too many invocations");
  }
  done_ = PlannedInvocation();
  done_.package = {raw_.package_name, raw_.package_version, raw_.manifest_directory.value_or("")};
  done_.outputs = std::move(raw_.outputs);
  done_.links = raw_.links;
  done_.unit.platform = raw_.platform.value_or("");
  Target& target = done_.unit.target;
  target.kind_names = std::move(raw_.target_kind);
  unit_graph_format::infer_kind(&target);
  if (target.kind_names.empty()) {
    return fail_of_object(".target_kind: empty");
  }
  if (!set_mode() || !(done_.is_script_run() ? set_script_run() : set_compiler_run())) {
    return false;
  }
  invocations_.push_back(std::move(done_));
  return true;
}

bool BuildPlanReader::set_mode() {
  static constexpr std::pair<std::string_view, CompileMode> kModes[] = {
      {"build", CompileMode::kBuild},
      {"test", CompileMode::kTest},
      {"run-custom-build", CompileMode::kRunCustomBuild},
  };
  for (const auto& [name, mode] : kModes) {
    if (name == raw_.mode) {
      done_.unit.mode = mode;
      return true;
    }
  }
  return fail_of_object(".compile_mode: `cargo build` has no mode " + in_quotes(raw_.mode));
}

/// The rest is its users': build_plan_units.cc.
bool BuildPlanReader::set_script_run() {
  if (!done_.unit.target.is_custom_build()) {
    return fail_of_object(".target_kind: only build scripts are run");
  }
  if (!raw_.args.empty()) {
    return fail_of_object(".args: a build script takes no arguments");
  }
  if (!raw_.program.empty()) {  // else it is overridden: the invocation is empty
    if (!raw_.opt_level || (raw_.debug != "true" && raw_.debug != "false") || !raw_.manifest_directory) {
      return fail_of_object(".env: OPT_LEVEL, DEBUG or CARGO_MANIFEST_DIR is missing or is not cargo's");
    }
    done_.opt_level = std::move(raw_.opt_level);
    done_.debug = raw_.debug == "true";
    done_.feature_variables = std::move(raw_.feature_variables);
  }
  return set_dependencies({});
}

bool BuildPlanReader::set_compiler_run() {
  const auto rustflags = context_.rustflags.find(done_.unit.platform);
  if (rustflags == context_.rustflags.end()) {
    return fail_of_object(".kind: rustc was not asked about this target");
  }
  auto arguments = read_rustc_arguments(raw_.args, rustflags->second);
  if (!arguments) {
    return refuse(arguments.error());
  }
  if (arguments->target != done_.unit.platform) {
    return fail_of_object(".kind: not the target of its rustc, " + in_quotes(arguments->target));
  }
  if (arguments->is_test != (done_.unit.mode == CompileMode::kTest)) {
    return fail_of_object(".compile_mode: not that of its rustc");
  }
  if (raw_.program.empty() || !raw_.cwd) {
    return fail_of_object(": a command without program or directory");
  }
  if (!raw_.manifest_directory || !path::is_absolute(*raw_.manifest_directory)) {
    return fail_of_object(".env.CARGO_MANIFEST_DIR: missing or not absolute");
  }
  Target& target = done_.unit.target;
  target.name = arguments->crate_name;
  target.edition = arguments->edition;
  target.src_path = path::join(*raw_.cwd, arguments->source);
  target.crate_types = arguments->crate_types;
  if (target.crate_types.empty()) {
    target.crate_types = target.is_library() ? target.kind_names : std::vector<std::string>{"bin"};
  }
  done_.lto = arguments->lto;
  done_.lto_name = std::move(arguments->lto_name);
  done_.is_primary = raw_.is_primary;
  done_.unit.profile = std::move(arguments->profile);
  done_.unit.profile.debuginfo_is_given |= !context_.capabilities.says_debuginfo_none;
  done_.unit.features = std::move(arguments->features);
  done_.is_path = !arguments->caps_lints;
  done_.out_dir = std::move(arguments->out_dir);
  return set_dependencies(*arguments);
}

/// Each library below is named by one `--extern`, or by one for each of its files, in the order of the dependencies.
bool BuildPlanReader::set_dependencies(const RustcArguments& arguments) {
  auto next = arguments.externs.begin();
  const bool tells_private =
      std::any_of(arguments.externs.begin(), arguments.externs.end(), [](const auto& one) { return one.is_private; });
  for (std::size_t i = 0; i < raw_.deps.size(); ++i) {
    const PlannedInvocation& below = invocations_[raw_.deps[i]];
    Dependency dependency;
    dependency.unit = UnitId{static_cast<std::uint32_t>(raw_.deps[i])};
    std::string name = below.is_script_run() ? "build_script_build" : below.unit.target.crate_name();
    if (!done_.is_script_run() && below.unit.target.is_linkable() && below.unit.mode == CompileMode::kBuild) {
      const auto names_it = [&](const RustcArguments::Extern& one) {
        return std::find(below.outputs.begin(), below.outputs.end(), one.path) != below.outputs.end();
      };
      if (next == arguments.externs.end() || !names_it(*next)) {
        return fail_of_object(".deps[" + std::to_string(i) + "]: no --extern in its place");
      }
      name = next->name;
      dependency.noprelude = next->noprelude;
      if (tells_private) {
        dependency.is_public = !next->is_private;
      }
      while (next != arguments.externs.end() && next->name == name && names_it(*next)) {
        ++next;
      }
    }
    dependency.extern_crate_name = builder_.crate_name(name);
    done_.unit.dependencies.push_back(dependency);
  }
  if (next != arguments.externs.end() && next->path.empty()) {
    ++next;
  }
  return next == arguments.externs.end() ||
         fail_of_object(".args[" + std::to_string(next->argument) + "]: nothing in deps makes this file");
}

bool BuildPlanReader::refuse(const Error& error) {
  std::string what = "." + error.message;
  for (const std::string& cause : error.causes) {
    what += ": " + cause;
  }
  return fail_of_object(what);
}

}  // namespace

Result<UnitGraph> read_build_plan(std::string_view json, const BuildPlanContext& context) {
  return BuildPlanReader(context).read(json);
}

}  // namespace pcargo::cargo
