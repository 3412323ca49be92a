#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the machine does to a build in the middle of it: nobody reads what it says, it is suspended, descriptors run
out, a program is still open for writing. No hang, an exit code that is told beforehand, and the next build is right."""

import os
import shutil
import signal
import subprocess
import unittest

from harness import case, projects

BUSY_PROGRAM = os.environ.get("BUSY_PROGRAM", "")


class MachineCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)

    def assert_nothing_to_do(self):
        outcome = self.space.run("build", "-v")
        self.assert_builds(outcome)
        self.assertNotRegex(outcome.err, r"(?m)^ +(Compiling|Dirty|Running) ")


class Unheard(MachineCase):
    """R16. The build goes on. Its exit code tells of what was lost on stdout, which is a result; not of stderr."""

    LONG = "w" * 300_000  # more than any pipe holds

    def unheard(self, *words, out, err):
        """Exit code of a build of whose streams those that are true have nobody to read them."""
        reader, closed = os.pipe()
        os.close(reader)
        null = os.open(os.devnull, os.O_WRONLY)
        process = subprocess.Popen(
            [self.space.pcargo, "build", *words],
            cwd=self.space.workspace,
            env=self.space.env,
            stdin=subprocess.DEVNULL,
            stdout=closed if out else null,
            stderr=closed if err else null,
            start_new_session=True,
        )
        os.close(closed)
        os.close(null)
        return self.space.finish(process).code

    def test_nobody_reads(self):
        edits = 0
        warn, say = f"util warn {self.LONG}", f"util stdout {self.LONG}"
        for orders, words, out, err, code in (
            ((warn,), (), True, False, 0),
            ((warn, say), (), False, True, 0),
            ((warn,), ("-vv",), True, True, 0),
            ((warn, say), (), True, False, 101),
            ((warn,), ("--message-format=json",), False, True, 0),
            ((warn,), ("--message-format=json",), True, False, 101),
            ((warn,), ("--message-format=json",), True, True, 101),
        ):
            with self.subTest(says=len(orders), words=words, out=out, err=err):
                edits += 1
                self.space.write("util/src/lib.rs", f"// {edits}\n")
                self.space.control(*orders)
                self.assertEqual(self.unheard(*words, out=out, err=err), code)
                self.assertEqual(self.space.leftovers(), [])
                self.assert_nothing_to_do()
                # And a build with nothing to do, which says it again.
                self.assertEqual(self.unheard(*words, out=out, err=err), code)

    def test_the_reader_goes_away_in_the_middle(self):
        self.space.control(f"util warn {self.LONG}", f"middle warn {self.LONG}")
        process = self.space.start("build")
        process.stderr.read(1)
        process.stderr.close()
        process.stderr = None
        self.assertEqual(self.space.finish(process).code, 0)
        self.assert_nothing_to_do()

    def test_a_full_device(self):
        for words, code in ((), 0), (("--message-format=json",), 101):
            with self.subTest(words=words), open("/dev/full", "wb") as full:
                process = self.space.start("build", *words, output=full)
                self.assertEqual(self.space.finish(process).code, code)
        self.assert_nothing_to_do()


def state_of(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()[0]


class Suspended(MachineCase):
    """R20. Ctrl-Z: compilers are in groups of their own, so the terminal reaches only pcargo."""

    def suspend(self):
        """A build that is stopped while util's compiler runs: the process, the compiler's gate and number."""
        arrived, gate = self.space.fifo("arrived"), self.space.fifo("gate")
        self.space.control(f"util announce {arrived}", f"util gate {gate}")
        process = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            compiler = int(fifo.read())
        process.send_signal(signal.SIGTSTP)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status), status)
        while state_of(compiler) != "T":  # it was sent the signal before; the case has its limit
            self.assertIn(state_of(compiler), "RSDT")
        return process, gate, compiler

    def test_stopped_and_continued(self):
        process, gate, _ = self.suspend()
        process.send_signal(signal.SIGCONT)
        os.close(os.open(gate, os.O_WRONLY))  # waits for the compiler, which has to run for it
        self.assert_builds(self.space.finish(process))
        self.assertEqual(self.run_program(), "fake program app hello\n")
        self.assert_nothing_to_do()

    def test_again_and_again(self):
        process, gate, compiler = self.suspend()
        for _ in range(3):
            process.send_signal(signal.SIGCONT)
            while state_of(process.pid) == "T" or state_of(compiler) == "T":
                pass
            process.send_signal(signal.SIGTSTP)
            os.waitpid(process.pid, os.WUNTRACED)
        process.send_signal(signal.SIGCONT)
        os.close(os.open(gate, os.O_WRONLY))
        self.assert_builds(self.space.finish(process))

    def test_interrupted_while_stopped(self):
        process, _, _ = self.suspend()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        outcome = self.space.finish(process)
        self.assertEqual(outcome.code, -signal.SIGINT, str(outcome))
        self.assert_sound(outcome)
        self.space.control()
        self.assert_builds(self.space.run("build"))


class Descriptors(MachineCase):
    """R27. Fewer compilers at once, not an error."""

    WIDE = 64

    def limited(self, limit, *words):
        return self.space.start(
            "-c", f'ulimit -n {limit} && exec "$0" "$@"', self.space.pcargo, "build", *words, program="/bin/sh"
        )

    def widen(self):
        names = [f"wide{number}" for number in range(self.WIDE)]
        for name in names:
            self.space.write(f"{name}/Cargo.toml", projects.manifest(name))
            self.space.write(f"{name}/src/lib.rs", projects.LIBRARY)
        self.space.write("Cargo.toml", f'[workspace]\nresolver = "2"\nmembers = {names}\n'.replace("'", '"'))

    def children_of(self, pid):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
            return sorted(int(word) for word in file.read().split())

    def test_more_jobs_than_descriptors(self):
        """All compilers wait at one gate. It opens when pcargo sleeps and has started all that it will start."""
        limit = 100
        self.widen()
        log, gate = self.space.path("log"), self.space.fifo("gate")
        self.space.env["RUSTC_WRAPPER"] = self.space.write(
            self.space.path("wrapper.sh"),
            f"#!/bin/sh\ncase \"$*\" in *' --emit='*) echo $$ >> '{log}'; cat '{gate}';; esac\nexec \"$@\"\n",
            executable=True,
        )
        open(log, "w", encoding="utf-8").close()
        process = self.limited(limit, f"-j{self.WIDE}")
        waiting = []
        while process.poll() is None and not (
            waiting and state_of(process.pid) == "S" and self.children_of(process.pid) == waiting
        ):
            with open(log, encoding="utf-8") as file:
                waiting = sorted(int(line) for line in file)
        while process.poll() is None:
            try:
                os.close(os.open(gate, os.O_WRONLY | os.O_NONBLOCK))
            except OSError:
                pass  # nobody waits just now
        self.assert_builds(self.space.finish(process))
        self.assertGreater(len(waiting), 4)
        self.assertLess(len(waiting) * 3, limit)

    def test_every_limit(self):
        """Too few is said; what is enough is enough for any -j."""
        self.widen()
        refused = 0
        for limit in (*range(8, 40, 4), 40, 48, 64):
            with self.subTest(limit=limit):
                shutil.rmtree(self.space.target, ignore_errors=True)
                outcome = self.space.finish(self.limited(limit, f"-j{self.WIDE}"))
                if outcome.code == 0 or limit >= 40:
                    self.assert_builds(outcome)
                else:
                    refused += 1
                    self.assert_fails(outcome, "Too many open files")
                self.assert_builds(self.space.run("build"))
                self.assert_nothing_to_do()
        self.assertGreater(refused, 0, "no limit was too low: the test does not test")


@unittest.skipUnless(BUSY_PROGRAM, "BUSY_PROGRAM names no library")
class BusyPrograms(MachineCase):
    """R23. Somebody's fork has a build script open for writing when it is started."""

    def build(self, times):
        log = self.space.path("log")
        self.space.tell_sanitizer("verify_asan_link_order=0")
        environment = {"LD_PRELOAD": BUSY_PROGRAM, "PCARGO_TEST_BUSY": log, "PCARGO_TEST_BUSY_TIMES": str(times)}
        outcome = self.space.run("build", env=environment)
        with open(log, encoding="utf-8") as file:
            return outcome, len(file.readlines())

    def test_for_a_while(self):
        outcome, refused = self.build(3)
        self.assertEqual(refused, 3, str(outcome))
        self.assert_builds(outcome)

    def test_for_ever(self):
        outcome, refused = self.build(1000)
        self.assertGreater(refused, 3)
        self.assert_fails(outcome, "failed to run custom build command for `middle", "Text file busy")
        self.assert_no_program()
        self.assert_builds(self.space.run("build"))


if __name__ == "__main__":
    case.main()
