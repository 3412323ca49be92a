#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Late-linked builds in which something dies, fails or is stopped, with the real rustc."""

import os
import shutil
import signal

from harness import case, late

OVER_AGAIN = r"(?m)^ +Linked late \d+ started before all they link was there, 1 had to start over, \d+\.\d\ds earlier in all$"


class AtTheGate(late.LateCase):
    """app waits for its link, and util is held."""

    def setUp(self):
        super().setUp()
        self.grove()

    def waiting(self, *flags, before=""):
        """The build; watches on app's gate and rustc; their numbers."""
        self.hold("util")
        self.announce_gate("app", before)
        process = self.space.start("build", "-v", "-j4", *flags)
        self.arrival("util-held", process)
        pids = self.gate_of("app", process)
        return process, [os.pidfd_open(pid) for pid in pids], pids

    def assert_next_is_right(self):
        self.no_orders()
        self.assert_builds(self.space.run("build"))
        self.assertEqual(self.said(), "7 6 here\n")
        self.assert_nothing_left()
        self.assert_nothing_to_do()
        if self.space.env["CARGO_INCREMENTAL"] == "0":
            self.assert_as_never()

    def assert_only_util_is_blamed(self, outcome):
        self.assert_unit_fails(outcome, "util")
        self.assertEqual(outcome.error_lines()[0].partition(" (")[0], "error: could not compile `util`", str(outcome))
        self.assertNotIn("linking with", outcome.err)
        self.assert_no_program()
        self.assert_nothing_left()

    def test_what_it_waits_for_fails(self):
        for flags in ([], ["--keep-going"]):
            process, watches, _ = self.waiting(*flags)
            self.release("util", code=1)
            outcome = self.space.finish(process)
            self.assert_ended(watches)
            self.assert_only_util_is_blamed(outcome)
            self.assert_next_is_right()
            shutil.rmtree(self.space.target)
            self.forget_fifos()

    def test_pcargo_is_killed(self):
        process, watches, _ = self.waiting()
        process.kill()
        process.wait()
        self.assert_ended(watches)
        self.release("util")
        process.communicate()
        self.assert_next_is_right()

    def assert_starts_over_without(self, which):
        """0: the gate, 1: the compiler."""
        process, watches, pids = self.waiting()
        os.kill(pids[which], signal.SIGKILL)
        self.assert_ended(watches)
        self.release("util")
        outcome = self.space.finish(process)
        self.assert_builds(outcome)
        self.assertRegex(outcome.err, OVER_AGAIN)
        self.assertEqual(self.runs("app"), 2)
        self.assert_next_is_right()

    def test_the_gate_is_killed(self):
        self.assert_starts_over_without(0)

    def test_its_compiler_is_killed(self):
        self.assert_starts_over_without(1)

    def test_verify_does_not_take_what_had_to_start_over(self):
        process, watches, (gate, _) = self.waiting("--late-link=verify")
        os.kill(gate, signal.SIGKILL)
        self.assert_ended(watches)
        self.release("util")
        outcome = self.space.finish(process)
        self.assert_unit_fails(outcome, "app", "it can only be built in the ordinary way (--late-link=verify)")
        self.assertRegex(outcome.err, "1 had to start over")
        self.assert_nothing_left()

    def test_what_it_is_to_start_over_for_fails(self):
        process, watches, (gate, _) = self.waiting()
        os.kill(gate, signal.SIGKILL)
        self.assert_ended(watches)
        self.release("util", code=1)
        self.assert_only_util_is_blamed(self.space.finish(process))
        self.assertEqual(self.runs("app"), 1)
        self.assert_next_is_right()

    def test_interrupts(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process, watches, _ = self.waiting()
            process.send_signal(number)
            outcome = self.space.finish(process)
            self.assertEqual(outcome.code, -number, str(outcome))
            self.assertEqual(outcome.error_lines(), [], str(outcome))
            self.assert_sound(outcome)
            self.assert_ended(watches)
            self.assert_nothing_left()
            self.forget_fifos()
        self.assert_next_is_right()

    def test_an_interrupt_before_it_starts_over(self):
        process, watches, (gate, _) = self.waiting()
        os.kill(gate, signal.SIGKILL)
        self.assert_ended(watches)
        process.send_signal(signal.SIGINT)
        outcome = self.space.finish(process)
        self.assertEqual(outcome.code, -signal.SIGINT, str(outcome))
        self.assertEqual(outcome.error_lines(), [], str(outcome))
        self.assert_nothing_left()
        self.assert_next_is_right()

    def test_a_stopped_build_goes_on(self):
        for kills in (False, True):
            process, watches, (gate, _) = self.waiting()
            if kills:
                os.kill(gate, signal.SIGKILL)
                self.assert_ended(watches)
            process.send_signal(signal.SIGTSTP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            process.send_signal(signal.SIGCONT)
            self.release("util")
            outcome = self.space.finish(process)
            self.assert_builds(outcome)
            self.assertEqual(self.runs("app"), 2 if kills else 1, str(outcome))
            self.assert_next_is_right()
            shutil.rmtree(self.space.target, ignore_errors=True)
            self.forget_fifos()
            self.forget_runs()


class AtTheGateInPlace(AtTheGate):
    """What compiles incrementally writes where its outputs belong, and holds a lock. Only who asks has it linked late."""

    def setUp(self):
        super().setUp()
        self.space.env.update({"CARGO_INCREMENTAL": "1", "PCARGO_LATE_LINK": "always"})


class BeforeTheGate(late.LateCase):
    """app has started early, and util ends in its own time."""

    def setUp(self):
        super().setUp()
        self.grove()

    def started(self, order="", source=None):
        """How a build ends in which app's compiler has started while util was held."""
        if source is not None:
            self.space.write("app/src/main.rs", source)
        self.hold("util")
        self.order("app", f"echo $$ > {self.watched('app-started')}\n{order}")
        process = self.space.start("build", "-v", "-j4")
        self.arrival("util-held", process)
        self.arrival("app-started", process)
        self.release("util")
        return self.space.finish(process)

    def test_an_error_in_the_source_is_compiled_once(self):
        outcome = self.started(source='fn main() { let unused = 1; let text: &str = util::lucky(); }\n')
        self.assert_unit_fails(outcome, "app", "mismatched types")
        self.assertEqual((outcome.err.count("E0308]"), self.runs("app")), (1, 1), str(outcome))
        self.assertNotIn("start over", outcome.err)

    def test_warnings_before_an_error_are_said_once(self):
        outcome = self.started(source='#![warn(unused_parens)]\nfn main() { if (true) {} let x: &str = 1; }\n')
        self.assert_unit_fails(outcome, "app", "mismatched types")
        self.assertEqual(outcome.err.count("unnecessary parentheses"), 1, str(outcome))

    def test_an_error_that_a_stub_may_explain_is_made_sure_of(self):
        outcome = self.started(source='extern crate nobody;\nfn main() { if (true) {} }\n')
        self.assert_unit_fails(outcome, "app", "E0463")
        self.assertEqual((outcome.err.count("E0463]"), self.runs("app")), (1, 2), str(outcome))

    def test_a_crash_of_the_compiler(self):
        once = self.space.path("once")
        outcome = self.started(order=f"if mkdir {once} 2> /dev/null; then kill -SEGV $$; fi\n")
        self.assert_builds(outcome)
        self.assertRegex(outcome.err, OVER_AGAIN)
        self.assertEqual((self.runs("app"), self.said()), (2, "7 6 here\n"))

    def test_a_compiler_that_always_crashes(self):
        outcome = self.started(order="echo it fell >&2; exit 101\n")
        self.assert_unit_fails(outcome, "app", "it fell")
        self.assertEqual((outcome.err.count("it fell"), self.runs("app")), (1, 2), str(outcome))

    def test_warnings_of_one_that_starts_over_are_said_once(self):
        once = self.space.path("once")
        outcome = self.started(
            order=f'if mkdir {once} 2> /dev/null; then "$rustc" "$@"; exit 101; fi\n',
            source='fn main() { if (true) {} println!("{} {} {}", util::lucky(), maker::six!(), env!("SAID")); }\n')
        self.assert_builds(outcome)
        self.assertEqual((outcome.err.count("unnecessary parentheses"), self.runs("app")), (1, 2), str(outcome))


class Linkers(late.LateCase):
    """What goes wrong at the link is told as if nothing had been late."""

    def setUp(self):
        super().setUp()
        self.pair()
        del self.space.env["RUSTC"]
        self.space.env["PATH"] = self.tools + os.pathsep + os.environ["PATH"]

    def assert_told_as_never(self, env=None, *words):
        for flags in ([], ["--message-format=json"], ["-v"]):
            told = []
            for mode in ("never", "always", "auto"):
                shutil.rmtree(self.space.target, ignore_errors=True)
                outcome = self.space.run("build", f"--late-link={mode}", *flags, env=env)
                self.assert_fails(outcome, "could not compile `app`")
                for word in words:
                    self.assertIn(word, outcome.err + outcome.out, str(outcome))
                self.assert_nothing_left()
                lines = [line for line in outcome.err.splitlines() if "Linked late" not in line]
                # The order in which two units speak is nobody's promise.
                said = sorted(late.TEMPORARY.sub(r"\1", outcome.out).splitlines())
                told.append((late.TEMPORARY.sub(r"\1", "\n".join(lines)), said))
            self.assertEqual(told[0], told[1])
            self.assertEqual(told[0], told[2])

    def test_a_symbol_that_nobody_has(self):
        self.space.write("app/src/main.rs", 'extern "C" { fn nobody_has_this(); }\n'
                         "fn main() { util::lucky(); if (true) {} unsafe { nobody_has_this() } }\n")
        self.assert_told_as_never(None, "nobody_has_this")

    def test_a_linker_that_is_not_there(self):
        for linker in ("/no/such/cc", "no-such-cc", "no-such-dir/cc"):
            self.assert_told_as_never({"RUSTFLAGS": f"-Clinker={linker}"}, f"linker `{linker}` not found")

    def test_a_path_without_a_linker(self):
        self.assert_told_as_never({"PATH": self.tools}, "linker `cc` not found")

    def test_a_linker_that_is_no_program(self):
        text = self.space.write(self.space.path("text", "cc"), "neither a script nor a program\n")
        self.assert_told_as_never({"RUSTFLAGS": f"-Clinker={text}"}, "could not exec the linker")
        os.chmod(text, 0o755)
        self.assert_told_as_never({"RUSTFLAGS": f"-Clinker={text}"}, text)

    def test_a_linker_that_only_fails(self):
        linker = self.space.write(self.space.path("bad", "cc"), '#!/bin/sh\necho "no: $0 $*" >&2\nexit 3\n', True)
        self.assert_told_as_never({"RUSTFLAGS": f"-Clinker={linker}"}, f"no: {linker}")

    def test_a_linker_that_dies(self):
        linker = self.space.write(self.space.path("bad", "cc"), "#!/bin/sh\nkill -SEGV $$\n", True)
        self.assert_told_as_never({"RUSTFLAGS": f"-Clinker={linker}"}, "linking with")


if __name__ == "__main__":
    case.main()
