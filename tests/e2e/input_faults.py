#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Inputs that are no plain files: what a build script says it reads, and source trees with loops and worse in them.
A clear line or one build too many; never a hang, a crash, or a unit that stays fresh though its input changed."""

import os
import re
import subprocess

from harness import case, projects


class InputCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def path(self, name):
        return os.path.join(self.space.workspace, name)

    def ran(self):
        """Whether middle's build script ran in a build that went well."""
        outcome = self.space.run("build", "-vv")
        self.assert_builds(outcome)
        return re.search(r"^ +Running `\S*build-script-build`|middle-\w+/build-script-build`$", outcome.err, re.M) is not None

    def reads(self, *paths):
        self.space.control(*(f"script middle cargo::rerun-if-changed={path}" for path in paths))

    def assert_noticed(self, change):
        """Fresh when nothing changes, run when `change` was done."""
        self.assertTrue(self.ran())
        self.ran()
        self.assertFalse(self.ran(), "runs each time")
        change()
        self.assertTrue(self.ran(), "not noticed")

    def append(self, name):
        with open(self.path(name), "a", encoding="utf-8") as file:
            file.write("more\n")


class ScriptInputs(InputCase):
    def test_the_whole_machine(self):
        self.reads("/")
        self.assertTrue(self.ran())
        self.assertTrue(self.ran(), "what is built there changes all the time")

    def test_the_directory_it_is_built_in(self):
        self.reads("..", "../target")
        self.assertTrue(self.ran())
        self.assertTrue(self.ran())

    def test_a_loop(self):
        # As for cargo: what cannot be looked at is always older than anything.
        os.symlink("loop", self.path("middle/loop"))
        self.reads("loop")
        self.assertTrue(self.ran())
        self.assertTrue(self.ran())

    def test_a_directory_with_a_loop(self):
        self.space.write("middle/tree/file", "x\n")
        os.symlink(".", self.path("middle/tree/self"))
        os.symlink("../..", self.path("middle/tree/up"))
        os.symlink("/", self.path("middle/tree/all"))
        self.reads("tree")
        self.assert_noticed(lambda: self.append("middle/tree/file"))

    def test_a_fifo(self):
        os.mkfifo(self.path("middle/fifo"))
        self.reads("fifo")

        def change():
            os.remove(self.path("middle/fifo"))
            self.space.write("middle/fifo", "a file\n")

        self.assert_noticed(change)

    def test_a_directory_with_things_in_it(self):
        self.space.write("middle/tree/file", "x\n")
        os.mkfifo(self.path("middle/tree/fifo"))
        os.symlink("/dev/zero", self.path("middle/tree/device"))
        os.symlink("nowhere", self.path("middle/tree/dangling"))
        self.reads("tree")
        self.assert_noticed(lambda: self.append("middle/tree/file"))

    def test_devices(self):
        for device in ("/dev/zero", "/dev/null", "/dev/tty", "/dev/full"):
            with self.subTest(device=device):
                self.reads(device)
                self.append("middle/build.rs")
                self.ran()
                self.ran()

    def test_strange_names(self):
        for name in ("", " ", ".", "a" * 300, "x/" * 3000, "none", "none/below", "src/lib.rs/below", "\t", "\u202e"):
            with self.subTest(name=name[:20]):
                self.reads(name)
                self.append("middle/build.rs")
                self.ran()
                self.append("middle/build.rs")
                self.assertTrue(self.ran())


class SourceTrees(InputCase):
    """A script that does not say what it reads reads its package."""

    def test_loops_in_a_package(self):
        os.symlink(".", self.path("middle/self"))
        os.symlink("..", self.path("middle/up"))
        os.symlink("loop", self.path("middle/loop"))
        os.mkfifo(self.path("middle/fifo"))
        self.space.write("middle/data/file", "x\n")
        os.symlink("..", self.path("middle/data/up"))
        self.assert_noticed(lambda: self.append("middle/data/file"))

    def test_a_deep_tree(self):
        # Deeper than any path may be long: made and left step by step.
        here = os.open(self.path("middle"), os.O_RDONLY)
        for _ in range(1500):
            os.mkdir("deep", dir_fd=here)
            below = os.open("deep", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(here)
        self.addCleanup(subprocess.run, ["rm", "-rf", self.path("middle/deep")], check=True)
        self.space.write("middle/data", "x\n")
        self.assertTrue(self.ran())
        self.ran()
        self.append("middle/data")
        self.assertTrue(self.ran())

    def test_a_source_that_is_a_link_in_a_circle_of_directories(self):
        os.symlink("../src", self.path("util/src/again"))
        self.space.write("util/src/lib.rs", "// reads util/src/again/again/more.rs\n")
        self.space.write("util/src/more.rs", "x\n")
        self.assert_builds(self.space.run("build"))
        self.append("util/src/more.rs")
        outcome = self.space.run("build", "-v")
        self.assert_builds(outcome)
        self.assertIn("Dirty util", outcome.err)


if __name__ == "__main__":
    case.main()
