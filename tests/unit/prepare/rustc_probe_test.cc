// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/rustc_probe.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace pcargo;
using namespace pcargo::prepare;

namespace {

const std::vector<std::string> kCommand = {"rustc", "-", "--crate-name", "___"};

const char* const kLinux =
    "___\n"
    "lib___.rlib\n"
    "lib___.so\n"
    "lib___.so\n"
    "lib___.a\n"
    "lib___.so\n"
    "/toolchain\n"
    "off\n"
    "packed\n"
    "unpacked\n"
    "___\n"
    "debug_assertions\n"
    "panic=\"unwind\"\n"
    "proc_macro\n"
    "target_feature=\"fxsr\"\n"
    "unix\n";

std::string message_of(const Result<TargetProbe>& probe) {
  REQUIRE(!probe);
  return probe.error().message;
}

}  // namespace

TEST_CASE("one answer says how files are called, what debuginfo may be split and which cfgs hold") {
  auto probe = parse_target_probe("1.95.0", kCommand, "x86_64-unknown-linux-gnu", kLinux, "");
  REQUIRE(probe);
  CHECK(probe->sysroot == "/toolchain");
  CHECK(probe->info.sysroot_library_dir == "/toolchain/lib/rustlib/x86_64-unknown-linux-gnu/lib");
  CHECK(probe->info.naming.at("bin")->prefix.empty());
  CHECK(probe->info.naming.at("bin")->suffix.empty());
  CHECK(probe->info.naming.at("rlib")->prefix == "lib");
  CHECK(probe->info.naming.at("rlib")->suffix == ".rlib");
  CHECK(probe->info.naming.at("staticlib")->suffix == ".a");
  CHECK(probe->info.split_debuginfo == std::vector<std::string>{"off", "packed", "unpacked"});

  using Cfg = std::pair<std::string, std::optional<std::string>>;
  const std::vector<Cfg> expected = {
      {"debug_assertions", std::nullopt}, {"panic", "unwind"}, {"target_feature", "fxsr"}, {"unix", std::nullopt}};
  CHECK(probe->info.cfg == expected);
}

TEST_CASE("a crate type that the target does not know has no line of its own") {
  const char* out = "___.wasm\nlib___.rlib\n___.wasm\nlib___.a\n/t\n___\nwasm\n";
  const char* err =
      "warning: dropping unsupported crate type `dylib` for target `wasm32-unknown-unknown`\n"
      "warning: dropping unsupported crate type `proc-macro` for target `wasm32-unknown-unknown`\n";
  auto probe = parse_target_probe("1.95.0", kCommand, "wasm32-unknown-unknown", out, err);
  REQUIRE(probe);
  CHECK(!probe->info.naming.at("dylib"));
  CHECK(!probe->info.naming.at("proc-macro"));
  CHECK(probe->info.naming.at("cdylib")->suffix == ".wasm");
  CHECK(probe->info.split_debuginfo.empty());
}

TEST_CASE("an answer cut short is refused where it stops, with the command and what came") {
  CHECK(message_of(parse_target_probe("1.95.0", kCommand, "t", "", "boom\n")) ==
        "malformed output when learning about crate-type bin information\n"
        "command was: `rustc - --crate-name ___`\n\n--- stderr\nboom\n");
  CHECK(message_of(parse_target_probe("1.95.0", kCommand, "t", "", "")) ==
        "malformed output when learning about crate-type bin information\n"
        "command was: `rustc - --crate-name ___`\n(no output received)");
  CHECK(message_of(parse_target_probe("1.95.0", kCommand, "t", "garbage\n", ""))
            .find("output of --print=file-names missing when learning about target-specific information from rustc") ==
        0);

  std::string text = kLinux;
  std::string no_sysroot = text.substr(0, text.find("/toolchain"));
  CHECK(message_of(parse_target_probe("1.95.0", kCommand, "t", no_sysroot, ""))
            .find("output of --print=sysroot missing") == 0);
  std::string no_end = text.substr(0, text.find("unpacked"));
  CHECK(message_of(parse_target_probe("1.95.0", kCommand, "t", no_end, ""))
            .find("output of --print=split-debuginfo missing") == 0);
  CHECK(message_of(parse_target_probe("1.95.0", kCommand, "t", text + "a=b\n", ""))
            .find("failed to parse the cfg from `rustc --print=cfg`, got:\n") == 0);
}

TEST_CASE("the version answer needs a host and a release") {
  auto version = parse_verbose_version("rustc 1.95.0 (5 2026)\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n");
  REQUIRE(version);
  CHECK(version->host == "x86_64-unknown-linux-gnu");
  CHECK(version->release == "1.95.0");

  auto no_host = parse_verbose_version("hello\nrelease: 1.95.0\n");
  REQUIRE(!no_host);
  CHECK(no_host.error().message == "`rustc -vV` didn't have a line for `host:`, got:\nhello\nrelease: 1.95.0\n");
  auto odd = parse_verbose_version("host: h\nrelease: 1.95\n");
  REQUIRE(!odd);
  CHECK(odd.error().message.find("rustc version does not appear to be a valid semver version, from:\n") == 0);
}

TEST_CASE("the question holds the flags before the target, and the six crate types after it") {
  auto words = target_probe_arguments("1.95.0", {"-C", "target-cpu=native"}, "wasm32-unknown-unknown");
  REQUIRE(words.size() > 9);
  CHECK(std::vector<std::string>(words.begin(), words.begin() + 10) ==
        std::vector<std::string>{"-",
                                 "--crate-name",
                                 "___",
                                 "--print=file-names",
                                 "-C",
                                 "target-cpu=native",
                                 "--target",
                                 "wasm32-unknown-unknown",
                                 "--crate-type",
                                 "bin"});
  CHECK(words.back() == "-Wwarnings");

  auto custom = target_probe_arguments("1.95.0", {}, "/specs/board.json");
  CHECK(std::vector<std::string>(custom.begin() + 4, custom.begin() + 7) ==
        std::vector<std::string>{"--target", "/specs/board.json", "-Zunstable-options"});
  CHECK(target_short_name("/specs/board.json") == "board");
  CHECK(target_short_name("x86_64-unknown-linux-gnu") == "x86_64-unknown-linux-gnu");
}

TEST_CASE("wrappers stand before rustc, the empty ones not") {
  CHECK(RustcCommand{"rustc", "w", "ww"}.program() == std::vector<std::string>{"w", "ww", "rustc"});
  CHECK(RustcCommand{"rustc", "", std::nullopt}.program() == std::vector<std::string>{"rustc"});
}

TEST_CASE("an older rustc is asked only what it knows, and the rest is known of it") {
  auto words = target_probe_arguments("1.63.0", {}, std::nullopt);
  CHECK(std::find(words.begin(), words.end(), "--print=split-debuginfo") == words.end());
  CHECK(words.back() == "--print=cfg");
  const std::string out = "___\nlib___.rlib\nlib___.so\nlib___.so\nlib___.a\nlib___.so\n/toolchain\nunix\n";
  auto old = parse_target_probe("1.63.0", kCommand, "t", out, "");
  REQUIRE(old);
  CHECK(old->info.split_debuginfo.empty());
  CHECK(old->info.cfg.size() == 1);
  auto later = parse_target_probe("1.65.0", kCommand, "t", out, "");
  REQUIRE(later);
  CHECK(later->info.split_debuginfo == std::vector<std::string>{"off", "packed", "unpacked"});
}
