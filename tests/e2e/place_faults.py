#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the project and the machine may lack: syntax, sources, programs, rights, room on the disk."""

import os
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

    def mounted(self, options, *arguments):
        """pcargo with its target directory on a small tmpfs of its own, in a namespace that no one else sees."""
        if shutil.which("unshare") is None or subprocess.run(["unshare", "-Urm", "true"], check=False).returncode != 0:
            self.skipTest("no user and mount namespaces here: a full disk cannot be had")
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
        self.assertGreater(failures, 2, "no size was too small: the test does not test")

    def test_no_inodes_left(self):
        for inodes in (2, 4, 8, 12, 16, 20):
            with self.subTest(inodes=inodes):
                outcome = self.mounted(f"size=10m,nr_inodes={inodes}")
                if outcome.code != 0:
                    self.assert_fails(outcome, "o space left")


if __name__ == "__main__":
    case.main()
