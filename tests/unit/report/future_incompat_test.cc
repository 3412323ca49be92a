// SPDX-License-Identifier: MIT OR Apache-2.0
// Expectations are what cargo 1.95 wrote and said when a wrapper made cfg-if and itoa complain.
#include "report/future_incompat.h"

#include "captured.h"
#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::report;
using pcargo::test::CaptureSink;

namespace {

constexpr const char* kPath = "/w/target/.future-incompat-report.json";

cargo::Package registry_package(const std::string& name, const std::string& version, const std::string& repository) {
  cargo::Package package;
  package.id = "registry+https://example.invalid/index#" + name + "@" + version;
  package.source = cargo::SourceKind::kRegistry;
  package.name = name;
  package.version = version;
  package.repository = repository;
  return package;
}

/// A build that ended with reports of two packages.
struct Build {
  Build() : shell({Verbosity::kNormal, false, true}, out, err) {
    options.build_directory = "/w/target";
    options.files = &files;
    options.write_file = [this](const std::string& path, std::string_view contents) -> Result<void> {
      files.files[path] = contents;
      return {};
    };
  }
  void end(const std::vector<FutureIncompatEntry>& entries) { save_and_display_report(entries, options, &shell); }

  cargo::Package cfg_if = registry_package("cfg-if", "1.0.4", "https://example.invalid/cfg-if");
  cargo::Package itoa = registry_package("itoa", "1.0.18", "");
  test::MemoryFileSystem files;
  CaptureSink out;
  CaptureSink err;
  Shell shell;
  FutureIncompatOptions options;
};

const std::vector<FutureIncompatItem> kItems = {{"\x1b[33mwarning\x1b[0m: bad thing\n\n --> here\n", "warning"}};

}  // namespace

TEST_CASE("rustc's report is read, anything else is not one") {
  const auto items = read_future_incompat(
      R"({"$message_type":"future_incompat","future_incompat_report":[{"future_breakage_date":null,"diagnostic":{"level":"warning","rendered":"r"}}]})");
  REQUIRE(items);
  REQUIRE(items->size() == 1);
  CHECK(items->front().rendered == "r");
  CHECK(items->front().level == "warning");
  for (const char* other : {"",
                            "{}",
                            "[]",
                            R"({"future_incompat_report":1})",
                            R"({"future_incompat_report":[1]})",
                            R"({"future_incompat_report":[{"diagnostic":{"level":"x"}}]})",
                            R"({"future_incompat_report":[{"diagnostic":{"rendered":"r","level":1}}]})"}) {
    CHECK_FALSE(read_future_incompat(other));
  }
}

TEST_CASE("reports are saved in cargo's form and announced in two lines") {
  Build build;
  build.end({{&build.itoa, kItems}, {&build.cfg_if, kItems}});
  CHECK(
      build.err.take() ==
      "\x1b[1m\x1b[33mwarning\x1b[0m: the following packages contain code that will be rejected by a future version of "
      "Rust: cfg-if v1.0.4, itoa v1.0.18\n"
      "\x1b[1m\x1b[92mnote\x1b[0m: to see what the problems were, use the option `--future-incompat-report`, or run "
      "`cargo report future-incompatibilities --id 1`\n");
  CHECK(
      build.files.files[kPath] ==
      R"({"version":0,"next_id":2,"reports":[{"id":1,"suggestion_message":"to solve this problem, you can try the following approaches:\n\n- ensure the maintainers know of this problem (e.g. creating a bug report if needed)\nor even helping with a fix (e.g. by creating a pull request)\n  - cfg-if@1.0.4\n  - repository: https://example.invalid/cfg-if\n  - detailed warning command: `cargo report future-incompatibilities --id 1 --package cfg-if@1.0.4`\n\n  - itoa@1.0.18\n  - repository: <not found>\n  - detailed warning command: `cargo report future-incompatibilities --id 1 --package itoa@1.0.18`\n\n- use your own version of the dependency with the `[patch]` section in `Cargo.toml`\nFor more information, see:\nhttps://doc.rust-lang.org/cargo/reference/overriding-dependencies.html#the-patch-section\n","per_package":{"cfg-if@1.0.4":"The package `cfg-if v1.0.4` currently triggers the following future incompatibility lints:\n> \u001b[33mwarning\u001b[0m: bad thing\n> \n>  --> here\n","itoa@1.0.18":"The package `itoa v1.0.18` currently triggers the following future incompatibility lints:\n> \u001b[33mwarning\u001b[0m: bad thing\n> \n>  --> here\n"}}]})");
}

TEST_CASE("--future-incompat-report shows the suggestions") {
  Build build;
  build.options.show_report = true;
  build.options.newer_versions = [](const cargo::Package& package) {
    return package.name == "itoa" ? std::vector<std::string>{"1.0.19", "1.0.20"} : std::vector<std::string>();
  };
  build.end({{&build.itoa, kItems}});
  CHECK(
      build.err.take() ==
      "\x1b[1m\x1b[33mwarning\x1b[0m: the following packages contain code that will be rejected by a future version of "
      "Rust: itoa v1.0.18\n"
      "\x1b[1m\x1b[96mhelp\x1b[0m: update to a newer version to see if the issue has been fixed\n"
      "        - itoa v1.0.18 has the following newer versions available: 1.0.19, 1.0.20\n"
      "\x1b[1m\x1b[96mhelp\x1b[0m: ensure the maintainers know of this problem (e.g. creating a bug report if needed)\n"
      "      or even helping with a fix (e.g. by creating a pull request)\n"
      "        - itoa@1.0.18\n"
      "        - repository: <not found>\n"
      "        - detailed warning command: `cargo report future-incompatibilities --id 1 --package itoa@1.0.18`\n"
      "\x1b[1m\x1b[96mhelp\x1b[0m: use your own version of the dependency with the `[patch]` section in `Cargo.toml`\n"
      "      For more information, see:\n"
      "      https://doc.rust-lang.org/cargo/reference/overriding-dependencies.html#the-patch-section\n"
      "\x1b[1m\x1b[92mnote\x1b[0m: this report can be shown with `cargo report future-incompatibilities --id 1`\n");
}

TEST_CASE("the user's own packages get no advice") {
  Build build;
  build.itoa.source = cargo::SourceKind::kPath;
  build.end({{&build.itoa, kItems}});
  CHECK_THAT(build.files.files[kPath], Catch::Contains(R"("suggestion_message":"")"));
}

TEST_CASE("the same report keeps its number; five are kept; damage means a new start") {
  Build build;
  build.end({{&build.itoa, kItems}});
  const std::string first = build.files.files[kPath];
  build.end({{&build.itoa, kItems}});
  CHECK(build.files.files[kPath] == first);
  for (int i = 0; i < 5; ++i) {
    build.end({{&build.itoa, {{"again " + std::to_string(i), "warning"}}}});
  }
  const auto reports = parse_future_incompat_reports(build.files.files[kPath]);
  CHECK(reports.next_id == 7);
  REQUIRE(reports.reports.size() == 5);
  CHECK(reports.reports.front().id == 2);
  CHECK(write_future_incompat_reports(reports) == build.files.files[kPath]);

  for (const char* damaged : {"",
                              "{",
                              R"({"version":1,"next_id":9,"reports":[]})",
                              R"({"version":0,"next_id":-1,"reports":[]})",
                              R"({"version":0,"next_id":9,"reports":[{"id":1}]})"}) {
    build.files.files[kPath] = damaged;
    build.end({{&build.itoa, kItems}});
    CHECK(build.files.files[kPath] == first);
  }
}

TEST_CASE("silence: nothing reported, frequency never, -q") {
  Build build;
  build.end({});
  CHECK(build.err.take().empty());
  CHECK(build.files.files.empty());
  build.options.show_report = true;
  build.end({});
  CHECK(build.err.take() == "\x1b[1m\x1b[92mnote\x1b[0m: 0 dependencies had future-incompatible warnings\n");
  build.options.show_report = false;
  build.options.show_message = false;
  build.end({{&build.itoa, kItems}});
  CHECK(build.err.take().empty());
  CHECK(build.files.files.size() == 1);
}

TEST_CASE("a report that cannot be saved is a warning") {
  Build build;
  build.options.write_file = [](const std::string&, std::string_view) -> Result<void> {
    return Error{ErrorKind::kEnvironment, "failed to open `x`", {"Permission denied (os error 13)"}};
  };
  build.options.show_message = false;
  build.end({{&build.itoa, kItems}});
  CHECK(build.err.take() ==
        "\x1b[1m\x1b[33mwarning\x1b[0m: failed to write on-disk future incompatible report\n"
        "\nfailed to open `x`\n\nCaused by:\n  Permission denied (os error 13)\n");
}
