#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A cargo of a version that nobody has seen: it builds, with a note; one that does not plan as asked builds itself.

The cargo is the real one behind a script that changes what it calls itself.
"""

import os
import shutil

from harness import case, projects

NEWER = "note: cargo 1.123.0 is newer than any that this pcargo was tested with"


class Versions(case.FaultCase):
    def setUp(self):
        super().setUp()
        space = self.space
        space.env["RUSTC"] = None
        space.write("Cargo.toml", projects.manifest("app") + "[workspace]\n")
        space.write("src/main.rs", "fn main() {}\n")

    def call_itself(self, version, refuses=""):
        refusal = f'case " $* " in *" {refuses} "*) echo "error: unexpected argument" >&2; exit 1;; esac\n' if refuses else ""
        self.space.write(
            "cargo",
            f'#!/bin/sh\n[ "$1" = -V ] && {{ echo "cargo {version} (0123456 2030-01-01)"; exit; }}\n{refusal}'
            f'exec {shutil.which("cargo")} "$@"\n',
            executable=True,
        )
        self.space.env["CARGO"] = os.path.join(self.space.workspace, "cargo")

    def test_a_newer_one_builds_with_one_note(self):
        self.call_itself("1.123.0")
        outcome = self.space.run("build")
        self.assert_builds(outcome)
        self.assertEqual(outcome.err.count(NEWER), 1, str(outcome))
        self.assertTrue(self.space.exists("target/debug/app"))

    def test_quiet_says_nothing(self):
        self.call_itself("1.123.0")
        outcome = self.space.run("build", "-q")
        self.assert_builds(outcome)
        self.assertEqual(outcome.err, "")

    def test_a_tested_one_is_not_noted(self):
        self.call_itself("1.95.0")
        outcome = self.space.run("build")
        self.assert_builds(outcome)
        self.assertNotIn("note:", outcome.err)

    def test_one_that_does_not_print_its_graph_builds_itself(self):
        self.call_itself("1.123.0", refuses="--unit-graph")
        self.space.env["PCARGO_NO_HANDOVER"] = None
        outcome = self.space.run("build")
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertIn(NEWER, outcome.err)
        self.assertIn("it builds itself", outcome.err)
        self.assertTrue(self.space.exists("target/debug/app"))


if __name__ == "__main__":
    case.main()
