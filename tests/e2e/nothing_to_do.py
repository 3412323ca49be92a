#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""When a build with nothing to do is answered from the standing of the last one, and that it is not once anything moved.

How a test knows which way was gone: the plan is hidden. The ordinary way must then ask cargo, which notes its start; the
short one does not miss the plan.
"""

import os
import re
import shutil
import stat
import subprocess

from harness import case, projects
from plan_cache import PlanCase


class StandingCase(PlanCase):
    forgets_standings = False

    def setUp(self):
        super().setUp()
        self.space.write("middle/build.rs", "fn main() {}\n")
        self.hidden = self.space.path("hidden")
        os.makedirs(self.hidden)

    def standings(self):
        directory = os.path.join(self.cache, "standings")
        return sorted(os.listdir(directory)) if os.path.isdir(directory) else []

    def is_answered(self, *words, **how):
        """Builds with the plan out of sight. True: nobody missed it."""
        memos = self.memos()
        self.assertTrue(memos, "there is no plan to hide")
        for memo in memos:
            os.rename(memo, os.path.join(self.hidden, os.path.basename(memo)))
        started = self.planning(*words, **how)
        for memo in memos:
            os.replace(os.path.join(self.hidden, os.path.basename(memo)), memo)
        return started == []

    def settle(self, *words, **how):
        """Builds until the short way is gone. Stamps of the last clock tick are not believed, so it takes a few runs."""
        for _ in range(200):
            self.planning(*words, **how)
            if self.standings() and self.memos() and self.is_answered(*words, **how):
                return
        self.fail(f"the short way is never gone\n{self.outcome}")

    def assert_noticed(self, change, *words, **how):
        self.settle()
        change()
        self.assertFalse(self.is_answered(*words, **how), "a change was passed over")
        self.assert_sound(self.outcome)

    def in_workspace(self, name):
        return os.path.join(self.space.workspace, name)

    def one(self, directory, pattern):
        found = [name for name in sorted(os.listdir(directory)) if re.fullmatch(pattern, name)]
        self.assertTrue(found, f"no {pattern} in {directory}")
        return os.path.join(directory, found[0])

    def private(self, *parts):
        return os.path.join(self.space.target, "pcargo", "debug", *parts)


class Unchanged(StandingCase):
    def test_the_same_words(self):
        self.planning()
        self.settle()
        ordinary = self.space.run("build", env={"PCARGO_PLAN_CACHE": "verify"})
        short = self.space.run("build")
        without_time = [re.sub(r"in [0-9.]+s", "in", run.err) for run in (ordinary, short)]
        self.assertEqual(without_time[0], without_time[1])
        self.assertIn("Finished", short.err)
        self.assertEqual((ordinary.out, ordinary.code), (short.out, short.code))

    def test_quiet(self):
        self.settle("build", "-q")
        self.assertEqual(self.space.run("build", "-q").err, "")

    def test_warnings_are_said_again(self):
        self.space.write("middle/build.rs", 'fn main() { println!("cargo::warning=mind the gap in 7 ways"); }\n')
        self.space.env["RUSTC"] = shutil.which("rustc")
        self.settle()
        self.assertIn("warning: middle@0.1.0: mind the gap in 7 ways\n", self.outcome.err)
        self.assertTrue(self.is_answered())
        self.assertIn("warning: middle@0.1.0: mind the gap in 7 ways\n", self.outcome.err)

    def test_no_process_and_no_record(self):
        if not shutil.which("strace"):
            self.skipTest("no strace here")
        self.space.tell_sanitizer("detect_leaks=0")  # it cannot look for them under strace
        self.settle()
        trace = self.space.path("trace")
        asked = ["strace", "-f", "-o", trace, "-e", "trace=%process,openat,open", self.space.pcargo, "build"]
        done = subprocess.run(asked, cwd=self.space.workspace, env=self.space.env, stderr=subprocess.PIPE, check=False)
        with open(trace, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(re.findall(r"\bexecve\(", text)), 1, text)
        self.assertEqual(re.findall(r"\b(?:fork|vfork|clone3?)\((?!.*CLONE_THREAD).*", text), [], text)
        self.assertIn("/standings/", text)
        self.assertNotIn("/records/", text)
        self.assertNotIn("/plans/", text)
        self.assertNotIn("history.sqlite", text)

    def test_other_questions(self):
        self.settle()
        for words, env in (
            (("check",), {}),
            (("build", "--release"), {}),
            (("build", "-v"), {}),
            (("build", "--message-format=json"), {}),
            (("build",), {"ANYTHING": "else"}),
            (("build",), {"PCARGO_PLAN_CACHE": "verify"}),
            (("build", "--no-plan-cache"), {}),
        ):
            with self.subTest(words=words, env=env):
                self.assertFalse(self.is_answered(*words, env=env))
        self.assertTrue(self.is_answered(env={"SHLVL": "9"}))

    def test_verify_finds_a_lie(self):
        """A standing of other words is put in place of ours: it may be believed, and then it lies."""
        self.settle()
        ours = set(self.standings())
        self.settle("build", "-q")
        (theirs,) = set(self.standings()) - ours
        (mine,) = ours
        directory = os.path.join(self.cache, "standings")
        shutil.copy(os.path.join(directory, theirs), os.path.join(directory, mine))
        self.assert_fails(self.space.run("build", env={"PCARGO_PLAN_CACHE": "verify"}), "the standing of the last build")


class Changed(StandingCase):
    def check(self, changes, *words):
        for name, change in changes.items():
            with self.subTest(change=name):
                self.assert_noticed(change, *words)

    def test_sources(self):
        source = self.in_workspace("util/src/lib.rs")

        def same_size_and_times():
            before = os.stat(source)
            with open(source, "r+b") as file:
                file.write(b"//")
            os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))

        self.check(
            {
                "edited": lambda: self.append("util/src/lib.rs", "// more\n"),
                "same size, time put back": same_size_and_times,
                "touched": lambda: os.utime(source),
                "a rival": lambda: self.space.write("app/src/main/mod.rs", "fn main() {}\n"),
            }
        )

    def test_a_source_that_is_gone(self):
        self.settle()
        self.remove("util/src/lib.rs")
        self.assertNotEqual(self.planning(code=101), [])

    def test_what_plans_are_made_from(self):
        if shutil.which("rustup"):
            # Chosen in another way: what the file says may be anything.
            asked = ["rustup", "show", "active-toolchain"]
            active = subprocess.run(asked, env=self.space.env, stdout=subprocess.PIPE, text=True, check=True).stdout
            self.space.env["RUSTUP_TOOLCHAIN"] = active.split()[0]
        self.check(
            {
                "a manifest": lambda: self.append("util/Cargo.toml", "[features]\nmore = []\n"),
                "one that nothing here needs": lambda: self.append("side/Cargo.toml", "[features]\nmore = []\n"),
                "the lock file": lambda: self.append("Cargo.lock", "\n"),
                "config": lambda: self.space.write(".cargo/config.toml", "[net]\nretry = 1\n"),
                "config above": lambda: self.space.write(self.space.path(".cargo", "config.toml"), "[net]\nretry = 2\n"),
                "a toolchain file": lambda: self.space.write(self.space.path("rust-toolchain"), "[toolchain]\n"),
                "a target": lambda: self.space.write("util/examples/show.rs", "fn main() {}\n"),
                "the compiler": lambda: self.append(self.rustc, "# more\n"),
                "cargo": lambda: self.append(self.cargo, "# more\n"),
            }
        )

    def test_programs_on_the_path(self):
        early = self.space.path("early")
        os.makedirs(early)
        self.space.env["PATH"] = os.pathsep.join([early, self.space.env["PATH"]])
        self.check(
            {
                name: lambda name=name: self.space.write(os.path.join(early, name), "#!/bin/sh\n", executable=True)
                for name in ("rustdoc", "rustup")
            }
        )

    def test_environment(self):
        self.settle()
        self.assertFalse(self.is_answered(env={"CARGO_PROFILE_DEV_DEBUG": "0"}))
        self.assertFalse(self.is_answered(cwd=self.in_workspace("app")))

    def test_what_was_made(self):
        program = os.path.join(self.space.target, "debug", "app")

        def other_bytes():
            before = os.stat(program)
            with open(program, "rb") as file:
                text = file.read()
            os.remove(program)
            with open(program, "wb") as file:
                file.write(text[:-1] + bytes([text[-1] ^ 1]))
            os.chmod(program, stat.S_IMODE(before.st_mode))
            os.utime(program, ns=(before.st_atime_ns, before.st_mtime_ns))

        def edited(path):
            with open(path, "ab") as file:
                file.write(b"\n")

        deps = self.private("deps")
        self.check(
            {
                "a library": lambda: os.remove(self.one(deps, r"libutil-.*\.rlib")),
                "metadata": lambda: edited(self.one(deps, r"libutil-.*\.rmeta")),
                "dep-info": lambda: os.remove(self.one(deps, r"util-.*\.d")),
                "a record": lambda: os.remove(self.one(self.private("records"), r"util-.*")),
                "all records": lambda: shutil.rmtree(self.private("records")),
                "the program": lambda: os.remove(program),
                "the program is another": other_bytes,
                "the program lost a bit": lambda: os.chmod(program, 0o644),
                "the program's dep-info": lambda: os.remove(program + ".d"),
                "the program's dep-info says more": lambda: edited(program + ".d"),
                "a directory that builds make": lambda: shutil.rmtree(os.path.join(self.space.target, "debug/examples")),
            }
        )
        self.settle()
        shutil.rmtree(self.space.target)
        self.assertFalse(self.is_answered())
        self.assert_builds(self.outcome)

    def test_a_directory_becomes_a_link(self):
        """The same files under another real path."""

        def move():
            os.rename(self.in_workspace("util"), self.space.path("util"))
            os.symlink(self.space.path("util"), self.in_workspace("util"))

        self.assert_noticed(move)


class Scripts(StandingCase):
    """Build scripts that really run."""

    def setUp(self):
        super().setUp()
        if not shutil.which("rustc"):
            self.skipTest("no rustc here")
        self.space.env["RUSTC"] = self.noting("real-rustc", shutil.which("rustc"), "-|-vV")
        self.script = """fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::create_dir_all(format!("{out}/deep")).unwrap();
    std::fs::write(format!("{out}/deep/made.txt"), "made").unwrap();
    %s
}
"""

    def script_says(self, *lines):
        self.space.write("middle/build.rs", self.script % "".join(f'println!("cargo::{line}");\n' for line in lines))

    def made(self):
        (directory,) = [
            os.path.join(root, "deep") for root, names, _ in os.walk(self.space.target) if "deep" in names
        ]
        return directory

    def test_out_dir(self):
        self.script_says("rerun-if-changed=build.rs")
        self.settle()
        for name, change in {
            "a file gone": lambda: os.remove(os.path.join(self.made(), "made.txt")),
            "a file more": lambda: self.space.write(os.path.join(self.made(), "more.txt"), ""),
            "other bytes": lambda: self.space.write(os.path.join(self.made(), "made.txt"), "Made"),
        }.items():
            with self.subTest(change=name):
                self.assert_noticed(change)

    def test_named_files_and_directories(self):
        self.space.write("middle/data/one.txt", "1")
        self.space.write("middle/data/deep/two.txt", "2")
        self.space.write("middle/alone.txt", "3")
        self.script_says("rerun-if-changed=data/", "rerun-if-changed=alone.txt")
        link = self.in_workspace("middle/data/link")
        os.symlink("../alone.txt", link)
        for name, change in {
            "a named file": lambda: self.append("middle/alone.txt", "more"),
            "a file below": lambda: self.append("middle/data/deep/two.txt", "more"),
            "a file more below": lambda: self.space.write("middle/data/deep/three.txt", ""),
            "a file less below": lambda: self.remove("middle/data/one.txt"),
            "an empty directory": lambda: os.mkdir(self.in_workspace("middle/data/empty")),
            "a link elsewhere": lambda: (os.remove(link), os.symlink("../Cargo.toml", link)),
        }.items():
            with self.subTest(change=name):
                self.assert_noticed(change)
        self.append("middle/src/lib.rs", "// not the script's\n")
        self.settle()

    def test_whole_package(self):
        self.script_says()
        os.makedirs(self.in_workspace("middle/inner/src"))
        self.space.write("middle/inner/Cargo.toml", projects.manifest("inner") + "[workspace]\n")
        for name, change in {
            "a file more": lambda: self.space.write("middle/notes.txt", "x"),
            "a file more, deep": lambda: self.space.write("middle/src/deep/notes.txt", "x"),
            "an inner package no more": lambda: self.remove("middle/inner/Cargo.toml"),
        }.items():
            with self.subTest(change=name):
                self.assert_noticed(change)
        self.space.write("middle/inner/Cargo.toml", projects.manifest("inner") + "[workspace]\n")
        self.settle()
        self.space.write("middle/inner/src/lib.rs", "// another package's\n")
        self.assertTrue(self.is_answered())

    def test_variables_that_no_question_names(self):
        self.script_says("rerun-if-env-changed=SHLVL")
        for _ in range(6):
            self.planning()
        self.assertEqual(self.standings(), [])


class Doubtful(StandingCase):
    def file(self):
        (name,) = self.standings()
        return os.path.join(self.cache, "standings", name)

    def test_damage(self):
        self.settle()
        with open(self.file(), "rb") as file:
            whole = file.read()
        middle = len(whole) // 2
        for damaged in (b"", whole[:-1], whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):
            with open(self.file(), "wb") as file:
                file.write(damaged)
            self.assertFalse(self.is_answered())
            self.settle()

    def test_not_a_file(self):
        self.settle()
        path = self.file()
        os.remove(path)
        os.mkfifo(path)
        self.assertFalse(self.is_answered())
        self.settle()
        os.chmod(os.path.dirname(path), 0o755)
        self.assertFalse(self.is_answered())

    def test_what_cannot_be_said_again(self):
        """Cargo warns each time, so each time it is asked."""
        self.append("util/Cargo.toml", "[unheard-of]\nx = 1\n")
        for _ in range(5):
            self.assert_planned()
        self.assertEqual(self.standings(), [])

    def test_a_failed_build(self):
        self.settle()
        self.space.control("util error not today")
        self.append("util/src/lib.rs", "// more\n")
        self.planning(code=101)
        for _ in range(2):
            self.planning(code=101)


if __name__ == "__main__":
    case.main()
