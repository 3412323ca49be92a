// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/options.h"

#include <catch2/catch.hpp>

using pcargo::cli::parse_compile_options;
using pcargo::cli::parse_plan_options;
using pcargo::cli::split_command;
using Words = std::vector<std::string>;

TEST_CASE("a toolchain and global options stand before the command") {
  auto split = split_command({"+nightly", "-v", "--config", "a=1", "build", "-p", "x"});
  CHECK(split.toolchain == "nightly");
  CHECK(split.globals == Words{"-v", "--config", "a=1"});
  CHECK(split.command == "build");
  CHECK(split.arguments == Words{"-p", "x"});
  CHECK_FALSE(split_command({"--version"}).command);
  CHECK_FALSE(split_command({}).command);
}

TEST_CASE("options are understood in every form that cargo takes") {
  auto parsed = parse_compile_options("build",
                                      {"-pa",
                                       "--package",
                                       "b",
                                       "--package=c",
                                       "-j4",
                                       "-vv",
                                       "-F",
                                       "x y",
                                       "--features=z",
                                       "--target=t1",
                                       "--target",
                                       "t2"});
  REQUIRE_FALSE(parsed.hand_over);
  const auto& line = parsed.command_line;
  CHECK(line.jobs == "4");
  CHECK(line.verbose == 2);
  CHECK(line.targets == Words{"t1", "t2"});
  CHECK(line.planner_arguments == Words{"--package",
                                        "a",
                                        "--package",
                                        "b",
                                        "--package",
                                        "c",
                                        "--features",
                                        "x y",
                                        "--features",
                                        "z",
                                        "--target",
                                        "t1",
                                        "--target",
                                        "t2"});
}

TEST_CASE("negative jobs are a value, not an option") {
  CHECK(parse_compile_options("build", {"-j", "-1"}).command_line.jobs == "-1");
  CHECK(parse_compile_options("build", {"--jobs=-1"}).command_line.jobs == "-1");
}

TEST_CASE("what selects targets is remembered") {
  const auto selection = parse_compile_options("check", {"--tests", "--bin", "x"}).command_line.selection;
  CHECK(selection.tests);
  CHECK(selection.bins);
  CHECK_FALSE(selection.lib);
}

TEST_CASE("run leaves the program's words alone") {
  auto line = parse_compile_options("run", {"--release", "--", "-v", "--release"}).command_line;
  CHECK(line.release);
  CHECK(line.verbose == 0);
  CHECK(line.trailing_arguments == Words{"-v", "--release"});

  line = parse_compile_options("run", {"-q", "word", "--release"}).command_line;
  CHECK(line.quiet);
  CHECK_FALSE(line.release);
  CHECK(line.trailing_arguments == Words{"word", "--release"});
}

TEST_CASE("what pcargo cannot honour is cargo's") {
  CHECK_FALSE(parse_compile_options("build", {"--timings"}).hand_over);
  CHECK(parse_compile_options("build", {"--timings=html"}).hand_over);
  CHECK(parse_compile_options("build", {"--no-such-flag"}).hand_over);
  CHECK(parse_compile_options("run", {"--no-such-flag"}).hand_over);
  CHECK(parse_compile_options("build", {"stray"}).hand_over);
  CHECK(parse_compile_options("build", {"--bin"}).hand_over);
  CHECK(parse_compile_options("build", {"--", "x"}).hand_over);
  CHECK_FALSE(parse_compile_options("build", {}).hand_over);
}

TEST_CASE("a unit graph is ours with a file and cargo's without") {
  CHECK(parse_compile_options("build", {"--unit-graph", "g.json", "-r"}).command_line.unit_graph_file == "g.json");
  CHECK(parse_compile_options("check", {"--unit-graph=-"}).command_line.unit_graph_file == "-");
  CHECK(parse_compile_options("build", {"--unit-graph", "-"}).command_line.unit_graph_file == "-");
  CHECK_FALSE(parse_compile_options("build", {"--unit-graph", "g.json"}).hand_over);
  for (const Words& words : {Words{"--unit-graph"}, {"--unit-graph", "-Zunstable-options"}, {"--unit-graph", "-r"}}) {
    CHECK(parse_compile_options("build", words).hand_over);
  }
  CHECK(parse_compile_options("run", {"--unit-graph", "g.json"}).hand_over);
}

TEST_CASE("plan has its own options and those of build, or of the command that it names") {
  const auto parsed = parse_plan_options({{}, {}, "plan", {"--format=dot", "--release", "-p", "x"}});
  CHECK_FALSE(parsed.hand_over);
  CHECK(parsed.format == "dot");
  CHECK(parsed.command_line.command == "build");
  CHECK(parsed.command_line.planner_arguments == Words{"--package", "x", "--release"});
  CHECK(parse_compile_options("build", {"--format=dot"}).hand_over);
  CHECK(parse_compile_options("build", {"--plan", "-"}).command_line.plan_file == "-");
  CHECK(parse_compile_options("check", {"--plan", "-"}).hand_over);
  const auto check = parse_plan_options({{}, {"--color", "never"}, "plan", {"c", "--format=dot", "--all-targets"}});
  CHECK_FALSE(check.hand_over);
  CHECK(check.command_line.command == "check");
  CHECK(check.command_line.color == "never");
  CHECK(check.command_line.planner_arguments == Words{"--all-targets"});
  CHECK(parse_plan_options({{}, {}, "plan", {"rustc", "--", "-Cx"}}).command_line.trailing_arguments == Words{"-Cx"});
  CHECK(parse_plan_options({{}, {}, "plan", {"--lib", "check"}}).hand_over);
  CHECK(parse_plan_options({{}, {}, "plan", {"clean"}}).hand_over);
}
