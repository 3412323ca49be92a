#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Attempts: what a killed pcargo left running or lying about is not in the next one's way, nor in its results."""

import contextlib
import glob
import os
import select
import signal

from harness import case, projects


class Attempts(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def own(self, *parts):
        return os.path.join(self.space.target, "pcargo", *parts)

    def results(self):
        """Path -> bytes of everything that the next build would look at."""
        found = {}
        for folder, _, names in os.walk(self.space.target):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.space.target)] = file.read()
        return found

    def killed_in_the_middle(self, *orders, announces="util"):
        """A build is killed while util's compiler works, at the latest when `announces` begins. Gives that compiler."""
        arrived = self.space.fifo("arrived")
        self.space.control(f"{announces} announce {arrived}", *orders)
        process = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        compiler = [pid for pid, words in self.space.leftovers() if "--crate-name util " in words]
        self.assertEqual(len(compiler), 1)
        watched = os.pidfd_open(compiler[0])
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for other, _ in self.space.leftovers():
            if other != compiler[0]:
                with contextlib.suppress(ProcessLookupError):
                    self.end(os.pidfd_open(other), signal.SIGKILL)
        os.remove(arrived)
        self.space.control()
        return watched

    def end(self, process, number=0):
        """Waits until the process is over, after a signal if need be."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, number)
        self.assertTrue(select.select([process], [], [], 60)[0], "it goes on for ever")
        os.close(process)

    def test_an_orphan_writes_where_nobody_looks(self):
        for where, announces in (("gate", "util"), ("gate-codegen", "middle")):
            with self.subTest(where=where):
                gate = self.space.fifo(where)
                self.space.write("util/src/lib.rs", f"pub fn before() -> &'static str {{ \"{where}\" }}\n")
                orphan = self.killed_in_the_middle(f"util {where} {gate}", announces=announces)
                self.space.write("util/src/lib.rs", f"pub fn after() -> &'static str {{ \"{where}\" }}\n")
                self.assertEqual(self.space.run("build").code, 0)
                before = self.results()
                with open(gate, "wb"):
                    pass
                self.end(orphan)
                self.assertEqual(self.results(), before)
                again = self.space.run("build", "-v")
                self.assert_builds(again)
                self.assertNotIn("Running", again.err)

    def test_litter_goes_with_the_next_build(self):
        orphan = self.killed_in_the_middle("util hang")
        self.end(orphan, signal.SIGKILL)
        self.assertTrue(os.listdir(self.own("attempts")))
        gone = ".pcargo-tmp-4194305-0"  # a number that no process has
        for folder in (self.own("debug", "records"), os.path.join(self.space.target, "debug"), self.space.target):
            os.makedirs(folder, exist_ok=True)
            self.space.write(os.path.join(folder, gone), "half")
        self.assert_builds(self.space.run("build"))
        self.assertEqual([path for path in self.results() if gone in path], [])
        self.assertFalse(os.path.exists(self.own("attempts")))

    def test_what_a_compiler_killed_in_place_left_goes_too(self):
        """Incremental compilers write among the outputs of others. Only what is theirs goes."""
        env = {"CARGO_INCREMENTAL": "1"}
        self.assert_builds(self.space.run("build", env=env))
        deps = self.own("debug", "deps")
        kept = os.path.join(deps, "rustc-notes")
        for ending in ("the build", "the compiler", "an interrupt"):
            with self.subTest(ending=ending):
                self.space.write("util/src/lib.rs", f"// {ending}\n")
                arrived = self.space.fifo("arrived")
                self.space.control(f"util announce {arrived}", "util hang")
                process = self.space.start("build", env=env)
                with open(arrived, encoding="utf-8") as fifo:
                    compiler = int(fifo.read())
                litter = [
                    self.space.write(os.path.join(deps, name), "half")
                    for name in ("util-0.x.y.rcgu.o", "rustcAbC123/symbols.o", "rmeta4dEfgH/full.rmeta", "app-0.tmp90aa168",
                                 ".tmpAbCdEf.temp-archive/tmp.a")
                ]
                self.space.write(kept, "somebody's")
                if ending == "the compiler":
                    os.kill(compiler, signal.SIGTERM)  # SIGKILL would be taken for a lack of memory
                else:
                    process.send_signal(signal.SIGKILL if ending == "the build" else signal.SIGINT)
                self.assertNotEqual(self.space.finish(process).code, 0)
                self.space.kill_leftovers()
                os.remove(arrived)
                self.space.control()
                if ending == "the build":
                    self.assert_builds(self.space.run("build", env=env))
                self.assertEqual([path for path in litter if os.path.exists(path)], [])
                self.assertEqual(os.listdir(deps).count("rustc-notes"), 1)
                self.assertFalse(glob.glob(os.path.join(deps, "r*/")))
                self.assert_builds(self.space.run("build", env=env))

    def script_orphaned(self):
        """middle's script works on after its pcargo was killed, the first time that it runs. Gives it, and its gate."""
        arrived, gate, runs = self.space.fifo("arrived"), self.space.fifo("gate"), self.space.path("runs")
        first = f"echo run >> {runs}; [ $(wc -l < {runs}) -gt 1 ]"
        self.space.control(f"shell middle {first} || {{ echo $$ > {arrived}; read nothing < {gate}; }}")
        process = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            orphan = os.pidfd_open(int(fifo.read()))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return orphan, gate

    def waiting_for_it(self):
        process = self.space.start("build")
        said = process.stderr.readline().decode()
        while "Blocking" not in said and process.poll() is None:
            said = process.stderr.readline().decode()
        self.assertIn("waiting for an earlier run in middle v0.1.0", said)
        return process

    def runs(self):
        with open(self.space.path("runs"), encoding="utf-8") as file:
            return len(file.readlines())

    def test_a_script_is_not_started_beside_an_orphan_of_its_own(self):
        orphan, gate = self.script_orphaned()
        process = self.waiting_for_it()
        self.assertEqual(self.runs(), 1)
        with open(gate, "wb"):
            pass
        self.end(orphan)
        self.assertEqual(self.space.finish(process).code, 0)
        self.assertEqual(self.runs(), 2)

    def test_a_daemon_that_a_script_left_is_not_waited_for(self):
        gate, runs = self.space.fifo("gate"), self.space.path("runs")
        self.space.control(f"shell middle echo run >> {runs}; (read nothing < {gate}) > /dev/null 2>&1 &")
        self.assertEqual(self.space.run("build").code, 0)
        self.space.write("middle/data", "new")
        outcome = self.space.run("build")
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertNotIn("Blocking", outcome.err)
        self.assertEqual(self.runs(), 2)

    def test_who_waits_for_an_orphan_can_be_interrupted(self):
        orphan, _ = self.script_orphaned()
        process = self.waiting_for_it()
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.space.finish(process).code, -signal.SIGINT)
        self.end(orphan, signal.SIGKILL)
        self.assert_builds(self.space.run("build"))

    def test_a_failure_leaves_nothing(self):
        self.space.control("util fail-after-metadata")
        self.assert_unit_fails(self.space.run("build"), "util")
        self.assertFalse(os.path.exists(self.own("attempts")))

    def test_all_that_the_compiler_makes_is_kept(self):
        self.space.control("util notice-symlink")  # fails, and its other file must go too
        self.assert_unit_fails(self.space.run("build"), "util")
        self.space.control()
        self.assert_builds(self.space.run("build"))
        deps = os.listdir(self.own("debug", "deps"))
        for ending in (".d", ".rmeta", ".rlib"):
            self.assertEqual(len([name for name in deps if "util-" in name and name.endswith(ending)]), 1, deps)
        self.assertEqual([name for name in deps if name.endswith(".real")], [])

    def test_metadata_that_changes_after_its_notice_fails_the_unit(self):
        gate, arrived = self.space.fifo("gate"), self.space.fifo("arrived")
        self.space.control(f"util rewrite-metadata {gate}", f"middle announce {arrived}")
        process = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()  # middle has begun with what util announced
        with open(gate, "wb"):
            pass
        outcome = self.space.finish(process)
        self.assert_unit_fails(outcome, "util", "after announcing it")
        self.space.control()
        self.assert_builds(self.space.run("build"))

    def test_a_crash_with_damaged_incremental_files_is_tried_once_more(self):
        env = {"CARGO_INCREMENTAL": "1"}
        self.assert_builds(self.space.run("build", env=env))
        record = os.path.basename(glob.glob(self.own("debug", "records", "util-*"))[0])
        damaged = self.space.write(self.own("debug", "incremental", record, "dep-graph.bin"), "damaged")
        self.space.write("util/src/lib.rs", "pub fn other() {}\n")
        self.space.control(f"util ice-while {damaged}")
        outcome = self.space.run("build", env=env)
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertIn("warning: the compiler crashed in util", outcome.err)
        aside = self.own("debug", "incremental", record + ".crashed", "dep-graph.bin")
        self.assertTrue(os.path.exists(aside))
        self.assertIn(os.path.dirname(aside), outcome.err)

    def test_a_crash_that_stays_is_told_after_the_second_try(self):
        self.assert_builds(self.space.run("build", env={"CARGO_INCREMENTAL": "1"}))
        record = os.path.basename(glob.glob(self.own("debug", "records", "util-*"))[0])
        self.space.write(self.own("debug", "incremental", record, "dep-graph.bin"), "damaged")
        self.space.write("util/src/lib.rs", "pub fn other() {}\n")
        self.space.control("util ice")
        outcome = self.space.run("build", env={"CARGO_INCREMENTAL": "1"})
        self.assert_unit_fails(outcome, "util")
        self.assertEqual(outcome.err.count("runs once more"), 1, str(outcome))


if __name__ == "__main__":
    case.main()
