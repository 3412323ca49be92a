// SPDX-License-Identifier: MIT OR Apache-2.0
// With the real gate; `echo`, `ls` and the like stand in for linkers.
#include "execute/link_gate.h"

#include "platform/child_process.h"
#include "support/temporary_directory.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using pcargo::execute::has_linker;
using pcargo::execute::LinkGate;
using pcargo::platform::ChildProcess;
using pcargo::platform::EventLoop;
using pcargo::platform::ExitStatus;
using pcargo::platform::SpawnOptions;
using pcargo::support::TemporaryDirectory;

namespace {

constexpr const char* kProgram = PCARGO_GATE;  // where the build has it

/// A process that holds the gate's end, as rustc does, and what it said when it was over.
struct Compiler {
  ChildProcess process;
  std::string out;
  ExitStatus status;
};

void start(EventLoop& loop, LinkGate& gate, const std::string& script, Compiler* compiler) {
  SpawnOptions options;
  options.argv = {"/bin/sh", "-c", script, gate.path()};
  options.inherited_descriptors = {gate.descriptor()};
  ChildProcess::Callbacks callbacks;
  callbacks.on_stdout = [compiler](std::string_view bytes) { compiler->out += bytes; };
  callbacks.on_over = [compiler, &loop](const ExitStatus& status, bool) {
    compiler->status = status;
    loop.stop();
  };
  auto process = ChildProcess::spawn(loop, options, std::move(callbacks));
  REQUIRE(process);
  compiler->process = *std::move(process);
  gate.let_go();
}

}  // namespace

TEST_CASE("a gate that is permitted becomes the linker, with real paths") {
  const TemporaryDirectory directory;
  EventLoop loop;
  Compiler compiler;
  int asked = 0;
  LinkGate* opened = nullptr;
  LinkGate gate(loop, [&](int pid) {
    ++asked;
    CHECK(pid > 0);
    opened->permit();
  });
  opened = &gate;
  REQUIRE(gate.open(kProgram, directory / "gate", "/bin/echo", {{"/b/stubs", "/b/deps"}}));
  CHECK(gate.path() == directory / "gate/echo");
  start(loop, gate, "$0 -L/b/stubs; $0 again", &compiler);
  loop.run();
  CHECK(compiler.out == "-L/b/deps\nagain\n");
  CHECK(compiler.status.success());
  CHECK(asked == 1);
}

TEST_CASE("a permission that comes before the question is given with it") {
  const TemporaryDirectory directory;
  EventLoop loop;
  Compiler compiler;
  LinkGate gate(loop, {});
  REQUIRE(gate.open(kProgram, directory / "gate", "echo", {}));
  gate.permit();
  start(loop, gate, "$0 linked", &compiler);
  loop.run();
  CHECK(compiler.out == "linked\n");
}

TEST_CASE("a gate that is refused fails, and so does one that nobody answers") {
  const bool is_refused = GENERATE(true, false);
  const TemporaryDirectory directory;
  EventLoop loop;
  Compiler compiler;
  std::optional<LinkGate> gate;
  gate.emplace(loop, [&](int) {
    if (is_refused) {
      gate->refuse();
    } else {
      gate.reset();
    }
  });
  REQUIRE(gate->open(kProgram, directory / "gate", "echo", {}));
  start(loop, *gate, "$0 linked 2>&1; exit $?", &compiler);
  loop.run();
  CHECK(compiler.status.code == pcargo::gate::kExitNoPermission);
  CHECK(compiler.out == (is_refused ? "" : "pcargo-gate: pcargo is gone\n"));
}

TEST_CASE("a linker is there when execvp would find it") {
  const TemporaryDirectory directory;
  directory.write("bin/gcc", "#!/bin/sh\n", 0755);
  directory.write("bin/data", "#!/bin/sh\n", 0644);
  const auto path = "/nowhere:" + directory / "bin";
  CHECK(has_linker("gcc", path, "/"));
  CHECK(has_linker("bin/gcc", "", directory.path()));
  CHECK(has_linker(directory / "bin/gcc", "", "/"));
  CHECK_FALSE(has_linker("data", path, "/"));
  CHECK_FALSE(has_linker("bin", directory.path(), "/"));
  CHECK_FALSE(has_linker("clang-999", path, "/"));
  CHECK_FALSE(has_linker("bin/gcc", path, directory / "bin"));
}
