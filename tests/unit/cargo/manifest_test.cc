// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/manifest.h"

#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

#include <string>

using namespace pcargo::cargo;
using pcargo::test::MemoryFileSystem;
using Strings = std::vector<std::string>;

namespace {

/// A package at /w/app with a library.
class Workshop {
 public:
  MemoryFileSystem files;

  Workshop() { files.files["/w/app/src/lib.rs"]; }

  pcargo::Result<Package> try_read(const std::string& manifest) {
    files.files["/w/app/Cargo.toml"] = manifest;
    ManifestStore store(files, "/home/.cargo");
    const auto loaded = store.load("/w/app/Cargo.toml");
    return loaded ? read_manifest(**loaded, nullptr, &store) : loaded.error();
  }

  Package read(const std::string& rest = "", const std::string& edition = "2021") {
    auto package = try_read("[package]\nname = 'my-app'\nversion = '1.2.3'\nedition = '" + edition + "'\n" + rest);
    INFO((package ? "" : package.error().message + ": " + package.error().causes.back()));
    REQUIRE(package);
    return *package;
  }

  std::string error_of(const std::string& rest) {
    const auto package = try_read("[package]\nname = 'my-app'\n" + rest);
    if (package) {
      return "no error";
    }
    CHECK(package.error().message == "failed to parse manifest at `/w/app/Cargo.toml`");
    std::string causes;
    for (const std::string& cause : package.error().causes) {
      causes += (causes.empty() ? "" : " <- ") + cause;
    }
    return causes;
  }
};

std::string names(const std::vector<ManifestTarget>& targets, TargetKind kind) {
  std::string text;
  for (const ManifestTarget& target : targets) {
    if (target.kind == kind) {
      text += (text.empty() ? "" : " ") + target.name + "=" + target.path;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a silent manifest gives empty fields") {
  Workshop workshop;
  const Package package = workshop.try_read("[package]\nname = 'x'\n").value();
  CHECK(package.name == "x");
  CHECK(package.version == "0.0.0");
  CHECK(package.edition == "2015");
  CHECK(package.root == "/w/app");
  CHECK(package.authors + package.description + package.homepage + package.repository + package.license +
            package.license_file + package.readme + package.rust_version ==
        "");
  CHECK_FALSE(package.links.has_value());
  CHECK(package.declared_features.empty());
  CHECK(package.lint_flags.empty());
}

TEST_CASE("fields are kept as written") {
  Workshop workshop;
  const Package package = workshop.read(
      "authors = ['A <a@x>', 'B:C']\ndescription = '''\n  two\nlines\n'''\nlinks = 'z'\nrust-version = '1.70'\n"
      "license-file = '../LICENSE'\ndefault-run = 'my-app'\n");
  CHECK(package.authors == "A <a@x>:B:C");
  CHECK(package.description == "  two\nlines\n");
  CHECK(package.links == "z");
  CHECK(package.rust_version == "1.70");
  CHECK(package.license_file == "../LICENSE");
  CHECK(package.default_run == "my-app");
  CHECK(workshop.try_read("[project]\nname = 'old'\n").value().name == "old");
}

TEST_CASE("a readme is found by its name unless the manifest speaks of it") {
  Workshop workshop;
  workshop.files.files["/w/app/README"];
  CHECK(workshop.read().readme == "README");
  workshop.files.files["/w/app/README.txt"];
  CHECK(workshop.read().readme == "README.txt");
  workshop.files.files["/w/app/README.md"];
  CHECK(workshop.read().readme == "README.md");
  CHECK(workshop.read("readme = false\n").readme == "");
  CHECK(workshop.read("readme = 'docs/x.md'\n").readme == "docs/x.md");
  workshop.files.files.clear();
  CHECK(workshop.read("readme = true\nautolib = false\n").readme == "README.md");
}

TEST_CASE("fields are inherited from the workspace, paths as seen from the package") {
  Workshop workshop;
  workshop.files.files["/w/READ.md"];
  workshop.files.files["/w/Cargo.toml"] =
      "[workspace]\n[workspace.package]\nversion = '9.0.0'\nauthors = ['W']\nreadme = 'docs/../READ.md'\n"
      "license-file = 'LICENSE'\nedition = '2018'\nrust-version = '1.60'\ndescription = 'd'\n";
  const Package package = workshop
                              .try_read(
                                  "[package]\nname = 'x'\nversion.workspace = true\nauthors.workspace = true\n"
                                  "readme.workspace = true\nlicense-file = { workspace = true }\n"
                                  "edition.workspace = true\nrust-version.workspace = true\n")
                              .value();
  CHECK(package.version == "9.0.0");
  CHECK(package.authors == "W");
  CHECK(package.readme == "../READ.md");
  CHECK(package.license_file == "../LICENSE");
  CHECK(package.edition == "2018");
  CHECK(package.rust_version == "1.60");
  CHECK(package.description == "");
}

TEST_CASE("an inherited readme need not be named") {
  Workshop workshop;
  workshop.files.files["/w/Cargo.toml"] = "[workspace.package]\n";
  workshop.files.files["/w/README.txt"];
  CHECK(workshop.read("readme.workspace = true\n").readme == "../README.txt");
}

TEST_CASE("the workspace root is pointed to, or the nearest that does not exclude the package") {
  Workshop workshop;
  const std::string inherit = "homepage.workspace = true\n";
  const std::string defines = "[workspace.package]\nhomepage = ";
  workshop.files.files["/Cargo.toml"] = defines + "'top'\n";
  CHECK(workshop.read(inherit).homepage == "top");
  workshop.files.files["/w/Cargo.toml"] = "[workspace]\nexclude = ['app']\n" + defines + "'near'\n";
  CHECK(workshop.read(inherit).homepage == "top");
  workshop.files.files["/w/Cargo.toml"] = "[workspace]\nexclude = ['app']\nmembers = ['app']\n" + defines + "'near'\n";
  CHECK(workshop.read(inherit).homepage == "near");
  workshop.files.files["/elsewhere/Cargo.toml"] = defines + "'pointed'\n";
  CHECK(workshop.read(inherit + "workspace = '../../elsewhere'\n").homepage == "pointed");
  CHECK(workshop.read(inherit + defines + "'own'\n").homepage == "own");
}

TEST_CASE("the search for a workspace stops at cargo's home") {
  MemoryFileSystem files;
  files.files["/h/Cargo.toml"] = "[workspace.package]\nhomepage = 'wrong'\n";
  files.files["/h/.cargo/git/x/Cargo.toml"] = "[package]\nname = 'x'\nhomepage.workspace = true\n";
  ManifestStore store(files, "/h/.cargo");
  const auto package = read_manifest(*store.load("/h/.cargo/git/x/Cargo.toml").value(), nullptr, &store);
  REQUIRE_FALSE(package);
  CHECK(package.error().causes.back() == "failed to find a workspace root");
}

TEST_CASE("what cannot be inherited is an error in cargo's words") {
  Workshop workshop;
  workshop.files.files["/w/Cargo.toml"] = "[workspace]\n";
  CHECK(workshop.error_of("license.workspace = true\n") ==
        "error inheriting `license` from workspace root manifest's `workspace.package.license` <- "
        "`workspace.package.license` was not defined");
  CHECK(workshop.error_of("readme.workspace = true\n") ==
        "error inheriting `readme` from workspace root manifest's `workspace.package.readme` <- "
        "`workspace.package.readme` was not defined");
  CHECK(
      workshop.error_of("[lints]\nworkspace = true\n") ==
      "error inheriting `lints` from workspace root manifest's `workspace.lints` <- `workspace.lints` was not defined");
  CHECK(workshop.error_of("[lints]\nworkspace = true\nrust.x = 'warn'\n") ==
        "cannot override `workspace.lints` in `lints`, either remove the overrides or `lints.workspace = true` and "
        "manually specify the lints");
}

TEST_CASE("mistakes in a manifest name the file and the place") {
  Workshop workshop;
  CHECK(workshop.error_of("version = 1\n") == "package.version: expected a string, found an integer");
  CHECK(workshop.error_of("[[bin]]\nname = true\n") == "bin[0].name: expected a string, found a boolean");
  CHECK(workshop.error_of("[lints.rust]\nx = 'loud'\n") == "lints.rust.x: unknown level `loud`");
  const auto broken = workshop.try_read("[package]\nname = \n");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message == "failed to parse manifest at `/w/app/Cargo.toml`");
  CHECK(broken.error().causes.at(0).find("line 2, column ") == 0);
  CHECK(workshop.try_read("[workspace]\n").error().causes.at(0) == "missing field `package.name`");
}

TEST_CASE("optional dependencies are features, unless a feature names them with dep:") {
  Workshop workshop;
  const Package package = workshop.read(R"(
[features]
default = ["x"]
x = ["dep:hidden", "shown?/std", "dep:odd/feature"]
same = []
[dependencies]
plain = "1"
shown = { version = "1", optional = true }
hidden = { version = "1", optional = true }
odd = { version = "1", optional = true }
same = { version = "1", optional = true }
renamed = { package = "real", version = "1", optional = true }
inherited = { workspace = true, optional = true }
off = { version = "1", optional = false }
[build_dependencies]
legacy = { version = "1", optional = true }
[target.'cfg(unix)'.dependencies]
unix = { version = "1", optional = true }
[target.x86_64-unknown-linux-gnu.build-dependencies]
linux = { version = "1", optional = true }
)");
  CHECK(package.declared_features ==
        Strings{"default", "inherited", "legacy", "linux", "odd", "renamed", "same", "shown", "unix", "x"});
}

TEST_CASE("lints become flags in cargo's order") {
  Workshop workshop;
  // What cargo 1.95 gave rustc for this table.
  workshop.files.files["/w/Cargo.toml"] = R"toml(
[workspace.lints.rust]
unused = { level = "warn", priority = -1 }
unexpected_cfgs = { level = "warn", check-cfg = ["cfg(zeta)", 'cfg(alpha, values("x"))'] }
dead_code = "allow"
unsafe_code = "forbid"
[workspace.lints.clippy]
all = "deny"
[workspace.lints.cargo]
foo = "warn"
[workspace.lints.rustdoc]
broken_intra_doc_links = "deny"
)toml";
  CHECK(workshop.read("[lints]\nworkspace = true\n").lint_flags == Strings{"--warn=unused",
                                                                           "--forbid=unsafe_code",
                                                                           "--warn=unexpected_cfgs",
                                                                           "--allow=dead_code",
                                                                           "--deny=rustdoc::broken_intra_doc_links",
                                                                           "--deny=clippy::all",
                                                                           "--check-cfg",
                                                                           "cfg(zeta)",
                                                                           "--check-cfg",
                                                                           "cfg(alpha, values(\"x\"))"});
  CHECK(workshop.read("[lints.mytool]\na = 'warn'\n").lint_flags == Strings{"--warn=mytool::a"});
  CHECK(workshop.error_of("[lints.rust]\nunexpected_cfgs = { level = 'warn', check-cfg = 'x' }\n") ==
        "`lints.rust.unexpected_cfgs.check-cfg` must be a list of string");
}

TEST_CASE("targets are found where cargo looks for them") {
  Workshop workshop;
  for (const char* file : {"src/main.rs",
                           "src/bin/b.rs",
                           "src/bin/a/main.rs",
                           "src/bin/a/other.rs",
                           "src/bin/.hidden.rs",
                           "src/bin/notes.txt",
                           "src/bin/empty/lib.rs",
                           "examples/e.rs",
                           "tests/t.rs",
                           "tests/common/mod.rs",
                           "benches/n/main.rs"}) {
    workshop.files.files[std::string("/w/app/") + file];
  }
  const Package package = workshop.read();
  CHECK(names(package.targets, TargetKind::kLib) == "my_app=src/lib.rs");
  CHECK(names(package.targets, TargetKind::kBin) == "a=src/bin/a/main.rs b=src/bin/b.rs my-app=src/main.rs");
  CHECK(names(package.targets, TargetKind::kExample) == "e=examples/e.rs");
  CHECK(names(package.targets, TargetKind::kTest) == "t=tests/t.rs");
  CHECK(names(package.targets, TargetKind::kBench) == "n=benches/n/main.rs");
  CHECK(package.targets[0].crate_types == Strings{"lib"});
  CHECK(package.targets[1].crate_types == Strings{"bin"});

  const Package quiet = workshop.read(
      "autolib = false\nautobins = false\nautoexamples = false\nautotests = false\n"
      "autobenches = false\n");
  CHECK(quiet.targets.empty());
}

TEST_CASE("declared targets go before found ones and say what they are") {
  Workshop workshop;
  for (const char* file : {"src/main.rs", "src/bin/b.rs", "tests/t.rs", "tests/u.rs", "examples/e.rs"}) {
    workshop.files.files[std::string("/w/app/") + file];
  }
  const Package package = workshop.read(R"(
[lib]
name = "other"
crate_type = ["cdylib", "rlib"]
[[bin]]
name = "zz"
path = "./src/main.rs"
filename = "z.z"
[[example]]
name = "e"
crate-type = ["staticlib"]
[[test]]
name = "t"
harness = false
)");
  CHECK(names(package.targets, TargetKind::kBin) == "b=src/bin/b.rs zz=src/main.rs");
  CHECK(names(package.targets, TargetKind::kTest) == "t=tests/t.rs u=tests/u.rs");
  for (const ManifestTarget& target : package.targets) {
    CHECK(target.harness == (target.name != "t"));
    CHECK(target.filename.has_value() == (target.name == "zz"));
  }
  CHECK(package.targets[0].crate_types == Strings{"cdylib", "rlib"});
  CHECK(package.targets[3].crate_types == Strings{"staticlib"});
  CHECK(workshop.read("[lib]\nproc-macro = true\n").targets[0].crate_types == Strings{"proc-macro"});
}

TEST_CASE("in the 2015 edition a declared target ends the search, and old places count") {
  Workshop workshop;
  for (const char* file : {"src/bin/b.rs", "src/main.rs", "src/bench.rs", "tests/t.rs"}) {
    workshop.files.files[std::string("/w/app/") + file];
  }
  CHECK(names(workshop.read("[[bin]]\nname = 'x'\npath = 'x.rs'\n", "2015").targets, TargetKind::kBin) == "x=x.rs");
  CHECK(names(workshop.read("[[bin]]\nname = 'x'\n", "2015").targets, TargetKind::kBin) == "x=src/main.rs");
  CHECK(names(workshop.read("[[bench]]\nname = 'bench'\n", "2015").targets, TargetKind::kBench) ==
        "bench=src/bench.rs");
  CHECK(names(workshop.read("[[bench]]\nname = 'bench'\n", "2018").targets, TargetKind::kBench) == "");
  CHECK(names(workshop.read("", "2015").targets, TargetKind::kBin) == "b=src/bin/b.rs my-app=src/main.rs");
  CHECK(workshop.error_of("edition = '2018'\n[[bin]]\nname = 'x'\n") ==
        "can't find `x` bin at `src/bin/x.rs` or `src/bin/x/main.rs`. Please specify bin.path if you want to use a "
        "non-default path.");
}

TEST_CASE("unstable features and hints are noted") {
  Workshop workshop;
  const Package package =
      workshop.try_read("cargo-features = ['metabuild']\n[package]\nname = 'x'\n[hints]\nmostly-unused = true\n")
          .value();
  CHECK(package.cargo_features == Strings{"metabuild"});
  CHECK(package.has_hints_mostly_unused);
}
