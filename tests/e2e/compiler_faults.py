#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compilers that misbehave: each mode of the fake rustc once against the real binary."""

import os
import threading

from harness import case, projects

PANIC_TEXT = "assertion failed: nothing is wrong"


class Behaves(case.FaultCase):
    """The fake rustc without orders: the ground on which the other cases stand."""

    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def test_builds_and_the_program_runs(self):
        self.assert_builds(self.space.run("build"))
        self.assertEqual(self.run_program(), "fake program app hello\n")

    def test_two_builds_make_the_same_bytes(self):
        self.assert_builds(self.space.run("build"))
        first = self.space.read("target/debug/app")
        self.assert_builds(self.space.run("build", "--target-dir", self.space.path("other")))
        self.assertEqual(self.space.read(self.space.path("other", "debug", "app")), first)


class OutputFaults(case.FaultCase):
    """Outputs that are missing, late, elsewhere or rewritten (modes 1, 2, 5, 6, 7)."""

    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def good_program(self):
        self.assert_builds(self.space.run("build", "--target-dir", self.space.path("good")))
        return self.space.read(self.space.path("good", "debug", "app"))

    def test_no_outputs(self):
        self.space.control("util no-outputs")
        self.assert_unit_fails(self.space.run("build"), "util", "libutil-")
        self.assert_no_program()

    def test_only_dep_info(self):
        self.space.control("util only-dep-info")
        self.assert_unit_fails(self.space.run("build"), "util", "libutil-")
        self.assert_no_program()

    def test_no_program(self):
        self.space.control("app no-link")
        self.assert_unit_fails(self.space.run("build"), "app", "did not write")
        self.assert_no_program()

    def test_no_build_script(self):
        self.space.control("build_script_build no-outputs")
        self.assert_unit_fails(self.space.run("build"), "middle", "build_script_build")
        self.assert_no_program()

    def test_output_of_an_earlier_build_is_not_taken_for_this_one(self):
        self.assert_builds(self.space.run("build"))
        self.space.write("util/src/lib.rs", "// something else\n")
        self.space.control("util no-outputs")
        self.assert_unit_fails(self.space.run("build"), "util", "did not write")

    def test_metadata_announced_but_never_written(self):
        self.space.control("util never-metadata")
        self.assert_unit_fails(self.space.run("build"), "util", ".rmeta")
        self.assert_no_program()

    def test_metadata_late(self):
        good = self.good_program()
        gate = self.space.fifo("gate")
        self.space.control(f"util late-metadata {gate}")
        opener = threading.Thread(target=lambda: os.close(os.open(gate, os.O_WRONLY)), daemon=True)
        opener.start()
        # A dependent that starts on the notice alone would compile against nothing: other bytes.
        self.assert_builds(self.space.run("build"))
        self.assertEqual(self.space.read("target/debug/app"), good)

    def test_notice_names_another_file(self):
        good = self.good_program()
        for elsewhere in ("/etc/passwd", "target/debug/pcargo/../../../../etc/passwd", ""):
            with self.subTest(elsewhere=elsewhere):
                self.space.control(f"util notice-elsewhere {elsewhere}")
                self.assert_builds(self.space.run("build"))
                self.assertEqual(self.space.read("target/debug/app"), good)

    def test_metadata_is_a_symbolic_link(self):
        self.space.control("util notice-symlink")
        self.assert_unit_fails(self.space.run("build"), "util", ".rmeta")
        self.assert_no_program()

    def test_notices_twice_reversed_undeclared(self):
        good = self.good_program()
        for mode in ("notice-twice", "notice-reversed", "notice-undeclared"):
            with self.subTest(mode=mode):
                self.space.control(f"* {mode}")
                self.assert_builds(self.space.run("build"))
                self.assertEqual(self.space.read("target/debug/app"), good)


class DeathFaults(case.FaultCase):
    """Compilers that fail or die after the metadata was announced (modes 3, 4, 9)."""

    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def test_fails_after_metadata(self):
        self.space.control("util fail-after-metadata cannot do this")
        self.assert_unit_fails(self.space.run("build"), "util", "cannot do this", "due to 1 previous error")
        self.assert_no_program()

    def test_fails_before_metadata(self):
        self.space.control("util error cannot do that")
        self.assert_unit_fails(self.space.run("build"), "util", "cannot do that", "due to 1 previous error")
        self.assert_no_program()

    def test_dies_of_a_signal(self):
        for name, text in (("SEGV", "SIGSEGV"), ("KILL", "SIGKILL"), ("BUS", "SIGBUS"), ("ABRT", "SIGABRT")):
            with self.subTest(signal=name):
                self.space.control(f"util die-after-metadata {name}")
                self.assert_unit_fails(self.space.run("build"), "util", text)
                self.assert_no_program()

    def test_internal_compiler_error(self):
        self.space.control("util ice")
        self.assert_unit_fails(self.space.run("build"), "util", PANIC_TEXT)
        self.assert_no_program()

    def test_error_of_the_cause_comes_before_those_it_causes(self):
        self.space.control("util fail-after-metadata the cause", "middle error a consequence")
        outcome = self.space.run("build")
        self.assert_fails(outcome, "the cause")
        self.assertIn("could not compile `util`", outcome.err)
        self.assert_no_program()

    def test_keep_going_builds_the_rest(self):
        self.space.control("util error cannot do that")
        self.assert_unit_fails(self.space.run("build", "--keep-going"), "util", "cannot do that")
        self.assertTrue(self.space.exists("target/debug/libside.rlib"))
        self.assert_no_program()

    def test_program_of_an_earlier_build_stays_whole(self):
        self.assert_builds(self.space.run("build"))
        before = self.space.read("target/debug/app")
        self.space.write("app/src/main.rs", "fn main() { loop {} }\n")
        self.space.control("app die-after-metadata KILL")
        self.assert_unit_fails(self.space.run("build"), "app", "SIGKILL")
        if self.space.exists("target/debug/app"):  # cargo keeps the old program
            self.assertEqual(self.space.read("target/debug/app"), before)

    def test_build_script_fails(self):
        self.space.control("script middle cargo::error=no libfoo here")
        self.assert_fails(self.space.run("build"), "no libfoo here", "middle")
        self.assert_no_program()

    def test_build_script_says_nonsense(self):
        self.space.control("script middle cargo::rustc-env=NOEQUALS")
        self.assert_fails(self.space.run("build"), "middle", "rustc-env")
        self.assert_no_program()

    def spoil_script(self, command):
        """A wrapper that runs the shell line `command` on $script once it is built."""
        wrapper = self.space.write(
            self.space.path("wrapper.sh"),
            "#!/bin/sh\n"
            '"$@" || exit $?\n'
            'case "$*" in *"--crate-name build_script_build "*) ;; *) exit 0;; esac\n'
            f"for script in $(find '{self.space.target}' -type f -name 'build_script_build-*' ! -name '*.d'); do\n"
            f"  {command}\n"
            "done\n",
            executable=True,
        )
        return self.space.run("build", env={"RUSTC_WRAPPER": wrapper})

    def test_build_script_cannot_be_started(self):
        outcome = self.spoil_script('chmod a-x "$script"')
        self.assert_fails(outcome, "failed to run custom build command for `middle v0.1.0", "(never executed)")
        self.assert_no_program()

    def test_build_script_that_never_stops_to_print(self):
        outcome = self.spoil_script("printf '#!/bin/sh\\nexec yes cargo::rustc-cfg=more\\n' > \"$script\"")
        self.assert_fails(outcome, "failed to run custom build command for `middle v0.1.0", "more than 256 MiB")
        self.assert_no_program()

    def test_wrapper_that_is_gone_when_it_is_needed(self):
        gone = self.space.write(
            self.space.path("gone.sh"),
            "#!/bin/sh\ncase \"$*\" in *' --emit='*) rm -f \"$0\";; esac\nexec \"$@\"\n",
            executable=True,
        )
        outcome = self.space.run("build", "-j1", env={"RUSTC_WRAPPER": gone})
        self.assert_fails(outcome, "could not compile `", f"could not execute process `{gone}", "(never executed)")
        self.assert_no_program()


if __name__ == "__main__":
    case.main()
