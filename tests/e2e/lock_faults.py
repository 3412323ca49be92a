#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Others in the same directories: who waits for whom, what is said meanwhile, and what is never waited for."""

import fcntl
import json
import os
import shutil
import signal
import unittest

from harness import case, projects

NO_LOCKS = os.environ.get("NO_LOCKS", "")


class Locked:
    """A lock held by this program."""

    def __init__(self, path, mode=fcntl.LOCK_EX, text=""):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.file = open(path, "w", encoding="utf-8")
        self.file.write(text)
        self.file.flush()
        fcntl.flock(self.file, mode | fcntl.LOCK_NB)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()


class LockCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)
        self.lock = os.path.join(self.space.target, "pcargo", "lock")

    def read_until(self, process, word):
        """Lines of stderr up to the first with `word` in it."""
        said = ""
        for line in process.stderr:
            said += line.decode(errors="replace")
            if word in said.rsplit("\n", 2)[-2]:
                return said
        self.fail(f"it ended before it said {word!r}:\n{said}")


class BuildDirectory(LockCase):
    def test_a_waiter_is_told_who_holds_it(self):
        arrived, gate = self.space.fifo("arrived"), self.space.fifo("gate")
        self.space.control(f"util announce {arrived}", f"util gate {gate}")
        holder = self.space.start("build", "-p", "app")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        self.space.control()
        waiter = self.space.start("build")
        said = self.read_until(waiter, "held by")
        self.assertIn("    Blocking waiting for file lock on build directory\n", said)
        held = rf"    Blocking held by process {holder.pid} on \S+ since [-0-9]+ [:0-9]+: `pcargo build -p app`\n"
        self.assertRegex(said, held)
        with open(gate, "w", encoding="utf-8"):
            pass
        self.assertEqual(self.space.finish(holder).code, 0)
        self.assert_builds(self.space.finish(waiter))
        self.run_program()

    def test_timings_tell_of_the_wait(self):
        with Locked(self.lock, text="pid 7\nhost box\nsince 1\ncommand something\n"):
            process = self.space.start("build")
            self.read_until(process, "held by")  # which takes a second
        self.assert_builds(self.space.finish(process))
        report = json.loads(self.space.run("timings", "--format=json").out)
        self.assertEqual([step["phase"] for step in report["path"][:3]], ["planning", "lock", "planning"])
        waited = report["path"][1]["end_us"] - report["path"][1]["begin_us"]
        self.assertGreaterEqual(waited, 900_000)
        self.assertEqual((report["path_causes"]["lock_us"], report["gap"]["lock_us"]), (waited, waited))
        self.assertIn("another build in this directory", self.space.run("timings").out)

    def test_clean_waits_and_tells_too(self):
        self.assert_builds(self.space.run("build"))
        with Locked(self.lock, text="pid 7\nhost box\nsince 1\ncommand some\x1bthing\n"):
            process = self.space.start("clean", "-p", "util", env={"PCARGO_NO_HANDOVER": None})
            self.assertRegex(self.read_until(process, "held by"), r"held by process 7 on box since .*: `some\?thing`")
        self.assertEqual(self.space.finish(process).code, 0)

    def test_interrupt_ends_the_wait(self):
        with Locked(self.lock):
            process = self.space.start("build")
            self.read_until(process, "Blocking waiting")
            process.send_signal(signal.SIGINT)
            self.assertEqual(self.space.finish(process).code, -signal.SIGINT)
        self.assert_builds(self.space.run("build"))

    def test_a_lock_that_was_removed_is_not_the_lock(self):
        with Locked(self.lock):
            process = self.space.start("build")
            self.read_until(process, "Blocking waiting")
            # At one stroke: it may be about to open the file, and would make and lock one that is gone.
            second = Locked(self.lock + ".second", text="pid 8\nhost box\nsince 1\ncommand second\n")
            os.replace(self.lock + ".second", self.lock)
        with second:
            self.assertIn("held by process 8", self.read_until(process, "held by"))
        self.assert_builds(self.space.finish(process))

    def test_a_dead_holder_holds_nothing(self):
        arrived = self.space.fifo("arrived")
        self.space.control(f"util announce {arrived}", "util hang")
        holder = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        os.killpg(holder.pid, signal.SIGKILL)
        self.space.finish(holder)
        self.space.kill_leftovers()
        self.space.control()
        outcome = self.space.run("build")
        self.assert_builds(outcome)
        self.assertNotIn("Blocking", outcome.err)

    @unittest.skipUnless(NO_LOCKS, "NO_LOCKS names no library")
    def test_file_system_without_locks(self):
        with Locked(self.lock):
            self.space.tell_sanitizer("verify_asan_link_order=0")
            outcome = self.space.run("build", env={"LD_PRELOAD": NO_LOCKS})
        self.assert_builds(outcome)
        self.assertEqual(outcome.err.count("has no locks: do not build there twice at a time"), 1, str(outcome))


class CargosLock(LockCase):
    """Final files: linked under cargo's lock, and copied where cargo has it."""

    def setUp(self):
        super().setUp()
        self.final = os.path.join(self.space.target, "debug", "app")

    def is_linked(self):
        return os.stat(self.final).st_nlink > 1

    def cargo_of(self, version):
        """A cargo that says it is another version."""
        cargo = self.space.write(
            self.space.path("tools", "cargo"),
            "#!/bin/sh\n"
            f'case "$1" in -V*|--version) echo "cargo {version} (0 2026-01-01)";; '
            f"*) exec '{shutil.which('cargo')}' \"$@\";; esac\n",
            executable=True,
        )
        self.space.env["CARGO"] = cargo

    def assert_copied_while_held(self, name, mode=fcntl.LOCK_EX):
        with Locked(os.path.join(self.space.target, "debug", name), mode):
            self.assert_builds(self.space.run("build"))
            self.assertFalse(self.is_linked(), "a link was placed while cargo holds its lock")
            self.run_program()
        self.assert_builds(self.space.run("build"))
        self.assertTrue(self.is_linked())

    def test_old_cargo_at_work(self):
        self.cargo_of("1.95.0")
        self.assert_copied_while_held(".cargo-lock")

    def test_old_cargo_shares_with_nobody(self):
        self.cargo_of("1.95.0")
        self.assert_copied_while_held(".cargo-lock", fcntl.LOCK_SH)

    def test_new_cargo_at_work(self):
        self.cargo_of("1.97.0")
        self.assert_copied_while_held(".cargo-artifact-lock")

    def test_new_cargo_checks(self):
        self.cargo_of("1.97.0")
        with Locked(os.path.join(self.space.target, "debug", ".cargo-lock"), fcntl.LOCK_SH):
            self.assert_builds(self.space.run("build"))
            self.assertTrue(self.is_linked())

    def test_not_held_while_a_compiler_runs(self):
        """What runs inside may be a cargo that wants it."""
        self.assert_builds(self.space.run("build", "-p", "util"))
        arrived, gate = self.space.fifo("arrived"), self.space.fifo("gate")
        self.space.control(f"app announce {arrived}", f"app gate {gate}")
        process = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        with Locked(os.path.join(self.space.target, "debug", ".cargo-lock")):
            pass
        with open(gate, "w", encoding="utf-8"):
            pass
        self.assert_builds(self.space.finish(process))


if __name__ == "__main__":
    case.main()
