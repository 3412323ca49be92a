#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compilers that meddle: with what they have announced, tokens, other files, their dep-info, their own identity (modes
18 to 24). A build may fail of it; the next one with a good compiler is right."""

import fcntl
import os
import re

from harness import aftermath, case, projects


class MeddlingCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)
        self.assert_builds(self.space.run("build"))
        self.good = aftermath.facts(self.space.target)
        self.edits = 0

    def edit(self, name="util/src/lib.rs"):
        """A change after which the compiler of that crate runs; `mend` takes all of them back."""
        self.edits += 1
        self.space.write(name, f"{projects.LIBRARY}// {self.edits}\n")
        self.space.let_the_clock_tick()

    def built(self, *words, **how):
        """The crates that a good build had to compile."""
        outcome = self.space.run("build", "-v", *words, **how)
        self.assert_builds(outcome)
        return re.findall(r"^ +(?:Compiling|Dirty) (\w+)", outcome.err, re.MULTILINE)

    def mend(self):
        """With a good compiler and the first sources all is as it was; and nothing is left to do."""
        self.space.control()
        for name in ("util", "middle", "side"):
            self.space.write(f"{name}/src/lib.rs", projects.LIBRARY)
        self.space.write("app/src/main.rs", "fn main() {}\n")
        self.space.let_the_clock_tick()
        self.built()
        self.assertEqual(aftermath.differences(aftermath.facts(self.space.target), self.good), ([], []))
        self.assertEqual(self.built(), [])


class Announced(MeddlingCase):
    def test_artifact_of_another_kind(self):
        victim = self.space.write(self.space.path("victim"), "untouched\n")
        for kind in ("fifo", "directory", f"link {victim}", "link nowhere"):
            for crate, name in (("util", "util/src/lib.rs"), ("app", "app/src/main.rs")):
                with self.subTest(kind=kind, crate=crate):
                    self.edit(name)
                    self.space.control(f"{crate} linked-as {kind}")
                    self.assert_unit_fails(self.space.run("build"), crate, "did not write")
                    self.mend()
        self.assertEqual(self.space.read(victim), b"untouched\n")

    def test_artifact_that_nobody_may_read(self):
        self.edit()
        self.space.control("util linked-as unreadable")
        self.space.run("build")  # root may read it
        os.chmod(os.path.join(self.space.target, "debug", "libutil.rlib"), 0o644)
        self.mend()

    def test_other_bytes_each_time(self):
        self.edit()
        self.space.control("* random-outputs")
        self.assertIn("util", self.built())
        self.assertEqual(self.built(), [])
        self.mend()


class Tokens(MeddlingCase):
    def test_all_tokens_taken_away(self):
        for order in ("util grab-tokens", "* grab-tokens"):
            with self.subTest(order=order):
                self.edit()
                self.edit("side/src/lib.rs")
                self.space.control(order)
                self.assertIn("app", self.built("-j4"))
                self.mend()

    def test_tokens_that_nobody_had(self):
        """Never more compilers at once than -j says. Each counts those that run when it begins."""
        running, log = self.space.path("running"), self.space.path("log")
        os.makedirs(running)
        wrapper = self.space.write(
            self.space.path("wrapper.sh"),
            "#!/bin/sh\n"
            'case "$*" in *" --emit="*) ;; *) exec "$@";; esac\n'
            f"touch '{running}'/$$; ls '{running}' | wc -l >> '{log}'\n"
            f"\"$@\"; code=$?; rm '{running}'/$$; exit $code\n",
            executable=True,
        )
        members = [f"wide{number}" for number in range(12)]
        for name in members:
            self.space.write(f"{name}/Cargo.toml", projects.manifest(name, "util"))
            self.space.write(f"{name}/src/lib.rs", projects.LIBRARY)
        self.space.write("Cargo.toml", f'[workspace]\nresolver = "2"\nmembers = {members}\n'.replace("'", '"'))
        self.space.control("util give-tokens 50")
        self.assert_builds(self.space.run("build", "-j2", env={"RUSTC_WRAPPER": wrapper}))
        with open(log, encoding="utf-8") as file:
            counts = [int(line) for line in file]
        self.assertEqual(len(counts), 13)
        self.assertLessEqual(max(counts), 2)


class OtherFiles(MeddlingCase):
    def path(self, name):
        return os.path.join(self.space.workspace, name)

    def test_its_own_source(self):
        self.edit()
        self.space.control(f"util edit {self.path('util/src/lib.rs')} // late")
        self.space.run("build")
        self.space.control()
        self.assertIn("util", self.built())
        self.assertEqual(self.built(), [])
        self.mend()

    def test_the_source_of_another(self):
        self.edit()
        self.space.control(f"util edit {self.path('side/src/lib.rs')} // late")
        self.space.run("build", "-j1")
        self.space.control()
        self.built()
        self.assertEqual(self.built(), [])
        self.mend()

    def test_an_output_of_another(self):
        (side,) = [path for path in self.good if re.search(r"deps/libside-\w+\.rlib$", path)]
        self.edit()
        self.space.control(f"util edit {os.path.join(self.space.target, side)} more")
        self.space.run("build", "-j1")
        self.mend()

    def test_what_a_dependency_made_is_replaced_while_it_is_read(self):
        """The next build makes the dependency as it was; who read the other one has to run again all the same."""
        for pattern, crate, source in (
            (r"^pcargo/.*deps/libutil-\w+\.rmeta$", "middle", "middle/src/lib.rs"),
            (r"^pcargo/.*deps/libutil-\w+\.rlib$", "app", "app/src/main.rs"),
        ):
            with self.subTest(pattern=pattern):
                (path,) = [os.path.join(self.space.target, path) for path in self.good if re.search(pattern, path)]
                arrived, gate = self.space.fifo(f"arrived-{crate}"), self.space.fifo(f"gate-{crate}")
                self.edit(source)
                self.space.control(f"{crate} announce {arrived}", f"{crate} gate {gate}")
                process = self.space.start("build", "-j1")
                with open(arrived, encoding="utf-8") as fifo:
                    fifo.read()
                os.replace(self.space.write(self.space.path("other"), "another one\n"), path)
                os.close(os.open(gate, os.O_WRONLY))
                self.space.finish(process)
                self.space.control()
                built = self.built()
                self.assertIn("util", built)
                self.assertIn(crate, built)
                self.assertEqual(self.built(), [])
                self.mend()

    def test_the_lock_file(self):
        self.edit()
        self.space.control(f"util edit {self.path('Cargo.lock')} # late")
        self.space.run("build")
        self.space.control()
        self.built()
        self.assertEqual(self.built(), [])


class DepInfo(MeddlingCase):
    def check(self, text):
        """A source that changes is noticed, whatever the .d says of it."""
        file = self.space.path("dep-info")
        with open(file, "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        self.edit()
        self.space.control(f"util dep-info {file}")
        self.assertIn("util", self.built())
        self.built()
        self.edit()
        self.assertIn("util", self.built(), "stale")
        self.mend()

    def test_strange_texts(self):
        source = "util/src/lib.rs"
        missing = " ".join(f"util/src/none{number}.rs" for number in range(1000))
        for name, text in {
            "empty": "",
            "no target": f": {source}\n",
            "only a target": "util.d:\n",
            "another's": "x.d: side/src/lib.rs\n\nside/src/lib.rs:\n",
            "line ends of Windows": f"x.d: {source}\r\n\r\n{source}:\r\n",
            "escaped spaces": f"x.d: {source} util/src/a\\ b.rs\n",
            "backslash at the end": f"x.d: {source} \\",
            "backslash and nothing": f"x.d: {source}\\",
            "cut in a word": f"x.d: {source[:-4]}",
            "files that are not there": f"x.d: {source} {missing}\n",
            "elsewhere": f"x.d: {source} /etc/passwd /\n",
            "a device": f"x.d: {source} /dev/zero\n",
            "variables": f"x.d: {source}\n\n# env-dep:A=1\\n2\n# env-dep:B\n# env-dep:=\n# env-dep:PATH=\\\n",
            "no UTF-8": b"x.d: util/src/lib.rs \xff\xfe\n",
            "NUL bytes": f"x.d: {source} \0\0 a\0b\n",
            "a fifo": f"x.d: {source} {self.space.fifo('silent')}\n",
            "a loop": f"x.d: {source} {self.loop()}\n",
        }.items():
            with self.subTest(name=name):
                self.check(text)

    def loop(self):
        path = self.space.path("loop")
        os.symlink("loop", path)
        return path

    def test_a_hundred_thousand_entries(self):
        # Each path has a spelling of its own, and each is there.
        spellings = []
        for number in range(1 << 17):
            dots = "".join(".//" if number >> bit & 1 else "./" for bit in range(17))
            spellings.append(f"util/src/{dots}lib.rs")
        self.check("x.d: util/src/lib.rs " + " ".join(spellings) + "\n")

    def test_a_source_from_the_future(self):
        source = os.path.join(self.space.workspace, "util/src/lib.rs")
        future = 4102444800  # the year 2100
        self.edit()
        os.utime(source, (future, future))
        self.assertIn("util", self.built())
        self.assertEqual(self.built(), [])
        self.edit()
        os.utime(source, (future, future))
        self.assertIn("util", self.built())
        self.mend()


class Cargo(MeddlingCase):
    """A cargo at work holds its lock; where its link is refused it writes into the file that is there."""

    def test_it_writes_into_a_final_file(self):
        final = os.path.join(self.space.target, "debug", "libutil.rlib")
        (own,) = [path for path in self.good if re.search(r"pcargo/debug/deps/libutil-\w+\.rlib$", path)]
        own = os.path.join(self.space.target, own)
        self.edit()
        with open(os.path.join(self.space.target, "debug", ".cargo-lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("util", self.built())
            made = self.space.read(own)
            self.assertEqual(self.space.read(final), made)
            with open(final, "w", encoding="utf-8") as file:
                file.write("cargo's")
            self.assertEqual(self.space.read(own), made)
        self.assertEqual(self.built(), [])
        self.assertEqual(self.space.read(final), made)
        self.assertTrue(os.path.samefile(own, final))
        self.mend()


class Identity(MeddlingCase):
    def test_toolchain_replaced_in_mid_build(self):
        rustc = self.space.write(
            self.space.path("tools", "rustc"), f'#!/bin/sh\nexec \'{case.FAKE_RUSTC}\' "$@"\n', executable=True
        )
        self.space.env["RUSTC"] = rustc
        self.built()
        self.edit()
        self.space.control(f"util edit {rustc} # another one now")
        self.assert_fails(self.space.run("build"), "could not compile `util`", rustc, "changed")
        self.space.control()
        self.assertIn("util", self.built())
        self.mend()


if __name__ == "__main__":
    case.main()
