#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A build script that does not say what it reads runs when a file of its package changes: of which, cargo decides.

Each file is changed once, and cargo and pcargo, each in a target directory of its own, must both run the script or both
not.
"""

import os
import shutil
import subprocess
import unittest

from harness import case, projects

LIBGIT2 = os.environ.get("LIBGIT2") == "1"


class Listed(case.FaultCase):
    def setUp(self):
        super().setUp()
        space = self.space
        space.env.update({"RUSTC": None, "PCARGO_HOME": space.path("pcargo-home"), "GIT_CONFIG_NOSYSTEM": "1"})
        space.write("package/Cargo.toml", projects.manifest("package") + "[workspace]\n")
        space.write("package/src/lib.rs", projects.LIBRARY)
        self.log = space.path("log")
        space.write(
            "package/build.rs",
            "use std::io::Write;\n"
            f'fn main() {{ let log = "{self.log}";\n'
            "  let mut file = std::fs::File::options().create(true).append(true).open(log).unwrap();\n"
            '  writeln!(file, "ran").unwrap(); }\n',
        )
        self.package = os.path.join(space.workspace, "package")

    def git(self, *words, cwd=None):
        settings = ("user.name=nobody", "user.email=nobody@example.invalid", "protocol.file.allow=always")
        subprocess.run(
            ["git", *(word for setting in settings for word in ("-c", setting)), *words],
            cwd=cwd or self.space.workspace,
            env={name: value for name, value in self.space.env.items() if value is not None},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def runs(self, tool):
        """Builds; did the script run?"""
        before = self.times()
        program = self.space.pcargo if tool == "pcargo" else shutil.which(tool)
        outcome = self.space.run(
            "build", "--target-dir", self.space.path("target-of-" + tool), program=program, cwd=self.package
        )
        self.assert_builds(outcome)
        return self.times() != before

    def times(self):
        if not os.path.exists(self.log):
            return 0
        with open(self.log, encoding="utf-8") as log:
            return len(log.readlines())

    def settle(self):
        for tool in ("cargo", "pcargo"):
            self.runs(tool)
            self.assertFalse(self.runs(tool), f"{tool} does not come to rest")

    def check(self, expected):
        """`expected`: whether the script runs, by the name of the file that changes, relative to the package."""
        self.settle()
        for name, runs in expected.items():
            with self.subTest(file=name):
                for contents in ("// new\n", "// changed\n"):
                    self.space.write(os.path.join("package", name), contents)
                    self.assertEqual(self.runs("cargo"), runs, "cargo")
                    self.assertEqual(self.runs("pcargo"), runs, f"pcargo{contents}")

    def make_repository(self):
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-qm", "first")

    @unittest.skipUnless(LIBGIT2, "built without libgit2")
    def test_repository(self):
        home = self.space.env["HOME"]
        self.space.write(".gitignore", "*.outer\n/package/anchored\n")
        self.space.write("package/.gitignore", "*.tmp\n!kept.tmp\nwhole/\n")
        self.space.write("package/deep/.gitignore", "*\n!*.txt\n")
        self.space.write("package/tracked.tmp", "tracked all the same")
        self.space.write(os.path.join(home, "ignored-everywhere"), "*.everywhere\n")
        self.space.write(os.path.join(home, ".gitconfig"), f"[core]\nexcludesFile = {home}/ignored-everywhere\n")
        self.make_repository()
        self.git("add", "-f", "package/tracked.tmp")
        self.space.write(".git/info/exclude", "*.mine\n")
        self.check(
            {
                "src/lib.rs": True,
                "untracked": True,
                ".hidden": True,
                ".hidden-directory/file": True,
                "a.tmp": False,
                "kept.tmp": True,
                "tracked.tmp": True,
                "src/a.tmp": False,
                "whole/file": False,
                "a.outer": False,
                "anchored": False,
                "src/anchored": True,
                "deep/file": False,
                "deep/file.txt": True,
                "a.everywhere": False,
                "a.mine": False,
                "other/.git": False,
            }
        )

    @unittest.skipUnless(LIBGIT2, "built without libgit2")
    def test_submodule(self):
        other = self.space.path("other")
        self.space.write(os.path.join(other, ".gitignore"), "*.inner\n")
        self.space.write(os.path.join(other, "file"), "1")
        self.git("init", "-q", cwd=other)
        self.git("add", ".", cwd=other)
        self.git("commit", "-qm", "first", cwd=other)
        self.space.write(".gitignore", "*.outer\n")
        self.git("init", "-q")
        self.git("submodule", "add", "-q", other, "package/sub")
        self.make_repository()
        self.check(
            {
                "sub/file": True,
                "sub/untracked": True,
                "sub/a.inner": False,
                "sub/a.outer": True,
                "a.outer": False,
                "a.inner": True,
            }
        )

    @unittest.skipUnless(LIBGIT2, "built without libgit2")
    def test_rules_that_change(self):
        self.space.write(".gitignore", "*.tmp\n")
        self.make_repository()
        self.check({"a.tmp": False})
        self.space.write(".gitignore", "")
        self.check({"a.tmp": True})

    @unittest.skipUnless(LIBGIT2, "built without libgit2")
    def test_no_repository(self):
        self.check({"file": True, ".hidden": False, ".hidden-directory/file": False, "src/.hidden": False})

    @unittest.skipUnless(LIBGIT2, "built without libgit2")
    def test_repository_that_does_not_track_it(self):
        self.git("init", "-q")
        self.space.write(".gitignore", "*.tmp\n")
        self.check({"file": True, "a.tmp": True, ".hidden": False})

    def test_include(self):
        """What is named counts, ignored or not."""
        self.space.write(".gitignore", "*.tmp\n")
        manifest = self.space.read("package/Cargo.toml").decode()
        self.space.write("package/Cargo.toml", manifest.replace("[dep", 'include = ["src", "a.tmp", ".named"]\n[dep'))
        self.make_repository()
        self.check({"a.tmp": True, ".named": True})

    def test_damaged_repository(self):
        """Whatever libgit2 says of it: a file that was there is noticed, and nothing ends in a crash."""
        self.space.write(".gitignore", "*.tmp\n")
        self.make_repository()
        head, index = (os.path.join(self.space.workspace, ".git", name) for name in ("HEAD", "index"))
        damages = (
            lambda: self.space.write(index, "no index"),
            lambda: os.remove(index),
            lambda: self.space.write(head, "\0\0\0"),
            lambda: os.remove(head),
            lambda: self.space.write(".git/config", "[core\n"),
            lambda: shutil.rmtree(os.path.join(self.space.workspace, ".git")),
            lambda: self.space.write(".git", "gitdir: /nowhere\n"),
        )
        self.runs("pcargo")
        for number, damage in enumerate(damages):
            with self.subTest(number=number):
                damage()
                self.runs("pcargo")
                self.space.write("package/file", f"{number}")
                self.assertTrue(self.runs("pcargo"))


if __name__ == "__main__":
    case.main()
