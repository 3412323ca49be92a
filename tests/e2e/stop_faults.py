#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Signals: pcargo stops everything, leaves no child, and dies of the same signal (modes 15 to 17)."""

import signal

from harness import case, projects


class StopFaults(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def interrupted(self, orders, signals):
        """Starts a build, waits until util's compiler is there, sends the signals, gives the outcome."""
        arrived = self.space.fifo("arrived")
        self.space.control(f"util announce {arrived}", *orders)
        process = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        for number in signals:
            process.send_signal(number)
        return self.space.finish(process)

    def assert_died_of(self, outcome, number):
        self.assertEqual(outcome.code, -number, str(outcome))
        self.assert_sound(outcome)
        self.assert_no_program()

    def test_interrupt(self):
        self.assert_died_of(self.interrupted(["util hang"], [signal.SIGINT]), signal.SIGINT)

    def test_terminate(self):
        self.assert_died_of(self.interrupted(["util hang"], [signal.SIGTERM]), signal.SIGTERM)

    def test_interrupt_twice(self):
        outcome = self.interrupted(["util ignore-sigterm"], [signal.SIGINT, signal.SIGINT])
        self.assert_died_of(outcome, signal.SIGINT)

    def test_compiler_ignores_the_polite_signal(self):
        self.assert_died_of(self.interrupted(["util ignore-sigterm"], [signal.SIGINT]), signal.SIGINT)

    def test_compiler_has_stopped_itself(self):
        self.assert_died_of(self.interrupted(["util stop"], [signal.SIGTERM]), signal.SIGTERM)

    def test_interrupt_ends_a_whole_process_group(self):
        arrived, gate = self.space.fifo("arrived"), self.space.fifo("gate")
        process = self.space.start("build", env={"RUSTC_WRAPPER": self.wrapper(arrived, gate)})
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        process.send_signal(signal.SIGINT)
        self.assert_died_of(self.space.finish(process), signal.SIGINT)

    def wrapper(self, arrived, gate):
        """A wrapper around rustc whose own child waits: a whole process group has to end."""
        return self.space.write(
            "wrapper.sh",
            "#!/bin/sh\n"
            'case "$*" in\n'
            f"  *'--crate-name util '*) echo $$ > '{arrived}'; sh -c 'cat \"$1\"; true' sh '{gate}'; exit 1;;\n"
            "esac\n"
            'exec "$@"\n',
            executable=True,
        )


if __name__ == "__main__":
    case.main()
