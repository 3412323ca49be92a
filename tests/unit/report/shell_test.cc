// SPDX-License-Identifier: MIT OR Apache-2.0
// Expectations with colour are bytes that cargo 1.95 wrote with --color always.
#include "report/shell.h"

#include "captured.h"
#include "report/collisions.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::report;
using pcargo::test::CaptureSink;

namespace {

struct Screen {
  explicit Screen(ShellOptions options = {}) : shell(options, out, err) {}
  CaptureSink out;
  CaptureSink err;
  Shell shell;
};

ShellOptions colored() {
  ShellOptions options;
  options.stdout_color = true;
  options.stderr_color = true;
  return options;
}

}  // namespace

TEST_CASE("status, warning, error and note with colour") {
  Screen screen(colored());
  screen.shell.status("Compiling", "a v0.1.0 (/w/a)");
  CHECK(screen.err.take() == "\x1b[1m\x1b[92m   Compiling\x1b[0m a v0.1.0 (/w/a)\n");
  screen.shell.warn("a@0.1.0: hello from build");
  CHECK(screen.err.take() == "\x1b[1m\x1b[33mwarning\x1b[0m: a@0.1.0: hello from build\n");
  screen.shell.error("could not compile `b` (bin \"b\") due to 1 previous error");
  CHECK(screen.err.take() ==
        "\x1b[1m\x1b[91merror\x1b[0m: could not compile `b` (bin \"b\") due to 1 previous error\n");
  screen.shell.note("0 dependencies had future-incompatible warnings");
  CHECK(screen.err.take() == "\x1b[1m\x1b[92mnote\x1b[0m: 0 dependencies had future-incompatible warnings\n");
}

TEST_CASE("older cargos have other colours") {
  Screen screen(colored());
  const auto painted_by = [&](const char* version) {
    screen.shell.paint_as(palette_of(cargo::capabilities_of(version)));
    screen.shell.status("Compiling", "a");
    screen.shell.warn("b");
    return screen.err.take();
  };
  CHECK(painted_by("1.65.0") ==
        "\x1b[0m\x1b[0m\x1b[1m\x1b[32m   Compiling\x1b[0m a\n"
        "\x1b[0m\x1b[0m\x1b[1m\x1b[33mwarning\x1b[0m\x1b[1m:\x1b[0m b\n");
  CHECK(painted_by("1.90.0") ==
        "\x1b[1m\x1b[32m   Compiling\x1b[0m a\n\x1b[1m\x1b[33mwarning\x1b[0m\x1b[1m:\x1b[0m b\n");
  CHECK(painted_by("1.91.0") == "\x1b[1m\x1b[92m   Compiling\x1b[0m a\n\x1b[1m\x1b[33mwarning\x1b[0m: b\n");
}

TEST_CASE("without colour the same words, and other people's escapes are removed") {
  Screen screen;
  screen.shell.status("Finished", "done");
  screen.shell.err_line("\x1b[31mred\x1b[0m");
  screen.shell.out_line("\x1b[31mred\x1b[0m");
  CHECK(screen.err.text == "    Finished done\nred\n");
  CHECK(screen.out.text == "red\n");
}

TEST_CASE("with colour, text of others passes as it is") {
  Screen screen(colored());
  screen.shell.err_line("\x1b[31mred\x1b[0m");
  screen.shell.out_line("\x1b[31mred\x1b[0m");
  CHECK(screen.err.text == "\x1b[31mred\x1b[0m\n");
  CHECK(screen.out.text == "\x1b[31mred\x1b[0m\n");
}

TEST_CASE("each stream has its own colour") {
  ShellOptions options;
  options.stderr_color = true;
  Screen screen(options);
  screen.shell.err_line("\x1b[31mred");
  screen.shell.out_line("\x1b[31mred");
  CHECK(screen.err.text == "\x1b[31mred\n");
  CHECK(screen.out.text == "red\n");
}

TEST_CASE("quiet leaves errors and what the compiler said") {
  ShellOptions options;
  options.verbosity = Verbosity::kQuiet;
  Screen screen(options);
  screen.shell.status("Compiling", "a");
  screen.shell.warn("w");
  screen.shell.note("n");
  CHECK(screen.err.text.empty());
  screen.shell.err_line("diagnostic");
  screen.shell.error("e");
  CHECK(screen.err.text == "diagnostic\nerror: e\n");
}

TEST_CASE("an error with causes, as cargo showed a failed build script") {
  Screen screen;
  screen.shell.display_error(
      {ErrorKind::kCommandFailed,
       "failed to run custom build command for `a v0.1.0 (/w/a)`",
       {"process didn't exit successfully: `/w/build-script-build` (exit status: 3)\n--- stdout\ncargo::warning=hello\n"
        "plain\n\n--- stderr\nto stderr\n\nmore\n",
        "the second cause"}});
  CHECK(screen.err.text ==
        "error: failed to run custom build command for `a v0.1.0 (/w/a)`\n"
        "\n"
        "Caused by:\n"
        "  process didn't exit successfully: `/w/build-script-build` (exit status: 3)\n"
        "  --- stdout\n"
        "  cargo::warning=hello\n"
        "  plain\n"
        "\n"
        "  --- stderr\n"
        "  to stderr\n"
        "\n"
        "  more\n"
        "\n"
        "Caused by:\n"
        "  the second cause\n");
  CHECK(screen.err.writes.size() == 1);
}

TEST_CASE("a warning with the error behind it") {
  Screen screen;
  screen.shell.warn_with_error("failed to write", {ErrorKind::kEnvironment, "no room", {"disk full"}});
  CHECK(screen.err.text == "warning: failed to write\n\nno room\n\nCaused by:\n  disk full\n");
}

TEST_CASE("a collision of output files, as cargo drew it") {
  Screen screen(colored());
  show_collisions(
      {{"/w/target/debug/same", UnitId{1}, UnitId{0}, "the bin target `same` in ...", true}}, true, &screen.shell);
  CHECK(screen.err.text ==
        "\x1b[1m\x1b[33mwarning\x1b[0m: output filename collision at /w/target/debug/same\n"
        "  \x1b[1m\x1b[94m|\x1b[0m\n"
        "  \x1b[1m\x1b[94m= \x1b[0m\x1b[1mnote\x1b[0m: the bin target `same` in ...\n"
        "  \x1b[1m\x1b[94m= \x1b[0m\x1b[1mnote\x1b[0m: this may become a hard error in the future; see "
        "<https://github.com/rust-lang/cargo/issues/6313>\n"
        "  \x1b[1m\x1b[94m= \x1b[0m\x1b[1mhelp\x1b[0m: consider changing their names to be unique or compiling them "
        "separately\n");
}

TEST_CASE("a collision as cargo told it until 1.91") {
  Screen screen;
  show_collisions({{"/w/target/debug/same", UnitId{1}, UnitId{0}, "the bin target `same` has the name", true}},
                  false,
                  &screen.shell);
  CHECK(screen.err.text ==
        "warning: output filename collision.\n"
        "The bin target `same` has the name.\n"
        "Colliding filename is: /w/target/debug/same\n"
        "The targets should have unique names.\n"
        "Consider changing their names to be unique or compiling them separately.\n"
        "This may become a hard error in the future; see <https://github.com/rust-lang/cargo/issues/6313>.\n");
}

TEST_CASE("a painted line is erased before anything else is said, in the same write") {
  Screen screen(colored());
  screen.shell.paint_transient("Building", "[=>  ] 1/4");
  CHECK(screen.err.take() == "\x1b[1m\x1b[96m    Building\x1b[0m [=>  ] 1/4\r");
  CHECK(screen.shell.has_transient());
  screen.shell.warn("w");
  CHECK(screen.err.take() == "\x1b[K\x1b[1m\x1b[33mwarning\x1b[0m: w\n");
  CHECK_FALSE(screen.shell.has_transient());
  CHECK(screen.err.writes.size() == 2);

  screen.shell.paint_transient("Building", "x");
  screen.err.take();
  screen.shell.out_line("{}");
  CHECK(screen.err.take() == "\x1b[K");
  CHECK(screen.out.take() == "{}\n");
}

TEST_CASE("links only where the terminal has them and colour is on") {
  ShellOptions options = colored();
  CHECK(Screen(options).shell.err_hyperlink("https://x", "text") == "text");
  options.hyperlinks = true;
  CHECK(Screen(options).shell.err_hyperlink("https://x", "text") == "\x1b]8;;https://x\x1b\\text\x1b]8;;\x1b\\");
  options.stderr_color = false;
  CHECK(Screen(options).shell.err_hyperlink("https://x", "text") == "text");
}

TEST_CASE("further lines of a title stand below its first") {
  CHECK(Shell::titled(Shell::Level::kHelp, "one\n  two\n\nthree") ==
        "\x1b[1m\x1b[96mhelp\x1b[0m: one\n        two\n      \n      three");
}
