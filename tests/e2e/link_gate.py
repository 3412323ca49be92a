#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The link gate by itself, without pcargo and rustc: what it waits for, what it becomes, how it ends.

Programs of the system stand in for the linker under its name: `cat /proc/self/cmdline` says how it was started.
"""

import os
import shutil
import subprocess

from harness import case, gates


class LinkGate(case.FaultCase):
    def setUp(self):
        super().setUp()
        self.stubs, self.deps = self.space.path("stubs"), self.space.path("deps")
        self.environment = dict(self.space.env)

    def linker(self, program, name="gcc"):
        """The system's `program`, under the name of a linker."""
        path = self.space.path("tools", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(shutil.which(program), path)
        return path

    def gate(self, linker):
        gate = gates.Gate(self.space.path("gate"), linker, [(self.stubs, self.deps)])
        self.addCleanup(gate.close)
        return gate

    def start(self, gate, *arguments, name=None):
        return subprocess.Popen(
            [name or gate.program, *arguments],
            executable=gate.program,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[gate.descriptor],
            start_new_session=True,
        )

    def link(self, gate, *arguments, name=None):
        """A start that is permitted. Gives how it ended."""
        process = self.start(gate, *arguments, name=name)
        self.assertEqual(gate.objects(), process.pid)
        gate.answer(b"g")
        return self.space.finish(process)

    def assert_refused(self, outcome, code, *words):
        self.assertEqual(outcome.code, code, str(outcome))
        self.assertEqual(outcome.out, "")
        self.assertEqual(outcome.err.count("\n"), 1, str(outcome))
        for word in words:
            self.assertIn(word, outcome.err)

    def test_the_linker_gets_its_own_name_and_real_paths(self):
        gate = self.gate(self.linker("cat"))
        with open(self.space.path("file"), "w", encoding="utf-8") as file:
            file.write("contents\n")
        os.symlink(self.space.root, self.deps)
        self.assertEqual(self.link(gate, f"{self.stubs}/file").out, "contents\n")
        words = self.link(gate, "/proc/self/cmdline", "/dev/null").out.split("\0")
        self.assertEqual(words, [self.space.path("tools", "gcc"), "/proc/self/cmdline", "/dev/null", ""])

    def test_a_name_is_looked_for_in_the_path_that_it_is_given(self):
        path = self.linker("cat")
        self.environment["PATH"] = os.path.dirname(path)
        words = self.link(self.gate("gcc"), "/proc/self/cmdline").out.split("\0")
        self.assertEqual(words, ["gcc", "/proc/self/cmdline", ""])

    def test_the_linker_gets_the_environment_and_no_descriptor(self):
        gate = self.gate(self.linker("cat"))
        os.symlink(shutil.which("ls"), self.space.path("tools", "ls"))
        ordinary = subprocess.run(
            [shutil.which("ls"), "-v", "/proc/self/fd"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        gate.write_ticket(os.fstat(gate.descriptor).st_ino, self.space.path("tools", "ls"), [])
        self.assertEqual(self.link(gate, "-v", "/proc/self/fd").out, ordinary.stdout)
        gate.write_ticket(os.fstat(gate.descriptor).st_ino, self.space.path("tools", "gcc"), [])
        told = self.link(gate, "/proc/self/environ").out.split("\0")[:-1]
        self.assertEqual(sorted(told), sorted(f"{name}={value}" for name, value in self.environment.items()))

    def test_its_end_is_the_linkers(self):
        outcome = self.link(self.gate(self.linker("sh")), "-c", "echo said; echo warned >&2; exit 3")
        self.assertEqual((outcome.code, outcome.out, outcome.err), (3, "said\n", "warned\n"))

    def test_a_response_file_with_stubs_is_written_anew(self):
        gate = self.gate(self.linker("echo"))
        response, other = self.space.path("arguments"), self.space.path("other")
        text = f"-m64\n{self.stubs}/lib\\ a.rlib\n-Wl,--start-group,{self.stubs}/b.rlib\n"
        for path, contents in ((response, text), (other, "-lm\n")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(contents)
        outcome = self.link(gate, f"@{response}", f"@{other}", "@none")
        self.assertEqual(outcome.out, f"@{response}.real @{other} @none\n")
        with open(response + ".real", encoding="utf-8") as file:
            self.assertEqual(file.read(), text.replace(self.stubs, self.deps))
        with open(response, encoding="utf-8") as file:
            self.assertEqual(file.read(), text)
        self.assertFalse(os.path.exists(other + ".real"))

    def test_without_permission_nothing_is_linked(self):
        gate = self.gate(self.linker("touch"))
        process = self.start(gate, self.space.path("linked"))
        gate.objects()
        gate.answer(b"a")
        outcome = self.space.finish(process)
        self.assertEqual((outcome.code, outcome.out, outcome.err), (gates.NO_PERMISSION, "", ""))
        self.assertFalse(os.path.exists(self.space.path("linked")))

    def test_it_ends_when_pcargo_is_gone_while_it_waits(self):
        gate = self.gate(self.linker("touch"))
        process = self.start(gate, self.space.path("linked"))
        gate.started()
        gate.objects()
        gate.close()
        self.assert_refused(self.space.finish(process), gates.NO_PERMISSION, "pcargo is gone")
        self.assertFalse(os.path.exists(self.space.path("linked")))

    def test_it_ends_when_pcargo_was_gone_before(self):
        gate = self.gate(self.linker("touch"))
        gate.ours.close()
        self.assert_refused(self.space.finish(self.start(gate)), gates.NO_PERMISSION, "pcargo is gone")

    def test_a_second_linker_asks_again(self):
        gate = self.gate(self.linker("echo"))
        self.assertEqual([self.link(gate, word).out for word in ("first", "second")], ["first\n", "second\n"])

    def test_an_answer_that_nobody_took_is_no_harm(self):
        gate = self.gate(self.linker("echo"))
        process = self.start(gate)
        gate.objects()
        process.kill()
        self.space.finish(process)
        gate.answer(b"g")
        self.assertEqual(self.link(gate, "again").out, "again\n")

    def test_a_linker_that_is_not_there_is_named(self):
        self.environment["PATH"] = self.space.path("empty")
        self.assert_refused(
            self.link(self.gate("no-such-gcc")), gates.NO_LINKER, "`no-such-gcc`", "No such file or directory")

    def test_a_descriptor_that_leads_elsewhere_is_not_spoken_to(self):
        gate = self.gate(self.linker("touch"))
        gate.write_ticket(os.fstat(gate.ours.fileno()).st_ino, "touch", [])
        self.assert_refused(self.space.finish(self.start(gate)), gates.NO_PERMISSION, "does not lead to pcargo")
        with open(self.space.path("file"), "w", encoding="utf-8") as file:
            os.dup2(file.fileno(), gate.descriptor)
            gate.write_ticket(os.fstat(gate.descriptor).st_ino, "touch", [])
            self.assert_refused(self.space.finish(self.start(gate)), gates.NO_PERMISSION, "does not lead to pcargo")

    def test_without_a_ticket_it_does_nothing(self):
        gate = self.gate(self.linker("touch"))
        with open(gate.ticket, "r+b") as file:
            file.truncate(20)
        self.assert_refused(self.space.finish(self.start(gate)), gates.NO_PERMISSION, "no ticket")
        os.remove(gate.ticket)
        self.assert_refused(self.space.finish(self.start(gate)), gates.NO_PERMISSION, "no ticket")

    def test_the_ticket_lies_beside_the_name_that_was_called(self):
        gate = self.gate(self.linker("cat"))
        outcome = self.link(gate, "/proc/self/cmdline", name="/another/name")
        self.assertTrue(outcome.out.startswith(self.space.path("tools", "gcc") + "\0"), str(outcome))


if __name__ == "__main__":
    case.main()
