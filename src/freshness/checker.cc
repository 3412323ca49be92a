// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/checker.h"

#include "base/path.h"
#include "cargo/dep_info.h"
#include "freshness/blame.h"
#include "freshness/difference.h"
#include "freshness/record_store.h"
#include "freshness/sweeper.h"
#include "plan/rustc_arguments.h"
#include "plan/unit_rules.h"
#include "platform/files.h"
#include "platform/git_ignore.h"
#include "platform/sha256.h"
#include "platform/tree_walk.h"

#include <algorithm>
#include <utility>

namespace pcargo::freshness {

namespace {

/// Where else rustc looks for the module at `path`, and finding both is an error: `foo.rs`, `foo/mod.rs`.
std::optional<std::string> rival_of_module(const std::string& path) {
  constexpr std::string_view kInDirectory = "/mod.rs";
  if (path.ends_with(kInDirectory)) {
    return path.substr(0, path.size() - kInDirectory.size()) + ".rs";
  }
  if (path.ends_with(".rs")) {
    return path.substr(0, path.size() - 3) + std::string(kInDirectory);
  }
  return std::nullopt;
}

/// There may be very many of them: no searching in a list.
std::unordered_map<std::string_view, const Look*> by_path(const std::vector<PathLook>& looks) {
  std::unordered_map<std::string_view, const Look*> found;
  found.reserve(looks.size());
  for (const auto& look : looks) {
    found.emplace(look.path, &look.look);
  }
  return found;
}

bool is_renewed(const Look& then, const Look& now) {
  return (now.stamp.kind == FileKind::kFile || now.stamp.kind == FileKind::kDirectory) && !(now == then);
}

bool is_renewed(const std::vector<PathLook>& then, const std::vector<PathLook>& now) {
  return !std::equal(then.begin(), then.end(), now.begin(), now.end(), [](const auto& a, const auto& b) {
    return !is_renewed(a.look, b.look);
  });
}

bool is_renewed(const std::optional<TreeLook>& then, const std::optional<TreeLook>& now) {
  return then && now &&
         !std::equal(then->entries.begin(),
                     then->entries.end(),
                     now->entries.begin(),
                     now->entries.end(),
                     [](const auto& a, const auto& b) { return !is_renewed(a.second, b.second); });
}

/// Both say the same. Are there files that the newer one saves reading again? What is neither file nor directory is
/// looked at each time, so a newer look at it is not worth writing down.
bool saves_reading(const Record& then, const Record& now) {
  return is_renewed(then.inputs, now.inputs) || is_renewed(then.outputs, now.outputs) ||
         is_renewed(then.out_dir, now.out_dir) || is_renewed(then.package, now.package);
}

Cause::Asked asked_by(const plan::BuildPlan& plan, UnitId unit) {
  const bool is_run = plan.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild;
  return is_run ? Cause::Asked::kByDirective : Cause::Asked::kByReading;
}

}  // namespace

Checker::Checker(const plan::BuildPlan& plan, const plan::ScriptOutputs& scripts, std::string boot_id)
    : plan_(plan),
      scripts_(scripts),
      boot_id_(std::move(boot_id)),
      results_(plan),
      toolchain_(plan.settings()),
      former_(plan),
      made_(plan.graph().units.size()) {
  // Of what is built there the build itself changes something each time.
  inspector_.never_rests(plan.settings().build_directory);
  inspector_.never_rests(plan.settings().target_directory);
}

std::string Checker::record_path(UnitId unit) const {
  return plan_.layout().record(plan_.graph().units[unit].platform, plan_.package(unit).name, plan_.unit_id(unit));
}

plan::Invocation Checker::invocation(UnitId unit) const {
  const bool is_run = plan_.graph().units[unit].mode == cargo::CompileMode::kRunCustomBuild;
  return is_run ? plan_.script_invocation(unit, scripts_) : plan_.compile_invocation(unit, scripts_);
}

Checker::Finding Checker::check(UnitId unit) {
  Attempt attempt;
  auto record = RecordStore::read(record_path(unit));
  if (record) {
    const Record as_read = *record;
    auto cause = find_cause(unit, &*record, &attempt);
    if (!cause && !attempt.given->is_complete) {
      return {Verdict::kUndecided, {}};
    }
    if (!cause) {
      publish(unit, *record);
      const bool is_renewed = saves_reading(as_read, *record) || as_read.boot_id != boot_id_;
      if (is_renewed) {
        record->boot_id = boot_id_;
        (void)RecordStore::write(record_path(unit), *record);
      } else {
        mark_as_used(record_path(unit), platform::file_clock_ns());
      }
      if (standing_ != nullptr) {
        list_in_standing(unit, *record, is_renewed);
      }
      return {Verdict::kFresh, std::move(record)};
    }
    attempt.cause = *std::move(cause);
    results_.will_run(unit, made_by(unit, as_read));
  } else {
    attempt.cause.kind = RecordStore::why_absent(record_path(unit));
    attempt.given = given_to(plan_, unit, invocation(unit), results_, inspector_);
    if (attempt.cause == Cause{} && attempt.given) {
      attempt.cause = former_.explain(unit, record_path(unit), attempt.given->fields);
    }
    results_.will_run(unit, {});
  }
  attempts_.insert_or_assign(unit, std::move(attempt));
  return {Verdict::kMustRun, {}};
}

void Checker::list_in_standing(UnitId unit, const Record& record, bool is_renewed) {
  // Whoever builds the unit takes its record away first.
  if (is_renewed) {
    standing_->add_written(record_path(unit));
  } else {
    standing_->add(record_path(unit));
  }
  standing_->add_unit(plan_, unit, record, [this](const auto& path) { return is_of_package(path, true); });
}

const Cause& Checker::cause(UnitId unit) const {
  return attempts_.at(unit).cause;
}

void Checker::reject(UnitId unit, Cause cause) {
  Attempt attempt;
  attempt.cause = std::move(cause);
  attempts_.insert_or_assign(unit, std::move(attempt));
}

std::optional<Cause> Checker::find_cause(UnitId unit, Record* record, Attempt* attempt) {
  // Inputs are looked at in any case: what the run will find must be what was there before it.
  auto input_cause = look_at_inputs(unit, *record, attempt);
  const auto command = invocation(unit);
  attempt->given = given_to(plan_, unit, command, results_, inspector_);
  if (!attempt->given) {
    return Cause{Cause::Kind::kDependencyUnknown};
  }
  const bool is_complete = attempt->given->is_complete;
  if (auto cause = is_complete
                       ? first_difference(record->given, attempt->given->fields)
                       : first_difference(Given::without_linked(record->given), attempt->given->before_link())) {
    blame(plan_, unit, results_, record->given, &*cause);
    return cause;
  }
  if (input_cause) {
    return input_cause;
  }
  for (const auto& variable : record->variables) {
    auto now = variable_seen(plan_, command, variable.name);
    if (now != variable.value) {
      return Cause{Cause::Kind::kVariableChanged, variable.name, variable.value, std::move(now), asked_by(plan_, unit)};
    }
  }
  record->inputs = attempt->before;
  record->package = attempt->package_before;
  return look_at_outputs(unit, record);
}

std::optional<Cause> Checker::look_at_inputs(UnitId unit, const Record& record, Attempt* attempt) {
  std::optional<Cause> first;
  const auto found = [&](Cause::Kind kind, const std::string& path) {
    first = Cause{kind, path, {}, {}, asked_by(plan_, unit)};
  };
  for (const auto& input : record.inputs) {
    attempt->before.push_back({input.path, inspector_.look(input.path, &input.look)});
    const Look& now = attempt->before.back().look;
    if (!first && !now.is_there() && input.look.is_there()) {
      found(Cause::Kind::kInputMissing, input.path);
    } else if (!first && now.digest != input.look.digest) {
      found(!input.look.is_there()                   ? Cause::Kind::kInputAppeared
            : now.stamp.kind == FileKind::kDirectory ? Cause::Kind::kInputTreeChanged
                                                     : Cause::Kind::kInputChanged,
            input.path);
    }
  }
  if (record.package) {
    auto cause = look_at_package_inputs(unit, record, attempt);
    if (!first) {
      first = std::move(cause);
    }
  }
  return first;
}

std::optional<Cause> Checker::look_at_package_inputs(UnitId unit, const Record& record, Attempt* attempt) {
  attempt->package_before = look_again_at_package(unit, *record.package);
  if (attempt->package_before->digest == record.package->digest) {
    return std::nullopt;
  }
  const auto same = [](const auto& left, const auto& right) {
    return left.first == right.first && left.second.digest == right.second.digest;
  };
  const auto& then = record.package->entries;
  const auto& now = attempt->package_before->entries;
  const auto [is, was] = std::mismatch(now.begin(), now.end(), then.begin(), then.end(), same);
  Cause cause{Cause::Kind::kInputTreeChanged, plan_.package(unit).root};  // names of directories only
  cause.asked = Cause::Asked::kForWholePackage;
  if (is != now.end() || was != then.end()) {
    const bool is_new = was == then.end() || (is != now.end() && is->first < was->first);
    const bool is_gone = is == now.end() || (was != then.end() && was->first < is->first);
    cause.kind = is_new    ? Cause::Kind::kInputAppeared
                 : is_gone ? Cause::Kind::kInputMissing
                           : Cause::Kind::kInputChanged;
    cause.subject = path::join(cause.subject, is_gone ? was->first : is->first);
  }
  return cause;
}

std::optional<Cause> Checker::look_at_outputs(UnitId unit, Record* record) {
  const bool is_of_this_boot = record->boot_id == boot_id_;
  for (auto& output : record->outputs) {
    Look now = inspector_.look(output.path, is_of_this_boot ? &output.look : nullptr);
    if (!now.is_there()) {
      return Cause{Cause::Kind::kOutputMissing, output.path};
    }
    if (now.digest != output.look.digest) {
      return Cause{Cause::Kind::kOutputChanged, output.path};
    }
    output.look = std::move(now);
  }
  if (record->out_dir) {
    const std::string out_dir = plan_.out_dir(unit);
    if (platform::stamp_of(out_dir).kind != FileKind::kDirectory) {
      return Cause{Cause::Kind::kOutputMissing, out_dir};
    }
    auto now = inspector_.look_at_tree(out_dir, is_of_this_boot ? &*record->out_dir : nullptr);
    if (now.digest != record->out_dir->digest) {
      return Cause{Cause::Kind::kOutputChanged, out_dir};
    }
    record->out_dir = std::move(now);
  }
  return std::nullopt;
}

Made Checker::made_by(UnitId unit, const Record& record) const {
  if (record.out_dir) {
    return {std::nullopt, record.out_dir->digest};
  }
  Made made;
  platform::Sha256 hasher;
  for (const auto& output : plan_.outputs(unit)) {
    for (const auto& file : record.outputs) {
      if (file.path != output.path) {
        continue;
      }
      hasher.update_field(path::file_name(file.path));
      hasher.update_field(to_hex(file.look.digest));
      if (output.flavor == plan::OutputFile::Flavor::kRmeta) {
        made.metadata = file.look.digest;
      }
    }
  }
  made.artifact = hasher.finish();
  if (!made.metadata) {
    made.metadata = made.artifact;  // a library that is a cdylib as well: whoever is above reads its .rlib
  }
  return made;
}

void Checker::publish(UnitId unit, const Record& record) {
  const Made made = made_by(unit, record);
  if (made.metadata) {
    results_.set_metadata(unit, *made.metadata);
  }
  results_.set_artifact(unit, *made.artifact);
  made_[unit].clear();
  for (const auto& output : plan_.outputs(unit)) {
    const auto is_it = [&output](const PathLook& file) { return file.path == output.path; };
    const auto file = std::find_if(record.outputs.begin(), record.outputs.end(), is_it);
    made_[unit].push_back(file != record.outputs.end() ? file->look.stamp : platform::FileStamp());
  }
}

Result<void> Checker::begin(UnitId unit) {
  if (standing_ != nullptr) {
    standing_->something_ran();
  }
  Attempt& attempt = attempts_.at(unit);
  if (!attempt.given) {
    attempt.given = given_to(plan_, unit, invocation(unit), results_, inspector_);
  }
  PCARGO_TRY(RecordStore::remove(record_path(unit)));
  attempt.started_ns = platform::file_clock_ns();
  return {};
}

bool Checker::complete_given(UnitId unit, Attempt* attempt) {
  if (!attempt->given || attempt->given->is_complete) {
    return attempt->given.has_value();
  }
  const auto early = attempt->given->before_link();
  attempt->given = given_to(plan_, unit, invocation(unit), results_, inspector_);
  return attempt->given && attempt->given->is_complete && attempt->given->before_link() == early;
}

void Checker::metadata_ready(UnitId unit) {
  made_[unit].clear();
  for (const auto& output : plan_.outputs(unit)) {
    auto& stamp = made_[unit].emplace_back();
    if (output.flavor == plan::OutputFile::Flavor::kRmeta) {
      const Look look = inspector_.look(output.path);
      if (look.is_there()) {
        results_.set_metadata(unit, look.digest);
        stamp = look.stamp;
      }
    }
  }
}

Result<void> Checker::confirm_toolchain() const {
  if (const auto program = toolchain_.changed()) {
    return Error{ErrorKind::kCommandFailed, "the compiler changed during the build: `" + *program + "`"};
  }
  return {};
}

Result<void> Checker::commit_compile(UnitId unit,
                                     const std::vector<plan::OutputFile>& outputs,
                                     std::optional<std::vector<Message>> messages) {
  Attempt attempt = std::move(attempts_.extract(unit).mapped());
  Record record;
  record.boot_id = boot_id_;
  for (const auto& output : outputs) {
    record.outputs.push_back({output.path, inspector_.look_at_placed(output.path)});
  }
  const auto announced = results_.metadata(unit);
  publish(unit, record);
  if (announced && results_.metadata(unit) != announced) {
    return Error{ErrorKind::kCommandFailed,
                 "the compiler changed the metadata of this unit after announcing it",
                 {"what depends on it may have been built with either; build again"}};
  }
  const std::string dep_info = plan_.dep_info_path(unit);
  record.outputs.push_back({dep_info, inspector_.look(dep_info)});
  const auto paths = sources(unit, &record);
  if (!complete_given(unit, &attempt) || !paths || !messages || !settle_dependencies(unit) ||
      !settle_inputs(attempt, *paths, &record) || !settle_rivals(attempt, *paths, &record)) {
    note_unsettled(unit);
    return {};
  }
  record.given = attempt.given->fields;
  record.messages = *std::move(messages);
  (void)RecordStore::write(record_path(unit), record);
  return {};
}

void Checker::commit_script(UnitId unit, const cargo::BuildScriptOutput& output, std::string said) {
  const Attempt attempt = std::move(attempts_.extract(unit).mapped());
  Record record;
  record.boot_id = boot_id_;
  record.out_dir = inspector_.look_at_tree(plan_.out_dir(unit));
  for (const char* said : {"output", "stderr"}) {
    const std::string file = path::join(plan_.script_record(unit), said);
    record.outputs.push_back({file, inspector_.look(file)});
  }
  publish(unit, record);
  const auto command = invocation(unit);
  for (const auto& name : output.rerun_if_env_changed) {
    record.variables.push_back({name, variable_seen(plan_, command, name)});
  }
  const bool says_what_it_reads = !output.rerun_if_changed.empty() || !output.rerun_if_env_changed.empty();
  if (!says_what_it_reads && !is_immutable(unit, plan_.package(unit).root)) {
    record.package = look_at_package(unit, attempt.package_before ? &*attempt.package_before : nullptr);
  }
  if (!attempt.given || said.size() > kMostMessageBytes || !settle_dependencies(unit) ||
      !settle_package(attempt, &record) || !settle_inputs(attempt, script_inputs(unit, output), &record)) {
    note_unsettled(unit);
    return;
  }
  record.given = attempt.given->fields;
  record.script_stdout = std::move(said);
  (void)RecordStore::write(record_path(unit), record);
}

std::optional<std::vector<std::string>> Checker::sources(UnitId unit, Record* record) const {
  const auto text = platform::read_file(plan_.dep_info_path(unit));
  if (!text) {
    return std::nullopt;
  }
  auto dep_info = cargo::parse_dep_info(*text);
  if (!dep_info) {
    return std::nullopt;
  }
  const auto command = invocation(unit);
  for (const auto& [name, value] : dep_info->env) {
    record->variables.push_back({name, variable_seen(plan_, command, name)});
  }
  std::vector<std::string> paths;
  bool names_root = false;
  const std::string root = path::normalize(plan_.graph().target(unit).src_path);
  for (const auto& file : dep_info->files) {
    const std::string absolute = path::join(command.working_directory, file);
    names_root |= path::normalize(absolute) == root;
    if (!is_immutable(unit, absolute)) {
      paths.push_back(absolute);
    }
  }
  if (!names_root) {
    return std::nullopt;  // torn, or about something else
  }
  return paths;
}

/// What cargo unpacked does not change by its contract, and OUT_DIR is looked at as a whole, at the end of its script.
bool Checker::is_immutable(UnitId unit, const std::string& path) const {
  const std::string& home = plan_.settings().cargo_home;
  if (!plan_.package(unit).is_local() &&
      (path::is_within(path, path::join(home, "registry")) || path::is_within(path, path::join(home, "git")))) {
    return true;
  }
  const auto runs = plan::own_script_runs(plan_.graph(), unit);
  return std::any_of(runs.begin(), runs.end(), [&](UnitId run) {
    return plan_.links_override(run) == nullptr && path::is_within(path, plan_.out_dir(run));
  });
}

std::vector<std::string> Checker::script_inputs(UnitId unit, const cargo::BuildScriptOutput& output) const {
  const auto& package = plan_.package(unit);
  std::vector<std::string> paths;
  for (const auto& input : output.rerun_if_changed) {
    std::string path = path::join(package.root, input);
    if (!is_immutable(unit, path)) {
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

/// As cargo lists it (cargo 1.95: sources/path.rs), or more where that is not known: one more run, never one too few.
TreeLook Checker::look_at_package(UnitId unit, const TreeLook* known) {
  const auto& package = plan_.package(unit);
  if (package.has_include) {  // then neither Git nor dots count, and what is named does
    return look_at_all_of_package(unit, known);
  }
  platform::GitIgnore git(package.root, "Cargo.toml");
  const bool hides_dots = git.answer() == platform::GitIgnore::Answer::kNoRepository;
  return inspector_.look_at_files(package.root, known, [&](const std::string& path, bool is_directory) {
    return is_of_package(path, is_directory) && !(hides_dots && path::file_name(path).starts_with(".")) &&
           !git.leaves_out(path, is_directory);
  });
}

/// Loading libgit2 costs more than the rest of a build with nothing to do. It is not asked where every file that is
/// there was listed last time: rules that have changed since could only take some away.
TreeLook Checker::look_again_at_package(UnitId unit, const TreeLook& known) {
  const auto takes = [this](const std::string& path, bool is_directory) { return is_of_package(path, is_directory); };
  const auto tree = platform::walk_tree(plan_.package(unit).root, known.entries.size() * 4 + 64, takes);
  auto entry = known.entries.begin();
  bool all_known = tree.error == 0;
  for (const auto& found : tree.entries) {
    if (found.kind != platform::TreeEntry::Kind::kDirectory) {
      all_known = all_known && entry != known.entries.end() && entry->first == found.path;
      entry += all_known ? 1 : 0;
    }
  }
  return all_known ? look_at_all_of_package(unit, &known) : look_at_package(unit, &known);
}

TreeLook Checker::look_at_all_of_package(UnitId unit, const TreeLook* known) {
  return inspector_.look_at_files(plan_.package(unit).root, known, [this](const std::string& path, bool is_directory) {
    return is_of_package(path, is_directory);
  });
}

/// Another package in it, and what we make, are not.
bool Checker::is_of_package(const std::string& path, bool is_directory) const {
  const auto& settings = plan_.settings();
  return path::file_name(path) != ".git" &&
         !(is_directory && (path == settings.target_directory || path == settings.build_directory ||
                            platform::stamp_of(path::join(path, "Cargo.toml")).kind != FileKind::kNone));
}

bool Checker::settle_package(const Attempt& attempt, Record* record) {
  if (!record->package) {
    return true;
  }
  const bool settled = attempt.package_before ? attempt.package_before->digest == record->package->digest
                                              : !changed_since(*record->package, attempt.started_ns);
  return settled || unsettle(Cause::Kind::kInputTreeChanged, "");
}

bool Checker::settle_inputs(const Attempt& attempt, const std::vector<std::string>& paths, Record* record) {
  const auto before = by_path(attempt.before);
  bool settled = true;
  for (const auto& path : paths) {
    settled &= settle_input(attempt, before, path, record);
    settled &= record->inputs.back().look.is_there() || unsettle(Cause::Kind::kInputMissing, path);
  }
  return settled;
}

bool Checker::settle_rivals(const Attempt& attempt, const std::vector<std::string>& paths, Record* record) {
  const auto before = by_path(attempt.before);
  bool settled = true;
  for (const auto& path : paths) {
    if (const auto rival = rival_of_module(path)) {
      settled &= settle_input(attempt, before, *rival, record);
    }
  }
  return settled;
}

bool Checker::settle_input(const Attempt& attempt, const LooksByPath& before, const std::string& path, Record* record) {
  const auto known = before.find(path);
  const Look* then = known != before.end() ? known->second : nullptr;
  const Look after = inspector_.look(path, then);
  record->inputs.push_back({path, after});
  const bool settled = then != nullptr ? after.digest == then->digest : !changed_since(after, attempt.started_ns);
  return settled || unsettle(Cause::Kind::kInputChanged, path);
}

bool Checker::settle_dependencies(UnitId unit) {
  // Links and renames of our own move the ctime only.
  const auto is_same = [](const platform::FileStamp& then, const platform::FileStamp& now) {
    return then.kind == now.kind && then.inode == now.inode && then.device == now.device && then.size == now.size &&
           then.mtime_ns == now.mtime_ns;
  };
  for (const auto& dependency : plan_.graph().units[unit].dependencies) {
    const auto& stamps = made_[dependency.unit];
    if (stamps.empty()) {
      continue;
    }
    const bool reads_metadata = plan::only_requires_rmeta(plan_.graph(), unit, dependency.unit);
    const auto outputs = plan_.outputs(dependency.unit);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const bool is_metadata = outputs[i].flavor == plan::OutputFile::Flavor::kRmeta;
      if (is_metadata == reads_metadata && stamps[i].kind != FileKind::kNone &&
          !is_same(stamps[i], platform::stamp_of(outputs[i].path))) {
        return unsettle(Cause::Kind::kInputChanged, outputs[i].path);
      }
    }
  }
  return true;
}

bool Checker::unsettle(Cause::Kind kind, const std::string& path) {
  if (!first_unsettled_) {
    first_unsettled_ = Cause{kind, path};
  }
  return false;
}

void Checker::note_unsettled(UnitId unit) {
  if (auto cause = std::exchange(first_unsettled_, std::nullopt)) {
    cause->asked = asked_by(plan_, unit);
    if (cause->kind == Cause::Kind::kInputTreeChanged) {
      *cause = {cause->kind, plan_.package(unit).root, {}, {}, Cause::Asked::kForWholePackage};
    }
    unsettled_[unit] = *std::move(cause);
  }
}

}  // namespace pcargo::freshness
