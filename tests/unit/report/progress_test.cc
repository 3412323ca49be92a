// SPDX-License-Identifier: MIT OR Apache-2.0
// Texts of the bar are what cargo 1.95 painted on a terminal 100 columns wide.
#include "report/progress.h"

#include "captured.h"

#include <catch2/catch.hpp>

using namespace pcargo::report;
using pcargo::test::CaptureSink;

namespace {

struct Screen {
  Screen() : shell({Verbosity::kNormal, true, true}, out, err) {}
  CaptureSink out;
  CaptureSink err;
  Shell shell;
};

ProgressBar::Options on_terminal(std::size_t width) {
  ProgressBar::Options options;
  options.enabled = true;
  options.width = [width] { return std::optional<std::size_t>(width); };
  return options;
}

}  // namespace

TEST_CASE("the bar at a quarter steps") {
  auto bar = [](std::size_t done) { return *render_progress({100, true, done, 4, ": a"}); };
  CHECK(bar(0) == "[                             ] 0/4: a");
  CHECK(bar(1) == "[======>                      ] 1/4: a");
  CHECK(bar(2) == "[=============>               ] 2/4: a");
  CHECK(bar(3) == "[====================>        ] 3/4: a");
  CHECK(bar(4) == "[=============================] 4/4: a");
  CHECK(*render_progress({100, true, 0, 0, ""}) == "[                             ] 0/0");
}

TEST_CASE("the bar shrinks for narrow terminals and long counts") {
  CHECK(*render_progress({40, true, 3999, 4000, ""}) == "[===========> ] 3999/4000");
  CHECK(*render_progress({21, true, 1, 1, ""}) == "[] 1/1");
  CHECK_FALSE(render_progress({20, true, 1, 1, ""}));
  CHECK_FALSE(render_progress({0, true, 1, 1, ""}));
}

TEST_CASE("names that do not fit end in an ellipsis") {
  // 60 columns: 45 after the header, 35 of them bar and counts.
  CHECK(*render_progress({60, true, 3, 4, ": 12345678"}) == "[====================>        ] 3/4: 12345678");
  CHECK(*render_progress({60, true, 3, 4, ": 123456789"}) ==
        "[====================>        ] 3/4: 1234567\xE2\x80\xA6");
  CHECK(*render_progress({60, false, 3, 4, ": 123456789"}) == "[====================>        ] 3/4: 12345...");
  CHECK(*render_progress({60, true, 3, 4, ": 漢漢漢漢漢"}) ==
        "[====================>        ] 3/4: 漢漢漢\xE2\x80\xA6");
  CHECK(*render_progress({60,
                          true,
                          3,
                          4,
                          ": e\xCC\x81"
                          "2345678"}) ==
        "[====================>        ] 3/4: e\xCC\x81"
        "2345678");
}

TEST_CASE("a tick paints one padded line and stays silent while nothing changes") {
  Screen screen;
  ProgressBar bar(screen.shell, "Building", on_terminal(100));
  bar.tick(0, 4, ": a(build.rs)");
  CHECK(screen.err.take() == "\x1b[1m\x1b[96m    Building\x1b[0m [                             ] 0/4: a(build.rs)" +
                                 std::string(37, ' ') + "\r");
  bar.tick(0, 4, ": a(build.rs)");
  CHECK(screen.err.take().empty());
  screen.shell.status("Compiling", "b");
  screen.err.take();
  bar.tick(0, 4, ": a(build.rs)");
  CHECK_THAT(screen.err.take(), Catch::Contains("0/4: a(build.rs)"));
  bar.clear();
  CHECK(screen.err.take() == "\x1b[K");
}

TEST_CASE("once everything is done nothing is painted any more") {
  Screen screen;
  ProgressBar bar(screen.shell, "Building", on_terminal(100));
  bar.tick(4, 4, "");
  CHECK_FALSE(screen.err.take().empty());
  bar.tick(3, 4, "");
  CHECK(screen.err.take().empty());
}

TEST_CASE("no terminal, no bar; a fixed width makes one") {
  Screen screen;
  ProgressBar::Options options;
  options.enabled = true;
  options.width = [] { return std::optional<std::size_t>(); };
  CHECK_FALSE(ProgressBar(screen.shell, "Building", options).is_enabled());
  options.fixed_width = 80;
  ProgressBar fixed(screen.shell, "Building", options);
  CHECK(fixed.is_enabled());
  options.enabled = false;
  ProgressBar off(screen.shell, "Building", options);
  off.tick(1, 2, "");
  CHECK(screen.err.take().empty());
}

TEST_CASE("the window's own bar follows, turns red and goes") {
  Screen screen;
  auto options = on_terminal(100);
  options.term_integration = true;
  ProgressBar bar(screen.shell, "Building", options);
  bar.tick(1, 4, ": a");
  CHECK_THAT(screen.err.take(), Catch::EndsWith(" \x1b]9;4;1;25\x1b\\\r"));
  bar.indicate_error();
  bar.tick(3, 4, ": a");
  CHECK_THAT(screen.err.take(), Catch::EndsWith(" \x1b]9;4;2;75\x1b\\\r"));

  ProgressBar narrow(screen.shell, "Building", [] {
    auto options = on_terminal(10);
    options.term_integration = true;
    return options;
  }());
  screen.shell.erase_transient();
  screen.err.take();
  narrow.tick(1, 2, "");
  CHECK(screen.err.take() == "\x1b]9;4;1;50\x1b\\\r");
  narrow.clear();
  CHECK(screen.err.take() == "\x1b]9;4;0;0\x1b\\");
}
