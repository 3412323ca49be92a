// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/rustup.h"

#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::prepare;

namespace {

const std::string kHost = "x86_64-unknown-linux-gnu";

/// A machine with rustup, its settings and some toolchains.
class Machine {
 public:
  Machine() { settings("default_toolchain = \"stable-" + kHost + "\"\n"); }

  Machine& settings(const std::string& text) {
    files.files["/r/settings.toml"] = "version = \"12\"\n" + text;
    return *this;
  }
  Machine& toolchain(const std::string& name) {
    files.files["/r/toolchains/" + name + "/bin/cargo"] = "";
    return *this;
  }
  Machine& file(const std::string& path, const std::string& text) {
    files.files[path] = text;
    return *this;
  }
  RustupAnswer ask() {
    question.rustup_home = "/r";
    question.canonicalize = [](const std::string& path) { return path == "/link" ? "/real" : path; };
    return choose_toolchain(files, question);
  }
  /// "name from source", "?" where rustup must be asked, with a name in front if it is known all the same.
  std::string chosen() {
    RustupAnswer answer = ask();
    std::string text = answer.choice ? answer.choice->name + " from " + source_name(answer.choice->source) : "";
    return answer.ask_rustup ? text + "?" : text;
  }

  test::MemoryFileSystem files;
  RustupQuestion question{.rustup_home = "/r", .current_directory = "/w/p", .canonicalize = {}};
};

Machine usual() {
  Machine machine;
  machine.toolchain("stable-" + kHost).toolchain("nightly-" + kHost).toolchain("nightly-2026-01-02-" + kHost);
  return machine;
}

}  // namespace

TEST_CASE("without anything else the default toolchain is taken") {
  auto machine = usual();
  auto answer = machine.ask();
  REQUIRE(answer.choice);
  CHECK(answer.choice->name == "stable-" + kHost);
  CHECK(answer.choice->directory == "/r/toolchains/stable-" + kHost);
  CHECK(answer.choice->cargo == "/r/toolchains/stable-" + kHost + "/bin/cargo");
  CHECK(source_name(answer.source) == "default");
}

TEST_CASE("plus beats the variable, the variable beats overrides and files") {
  auto machine = usual();
  machine.file("/w/p/rust-toolchain", "nightly-2026-01-02\n");
  CHECK(machine.chosen() == "nightly-2026-01-02-" + kHost + " from toolchain-file");
  machine.settings("[overrides]\n\"/w\" = \"stable\"\n\"/w/p\" = \"nightly-" + kHost + "\"\n");
  CHECK(machine.chosen() == "nightly-" + kHost + " from path-override");
  machine.question.environment_toolchain = "";
  CHECK(machine.chosen() == "nightly-" + kHost + " from path-override");
  machine.question.environment_toolchain = "stable";
  CHECK(machine.chosen() == "stable-" + kHost + " from env");
  machine.question.command_line_toolchain = "nightly";
  CHECK(machine.chosen() == "nightly-" + kHost + " from cli");
}

TEST_CASE("the nearest directory decides, and overrides are kept under real paths") {
  auto machine = usual();
  machine.file("/w/rust-toolchain.toml", "[toolchain]\nchannel = \"nightly\"\n");
  CHECK(machine.chosen() == "nightly-" + kHost + " from toolchain-file");
  machine.question.current_directory = "/link";
  machine.settings("[overrides]\n\"/real\" = \"stable-" + kHost + "\"\n");
  CHECK(machine.chosen() == "stable-" + kHost + " from path-override");
}

TEST_CASE("a short name is completed with the host") {
  Machine machine;
  machine.toolchain("1.95.0-" + kHost).toolchain("1.95-aarch64-apple-darwin").toolchain("1.95-" + kHost);
  machine.question.environment_toolchain = "1.95.0";
  CHECK(machine.chosen() == "1.95.0-" + kHost + " from env");
  machine.question.environment_toolchain = "1.95";
  CHECK(machine.chosen() == "?");
  machine.settings("default_host_triple = \"" + kHost + "\"\n");
  CHECK(machine.chosen() == "1.95-" + kHost + " from env");
  machine.question.environment_toolchain = "1.95-gnu";
  CHECK(machine.chosen() == "?");
}

TEST_CASE("a linked toolchain keeps its name, one given by path is named by it") {
  auto machine = usual();
  machine.toolchain("mine").file("/opt/rust/bin/cargo", "");
  machine.question.environment_toolchain = "mine/";
  CHECK(machine.chosen() == "mine from env");
  machine.question.environment_toolchain = "/opt/rust";
  CHECK(machine.chosen() == "/opt/rust from env");
  machine.question.environment_toolchain.reset();
  machine.file("/w/p/rust-toolchain.toml", "[toolchain]\npath = \"/opt/rust\"\n");
  CHECK(machine.chosen() == "/opt/rust from toolchain-file");
}

TEST_CASE("a linked toolchain without cargo borrows one, and rustup says so") {
  auto machine = usual();
  machine.file("/r/toolchains/mine/bin/rustc", "");
  machine.question.environment_toolchain = "mine";
  auto answer = machine.ask();
  REQUIRE(answer.choice);
  CHECK(answer.ask_rustup);
  CHECK(answer.choice->cargo == "/r/toolchains/nightly-" + kHost + "/bin/cargo");
}

TEST_CASE("where rustup would install, warn or refuse it is asked") {
  auto machine = usual();
  const std::string toml = "/w/p/rust-toolchain.toml";
  machine.question.environment_toolchain = "beta";
  CHECK(machine.chosen() == "?");
  machine.question.environment_toolchain = "+stable";
  CHECK(machine.chosen() == "?");
  machine.question.environment_toolchain.reset();
  for (const char* text : {"",
                           "[toolchain]\n",
                           "channel = \"stable\"",
                           "[toolchain]\nchannel = 1\ncomponents = 2",
                           "[toolchain]\nchannel = \"stable\"\npath = \"/opt\"",
                           "[toolchain\n"}) {
    INFO(text);
    machine.file(toml, text);
    RustupAnswer answer = machine.ask();
    CHECK((answer.ask_rustup || std::string(text) == "[toolchain]\n"));
  }
  machine.file(toml, "[toolchain]\nchannel = \"nightly\"\n").file("/w/p/rust-toolchain", "stable");
  CHECK(machine.chosen() == "stable-" + kHost + " from toolchain-file?");
  machine.settings("");
  machine.files.files.erase("/r/settings.toml");
  CHECK(machine.chosen() == "?");
}

TEST_CASE("components and targets of a toolchain file cost nothing when they are there") {
  auto machine = usual();
  machine.file("/w/p/rust-toolchain.toml",
               "[toolchain]\nchannel = \"stable\"\ncomponents = [\"rustfmt\", \"clippy\", \"rust-src\"]\n"
               "targets = [\"wasm32-unknown-unknown\"]\n");
  CHECK(machine.chosen() == "stable-" + kHost + " from toolchain-file?");
  const std::string list = "/r/toolchains/stable-" + kHost + "/lib/rustlib/components";
  const std::string present =
      "rustc-" + kHost + "\nrustfmt-preview-" + kHost + "\nclippy-preview-" + kHost + "\nrust-src\n";
  machine.file(list, present);
  CHECK(machine.chosen() == "stable-" + kHost + " from toolchain-file?");
  machine.file(list, present + "rust-std-wasm32-unknown-unknown\n");
  CHECK(machine.chosen() == "stable-" + kHost + " from toolchain-file");
}

TEST_CASE("the proxy's environment: paths in front unless they are there, one level deeper") {
  RustupChoice choice{
      "stable", "/r/toolchains/stable", "/r/toolchains/stable/bin/cargo", RustupChoice::Source::kDefault};
  Environment environment;
  apply_proxy_environment({choice, "/r", "/c"}, &environment);
  CHECK(environment.get("PATH") == "/c/bin");
  CHECK(environment.get("LD_LIBRARY_PATH") == "/r/toolchains/stable/lib");
  CHECK(environment.get("CARGO_HOME") == "/c");
  CHECK(environment.get("RUSTUP_HOME") == "/r");
  CHECK(environment.get("RUSTUP_TOOLCHAIN") == "stable");
  CHECK(environment.get("RUSTUP_TOOLCHAIN_SOURCE") == "default");
  CHECK(environment.get("RUST_RECURSION_COUNT") == "1");

  environment.set("PATH", "/usr/bin://c/./bin/:/bin");
  environment.set("LD_LIBRARY_PATH", "");
  apply_proxy_environment({choice, "/r", "/c"}, &environment);
  CHECK(environment.get("PATH") == "/usr/bin://c/./bin/:/bin");
  CHECK(environment.get("LD_LIBRARY_PATH") == "/r/toolchains/stable/lib");
  CHECK(environment.get("RUST_RECURSION_COUNT") == "2");

  environment.set("LD_LIBRARY_PATH", "/x:/r/toolchains/stable/lib");
  apply_proxy_environment({choice, "/r", "/c"}, &environment);
  CHECK(environment.get("LD_LIBRARY_PATH") == "/x:/r/toolchains/stable/lib");
}
