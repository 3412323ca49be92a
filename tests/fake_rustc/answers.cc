// SPDX-License-Identifier: MIT OR Apache-2.0
#include "answers.h"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace pcargo::fake_rustc {
namespace {

#if defined(__aarch64__)
constexpr const char* kArch = "aarch64";
#else
constexpr const char* kArch = "x86_64";
#endif

std::string host() {
  return std::string(kArch) + "-unknown-linux-gnu";
}

// A directory of the fake compiler's own, so that nobody takes a real toolchain for it.
std::string sysroot() {
  char buffer[4096];
  ssize_t length = readlink("/proc/self/exe", buffer, sizeof(buffer));
  std::string self(buffer, length > 0 ? static_cast<std::size_t>(length) : 0);
  return self + ".sysroot";
}

void print_file_names(const Arguments& arguments) {
  const std::string& name = arguments.crate_name;
  for (const std::string& type : arguments.crate_types) {
    if (type == "bin") {
      std::printf("%s\n", name.c_str());
    } else if (type == "lib" || type == "rlib") {
      std::printf("lib%s.rlib\n", name.c_str());
    } else if (type == "staticlib") {
      std::printf("lib%s.a\n", name.c_str());
    } else {
      std::printf("lib%s.so\n", name.c_str());
    }
  }
}

void print_cfg() {
  std::printf(
      "debug_assertions\n"
      "panic=\"unwind\"\n"
      "proc_macro\n"
      "target_abi=\"\"\n"
      "target_arch=\"%s\"\n"
      "target_endian=\"little\"\n"
      "target_env=\"gnu\"\n"
      "target_family=\"unix\"\n"
      "target_has_atomic=\"64\"\n"
      "target_has_atomic=\"ptr\"\n"
      "target_os=\"linux\"\n"
      "target_pointer_width=\"64\"\n"
      "target_vendor=\"unknown\"\n"
      "unix\n",
      kArch);
}

}  // namespace

void print_version(const std::string& release) {
  std::printf(
      "rustc %s (fa4e00000 2026-04-14)\n"
      "binary: rustc\n"
      "commit-hash: fa4e000000000000000000000000000000000000\n"
      "commit-date: 2026-04-14\n"
      "host: %s\n"
      "release: %s\n"
      "LLVM version: 22.1.2\n",
      release.c_str(),
      host().c_str(),
      release.c_str());
}

void print_answers(const Arguments& arguments) {
  for (const std::string& what : arguments.prints) {
    if (what == "file-names") {
      print_file_names(arguments);
    } else if (what == "sysroot") {
      std::printf("%s\n", sysroot().c_str());
    } else if (what == "split-debuginfo") {
      std::printf("off\npacked\nunpacked\n");
    } else if (what == "crate-name") {
      std::printf("%s\n", arguments.crate_name.c_str());
    } else if (what == "cfg") {
      print_cfg();
    } else if (what == "host-tuple") {
      std::printf("%s\n", host().c_str());
    } else if (what == "target-libdir") {
      std::printf("%s/lib/rustlib/%s/lib\n", sysroot().c_str(), host().c_str());
    }
  }
}

}  // namespace pcargo::fake_rustc
