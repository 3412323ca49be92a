// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/build_script_output.h"

#include <catch2/catch.hpp>

#include <string>

using namespace pcargo::cargo;
using Strings = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;
using LinkKind = LinkArgTarget::Kind;
using Severity = BuildScriptOutput::Severity;

namespace {

constexpr const char* kDocumentation =
    "\nSee https://doc.rust-lang.org/cargo/reference/build-scripts.html#outputs-of-the-build-script for more "
    "information about build script outputs.";

BuildScriptContext context() {
  BuildScriptContext context;
  context.package_description = "foo v1.0.0 (/w/foo)";
  context.targets = {{TargetKind::kLib, "foo"},
                     {TargetKind::kBin, "tool"},
                     {TargetKind::kExample, "ex"},
                     {TargetKind::kTest, "it"},
                     {TargetKind::kBench, "speed"}};
  context.has_cdylib = true;
  context.library_name = "foo";
  return context;
}

BuildScriptOutput parse(const std::string& text, const BuildScriptContext& with = context()) {
  auto result = parse_build_script_output(text, with);
  INFO(text);
  REQUIRE(result);
  return *result;
}

std::string error_of(const std::string& text, const BuildScriptContext& with = context()) {
  const auto result = parse_build_script_output(text, with);
  return result ? "no error" : result.error().message;
}

}  // namespace

TEST_CASE("both syntaxes give the same directives") {
  for (const std::string syntax : {"cargo:", "cargo::"}) {
    const BuildScriptOutput output = parse(syntax + "rustc-link-lib=static=z\n" +                 //
                                           "   " + syntax + "rustc-link-search=native=/x \r\n" +  //
                                           syntax + "rustc-cfg=fast\n" +                          //
                                           syntax + "rustc-check-cfg=cfg(fast)\n" +               //
                                           syntax + "rustc-env=KEY=a=b\n" +                       //
                                           syntax + "rerun-if-changed=build.rs\n" +               //
                                           syntax + "rerun-if-env-changed=CC\n" +                 //
                                           syntax + "warning=careful\n" +                         //
                                           syntax + "rustc-flags=-l m -L/usr/lib  -lc -L native=/y");
    CHECK(output.library_links == Strings{"static=z", "m", "c"});
    CHECK(output.library_paths == Strings{"native=/x", "/usr/lib", "native=/y"});
    CHECK(output.cfgs == Strings{"fast"});
    CHECK(output.check_cfgs == Strings{"cfg(fast)"});
    CHECK(output.env == Pairs{{"KEY", "a=b"}});
    CHECK(output.rerun_if_changed == Strings{"build.rs"});
    CHECK(output.rerun_if_env_changed == Strings{"CC"});
    REQUIRE(output.log_messages.size() == 1);
    CHECK(output.log_messages[0] == std::pair(Severity::kWarning, std::string("careful")));
    CHECK(output.metadata.empty());
  }
}

TEST_CASE("other lines are nobody's business") {
  CHECK(parse("hello\ncargo rustc-cfg=x\nxcargo:rustc-cfg=y\n\n") == BuildScriptOutput());
  CHECK(parse("cargo:rustc-cfg=\xff\ncargo:rustc-cfg=ok").cfgs == Strings{"ok"});
}

TEST_CASE("unreserved keys of the old syntax are metadata, and so are keys that came later") {
  const BuildScriptOutput output =
      parse("cargo:include=/usr/include \ncargo:error=no\ncargo:metadata=a=b\ncargo::metadata=root=/r=s\n");
  CHECK(output.metadata == Pairs{{"include", "/usr/include"}, {"error", "no"}, {"metadata", "a=b"}, {"root", "/r=s"}});
  CHECK(output.log_messages.empty());
  CHECK(parse("cargo::error=stop").log_messages[0] == std::pair(Severity::kError, std::string("stop")));
}

TEST_CASE("link arguments remember which targets they are for") {
  const BuildScriptOutput output = parse(
      "cargo:rustc-link-arg=-a\ncargo:rustc-link-arg-bins=-b\ncargo:rustc-link-arg-bin=tool=-c=d\n"
      "cargo:rustc-link-arg-tests=-t\ncargo:rustc-link-arg-benches=-n\ncargo:rustc-link-arg-examples=-e\n"
      "cargo:rustc-link-arg-cdylib=-y\ncargo::rustc-cdylib-link-arg=-z\n");
  const std::vector<std::pair<LinkArgTarget, std::string>> expected = {{{LinkKind::kAll}, "-a"},
                                                                       {{LinkKind::kBin}, "-b"},
                                                                       {{LinkKind::kSingleBin, "tool"}, "-c=d"},
                                                                       {{LinkKind::kTest}, "-t"},
                                                                       {{LinkKind::kBench}, "-n"},
                                                                       {{LinkKind::kExample}, "-e"},
                                                                       {{LinkKind::kCdylib}, "-y"},
                                                                       {{LinkKind::kCdylib}, "-z"}};
  CHECK(output.linker_args == expected);
  CHECK(output.log_messages.empty());
}

TEST_CASE("a link argument for targets that the package does not have is an error") {
  BuildScriptContext bare = context();
  bare.targets = {{TargetKind::kLib, "foo"}};
  const std::string whence =
      "` from build script of `foo v1.0.0 (/w/foo)`\nThe package foo v1.0.0 (/w/foo) does not have a ";
  CHECK(error_of("cargo:rustc-link-arg-bins=-b", bare) ==
        "invalid instruction `cargo:rustc-link-arg-bins" + whence + "bin target.");
  CHECK(error_of("cargo::rustc-link-arg-tests=-b", bare) ==
        "invalid instruction `cargo::rustc-link-arg-tests" + whence + "test target.");
  CHECK(error_of("cargo:rustc-link-arg-benches=-b", bare) ==
        "invalid instruction `cargo:rustc-link-arg-benches" + whence + "benchmark target.");
  CHECK(error_of("cargo:rustc-link-arg-examples=-b", bare) ==
        "invalid instruction `cargo:rustc-link-arg-examples" + whence + "example target.");
  CHECK(error_of("cargo:rustc-link-arg-bin=nope=-b") ==
        "invalid instruction `cargo:rustc-link-arg-bin" + whence + "bin target with the name `nope`.");
  CHECK(error_of("cargo::rustc-link-arg-bin=tool") ==
        "invalid instruction `cargo::rustc-link-arg-bin=tool` from build script of `foo v1.0.0 (/w/foo)`\n"
        "The instruction should have the form cargo::rustc-link-arg-bin=BIN=ARG");
}

TEST_CASE("an argument for cdylibs without a cdylib is only a warning") {
  BuildScriptContext no_cdylib = context();
  no_cdylib.has_cdylib = false;
  const BuildScriptOutput output = parse("cargo:rustc-cdylib-link-arg=-z", no_cdylib);
  CHECK(output.linker_args.size() == 1);
  REQUIRE(output.log_messages.size() == 1);
  CHECK(
      output.log_messages[0].second ==
      "cargo:rustc-cdylib-link-arg was specified in the build script of foo v1.0.0 (/w/foo), but that package does not "
      "contain a cdylib target\n\nAllowing this was an unintended change in the 1.50 release, and may become an error "
      "in "
      "the future. For more information, see <https://github.com/rust-lang/cargo/issues/9562>.");
}

TEST_CASE("malformed lines are errors in cargo's words") {
  const std::string invalid = "invalid output in build script of `foo v1.0.0 (/w/foo)`: `";
  const std::string no_equals = " with an `=` character, but none was found." + std::string(kDocumentation);
  CHECK(error_of("cargo::unknown=1") == invalid + "cargo::unknown=1`\nUnknown key: `unknown`." + kDocumentation);
  CHECK(error_of("cargo::rustc-cfg") ==
        invalid + "cargo::rustc-cfg`\nExpected a line with `cargo::KEY=VALUE`" + no_equals);
  CHECK(error_of("cargo:nothing") == invalid + "cargo:nothing`\nExpected a line with `cargo:KEY=VALUE`" + no_equals);
  CHECK(error_of("cargo::metadata=key") ==
        invalid + "cargo::metadata=key`\nExpected a line with `cargo::metadata=KEY=VALUE`" + no_equals);
  CHECK(error_of("cargo:rustc-env=KEY") ==
        "Variable rustc-env has no value in build script of `foo v1.0.0 (/w/foo)`: KEY");
  CHECK(error_of("cargo:rustc-flags= -l m -O ") ==
        "only `-l` and `-L` flags are allowed in build script of `foo v1.0.0 (/w/foo)`: `-l m -O`");
  CHECK(error_of("cargo:rustc-flags=-l") ==
        "flag in rustc-flags has no value in build script of `foo v1.0.0 (/w/foo)`: ");
}

TEST_CASE("the new syntax needs a rust-version that knows it") {
  BuildScriptContext old = context();
  const std::string message =
      "the `cargo::` syntax for build script output instructions was added in Rust 1.77.0, but the minimum supported "
      "Rust "
      "version of `foo v1.0.0 (/w/foo)` is 1.76.";
  old.rust_version = "1.76";
  CHECK(error_of("cargo::rustc-cfg=a", old) ==
        message + "\nSwitch to the old `cargo:rustc-cfg=a` syntax (note the single colon)." + kDocumentation);
  CHECK(error_of("cargo::metadata=a=b", old) ==
        message + "\nSwitch to the old `cargo:a=b` syntax instead of `cargo::metadata=a=b` (note the single colon)." +
            kDocumentation);
  CHECK(error_of("cargo::error=x", old) == message + kDocumentation);
  CHECK(parse("cargo:rustc-cfg=a", old).cfgs == Strings{"a"});
  for (const char* too_old : {"1", "1.76.9", "1.5", "2.0"}) {
    old.rust_version = too_old;
    CHECK(error_of("cargo::rustc-cfg=a", old) != "no error");
  }
  for (const char* new_enough : {"1.77", "1.77.0", "1.100"}) {
    old.rust_version = new_enough;
    CHECK(error_of("cargo::rustc-cfg=a", old) == "no error");
  }
}

TEST_CASE("RUSTC_BOOTSTRAP is for users to set, not for crates") {
  const std::string message =
      "cannot set `RUSTC_BOOTSTRAP=1` from build script of `foo v1.0.0 (/w/foo)`.\nnote: crates cannot set "
      "`RUSTC_BOOTSTRAP` themselves, as doing so would subvert the stability guarantees of Rust for your project.";
  const std::string help =
      "\nhelp: If you're sure you want to do this in your project, set the environment variable `RUSTC_BOOTSTRAP=";
  const std::string line = "cargo:rustc-env=RUSTC_BOOTSTRAP=1";
  BuildScriptContext with = context();
  CHECK(error_of(line, with) == message + help + "foo` before running cargo instead.");
  with.rustc_bootstrap = "1";
  CHECK(error_of(line, with) != "no error");
  with.rustc_bootstrap = "bar,foo";
  CHECK(parse(line, with).env.empty());
  CHECK(parse(line, with).log_messages[0] == std::pair(Severity::kWarning, message));
  with.library_name.reset();
  CHECK(error_of(line, with) == message + help + "1` before running cargo instead.");
  with.nightly_features_allowed = true;
  CHECK(parse(line, with).log_messages.size() == 1);
}

TEST_CASE("values follow an OUT_DIR that has moved") {
  BuildScriptContext moved = context();
  moved.old_out_dir = "/old/out";
  moved.out_dir = "/new/out";
  const BuildScriptOutput output =
      parse("cargo:rustc-link-search=native=/old/out/lib\ncargo:root=/old/out:/old/out/b\n", moved);
  CHECK(output.library_paths == Strings{"native=/new/out/lib"});
  CHECK(output.metadata == Pairs{{"root", "/new/out:/new/out/b"}});
}

TEST_CASE("link arguments apply to the targets that they name") {
  const auto target = [](TargetKind kind, Strings crate_types, std::string name) {
    Target made;
    made.kind = kind;
    made.crate_types = std::move(crate_types);
    made.name = std::move(name);
    return made;
  };
  const Target cdylib = target(TargetKind::kLib, {"cdylib", "rlib"}, "foo");
  const Target bin = target(TargetKind::kBin, {"bin"}, "tool");
  const Target example = target(TargetKind::kExample, {"bin"}, "ex");
  const Target library_example = target(TargetKind::kExample, {"cdylib"}, "exlib");
  const auto applies = [](LinkKind kind, const Target& to, CompileMode mode = CompileMode::kBuild) {
    return LinkArgTarget{kind, "tool"}.applies_to(to, mode);
  };
  CHECK(applies(LinkKind::kAll, cdylib));
  CHECK(applies(LinkKind::kCdylib, cdylib));
  CHECK_FALSE(applies(LinkKind::kCdylib, cdylib, CompileMode::kTest));
  CHECK_FALSE(applies(LinkKind::kCdylib, cdylib, CompileMode::kCheckTest));
  CHECK_FALSE(applies(LinkKind::kCdylib, library_example));
  CHECK(applies(LinkKind::kBin, bin, CompileMode::kTest));
  CHECK_FALSE(applies(LinkKind::kBin, example));
  CHECK(applies(LinkKind::kSingleBin, bin));
  CHECK_FALSE(applies(LinkKind::kSingleBin, target(TargetKind::kBin, {"bin"}, "other")));
  CHECK(applies(LinkKind::kExample, example));
  CHECK_FALSE(applies(LinkKind::kExample, library_example));
  CHECK_FALSE(applies(LinkKind::kTest, cdylib, CompileMode::kTest));
  CHECK(applies(LinkKind::kTest, target(TargetKind::kTest, {"bin"}, "it"), CompileMode::kTest));
  CHECK(applies(LinkKind::kBench, target(TargetKind::kBench, {"bin"}, "speed")));
}
