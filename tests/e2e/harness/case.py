# SPDX-License-Identifier: MIT OR Apache-2.0
"""The base of the fault tests, and what they all claim: one clear error, cargo's exit code, nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
import unittest

from harness.space import CRASH, Space

PCARGO = os.environ.get("PCARGO", "pcargo")
FAKE_RUSTC = os.environ.get("FAKE_RUSTC", "fake_rustc")
SKIPPED = 77


class FaultCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.space = Space(PCARGO, FAKE_RUSTC)
        self.addCleanup(self.space.close)
        self.addCleanup(self.space.kill_leftovers)

    def assert_sound(self, outcome):
        """No crash, no sanitizer's report, no child left."""
        self.assertNotRegex(outcome.err, CRASH, str(outcome))
        self.assertNotIn(-outcome.code, (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL), str(outcome))
        self.assertEqual(self.space.leftovers(), [], "processes left behind")
        self.assertEqual(self.space.temporary_files(), [], "temporary files beside the final ones")

    def assert_builds(self, outcome):
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assert_sound(outcome)
        self.assertEqual(outcome.error_lines(), [], str(outcome))

    def assert_fails(self, outcome, *words, code=101):
        """Exit code 101, at least one error line, and every one of `words` on stderr."""
        self.assertEqual(outcome.code, code, str(outcome))
        self.assert_sound(outcome)
        self.assertTrue(outcome.error_lines(), f"no line begins with error\n{outcome}")
        for word in words:
            self.assertIn(word, outcome.err, str(outcome))

    def assert_unit_fails(self, outcome, unit, *words):
        """As assert_fails, and exactly one error says which unit could not be compiled."""
        self.assert_fails(outcome, *words)
        naming = [line for line in outcome.error_lines() if f"could not compile `{unit}`" in line]
        self.assertEqual(len(naming), 1, f"{len(naming)} errors name `{unit}`\n{outcome}")
        blamed = [line for line in outcome.error_lines() if "could not compile" in line]
        self.assertEqual(blamed, naming, f"others are blamed too\n{outcome}")

    def assert_no_program(self):
        self.assertFalse(self.space.exists("target/debug/app"), "app was placed though what it needs failed")

    def run_program(self):
        """What the built app says; the fake program echoes its name."""
        done = subprocess.run(
            [os.path.join(self.space.target, "debug", "app"), "hello"], stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout


def main():
    """Runs the module's cases. No cargo: skipped as a whole, or failed where one was promised."""
    if shutil.which("cargo") is None:
        promised = os.environ.get("PCARGO_TEST_REQUIRE_CARGO") or os.environ.get("CI") == "true"
        print("no cargo on this machine" + (", though one is required here" if promised else ": SKIPPED"))
        sys.exit(1 if promised else SKIPPED)
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    for case, reason in program.result.skipped:
        print(f"SKIPPED: {case.id()}: {reason}")
    if not program.result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if len(program.result.skipped) == program.result.testsRun else 0)
