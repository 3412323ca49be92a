#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What compilers print: floods, garbage, half lines, pipes closed early or held for ever (modes 10 to 14)."""

import os
import resource
import threading

from harness import case, projects

FLOOD = 1 << 30
SANITIZED = "ASAN_OPTIONS" in os.environ
# One line is kept up to its bound of 64 MiB; on its way to the screen it exists four times: as it came, as valid UTF-8,
# as a line, and without escapes.
FLOOD_MEMORY_KIB = (64 * 4 + 64) << 10


class OutputFaults(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def test_garbage_of_all_kinds_is_survived(self):
        for mode in ("deep-json 100000", "nul-bytes", "invalid-utf8", "garbage", "half-line"):
            with self.subTest(mode=mode):
                self.space.control(f"* {mode}")
                self.assert_builds(self.space.run("build"))
                self.assertEqual(self.run_program(), "fake program app hello\n")

    def test_garbage_of_all_kinds_with_json_messages(self):
        for mode in ("deep-json 100000", "nul-bytes", "invalid-utf8", "garbage", "half-line"):
            with self.subTest(mode=mode):
                self.space.control(f"* {mode}")
                self.assert_builds(self.space.run("build", "--message-format=json"))

    def test_a_megabyte_in_one_line_is_shown_whole(self):
        self.space.control(f"util long-line {1 << 20}")
        outcome = self.space.run("build")
        self.assert_builds(outcome)
        self.assertIn("y" * (1 << 20), outcome.err)

    def test_byte_by_byte(self):
        self.space.control("util byte-by-byte slow but whole")
        outcome = self.space.run("build")
        self.assert_builds(outcome)
        self.assertEqual(outcome.err.count("warning: slow but whole\n"), 1, str(outcome))

    def test_lines_of_two_units_are_never_mixed(self):
        long = "z" * 100_000
        self.space.control(f"util byte-by-byte {'u' * 5000}", f"side warn {long}")
        outcome = self.space.run("build", "-j4")
        self.assert_builds(outcome)
        self.assertIn("warning: " + "u" * 5000 + "\n", outcome.err)
        self.assertIn("warning: " + long + "\n", outcome.err)

    def test_flood_without_newline_is_bounded(self):
        self.space.control(f"util flood {FLOOD}")
        process = self.space.start("build")
        # Read and drop what pcargo passes on; its own memory is what counts.
        shown = {"bytes": 0}

        def drain():
            while piece := process.stderr.read1(1 << 20):
                shown["bytes"] += len(piece)

        reader = threading.Thread(target=drain)
        reader.start()
        process.stdout.read()
        reader.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertIn(process.returncode, (0, 101))
        if not SANITIZED:  # a sanitizer's shadow is not ours
            self.assertLess(usage.ru_maxrss, FLOOD_MEMORY_KIB)
        self.assertEqual(self.space.leftovers(), [])

    def test_pipes_closed_early(self):
        arrived, gate = self.space.fifo("arrived"), self.space.fifo("gate")
        self.space.control(f"util announce {arrived}", f"util close-pipes {gate}")
        process = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        # The compiler has gone on without pipes; only the gate lets it write its outputs and end.
        os.close(os.open(gate, os.O_WRONLY))
        self.assert_builds(self.space.finish(process))
        self.assertEqual(self.run_program(), "fake program app hello\n")

    def test_a_grandchild_holds_the_pipes(self):
        gate = self.space.fifo("gate")
        self.space.control(f"util daemon {gate}")
        try:
            outcome = self.space.run("build")
            self.assertEqual(outcome.code, 0, str(outcome))
            self.assertEqual(self.run_program(), "fake program app hello\n")
        finally:
            self.space.kill_leftovers()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    case.main()
