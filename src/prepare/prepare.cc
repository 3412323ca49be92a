// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/prepare.h"

#include "base/path.h"
#include "cargo/capabilities.h"
#include "cargo/package_reader.h"
#include "cargo/relocation.h"
#include "cargo/toml_value.h"
#include "cargo/unit_graph_reader.h"
#include "platform/child_process.h"
#include "platform/event_loop.h"
#include "platform/signal_relay.h"
#include "prepare/answers.h"
#include "prepare/build_options.h"
#include "prepare/given_graph.h"
#include "prepare/input_finder.h"
#include "prepare/plan_memo.h"
#include "prepare/plan_source.h"
#include "prepare/planner.h"
#include "prepare/planning_run.h"
#include "prepare/probe_question.h"
#include "prepare/recording_files.h"
#include "prepare/run_selection.h"
#include "prepare/rustup_version.h"
#include "prepare/settings_resolver.h"
#include "prepare/tool_lookup.h"
#include "prepare/unstable.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace pcargo::prepare {
namespace {

Preparation hand_over(CargoProgram cargo, std::string why) {
  Preparation preparation;
  preparation.hand_over = std::move(why);
  preparation.cargo = std::move(cargo);
  return preparation;
}

Preparation leave(int exit_code, std::string words = {}) {
  Preparation preparation;
  preparation.exit_code = exit_code;
  preparation.words = std::move(words);
  return preparation;
}

Result<std::string> ask_version(const CargoProgram& cargo, Answers* answers) {
  PCARGO_ASSIGN(auto answer, ask(cargo_options({cargo.path, "-V"}, cargo.environment), answers));
  return version_number(answer.out);
}

/// One command on its way. Each step may end it.
class Preparer {
 public:
  /// `given`: the unit graph, if cargo is not to be asked for it.
  Preparer(const PrepareRequest& request,
           const FileSystem& files,
           PlanInputs* inputs,
           CargoProgram cargo,
           std::optional<cargo::UnitGraph> given)
      : request_(request),
        line_(request.command_line),
        unrecorded_files_(files),
        files_(files, inputs),
        inputs_(inputs),
        cargo_(std::move(cargo)),
        config_(load_config()),
        plan_{.cargo = cargo_.path, .command = line_.command, .arguments = cargo_arguments(line_)},
        given_graph_(std::move(given)) {
    if (line_.command == "rustc" && !line_.trailing_arguments.empty()) {
      plan_.arguments.emplace_back("--");
      plan_.arguments.insert(plan_.arguments.end(), line_.trailing_arguments.begin(), line_.trailing_arguments.end());
    }
  }

  Result<Preparation> prepare() {
    PCARGO_ASSIGN(const auto source, chosen_plan_source(request_.environment));
    source_ = source.value_or(PlanSource::kUnitGraph);
    may_turn_to_build_plan_ = !source;
    if (line_.build_plan_file) {
      PCARGO_ASSIGN(given_build_plan_,
                    read_build_plan_file(files_, *line_.build_plan_file, request_.current_directory));
      source_ = PlanSource::kBuildPlan;
    }
    remember();
    if (config_) {
      PCARGO_ASSIGN(auto refusal, shut_what_the_unlock_opens());
      if (refusal) {
        return hand_over(cargo_, *refusal);
      }
    }
    if (line_.command == "run") {
      PCARGO_ASSIGN(auto refusal, plan_build_for_run());
      if (refusal) {
        return hand_over(cargo_, *refusal);
      }
    }
    if (source_ == PlanSource::kBuildPlan && plan_.command != "build") {
      return hand_over(cargo_, "cargo has no build plan of `" + plan_.command + "`");
    }
    return plan();
  }

 private:
  /// What an earlier command was told, if it still holds; else what holds now, before anything is started.
  void remember() {
    const auto mode = request_.environment.get("PCARGO_PLAN_CACHE");
    // What is given is no answer: nothing is remembered, and nothing rests on what was.
    if (!config_ || is_given() || line_.no_plan_cache || is_beyond_listing(*config_, cargo_.environment, line_)) {
      return;
    }
    MemoKey key{plan_.arguments, request_.current_directory, cargo_.environment};
    const char* screen = request_.stderr_is_terminal ? "terminal" : "no terminal";
    key.words.insert(key.words.begin(), {cargo_.path, screen, line_.command});
    memo_store_.emplace(memo_directory(request_.environment, request_.current_directory), key);
    answers_ = Answers(mode == "verify" ? Answers::Mode::kVerify : Answers::Mode::kUse);
    if (auto memo = memo_store_->find()) {
      answers_.set_known(std::move(memo->answers));
      held_ = std::move(memo->inputs);
    }
    add_places(cargo_, request_.current_directory, line_, inputs_);
    inputs_->add(PlanInput::How::kStamp, request_.own_executable);
    inputs_->look_before();
  }

  /// For the next command. Whatever is odd is not kept.
  void keep(bool is_listed) {
    auto inputs = is_listed && !answers_.is_refused() ? inputs_->settle() : std::nullopt;
    held_.reset();
    if (inputs) {
      Memo memo{answers_.take_news(), *std::move(inputs), inputs_->ignored()};
      memo_store_->keep(memo);
      const bool is_heard = std::none_of(
          memo.answers.begin(), memo.answers.end(), [](const auto& answer) { return answer.second.stderr_is_unknown; });
      if (is_heard) {
        held_ = std::move(memo.inputs);
      }
    } else {
      memo_store_->forget();
    }
  }

  Result<cargo::Config> load_config() const {
    cargo::ConfigSources sources;
    sources.current_directory = request_.current_directory;
    sources.cargo_home = cargo_home(cargo_.environment, request_.current_directory);
    sources.arguments = line_.config;
    return cargo::Config::load(files_, cargo_.environment, sources);
  }

  /// Why plain cargo must have the command, if so.
  Result<std::optional<std::string>> shut_what_the_unlock_opens() {
    const cargo::ConfigValue* table = config_->root().find("unstable");
    if (uses_unstable_features(cargo_.environment, plan_.arguments, table)) {
      PCARGO_ASSIGN(version_, ask_version(cargo_, &answers_));
      allowed_ = nightly_features_allowed(cargo_.environment, version_);
    }
    if (line_.keep_going && version_.empty()) {
      PCARGO_ASSIGN(version_, ask_version(cargo_, &answers_));
      allowed_ = nightly_features_allowed(cargo_.environment, version_);
    }
    if (line_.keep_going && !cargo::capabilities_of(version_).has_keep_going) {
      return std::optional<std::string>("this cargo refuses --keep-going");
    }
    if (auto flag = refused_flag(plan_.arguments, allowed_)) {
      return std::optional<std::string>("cargo refuses " + *flag);
    }
    PCARGO_ASSIGN(auto artifact_directory, config_->get_string("build.artifact-dir"));
    if (artifact_directory && line_.command == "build") {
      return std::optional<std::string>("build.artifact-dir is unstable");
    }
    if (!allowed_) {
      auto switches = neutralize_unstable_table(table);
      if (!switches) {
        return std::optional<std::string>("config has an [unstable] table that cannot be switched off");
      }
      plan_.extra_config = *std::move(switches);
    }
    return std::optional<std::string>();
  }

  Result<std::optional<std::string>> plan_build_for_run() {
    auto argv = metadata_command(plan_, request_.stderr_is_terminal);
    PCARGO_ASSIGN(auto answer, ask(cargo_options(argv, cargo_.environment), &answers_));
    auto metadata = cargo::read_metadata(answer.out);
    if (!answer.status.success() || !metadata) {
      return std::optional<std::string>();  // the planning run says what is wrong
    }
    if (metadata->default_members.empty()) {  // cargo before 1.71 does not tell
      metadata->default_members = default_members(*metadata, current_manifest(), names_default_members(*metadata));
    }
    RunSelection selection = select_run_target(*metadata, plan_.arguments);
    if (selection.kind == RunSelection::Kind::kUnclear) {
      return std::optional<std::string>("only cargo knows what this would run");
    }
    if (selection.kind == RunSelection::Kind::kPlan) {
      plan_.command = "build";
      plan_.extra_flags = std::move(selection.flags);
    }
    return std::optional<std::string>();
  }

  /// The manifest that the command is about: --manifest-path, or the nearest above the directory.
  std::string current_manifest() const {
    const auto named = option_values(plan_.arguments, "--manifest-path");
    if (!named.empty()) {
      return real_path(path::join(request_.current_directory, named.back()));
    }
    for (std::string_view directory = request_.current_directory; directory.size() > 1;
         directory = path::parent(directory)) {
      std::string manifest = path::join(directory, "Cargo.toml");
      if (files_.kind(manifest) == FileKind::kFile) {
        return manifest;
      }
    }
    return {};
  }

  bool names_default_members(const cargo::WorkspaceMetadata& metadata) const {
    const auto text = files_.read(path::join(metadata.workspace_root, "Cargo.toml"));
    return text && text->value_or("").find("default-members") != std::string::npos;
  }

  Result<Preparation> plan() {
    platform::EventLoop loop;
    platform::SignalRelay relay(loop);
    PlanningQuestion planning;
    if (!is_given()) {
      turn_to_what_is_known();
      const bool asks_for_graph = source_ == PlanSource::kUnitGraph;
      planning.unit_graph = asks_for_graph ? unit_graph_command(plan_) : build_plan_command(plan_);
      planning.in_scratch_directory = !asks_for_graph;
      planning.has_build_directory = has_build_directory();
    }
    planning.unit_graph_environment = planning_environment(cargo_.environment, !allowed_);
    planning.metadata = metadata_command(plan_, request_.stderr_is_terminal);
    planning.environment = cargo_.environment;
    planning.inherited_descriptors = jobserver_descriptors(cargo_.environment);
    if (version_.empty()) {
      planning.version = {cargo_.path, "-V"};
    }
    planning.stderr_is_terminal = request_.stderr_is_terminal;
    planning.may_colour = may_colour();
    PlanningRun planning_run(loop, planning, &answers_);

    auto question = first_probe_question(planning.inherited_descriptors);
    std::optional<ProbeRun> probe_run;
    if (question) {
      probe_run.emplace(loop, *std::move(question), &answers_);
    }
    if (!cargo_.rustup_proxy.empty() && !proxy_names_source()) {
      correct_for_old_rustup(request_.environment, &cargo_);
    }
    relay.run();

    // Cargo has looked at everything that we have: where both found a mistake its words are already there.
    PCARGO_ASSIGN(PlanningAnswer answer, planning_run.take());
    if (answer.refuses_unit_graph && may_turn_to_build_plan_ && plan_.command == "build") {
      source_ = PlanSource::kBuildPlan;
      may_turn_to_build_plan_ = false;
      return plan();
    }
    if (answer.exit_code) {
      if (const auto note = cargo::capabilities_of(answer.version).note; !note.empty()) {
        // Its own words are on the screen; it may be that it only does not know the question.
        Preparation preparation = hand_over(cargo_, note + "; it does not print its unit graph");
        preparation.words = "note: " + *preparation.hand_over + ": it builds itself\n";
        return preparation;
      }
      return leave(*answer.exit_code, std::move(answer.words));
    }
    if (!config_) {
      return std::move(config_).error();
    }
    if (!question) {
      return std::move(question).error();
    }
    PCARGO_ASSIGN(ProbeAnswer probes, probe_run->take());
    if (version_.empty()) {
      version_ = answer.version;
      allowed_ = nightly_features_allowed(cargo_.environment, version_);
    }
    return read(std::move(answer), std::move(probes));
  }

  /// Asked of a file, and remembered as an answer all the same: reading it costs milliseconds.
  bool proxy_names_source() {
    platform::SpawnOptions search;
    search.argv = {"search", cargo_.rustup_proxy};
    const Question question = question_of(search);
    if (const auto known = answers_.find(question)) {
      return known->out == "yes";
    }
    const bool names = names_toolchain_source(cargo_.rustup_proxy);
    answers_.add(question, {names ? "yes" : "no", ""});
    return names;
  }

  /// Debian's is, and lets build scripts do what a stable cargo forbids. Flags go by what it says: such a command is
  /// handed over, and cargo does what it allows.
  Result<bool> is_development_build() {
    const auto options = cargo_options({cargo_.path, "-Z", "unstable-options", "version"}, cargo_.environment);
    const Question question = question_of(options);
    if (const auto known = answers_.find(question)) {
      return known->out == "yes";
    }
    PCARGO_ASSIGN(const auto said, platform::run_to_end(options));
    answers_.add(question, {said.status.success() ? "yes" : "no", ""});
    return said.status.success();
  }

  bool may_colour() const {
    const auto& environment = cargo_.environment;
    if (!config_ || line_.color || environment.contains("NO_COLOR")) {
      return false;
    }
    const auto color = config_->get_string("term.color");
    return color && !*color;
  }

  /// Of a config that was read.
  ProbeSources probe_sources() const { return {line_, cargo_, *config_, request_.current_directory}; }

  Result<ProbeQuestion> first_probe_question(const std::vector<int>& descriptors) {
    if (!config_) {
      return config_.error();
    }
    PCARGO_ASSIGN(tools_, find_rustc_tools(probe_sources()));
    return probe_question(probe_sources(), tools_.rustc, given_graph_, descriptors);
  }

  Result<Preparation> read(PlanningAnswer answer, ProbeAnswer probes) {
    if (!cargo::capabilities_of(version_).joins_lists_inwards) {
      config_->join_lists_outwards();  // the probes went before cargo's version was known
      PCARGO_TRY(renew_rustflags(probe_sources(), &probes));
    }
    // The larger text first; neither stays longer than it must.
    auto metadata = cargo::read_metadata(answer.metadata);
    std::string().swap(answer.metadata);
    if (!metadata) {
      return std::move(metadata).error().context("failed to read the metadata that `cargo` printed");
    }
    auto graph = read_graph(answer.unit_graph, *metadata, probes);
    std::string().swap(answer.unit_graph);
    if (!graph) {
      if (given_graph_) {
        return std::move(graph).error();
      }
      return std::move(graph).error().context(
          given_build_plan_                   ? "failed to read the build plan in `" + *line_.build_plan_file + "`"
          : source_ == PlanSource::kBuildPlan ? "failed to read the build plan that `cargo` printed"
                                              : "failed to read the unit graph that `cargo` printed");
    }
    PCARGO_ASSIGN(auto packages, cargo::read_packages({*graph, *metadata, files_, config_->cargo_home()}));
    for (const cargo::Package& package : packages) {
      auto feature = allowed_ ? std::nullopt : unstable_manifest_feature(package);
      if (feature) {
        return hand_over(cargo_, package.name + " wants the unstable cargo feature " + *feature);
      }
    }
    PCARGO_TRY(ask_about_missing_targets(probe_sources(), tools_.rustc, *graph, &answers_, &probes));
    bool scripts_are_free = allowed_;
    if (!scripts_are_free && may_hide_its_channel(answer.version_text)) {
      PCARGO_ASSIGN(scripts_are_free, is_development_build());
    }
    if (answers_.differences() != 0) {
      return Error{ErrorKind::kInput, "the plan cache does not answer what cargo and rustc answer now"};
    }
    if (answers_.has_news()) {
      keep(add_planned({unrecorded_files_, cargo_, *config_, tools_.rustc, probes, *graph, *metadata, packages},
                       inputs_));
    }
    metadata->members = std::vector<cargo::WorkspaceMember>();  // all that is needed of them is in the packages
    Prepared prepared{cargo_,
                      version_,
                      allowed_,
                      *config_,
                      tools_.rustc,
                      tools_.rustdoc,
                      std::move(probes),
                      *std::move(graph),
                      *std::move(metadata),
                      std::move(packages)};
    PCARGO_TRY(add_settings(&prepared));
    prepared.settings.nightly_features_allowed = scripts_are_free;
    prepared.cargo_told_collisions = source_ == PlanSource::kBuildPlan && !is_given();
    show_with_own_target_directory(answer, prepared.settings.target_directory);
    if (held_) {
      prepared.from = PreparedFrom{*std::move(held_), inputs_->paths()};
      add_program_places(&prepared.from->also_read);
    }
    Preparation preparation;
    preparation.prepared = std::move(prepared);
    return preparation;
  }

  /// What cargo said of the directory that a build plan was made in, as if it were the build's.
  static void show_with_own_target_directory(const PlanningAnswer& answer, const std::string& target_directory) {
    std::string words = answer.said_of_scratch_directory;
    const std::string& scratch = answer.scratch_directory;
    if (words.empty()) {
      return;
    }
    for (auto at = words.find(scratch); at != std::string::npos;
         at = words.find(scratch, at + target_directory.size())) {
      words.replace(at, scratch.size(), target_directory);
    }
    std::fwrite(words.data(), 1, words.size(), stderr);
    std::fflush(stderr);
  }

  /// Cargo is not asked what is to be built.
  bool is_given() const { return given_graph_ || given_build_plan_; }

  bool has_build_directory() const {
    if (!config_) {
      return false;
    }
    const auto directory = config_->get_string("build.build-dir");
    return directory && directory->has_value();
  }

  /// A cargo that refused the unit graph once is not asked for it again.
  void turn_to_what_is_known() {
    const auto is_known = [&](std::vector<std::string> command) {
      return answers_.knows(
          question_of(cargo_options(std::move(command), planning_environment(cargo_.environment, !allowed_))));
    };
    if (may_turn_to_build_plan_ && is_known(build_plan_command(plan_)) && !is_known(unit_graph_command(plan_))) {
      source_ = PlanSource::kBuildPlan;
    }
  }

  Result<cargo::UnitGraph> read_graph(const std::string& text,
                                      const cargo::WorkspaceMetadata& metadata,
                                      const ProbeAnswer& probes) {
    if (given_graph_) {
      const std::string& sysroot = probes.targets.front().probe.sysroot;
      return cargo::relocate(*std::move(given_graph_), {metadata, files_, config_->cargo_home(), sysroot});
    }
    if (source_ == PlanSource::kUnitGraph) {
      return cargo::read_unit_graph(text);
    }
    const bool is_given = given_build_plan_.has_value();
    return graph_of_build_plan(is_given ? *given_build_plan_ : text,
                               {metadata, files_, plan_, line_, probes, version_, config_->cargo_home(), is_given});
  }

  /// Programs are looked for by us each time, on both PATHs; what an input of the plan says of them is not all.
  void add_program_places(std::vector<std::pair<std::string, PlanInput::How>>* places) const {
    std::vector<std::string> words = {"cargo", "rustc", "rustdoc", "rustup", tools_.rustdoc, cargo_.path};
    words.push_back(request_.environment.get("CARGO").value_or("cargo"));
    words.push_back(path::join(path::parent(words.back()), "rustup"));  // as large as its proxies
    for (const std::string& word : tools_.rustc.program()) {
      words.push_back(word);
    }
    for (const std::string& word : words) {
      for (const Environment* environment : {&request_.environment, &cargo_.environment}) {
        for (std::string& place : places_of_program(word, *environment, request_.current_directory)) {
          places->emplace_back(std::move(place), PlanInput::How::kStamp);
        }
      }
    }
  }

  Result<void> add_settings(Prepared* prepared) const {
    SettingsQuestion question{.line = line_, .prepared = *prepared};
    PCARGO_ASSIGN(auto manifest, files_.read(path::join(prepared->metadata.workspace_root, "Cargo.toml")));
    auto toml = cargo::parse_toml(manifest.value_or(""));
    if (toml) {
      question.manifest_profiles = profile_parents(*toml);
    }
    question.cores = request_.cores;
    question.terminal_width = request_.terminal_width;
    question.canonicalize = real_path;
    PCARGO_ASSIGN(prepared->settings, resolve_settings(question));
    const auto& profile = prepared->settings.requested_profile;
    PCARGO_ASSIGN(prepared->base_profile, resolve_base_profile(*config_, toml ? *toml : cargo::TomlValue(), profile));
    return {};
  }

  const PrepareRequest& request_;
  const CommandLine& line_;
  const FileSystem& unrecorded_files_;
  RecordingFiles files_;
  PlanInputs* inputs_;
  CargoProgram cargo_;
  Result<cargo::Config> config_;
  PlanRequest plan_;
  std::string version_;
  bool allowed_ = false;
  std::optional<MemoStore> memo_store_;
  std::optional<std::vector<PlanInput>> held_;  // the inputs of what was remembered, or will be
  Answers answers_;
  RustcTools tools_;
  std::optional<cargo::UnitGraph> given_graph_;
  PlanSource source_ = PlanSource::kUnitGraph;
  bool may_turn_to_build_plan_ = false;
  std::optional<std::string> given_build_plan_;  // as text
};

Result<Preparation> prepare_with(const PrepareRequest& request,
                                 const FileSystem& files,
                                 std::optional<cargo::UnitGraph> given) {
  PlanInputs inputs;
  const RecordingFiles recording(files, &inputs);
  PCARGO_ASSIGN(CargoSearch search,
                find_cargo({recording,
                            request.environment,
                            request.current_directory,
                            request.command_line.toolchain,
                            request.own_executable}));
  if (!search.cargo) {
    return leave(search.exit_code);
  }
  PCARGO_ASSIGN(Preparation preparation,
                Preparer(request, files, &inputs, *std::move(search.cargo), std::move(given)).prepare());
  if (search.asked_rustup && preparation.prepared) {
    preparation.prepared->from.reset();  // it may have spoken
  }
  return preparation;
}

}  // namespace

Result<Preparation> prepare(const PrepareRequest& request, const FileSystem& files) {
  const auto& file = request.command_line.unit_graph_file;
  if (!file) {
    return prepare_with(request, files, std::nullopt);
  }
  PCARGO_ASSIGN(const std::string text, read_given_text(files, *file));
  auto graph = cargo::read_unit_graph(text);
  if (!graph) {
    return std::move(graph).error().context("failed to read the unit graph in `" + *file + "`");
  }
  PrepareRequest agreed = request;
  PCARGO_TRY(agree_on_graph(*graph, &agreed.command_line));
  return prepare_with(agreed, files, *std::move(graph));
}

}  // namespace pcargo::prepare
