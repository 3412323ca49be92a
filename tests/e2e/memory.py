#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Memory that is short: what is killed for it runs once more alone, and `--memory` holds units back."""

import os

from harness import case, projects

AGAIN = "it runs once more, with nothing beside it"


class Killed(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)
        self.assert_builds(self.space.run("build"))
        self.good = self.space.read("target/debug/app")

    def heard(self, fifo):
        with open(fifo, encoding="utf-8") as said:
            return said.read()

    def killed_once(self, how, words, unit="util"):
        with self.subTest(how=how, unit=unit):
            self.space.run("clean")
            mark = self.space.path(f"mark-{how}-{unit}")
            self.space.control(f"{unit} no-memory-once {how} {mark}", f"{unit} warn said once")
            outcome = self.space.run("build", "-j4")
            self.assert_builds(outcome)
            self.assertTrue(os.path.exists(mark))
            self.assertRegex(outcome.err, f"warning: the compilation of {unit} [^\n]* {words}[^\n]*; {AGAIN}\n")
            self.assertEqual(outcome.err.count("warning: said once"), 1, str(outcome))
            self.assertEqual(self.space.read("target/debug/app"), self.good)
            self.space.control()
            again = self.space.run("build", "-v")
            self.assert_builds(again)
            self.assertNotIn("Running `", again.err)

    def test_once(self):
        for unit in ("util", "app"):
            self.killed_once("KILL", "was killed", unit)
            self.killed_once("ABRT", "ran out of memory", unit)
        self.killed_once("LINK", "ran out of memory", "app")

    def test_a_linker_that_was_killed_is_no_error_of_the_first_run(self):
        self.space.run("clean")
        self.space.control(f"app no-memory-once LINK {self.space.path('mark')}")
        self.assertNotIn("linking with", self.space.run("build").err)

    def test_again_and_again(self):
        self.space.run("clean")
        arrived = self.space.path("arrived")
        wrapper = self.space.write(
            "../wrapper", f'#!/bin/sh\ncase "$*" in *"--crate-name util "*) echo run >>{arrived};; esac\nexec "$@"\n', True)
        self.space.control("util die-after-metadata KILL")
        outcome = self.space.run("build", "-j4", env={"RUSTC_WRAPPER": wrapper})
        self.assert_unit_fails(outcome, "util", "SIGKILL", AGAIN, "note: memory is short", "`--memory=SIZE`", "`-j`")
        with open(arrived, encoding="utf-8") as file:
            self.assertEqual(file.read().split(), ["run", "run"])
        self.assert_no_program()

    def test_another_signal_is_none_for_memory(self):
        self.space.run("clean")
        self.space.control("util die-after-metadata SEGV")
        outcome = self.space.run("build", "-j4")
        self.assert_unit_fails(outcome, "util", "SIGSEGV")
        self.assertNotIn(AGAIN, outcome.err)

    def test_what_waits_to_run_again_is_not_left_behind_by_another_failure(self):
        for flags in ((), ("--keep-going",)):
            self.space.run("clean")
            mark = self.space.path("mark")
            gate, begun, killed = (self.space.fifo(name) for name in ("gate", "begun", "killed"))
            self.space.control(f"util announce {killed}", f"util no-memory-once KILL {mark}",
                               f"side announce {begun}", f"side gate {gate}", "side fail-after-metadata side is wrong")
            process = self.space.start("build", "-j4", *flags)
            for fifo in (begun, killed):
                self.assertTrue(self.heard(fifo))
            os.close(os.open(gate, os.O_WRONLY))
            self.assertTrue(self.heard(killed))
            self.assert_unit_fails(self.space.finish(process), "side", "side is wrong", AGAIN)
            for name in (mark, gate, begun, killed):
                os.remove(name)


class Limit(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def build(self, *flags, env=None):
        self.space.run("clean")
        return self.space.run("build", "-v", "-j4", *flags, env=env)

    def test_held_and_not_held(self):
        waited = r"(?m)^ +Memory \d+ units? waited for memory, for \d+\.\d\ds together \(limit 1 MiB\)$"
        for flags, env in ((["--memory=1M"], None), (["--memory", "1MiB"], None), ([], {"PCARGO_MEMORY": "1048576"}),
                           (["--config", "pcargo.memory='1M'"], None)):
            outcome = self.build(*flags, env=env)
            self.assert_builds(outcome)
            self.assertRegex(outcome.err, waited)
        for flags in (["--memory=none"], ["--memory=unlimited"], ["--memory=500G"]):
            outcome = self.build(*flags, env={"PCARGO_MEMORY": "1"})
            self.assert_builds(outcome)
            self.assertNotIn("waited for memory", outcome.err)

    def test_one_at_a_time(self):
        """util is held at its gate: nobody else has begun, though four may run."""
        gate, begun = self.space.fifo("gate"), self.space.fifo("begun")
        self.space.control(f"* announce {begun}", f"* gate {gate}")
        process = self.space.start("build", "-j4", "--memory=1M")
        for _ in range(5):
            with open(begun, encoding="utf-8") as fifo:
                number = fifo.read().split()
            running = [pid for pid, words in self.space.leftovers() if "--crate-name " in words]
            self.assertEqual([str(pid) for pid in running], number)
            os.close(os.open(gate, os.O_WRONLY))
        self.assert_builds(self.space.finish(process))

    def test_no_size(self):
        for text in ("lots", "", "0", "-1", "4X", "4GG", "1.5G", "99999999999T"):
            outcome = self.space.run("build", f"--memory={text}")
            self.assert_fails(outcome, "--memory must be a size like 4G or 512M, auto or none", code=1)
        self.assert_fails(self.space.run("build", env={"PCARGO_MEMORY": "x"}), "PCARGO_MEMORY must be", code=1)


if __name__ == "__main__":
    case.main()
