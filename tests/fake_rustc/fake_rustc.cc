// SPDX-License-Identifier: MIT OR Apache-2.0
// A pretend rustc: takes rustc's arguments, writes outputs under rustc's names, prints rustc's notices, in rustc's
// order of effects (reliability.md 1.4), and misbehaves where the control file says so. README.md beside this file
// lists the modes.
#include "answers.h"
#include "arguments.h"
#include "control.h"
#include "messages.h"
#include "mischief.h"
#include "outputs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace pcargo::fake_rustc {
namespace {

std::optional<std::string> read_source(const Arguments& arguments) {
  std::ifstream file(arguments.source, std::ios::binary);
  if (!file) {
    say_line(error_diagnostic("couldn't read `" + arguments.source + "`: " + std::strerror(errno)));
    say_line(error_diagnostic("aborting due to 1 previous error"));
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// One compilation, step by step: each step is an output and its notice, or what the control file puts in its place.
class Compilation {
 public:
  Compilation(const Arguments& arguments, const Control& control)
      : arguments_(arguments), control_(control), names_(output_names(arguments)) {}

  int run() {
    misbehave_at_start(control_);
    auto source = read_source(arguments_);
    if (!source) {
      return 1;
    }
    read_files_ = files_read_by(*source);
    for (const std::string& file : read_files_) {
      if (access(file.c_str(), R_OK) != 0) {
        say_line(error_diagnostic("couldn't read `" + file + "`: " + std::strerror(errno)));
        return 1;
      }
    }
    digest_ = digest_inputs(arguments_, *source, read_files_);
    if (control_.has("random-outputs")) {  // 20
      digest_ += std::to_string(std::random_device()());
    }
    if (control_.has("no-outputs")) {  // 1
      return 0;
    }
    if (control_.has("notice-reversed")) {  // 7
      return compile_backwards();
    }
    dep_info();
    if (control_.has("only-dep-info")) {  // 2
      return 0;
    }
    if (!names_.metadata.empty()) {
      metadata();
    }
    if (auto status = end_after_metadata()) {
      return *status;
    }
    link();
    misbehave_at_end(control_);
    return static_cast<int>(control_.number("exit", 0));
  }

 private:
  void notice(const std::string& path, const std::string& emit) {
    if (!arguments_.json_artifacts) {
      return;
    }
    say_line(artifact_notice(path, emit));
    if (control_.has("notice-twice")) {  // 7
      say_line(artifact_notice(path, emit));
    }
  }

  void dep_info() {
    if (names_.dep_info.empty()) {
      return;
    }
    if (auto file = control_.argument("dep-info")) {  // 21
      copy_in_place(*file, names_.dep_info);
    } else {
      write_dep_info(names_, arguments_, read_files_);
    }
    notice(names_.dep_info, "dep-info");
  }

  void metadata() {
    if (auto elsewhere = control_.argument("notice-elsewhere")) {  // 6
      write_metadata(names_, digest_);
      notice(*elsewhere, "metadata");
      return;
    }
    if (control_.has("notice-symlink")) {  // 6
      write_whole(names_.metadata + ".real", "fake rmeta " + digest_ + "\n", false);
      unlink(names_.metadata.c_str());
      if (symlink((names_.metadata + ".real").c_str(), names_.metadata.c_str()) != 0) {
        say_line(error_diagnostic("no symlink"));
      }
      notice(names_.metadata, "metadata");
      return;
    }
    if (auto gate = control_.argument("late-metadata")) {  // 5
      notice(names_.metadata, "metadata");
      wait_for_gate(*gate);
      write_metadata(names_, digest_);
      return;
    }
    if (control_.has("never-metadata")) {  // 5
      notice(names_.metadata, "metadata");
      return;
    }
    write_metadata(names_, digest_);
    notice(names_.metadata, "metadata");
    if (control_.has("notice-undeclared")) {  // 7
      notice(names_.metadata, "llvm-bc");
      notice(arguments_.out_dir + "/surprise.o", "obj");
    }
    if (auto gate = control_.argument("rewrite-metadata")) {  // 8
      if (!gate->empty()) {
        wait_for_gate(*gate);
      }
      write_metadata(names_, "rewritten");
    }
  }

  // 3, 4, 9: the ends that come between the metadata and the artifact. A unit without metadata ends there too.
  std::optional<int> end_after_metadata() {
    if (auto gate = control_.argument("gate-codegen")) {
      wait_for_gate(*gate);
    }
    if (auto text = control_.argument("fail-after-metadata")) {
      say_line(error_diagnostic(text->empty() ? "codegen failed" : *text));
      say_line(error_diagnostic("aborting due to 1 previous error"));
      return 1;
    }
    if (auto signal_name = control_.argument("die-after-metadata")) {
      die_of(*signal_name);
    }
    if (auto how = control_.argument("no-memory-once")) {
      if (const auto code = run_out_of_memory(*how)) {
        return code;
      }
    }
    const auto damaged = control_.argument("ice-while");
    if (control_.has("ice") || (damaged && access(damaged->c_str(), F_OK) == 0)) {
      if (!names_.linked.empty()) {
        std::ofstream(names_.linked[0] + ".partial") << "half an arch";
      }
      say_line("\nthread 'rustc' panicked at compiler/rustc_fake/src/lib.rs:1:1:\nassertion failed: nothing is wrong");
      say_line(error_diagnostic("the compiler unexpectedly panicked. this is a bug."));
      return 101;
    }
    return std::nullopt;
  }

  /// "KILL|ABRT|LINK FILE": unless FILE is there, which it is from then on.
  static std::optional<int> run_out_of_memory(const std::string& how) {
    const std::string file = how.substr(5);
    if (access(file.c_str(), F_OK) == 0) {
      return std::nullopt;
    }
    std::ofstream(file) << how;
    if (how.starts_with("LINK")) {
      say_line(error_diagnostic("linking with `cc` failed: signal: 9 (SIGKILL)"));
      say_line(error_diagnostic("aborting due to 1 previous error"));
      return 1;
    }
    if (how.starts_with("ABRT")) {
      say_line("memory allocation of 1234567 bytes failed");
    }
    die_of(how.substr(0, 4));
    return std::nullopt;
  }

  void link() {
    if (control_.has("no-link")) {  // exits 0 with all but its last output
      return;
    }
    write_linked(names_, arguments_, control_, digest_);
    for (const std::string& path : names_.linked) {
      if (auto kind = control_.argument("linked-as")) {  // 23
        replace_by(*kind, path);
      }
      notice(path, "link");
    }
  }

  int compile_backwards() {
    write_dep_info(names_, arguments_, read_files_);
    if (!names_.metadata.empty()) {
      write_metadata(names_, digest_);
    }
    write_linked(names_, arguments_, control_, digest_);
    for (const std::string& path : names_.linked) {
      notice(path, "link");
    }
    if (!names_.metadata.empty()) {
      notice(names_.metadata, "metadata");
    }
    notice(names_.dep_info, "dep-info");
    return 0;
  }

  const Arguments& arguments_;
  const Control& control_;
  OutputNames names_;
  std::vector<std::string> read_files_;
  std::string digest_;
};

int main(int argc, char** argv) {
  const Arguments arguments = parse_arguments(argc, argv);
  if (arguments.version) {
    print_version(Control::from_environment("rustc").argument("version").value_or("1.95.0"));
    return 0;
  }
  if (!arguments.prints.empty()) {
    print_answers(arguments);
    return 0;
  }
  const Control control = Control::from_environment(arguments.crate_name);
  return Compilation(arguments, control).run();
}

}  // namespace
}  // namespace pcargo::fake_rustc

int main(int argc, char** argv) {
  return pcargo::fake_rustc::main(argc, argv);
}
