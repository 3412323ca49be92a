// SPDX-License-Identifier: MIT OR Apache-2.0
#include "outputs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace pcargo::fake_rustc {
namespace {

// FNV-1a: a few bytes of digest that are the same everywhere; nobody attacks a pretend compiler.
class Hasher {
 public:
  void add(const std::string& bytes) {
    for (unsigned char byte : bytes) {
      mix(byte);
    }
    mix(0xff);  // "ab" "c" is not "a" "bc"
  }
  std::string hex() const {
    char text[17];
    std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(state_));
    return text;
  }

 private:
  void mix(unsigned char byte) { state_ = (state_ ^ byte) * 1099511628211ULL; }
  std::uint64_t state_ = 14695981039346656037ULL;
};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

[[noreturn]] void give_up(const std::string& path) {
  std::fprintf(
      stderr,
      "{\"$message_type\":\"diagnostic\",\"message\":\"failed to write %s: %s\",\"code\":null,\"level\":\"error\","
      "\"spans\":[],\"children\":[],\"rendered\":\"error: failed to write %s: %s\\n\\n\"}\n",
      path.c_str(),
      std::strerror(errno),
      path.c_str(),
      std::strerror(errno));
  std::exit(1);
}

std::string program_text(const Arguments& arguments, const Control& control, const std::string& digest) {
  std::string text = "#!/bin/sh\n# " + digest + "\n";
  const char* package = std::getenv("CARGO_PKG_NAME");
  if (arguments.crate_name.rfind("build_script_", 0) == 0) {
    for (const std::string& line : control.script_lines(package == nullptr ? "" : package)) {
      text += line + "\n";
    }
    return text;
  }
  return text + "echo " + shell_quoted("fake program " + arguments.crate_name) + " \"$@\"\n";
}

}  // namespace

std::vector<std::string> files_read_by(const std::string& source_text) {
  const std::string mark = "// reads ";
  const std::string variable = "$OUT_DIR";
  std::vector<std::string> files;
  std::istringstream lines(source_text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(mark, 0) != 0) {
      continue;
    }
    std::string file = line.substr(mark.size());
    if (file.rfind(variable, 0) == 0) {
      const char* value = std::getenv("OUT_DIR");
      file.replace(0, variable.size(), value == nullptr ? "" : value);
    }
    files.push_back(file);
  }
  return files;
}

std::string digest_inputs(const Arguments& arguments,
                          const std::string& source_text,
                          const std::vector<std::string>& read_files) {
  Hasher hasher;
  hasher.add(source_text);
  for (const std::string& file : read_files) {
    hasher.add(read_file(file));
  }
  for (const std::string& word : arguments.meaning) {
    hasher.add(word);
  }
  for (const auto& [name, path] : arguments.externs) {
    hasher.add(name);
    hasher.add(read_file(path));
  }
  return hasher.hex();
}

OutputNames output_names(const Arguments& arguments) {
  OutputNames names;
  const std::string stem = arguments.crate_name + arguments.extra_filename;
  const std::string base = arguments.out_dir + "/";
  if (arguments.emits_kind("dep-info")) {
    names.dep_info = base + stem + ".d";
  }
  if (arguments.emits_kind("metadata")) {
    names.metadata = base + "lib" + stem + ".rmeta";
  }
  if (!arguments.emits_kind("link")) {
    return names;
  }
  if (arguments.test || arguments.crate_types.empty()) {
    names.linked.push_back(base + stem);
    names.first_linked_is_program = true;
    return names;
  }
  for (const std::string& type : arguments.crate_types) {
    if (type == "bin") {
      names.linked.push_back(base + stem);
      names.first_linked_is_program = names.linked.size() == 1;
    } else if (type == "lib" || type == "rlib") {
      names.linked.push_back(base + "lib" + stem + ".rlib");
    } else if (type == "staticlib") {
      names.linked.push_back(base + "lib" + stem + ".a");
    } else {
      names.linked.push_back(base + "lib" + stem + ".so");
    }
  }
  return names;
}

void write_dep_info(const OutputNames& names, const Arguments& arguments, const std::vector<std::string>& read_files) {
  std::string text;
  std::string sources = arguments.source;
  for (const std::string& file : read_files) {
    sources += " " + file;
  }
  auto rule = [&](const std::string& output) { text += output + ": " + sources + "\n\n"; };
  rule(names.dep_info);
  for (const std::string& output : names.linked) {
    rule(output);
  }
  if (!names.metadata.empty()) {
    rule(names.metadata);
  }
  text += arguments.source + ":\n";
  std::ofstream file(names.dep_info, std::ios::trunc);  // in place, as rustc: a torn .d is possible
  if (!(file << text << std::flush)) {
    give_up(names.dep_info);
  }
}

void write_whole(const std::string& path, const std::string& bytes, bool executable) {
  const std::string temporary = path + ".tmp" + std::to_string(getpid());
  int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, executable ? 0777 : 0666);
  if (file < 0) {
    give_up(path);
  }
  for (std::size_t written = 0; written < bytes.size();) {
    ssize_t count = write(file, bytes.data() + written, bytes.size() - written);
    if (count < 0) {
      int reason = errno;
      unlink(temporary.c_str());
      errno = reason;
      give_up(path);
    }
    written += static_cast<std::size_t>(count);
  }
  close(file);
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    give_up(path);
  }
}

void copy_in_place(const std::string& from, const std::string& to) {
  std::ofstream file(to, std::ios::trunc | std::ios::binary);
  if (!(file << read_file(from) << std::flush)) {
    give_up(to);
  }
}

void replace_by(const std::string& kind, const std::string& path) {
  const std::string link = "link ";
  if (kind == "unreadable") {
    chmod(path.c_str(), 0);
    return;
  }
  unlink(path.c_str());
  const int failed = kind == "fifo"             ? mkfifo(path.c_str(), 0666)
                     : kind == "directory"      ? mkdir(path.c_str(), 0777)
                     : kind.rfind(link, 0) == 0 ? symlink(kind.substr(link.size()).c_str(), path.c_str())
                                                : -1;
  if (failed != 0) {
    give_up(path);
  }
}

void write_metadata(const OutputNames& names, const std::string& digest) {
  write_whole(names.metadata, "fake rmeta " + digest + "\n", false);
}

void write_linked(const OutputNames& names,
                  const Arguments& arguments,
                  const Control& control,
                  const std::string& digest) {
  for (std::size_t i = 0; i < names.linked.size(); ++i) {
    bool program = i == 0 && names.first_linked_is_program;
    std::string bytes = program ? program_text(arguments, control, digest) : "fake object code " + digest + "\n";
    write_whole(names.linked[i], bytes, program);
  }
}

}  // namespace pcargo::fake_rustc
