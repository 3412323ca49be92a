#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""After a power cut a file may have its size and all its stamps and not its bytes. Nothing is synced to disk on the way;
instead, what was made before another start of the system is read again, once, before it is believed.

The cut: a file in memory is mapped for writing, and once its page is dirty what goes through the mapping moves no stamp.
The other start: in a namespace of its own pcargo finds another boot id."""

import glob
import mmap
import os
import re
import shutil
import subprocess
import tempfile
import uuid

from harness import aftermath, case, projects

MEMORY = "/dev/shm"


def kind_of_file_system(path):
    return subprocess.run(["stat", "-f", "-c", "%T", path], stdout=subprocess.PIPE, text=True, check=False).stdout.strip()


def stamps(path):
    about = os.stat(path)
    return about.st_ino, about.st_size, about.st_mode, about.st_mtime_ns, about.st_ctime_ns


class PowerCut(case.FaultCase):
    def setUp(self):
        super().setUp()
        if subprocess.run(["unshare", "-Urm", "true"], check=False, stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no user and mount namespaces here: another boot id cannot be had")
        if kind_of_file_system(MEMORY) != "tmpfs":
            self.skipTest(f"{MEMORY} is no tmpfs: bytes cannot change without stamps")
        projects.grove(self.space)
        self.space.target = os.path.realpath(tempfile.mkdtemp(prefix="pcargo-e2e-", dir=MEMORY))
        self.addCleanup(shutil.rmtree, self.space.target)
        self.space.env["CARGO_TARGET_DIR"] = self.space.target
        self.space.env["PCARGO_HOME"] = self.space.path("pcargo-home")
        self.boot(str(uuid.uuid4()))
        self.built()
        self.rest()
        self.good = aftermath.facts(self.space.target)

    def boot(self, identity):
        self.boot_id = self.space.write(self.space.path("boot_id"), identity + "\n")

    def run_pcargo(self, *words):
        script = f"mount --bind '{self.boot_id}' /proc/sys/kernel/random/boot_id && exec \"$0\" \"$@\""
        outcome = self.space.run("-Urm", "sh", "-c", script, self.space.pcargo, *words, program="unshare")
        self.assert_builds(outcome)
        return outcome

    def built(self):
        """The crates of which anything ran."""
        said = self.run_pcargo("build", "-v").err
        return sorted(set(re.findall(r"^ +(?:Compiling|Dirty) (\w+)", said, re.MULTILINE)))

    def rest(self):
        """Until every look is older than the doubt about its stamp, and a plain build has found nothing to do."""
        for _ in range(8):
            self.run_pcargo("build")

    def lose(self, pattern):
        """The bytes of a file are zeros from now on, under the stamps that pcargo has seen."""
        (path,) = glob.glob(os.path.join(self.space.target, pattern))
        with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
            mapped[0] = mapped[0]
            self.rest()
            before = stamps(path)
            mapped[:] = bytes(len(mapped))
            self.assertEqual(stamps(path), before, "the file system noticed: the test does not test")
        self.assertEqual(stamps(path), before)
        with open(path, "rb") as file:
            self.assertEqual(file.read().strip(b"\0"), b"")

    def test_nothing_was_lost(self):
        self.boot(str(uuid.uuid4()))
        self.assertEqual(self.built(), [])
        self.assertEqual(aftermath.differences(aftermath.facts(self.space.target), self.good), ([], []))

    def test_an_output_was_lost(self):
        for pattern, crate in (
            ("pcargo/debug/deps/libtop-*.rlib", "top"),
            ("pcargo/debug/deps/libbase-*.rmeta", "base"),
            ("pcargo/debug/deps/mid-*.d", "mid"),
            ("pcargo/debug/deps/tool-" + 16 * "?", "tool"),
            ("debug/build/mid-*/out/made.rs", "mid"),
            ("pcargo/debug/build/mid-*/output", "mid"),
        ):
            with self.subTest(pattern=pattern):
                self.lose(pattern)
                self.assertEqual(self.built(), [], "it is not the boot id that tells")
                self.boot(str(uuid.uuid4()))
                self.assertIn(crate, self.built())
                self.assertEqual(aftermath.differences(aftermath.facts(self.space.target), self.good), ([], []))
                self.assertEqual(self.built(), [])

    def test_a_build_with_nothing_to_do_looks_too(self):
        self.lose("pcargo/debug/deps/libtop-*.rlib")
        self.assertNotIn("Compiling", self.run_pcargo("build").err)
        self.boot(str(uuid.uuid4()))
        self.assertIn("Compiling top", self.run_pcargo("build").err)
        self.assertEqual(aftermath.differences(aftermath.facts(self.space.target), self.good), ([], []))

    def test_a_record_was_lost(self):
        self.lose("pcargo/debug/records/top-*")
        self.boot(str(uuid.uuid4()))
        self.assertEqual(self.built(), ["top"])
        self.assertEqual(self.built(), [])


if __name__ == "__main__":
    case.main()
