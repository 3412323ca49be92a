#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the project and the machine may lack: syntax, sources, programs, rights, room on the disk."""

import os
import re
import shutil
import subprocess

from harness import case, projects


class ProjectFaults(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def test_manifest_syntax(self):
        self.space.write("util/Cargo.toml", "[package\nname = util\n")
        self.assert_fails(self.space.run("build"), "util/Cargo.toml")
        self.assert_no_program()

    def test_manifest_without_its_package(self):
        os.remove(os.path.join(self.space.workspace, "util/Cargo.toml"))
        self.assert_fails(self.space.run("build"), "util/Cargo.toml")

    def test_no_manifest(self):
        os.makedirs(self.space.path("empty"))
        outcome = self.space.run("build", cwd=self.space.path("empty"))
        self.assert_fails(outcome, "could not find `Cargo.toml`")

    def test_config_syntax(self):
        for text in ("[build\n", "build = [1,\n", "a = 1\na = 2\n", "\0"):
            with self.subTest(text=text):
                self.space.write(".cargo/config.toml", text)
                self.assert_fails(self.space.run("build"), ".cargo/config.toml")
                self.assert_no_program()

    def test_config_of_the_wrong_type(self):
        self.space.write(".cargo/config.toml", "[build]\njobs = 'many'\n")
        self.assert_fails(self.space.run("build"), "jobs")

    def test_missing_source_file(self):
        self.space.write("util/Cargo.toml", projects.manifest("util") + '\n[lib]\npath = "src/elsewhere.rs"\n')
        self.assert_fails(self.space.run("build"), "elsewhere.rs")
        self.assert_no_program()

    def test_source_gone_since_the_plan(self):
        source = os.path.join(self.space.workspace, "util/src/lib.rs")
        wrapper = self.space.write(
            self.space.path("wrapper.sh"),
            f"""#!/bin/sh\ncase "$*" in *'--crate-name util '*) rm -f '{source}';; esac\nexec "$@"\n""",
            executable=True,
        )
        outcome = self.space.run("build", env={"RUSTC_WRAPPER": wrapper})
        self.assert_unit_fails(outcome, "util", "couldn't read `util/src/lib.rs`")
        self.assert_no_program()

    def test_unknown_package_and_flag(self):
        self.assert_fails(self.space.run("build", "-p", "nobody"), "nobody")
        # A flag nobody knows is cargo's to refuse: it has the message.
        refused = self.space.run("build", "--no-such-flag", env={"PCARGO_NO_HANDOVER": None})
        self.assert_fails(refused, "--no-such-flag", code=1)

    def test_lock_file_nonsense(self):
        self.space.write("Cargo.lock", "version = 4\n[[package\n")
        self.assert_fails(self.space.run("build"), "Cargo.lock")


class ProgramFaults(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def test_named_cargo_that_is_not_there_is_passed_over(self):
        # As cargo itself does with its variable: one that lies is left behind by whoever started us.
        self.assert_builds(self.space.run("build", env={"CARGO": self.space.path("nowhere", "cargo")}))

    def test_named_cargo_is_no_program(self):
        path = self.space.write(self.space.path("text-of-cargo"), "no program\n")
        self.assert_fails(self.space.run("build", env={"CARGO": path}), path)

    def test_no_cargo_on_the_path(self):
        os.makedirs(self.space.path("bin"))
        nowhere = self.space.path("nowhere", "cargo")
        for variable in (None, nowhere):
            with self.subTest(CARGO=variable):
                environment = {"PATH": self.space.path("bin"), "CARGO": variable}
                self.assert_fails(self.space.run("build", env=environment), "could not find `cargo`")

    def test_missing_rustc(self):
        nowhere = self.space.path("nowhere", "rustc")
        self.assert_fails(self.space.run("build", env={"RUSTC": nowhere}), nowhere)
        self.assert_no_program()

    def test_rustc_that_is_no_program(self):
        path = self.space.write(self.space.path("text"), "no program\n")
        self.assert_fails(self.space.run("build", env={"RUSTC": path}), path)

    def test_rustc_that_says_nonsense(self):
        for name, line in (("silent", "exit 0"), ("rude", "echo nonsense; exit 0"), ("dying", "kill -SEGV $$")):
            with self.subTest(name=name):
                path = self.space.write(self.space.path(name), f"#!/bin/sh\n{line}\n", executable=True)
                said = path if name == "dying" else "didn't have a line for `host:`"
                self.assert_fails(self.space.run("build", env={"RUSTC": path}), said)

    def test_missing_wrapper(self):
        nowhere = self.space.path("nowhere", "wrapper")
        self.assert_fails(self.space.run("build", env={"RUSTC_WRAPPER": nowhere}), nowhere)
        self.assert_no_program()

    def test_environment_with_broken_numbers(self):
        self.assert_fails(self.space.run("build", env={"CARGO_BUILD_JOBS": "many"}), "many")
        self.assert_fails(self.space.run("build", "-j", "0"), "0")

    def test_broken_jobserver_of_a_make(self):
        # Descriptors that are not open, a FIFO that is not there: cargo goes on with a pool of its own.
        for flags in ("-j --jobserver-auth=97,98", f"-j --jobserver-auth=fifo:{self.space.path('none')}", "-j"):
            with self.subTest(flags=flags):
                self.assert_builds(self.space.run("build", env={"MAKEFLAGS": flags}))


class DiskFaults(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def assert_can_mount(self):
        if shutil.which("unshare") is None or subprocess.run(["unshare", "-Urm", "true"], check=False).returncode != 0:
            self.skipTest("no user and mount namespaces here: a full disk cannot be had")

    def mounted(self, options, *arguments):
        """pcargo with its target directory on a small tmpfs of its own, in a namespace that no one else sees."""
        self.assert_can_mount()
        os.makedirs(self.space.target, exist_ok=True)
        keep = self.space.path("kept")
        shutil.rmtree(keep, ignore_errors=True)
        # What lies in the final directory is copied out, because the mount ends with the process.
        script = (
            f"mount -t tmpfs -o {options} tmpfs '{self.space.target}' || exit 250; "
            '"$@"; code=$?; '
            f"mkdir '{keep}'; cp -a '{self.space.target}/.' '{keep}/'; exit $code"
        )
        command = ["unshare", "-Urm", "sh", "-c", script, "sh", self.space.pcargo, "build", *arguments]
        outcome = self.space.run(*command[1:], program=command[0])
        self.assertNotEqual(outcome.code, 250, f"no tmpfs\n{outcome}")
        return outcome

    def kept_program(self):
        path = self.space.path("kept", "debug", "app")
        if not os.path.exists(path):
            return None
        with open(path, "rb") as file:
            return file.read()

    def test_target_directory_below_a_file(self):
        self.space.write("file", "")
        outcome = self.space.run("build", "--target-dir", "file/target")
        self.assert_fails(outcome, "file")

    def test_target_directory_read_only(self):
        self.assert_fails(self.mounted("ro"), "target")

    def test_target_directory_full(self):
        self.assert_builds(self.space.run("build", "--target-dir", self.space.path("good")))
        with open(self.space.path("good", "debug", "app"), "rb") as file:
            good = file.read()
        failures = 0
        # A page is 4 KiB; every size up to the first that suffices, then twice that.
        for pages in (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 64, 128, 4096):
            with self.subTest(pages=pages):
                outcome = self.mounted(f"size={pages * 4}k")
                kept = self.kept_program()
                self.assertIn(kept, (None, good), f"half a program under its final name\n{outcome}")
                if outcome.code == 0:
                    self.assertEqual(kept, good)
                    continue
                failures += 1
                self.assert_fails(outcome, "o space left")
                if "could not compile" in outcome.err:
                    self.assertRegex(outcome.err, rf"(?m)^note: [0-9]+ KiB are free in `{self.space.target}`$")
        self.assertGreater(failures, 2, "no size was too small: the test does not test")

    def test_no_inodes_left(self):
        told = 0
        for inodes in (2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40):
            with self.subTest(inodes=inodes):
                outcome = self.mounted(f"size=100m,nr_inodes={inodes}")
                if outcome.code != 0:
                    self.assert_fails(outcome, "o space left")
                    told += "no file more can be made there" in outcome.err
        self.assertGreater(told, 0)

    def in_namespace(self, script):
        """`script` with the target directory in $0 and pcargo in $1, in a namespace where it may mount there."""
        os.makedirs(self.space.target, exist_ok=True)
        return self.space.run("-Urm", "sh", "-c", script, self.space.target, self.space.pcargo, program="unshare")

    def test_room_after_a_full_disk(self):
        """What was done before the disk was full is kept; nothing that was half done is believed."""
        self.assert_can_mount()
        self.assert_builds(self.space.run("build", "--target-dir", self.space.path("good")))
        for pages in (8, 9, 10, 11, 12, 14):
            with self.subTest(pages=pages):
                outcome = self.in_namespace(
                    f'mount -t tmpfs -o size={pages * 4}k tmpfs "$0" || exit 250\n'
                    '"$1" build -j1 && exit 251\n'
                    'mount -o remount,size=10m "$0" || exit 250; echo again >&2\n'
                    '"$1" build -j1 -v || exit; echo once more >&2\n'
                    '"$1" build -v && cat "$0/debug/app"'
                )
                self.assertEqual(outcome.code, 0, str(outcome))
                self.assertEqual(outcome.out.encode(), self.space.read(self.space.path("good/debug/app")))
                first, second, third = (
                    set(re.findall(r"^ +Running `.* --crate-name (\w+)", said, re.MULTILINE))
                    for said in re.split("again\n|once more\n", outcome.err)
                )
                self.assertEqual((first, third), (set(), set()))
                self.assertIn("app", second)
                self.assertLess(len(second), 5, "nothing was kept")

    def test_read_only_in_the_end(self):
        """Nothing is written, nothing is damaged: the same is there when it may be written again."""
        self.assert_can_mount()
        outcome = self.in_namespace(
            'mount -t tmpfs tmpfs "$0" || exit 250\n'
            'for i in 1 2 3 4 5 6 7 8; do "$1" build; done; mount -o remount,ro "$0"\n'
            '"$1" build; echo $?; "$1" build -v; echo $?; echo // >> util/src/lib.rs; "$1" build; echo $?\n'
            'mount -o remount,rw "$0"; "$1" build; echo $?; "$1" build -v; echo $?'
        )
        self.assert_sound(outcome)
        self.assertEqual(outcome.out.split(), ["0", "101", "101", "0", "0"], str(outcome))
        self.assertEqual(outcome.err.count("Read-only file system"), 2, str(outcome))


if __name__ == "__main__":
    case.main()
