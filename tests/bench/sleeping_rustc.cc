// SPDX-License-Identifier: MIT OR Apache-2.0
// Stands in the place of rustc, of the linker and of build scripts, and sleeps as long as those took when they were
// recorded: a process that sleeps costs no core. replay.py runs cargo and pcargo with it.
//
//   SLEEPING_RUSTC_BUILD  a directory: what replay_script has written
//   SLEEPING_RUSTC_REAL   the rustc that answers what it is asked without compiling anything
//   SLEEPING_RUSTC_LOG    gets a line for each process: what, and when it began, gave metadata, had objects, ended
//
// Which of the three it is, its own name says. Metadata and libraries hold the names of what a program with them must
// be linked with, as true ones do; the linker looks at each, and so finds out who opened its gate too early.
#include "../fake_rustc/messages.h"
#include "../fake_rustc/outputs.h"
#include "replay_units.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

namespace pcargo::bench {
namespace {

using fake_rustc::Arguments;
using Nanoseconds = std::int64_t;

constexpr const char* kWholeLibrary = "sleeping rlib\n";
constexpr const char* kMetadata = "sleeping rmeta\n";
constexpr const char* kLinkTime = "SLEEPING_RUSTC_LINK";

Nanoseconds now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

void sleep_until(Nanoseconds end) {
  const timespec time{end / 1'000'000'000, end % 1'000'000'000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
  }
}

[[noreturn]] void fail(const std::string& message) {
  fake_rustc::say_line(fake_rustc::error_diagnostic("sleeping rustc: " + message));
  std::exit(1);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

struct Recorded {
  Nanoseconds frontend = 0;
  Nanoseconds codegen = 0;  ///< of one thread
  Nanoseconds serial = 0;   ///< of that what more threads do not shorten
  Nanoseconds link = 0;
  int threads = 1;
  std::string printed;  ///< by a build script: a file
};

/// A line: the identity, a tab, and the numbers in the order of the struct.
Recorded recorded(const std::string& identity) {
  std::ifstream file(variable("SLEEPING_RUSTC_BUILD") + "/units");
  for (std::string line; std::getline(file, line);) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos && line.compare(0, tab, identity) == 0) {
      std::istringstream words(line.substr(tab + 1));
      Recorded one;
      words >> one.frontend >> one.codegen >> one.serial >> one.link >> one.threads >> one.printed;
      return one;
    }
  }
  fail("nothing is recorded of " + identity);
}

void log_line(const std::string& what, std::initializer_list<Nanoseconds> times) {
  std::string line = what;
  for (const Nanoseconds time : times) {
    line += "\t" + std::to_string(time);
  }
  line += "\n";
  const int file = open(variable("SLEEPING_RUSTC_LOG").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0 || write(file, line.data(), line.size()) < 0) {
    fail("cannot write the log");
  }
  close(file);
}

/// rustc's side of the job tokens. As there, a thread of its own blocks in the pipe: whoever waits longest is served
/// first.
class Tokens {
 public:
  Tokens() {
    const std::string flags = variable("CARGO_MAKEFLAGS");
    const std::string name = "--jobserver-auth=";
    const auto at = flags.rfind(name);
    if (at == std::string::npos) {
      return;
    }
    const std::string auth = flags.substr(at + name.size(), flags.find(' ', at) - at - name.size());
    if (auth.rfind("fifo:", 0) == 0) {
      read_ = write_ = open(auth.c_str() + 5, O_RDWR | O_CLOEXEC);
    } else if (std::sscanf(auth.c_str(), "%d,%d", &read_, &write_) != 2) {
      fail("no job tokens at " + auth);
    }
    struct sigaction nothing = {};
    nothing.sa_handler = [](int) {};
    sigaction(SIGUSR1, &nothing, nullptr);  // only to end a read
    reader_ = std::thread([this] { read_tokens(); });
  }

  ~Tokens() {
    if (!reader_.joinable()) {
      return;
    }
    stops_ = true;
    while (!has_stopped_) {  // it may have been before its read, and not in it
      pthread_kill(reader_.native_handle(), SIGUSR1);
      sleep_until(now() + 100'000);
    }
    reader_.join();
    while (!come_.empty()) {
      give_back();
    }
  }

  int held() {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(come_.size());
  }

  /// Until one more came or it is so late.
  void wait(Nanoseconds until) {
    std::unique_lock lock(mutex_);
    const auto before = come_.size();
    const auto left = std::chrono::nanoseconds(std::max<Nanoseconds>(until - now(), 0));
    has_come_.wait_for(lock, left, [&] { return come_.size() > before; });
  }

  void give_back() {
    const std::lock_guard lock(mutex_);
    if (write(write_, &come_.back(), 1) != 1) {
      fail("cannot give a job token back");
    }
    come_.pop_back();
  }

  /// No more are wanted; one may still come.
  void want_no_more() { stops_ = true; }

 private:
  void read_tokens() {
    char byte = 0;
    while (!stops_) {
      if (read(read_, &byte, 1) == 1) {
        const std::lock_guard lock(mutex_);
        come_.push_back(byte);
        has_come_.notify_one();
      }
    }
    has_stopped_ = true;
  }

  int read_ = -1;
  int write_ = -1;
  std::atomic<bool> stops_ = false;
  std::atomic<bool> has_stopped_ = false;
  std::mutex mutex_;
  std::condition_variable has_come_;
  std::string come_;
  std::thread reader_;
};

/// First what only one thread can do, then codegen units of the same size, each by one thread.
void codegen(const Recorded& one) {
  Nanoseconds at = now() + one.serial;
  sleep_until(at);
  const Nanoseconds each = (one.codegen - one.serial) / one.threads;
  Tokens tokens;
  int waiting = one.threads;
  std::multiset<Nanoseconds> ends;  // of those that are worked on
  while (waiting > 0 || !ends.empty()) {
    for (; waiting > 0 && static_cast<int>(ends.size()) < tokens.held() + 1; --waiting) {
      ends.insert(at + each);
    }
    if (waiting == 0) {
      tokens.want_no_more();
    }
    while (tokens.held() > 0 && tokens.held() + 1 > static_cast<int>(ends.size())) {
      tokens.give_back();
    }
    tokens.wait(*ends.begin());
    at = now();
    if (*ends.begin() <= at) {
      at = *ends.begin();  // what woke late does not add up
      ends.erase(ends.begin());
    }
  }
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// The libraries that a program with these externs is linked with, by name; what is in the way is an .rmeta, an .rlib,
/// or a stub with the first in the frame of the second.
std::set<std::string> needed(const Arguments& arguments) {
  std::set<std::string> names;
  for (const auto& [name, path] : arguments.externs) {
    const auto dot = path.rfind('.');
    const std::string suffix = path.substr(dot + 1);
    const auto text = read_file(path);
    if (!text) {
      fail("no crate at " + path);
    }
    if (suffix != "rlib" && suffix != "rmeta") {
      continue;  // a macro: it is run, not linked
    }
    names.insert(file_name(path.substr(0, dot)) + ".rlib");
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("needs ", 0) == 0) {
        names.insert(line.substr(6));
      }
    }
  }
  return names;
}

/// What rustc has after `-C linker=`, the last time, and where it looks for libraries.
struct LinkerWords {
  std::string linker = "cc";
  std::vector<std::string> directories;
};

LinkerWords linker_words(int argc, char** argv) {
  const std::string linker = "linker=";
  const std::string dependency = "dependency=";
  LinkerWords words;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string before = argv[i - 1];
    if ((before == "-C" && word.rfind(linker, 0) == 0) || word.rfind("-C" + linker, 0) == 0) {
      words.linker = word.substr(word.find(linker) + linker.size());
    } else if (before == "-L" && word.rfind(dependency, 0) == 0) {
      words.directories.push_back(word.substr(dependency.size()));
    }
  }
  return words;
}

void run_linker(const LinkerWords& words, const std::set<std::string>& needs, const std::string& output) {
  std::vector<std::string> command = {words.linker, "-o", output};
  for (const std::string& name : needs) {
    std::string found;
    for (const std::string& directory : words.directories) {
      const std::string path = directory + "/" + name;
      found = found.empty() && access(path.c_str(), R_OK) == 0 ? path : found;
    }
    if (found.empty()) {
      fail("nobody has " + name);
    }
    command.push_back(found);
  }
  std::vector<char*> pointers;
  for (std::string& word : command) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    execvp(pointers[0], pointers.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
    fail("linking with `" + words.linker + "` failed");
  }
}

int compile(const Arguments& arguments, int argc, char** argv) {
  const Nanoseconds begin = now();
  const std::string identity = compile_identity(arguments, variable("CARGO_PKG_NAME"), variable("CARGO_PKG_VERSION"));
  const Recorded one = recorded(identity);
  const auto names = fake_rustc::output_names(arguments);
  const auto needs = needed(arguments);
  std::string text = identity + "\n";
  for (const std::string& name : needs) {
    text += "needs " + name + "\n";
  }
  const auto notice = [&](const std::string& path, const char* emit) {
    if (arguments.json_artifacts && !path.empty()) {
      fake_rustc::say_line(fake_rustc::artifact_notice(path, emit));
    }
  };
  sleep_until(begin + one.frontend);
  fake_rustc::write_dep_info(names, arguments, {});
  notice(names.dep_info, "dep-info");
  if (!names.metadata.empty()) {
    fake_rustc::write_whole(names.metadata, kMetadata + text, false);
    notice(names.metadata, "metadata");
  }
  const Nanoseconds metadata = now();
  codegen(one);
  const Nanoseconds objects = now();
  for (const std::string& path : names.linked) {
    const auto dot = path.rfind('.');
    if (dot != std::string::npos && path.substr(dot) == ".rlib") {
      fake_rustc::write_whole(path, kWholeLibrary + text, false);
    } else {
      setenv(kLinkTime, std::to_string(one.link).c_str(), 1);
      run_linker(linker_words(argc, argv), needs, path);
    }
    notice(path, "link");
  }
  log_line(identity, {begin, metadata, objects, now()});
  return 0;
}

/// cc -o OUTPUT LIBRARY...
int link(int argc, char** argv) {
  const Nanoseconds begin = now();
  if (argc < 3) {
    fail("a linker without output");
  }
  for (int i = 3; i < argc; ++i) {
    const auto text = read_file(argv[i]);
    if (!text || text->rfind(kWholeLibrary, 0) != 0) {
      fail(std::string(argv[i]) + " is not a whole library");
    }
  }
  sleep_until(begin + std::atoll(variable(kLinkTime).c_str()));
  const std::string output = argv[2];
  const bool is_script = file_name(output).rfind("build_script_", 0) == 0;
  fake_rustc::write_whole(output, is_script ? read_file("/proc/self/exe").value() : "sleeping program\n", true);
  log_line("link " + output, {begin, now()});
  return 0;
}

int run_script() {
  const Nanoseconds begin = now();
  std::vector<std::string> features;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (text.rfind("CARGO_FEATURE_", 0) == 0) {
      features.push_back(text.substr(0, text.find('=')));
    }
  }
  const std::string identity = run_identity(variable("CARGO_PKG_NAME"), variable("CARGO_PKG_VERSION"), features);
  const Recorded one = recorded(identity);
  sleep_until(begin + one.frontend);
  auto text = read_file(variable("SLEEPING_RUSTC_BUILD") + "/" + one.printed);
  if (!text) {
    fail("no " + one.printed);
  }
  const std::string place = "$OUT_DIR";
  for (auto at = text->find(place); at != std::string::npos; at = text->find(place, at)) {
    text->replace(at, place.size(), variable("OUT_DIR"));
  }
  std::fwrite(text->data(), 1, text->size(), stdout);
  log_line(identity, {begin, now()});
  return 0;
}

int main(int argc, char** argv) {
  const std::string name = file_name(argv[0]);
  if (name == "cc") {
    return link(argc, argv);
  }
  if (name.rfind("build-script-", 0) == 0 || name.rfind("build_script_", 0) == 0) {
    return run_script();
  }
  const Arguments arguments = fake_rustc::parse_arguments(argc, argv);
  if (arguments.version || !arguments.prints.empty()) {
    execv(variable("SLEEPING_RUSTC_REAL").c_str(), argv);
    fail("no real rustc");
  }
  return compile(arguments, argc, argv);
}

}  // namespace
}  // namespace pcargo::bench

int main(int argc, char** argv) {
  return pcargo::bench::main(argc, argv);
}
