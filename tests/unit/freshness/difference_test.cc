// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/difference.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace pcargo;
using namespace pcargo::freshness;
using Kind = GivenField::Kind;
using Fields = std::vector<GivenField>;

namespace {

Fields command(const std::vector<std::string>& words) {
  Fields fields;
  for (const auto& word : words) {
    fields.push_back({Kind::kArgument, "", word});
  }
  return fields;
}

std::string told(const Fields& before, const Fields& after) {
  const auto cause = first_difference(before, after);
  return cause ? cause->describe("/ws") : "";
}

std::string told_of(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  const std::string text = told(command(before), command(after));
  const std::string start = "the compiler's arguments changed: ";
  CHECK(text.starts_with(start));
  return text.substr(start.size());
}

}  // namespace

TEST_CASE("a flag is told with its value") {
  const std::vector<std::string> before = {
      "rustc", "--crate-name", "x", "src/lib.rs", "-C", "opt-level=1", "--cfg", "a", "--cfg", "b"};
  auto after = before;
  after[5] = "opt-level=3";
  CHECK(told_of(before, after) == "`-C opt-level=1` is now `-C opt-level=3`");
  after = before;
  after[7] = "c";
  CHECK(told_of(before, after) == "`--cfg c` is new");
  after = before;
  after.erase(after.begin() + 6, after.begin() + 8);
  CHECK(told_of(before, after) == "`--cfg a` is gone");
  CHECK(told_of(after, before) == "`--cfg a` is new");
  after = before;
  after[3] = "src/other.rs";
  CHECK(told_of(before, after) == "`src/lib.rs` is now `src/other.rs`");
  after = before;
  after.insert(after.end(), {"-C", "debuginfo=2"});
  CHECK(told_of(before, after) == "`-C debuginfo=2` is new");
  after = before;
  std::swap(after[7], after[9]);
  CHECK(told_of(before, after) == "`--cfg a` is now `--cfg b`");
}

TEST_CASE("what else was given is told by its name") {
  const Fields before = {{Kind::kToolchain, "rustc", "rustc 1.94.0\nhost: h\nrelease: 1.94.0"},
                         {Kind::kDirectory, "", "/ws"},
                         {Kind::kVariable, "A", "1"},
                         {Kind::kVariable, "B", "2"},
                         {Kind::kDependency, "dep", "00"},
                         {Kind::kScript, "app", "00"}};
  const auto with = [&before](std::size_t index, const GivenField& field) {
    Fields after = before;
    after[index] = field;
    return told(before, after);
  };
  const auto without = [&before](std::size_t index) {
    Fields after = before;
    after.erase(after.begin() + static_cast<std::ptrdiff_t>(index));
    return told(before, after);
  };
  CHECK(with(0, {Kind::kToolchain, "rustc", "rustc 1.94.0\nhost: h\nrelease: 1.95.0"}) ==
        "the toolchain changed: rustc changed from `release: 1.94.0` to `release: 1.95.0`");
  CHECK(with(1, {Kind::kDirectory, "", "/w"}) == "the compiler's directory changed from `/ws` to `/w`");
  CHECK(with(2, {Kind::kVariable, "A", "9"}) == "the environment variable A changed from `1` to `9`");
  CHECK(without(2) == "the environment variable A was removed: `1`");
  CHECK(without(3) == "the environment variable B was removed: `2`");
  CHECK(with(4, {Kind::kDependency, "dep", "01"}) == "the dependency `dep` was changed by an earlier build");
  CHECK(without(4) == "the dependency `dep` is gone");
  CHECK(with(5, {Kind::kScript, "app", "01"}) == "the build script of `app` said or made something else");
  Fields more = before;
  more.insert(more.begin() + 3, {Kind::kVariable, "AB", "new"});
  CHECK(told(before, more) == "the environment variable AB was added: `new`");
  more = before;
  more.push_back({Kind::kScript, "zlib", "02"});
  CHECK(told(before, more) == "the dependency `zlib` is new");
}

TEST_CASE("a value of many lines or without end is told on one line") {
  const Cause cause{Cause::Kind::kVariableChanged, "A", std::string("a\nb"), std::string(1000, 'x')};
  const std::string text = cause.describe("/ws");
  CHECK(text.find('\n') == std::string::npos);
  CHECK(text.starts_with("the environment variable A changed from `a\\nb` to `xxx"));
  CHECK(text.ends_with("xxx...`"));
  CHECK(text.size() < 300);
}
