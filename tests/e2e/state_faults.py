#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""State on disk that is damaged, foreign or no file at all: never believed, never a hang, made good by the next build.

The unit tests of the readers flip every bit and cut at every byte; here a sample of both goes through the real binary.
PCARGO_SEED gives a sample back; PCARGO_TEST_EVERY=1 takes every byte.
"""

import glob
import os
import random
import re
import shutil

from harness import aftermath, case, projects

SEED = int(os.environ.get("PCARGO_SEED") or random.SystemRandom().randrange(1 << 32))
EVERY = int(os.environ.get("PCARGO_TEST_EVERY") or 0)


def sample(size, rng):
    """Offsets: the ends, the header, and some between; or all of them."""
    if EVERY:
        return range(0, size, EVERY)
    return sorted({0, 7, 8, 12, size - 1, size - 32, size - 33, *rng.sample(range(size), 8)})


class StateCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.grove(self.space)
        self.space.env["PCARGO_HOME"] = self.space.path("pcargo-home")
        for _ in range(3):  # Cargo.lock, the plan, and looks that are old enough
            self.assert_builds(self.space.run("build"))
        self.good = aftermath.facts(self.space.target)
        self.rng = random.Random(SEED)

    def state_file(self, pattern, root=None):
        (path,) = glob.glob(os.path.join(root or self.space.target, "pcargo/debug", pattern))
        return path

    def built(self):
        outcome = self.space.run("build", "-v")
        self.assert_builds(outcome)
        found = re.findall(r"^ +(?:Compiling|Dirty) (\w+)", outcome.err, re.MULTILINE)
        return sorted(set(found)) or None

    def assert_good(self):
        self.assertEqual(aftermath.differences(aftermath.facts(self.space.target), self.good), ([], []))
        self.assertIsNone(self.built())

    def assert_mended(self, built, *expected):
        self.assertEqual(built, list(expected) or None, f"seed {SEED}")
        self.assert_good()


class UnitRecord(StateCase):
    def setUp(self):
        super().setUp()
        self.record = self.state_file("records/top-*")
        with open(self.record, "rb") as file:
            self.whole = file.read()

    def put(self, bytes_):
        with open(self.record, "wb") as file:
            file.write(bytes_)

    def test_a_flipped_bit(self):
        for offset in sample(len(self.whole), self.rng):
            with self.subTest(offset=offset, seed=SEED):
                bit = 1 << self.rng.randrange(8)
                self.put(self.whole[:offset] + bytes([self.whole[offset] ^ bit]) + self.whole[offset + 1 :])
                self.assert_mended(self.built(), "top")

    def test_cut(self):
        for size in sample(len(self.whole), self.rng):
            with self.subTest(size=size, seed=SEED):
                self.put(self.whole[:size])
                self.assert_mended(self.built(), "top")

    def test_longer_or_empty_or_zeros(self):
        for name, text in {
            "longer": self.whole + b"\0",
            "twice": self.whole * 2,
            "zeros": bytes(len(self.whole)),
            "a tail of zeros": self.whole[: len(self.whole) // 2] + bytes(len(self.whole) // 2),
        }.items():
            with self.subTest(name=name):
                self.put(text)
                self.assert_mended(self.built(), "top")

    def test_of_another_unit(self):
        others = ("base", "tool")
        for other in others:
            with self.subTest(other=other):
                with open(glob.glob(os.path.join(os.path.dirname(self.record), f"{other}-*"))[0], "rb") as file:
                    self.put(file.read())
                self.assert_mended(self.built(), "top")

    def test_no_file(self):
        def directory():
            os.makedirs(os.path.join(self.record, "below"))

        elsewhere = self.space.path("elsewhere")
        shutil.copy(self.record, elsewhere)
        for name, make in {
            "directory": directory,
            "fifo": lambda: os.mkfifo(self.record),
            "link to a record": lambda: os.symlink(elsewhere, self.record),
            "link to itself": lambda: os.symlink(self.record, self.record),
            "link to nothing": lambda: os.symlink("nothing", self.record),
            "link to a device": lambda: os.symlink("/dev/zero", self.record),
        }.items():
            with self.subTest(name=name):
                os.remove(self.record)
                make()
                self.assert_mended(self.built(), "top")
        with open(elsewhere, "rb") as file:
            self.assertEqual(file.read(), self.whole, "written through a link")

    def test_that_nobody_may_read(self):
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        os.chmod(self.record, 0)
        self.assert_mended(self.built(), "top")

    def test_the_directory_of_all_records(self):
        records = os.path.dirname(self.record)
        everything = ["base", "mac", "mid", "tool", "top"]
        for name, make in {
            "gone": lambda: None,
            "a file": lambda: open(records, "w", encoding="utf-8").close(),
            "a fifo": lambda: os.mkfifo(records),
            "a link to nothing": lambda: os.symlink("nothing", records),
        }.items():
            with self.subTest(name=name):
                shutil.rmtree(records) if not os.path.islink(records) else os.remove(records)
                make()
                outcome = self.space.run("build", "-v")
                if name == "gone":
                    self.assert_builds(outcome)
                    self.assert_good()
                    continue
                # Nobody makes such a thing by chance: to build, to refuse; but not to believe, nor to hang.
                self.assert_sound(outcome)
                self.assertIn(outcome.code, (0, 101))
                os.remove(records)
                self.assertEqual(self.built(), everything)
                self.assert_good()


class Memo(StateCase):
    def setUp(self):
        super().setUp()
        self.cargo = self.space.path("cargo-was-started")
        self.space.env["CARGO"] = self.space.write(
            self.space.path("tools", "cargo"),
            f"#!/bin/sh\ntouch '{self.cargo}'\nexec '{shutil.which('cargo')}' \"$@\"\n",
            executable=True,
        )
        shutil.rmtree(self.space.env["PCARGO_HOME"])
        for _ in range(3):  # all is built again: CARGO is told to children
            self.built()
        (self.memo,) = glob.glob(os.path.join(self.space.env["PCARGO_HOME"], "plans", "*"))
        with open(self.memo, "rb") as file:
            self.whole = file.read()
        self.assertFalse(self.planned())

    def planned(self):
        if os.path.exists(self.cargo):
            os.remove(self.cargo)
        self.assertIsNone(self.built())
        return os.path.exists(self.cargo)

    def assert_not_believed(self):
        self.assertTrue(self.planned(), f"a damaged memo was believed, seed {SEED}")
        self.assertFalse(self.planned(), "not mended")

    def put(self, bytes_):
        with open(self.memo, "wb") as file:
            file.write(bytes_)

    def test_a_flipped_bit(self):
        for offset in sample(len(self.whole), self.rng):
            with self.subTest(offset=offset, seed=SEED):
                bit = 1 << self.rng.randrange(8)
                self.put(self.whole[:offset] + bytes([self.whole[offset] ^ bit]) + self.whole[offset + 1 :])
                self.assert_not_believed()

    def test_cut(self):
        for size in sample(len(self.whole), self.rng):
            with self.subTest(size=size, seed=SEED):
                self.put(self.whole[:size])
                self.assert_not_believed()

    def test_no_file(self):
        elsewhere = self.space.path("elsewhere")
        shutil.copy(self.memo, elsewhere)
        for name, make in {
            "fifo": lambda: os.mkfifo(self.memo),
            "link to a memo": lambda: os.symlink(elsewhere, self.memo),
            "link to itself": lambda: os.symlink(self.memo, self.memo),
        }.items():
            with self.subTest(name=name):
                os.remove(self.memo)
                make()
                self.assert_not_believed()
        os.remove(self.memo)
        os.makedirs(os.path.join(self.memo, "below"))
        self.assertTrue(self.planned())


class OtherState(StateCase):
    def test_the_lock_is_no_file(self):
        # With -v, because a build with nothing to do is answered without the lock.
        lock = os.path.join(self.space.target, "pcargo", "lock")
        other = self.space.write(self.space.path("other"), "untouched\n")
        for name, make in {
            "fifo": lambda: os.mkfifo(lock),
            "directory": lambda: os.mkdir(lock),
            "link to nothing": lambda: os.symlink("nothing", lock),
            "link to itself": lambda: os.symlink(lock, lock),
            "link elsewhere": lambda: os.symlink(other, lock),
        }.items():
            with self.subTest(name=name):
                os.remove(lock)
                make()
                outcome = self.space.run("build", "-v")
                self.assert_sound(outcome)
                if outcome.code != 0:
                    self.assert_fails(outcome, lock)
                os.rmdir(lock) if name == "directory" else os.remove(lock)
                self.assert_builds(self.space.run("build", "-v"))
        with open(other, encoding="utf-8") as file:
            self.assertEqual(file.read(), "untouched\n")
        nothing = os.path.join(self.space.target, "pcargo", "nothing")
        if os.path.exists(nothing):
            os.remove(nothing)
        self.assert_good()

    def test_what_a_script_said(self):
        for name in ("output", "stderr"):
            path = self.state_file(f"build/mid-*/{name}")
            for damage in ("cargo::rustc-cfg=wrong\n", None):
                with self.subTest(name=name, damage=damage):
                    os.remove(path)
                    if damage is not None:
                        with open(path, "w", encoding="utf-8") as file:
                            file.write(damage)
                    self.assert_mended(self.built(), "mid")

    def test_outputs(self):
        for pattern in ("deps/libtop-*.rlib", "deps/libtop-*.rmeta", "deps/top-*.d"):
            path = self.state_file(pattern)
            for name, damage in {
                "gone": lambda path: None,
                "empty": lambda path: open(path, "w", encoding="utf-8").close(),
                "a link to nothing": lambda path: os.symlink("nothing", path),
                "a fifo": os.mkfifo,
                "a directory": lambda path: os.makedirs(os.path.join(path, "below")),
            }.items():
                with self.subTest(pattern=pattern, name=name):
                    os.remove(path)
                    damage(path)
                    self.assert_mended(self.built(), "top")

    def test_out_dir(self):
        (out_dir,) = glob.glob(os.path.join(self.space.target, "debug/build/mid-*/out"))
        other = self.space.path("other")
        os.makedirs(other)
        for name, damage in {
            "gone": lambda: None,
            "a file": lambda: open(out_dir, "w", encoding="utf-8").close(),
            "a link elsewhere": lambda: os.symlink(other, out_dir),
            "a link to nothing": lambda: os.symlink("nothing", out_dir),
        }.items():
            with self.subTest(name=name):
                shutil.rmtree(out_dir) if not os.path.islink(out_dir) else os.remove(out_dir)
                damage()
                outcome = self.space.run("build")
                self.assert_sound(outcome)
                if outcome.code != 0:
                    self.assert_fails(outcome, out_dir)
                if not os.path.isdir(out_dir) or os.path.islink(out_dir):
                    os.remove(out_dir)
                self.assert_builds(self.space.run("build"))
                self.assert_good()

    def test_final_files(self):
        final = os.path.join(self.space.target, "debug", "tool")
        for name, damage in {
            "gone": lambda: None,
            "other bytes": lambda: self.space.write(final, "nonsense"),
            "a link to nothing": lambda: os.symlink("nothing", final),
            "a link to itself": lambda: os.symlink(final, final),
            "a fifo": lambda: os.mkfifo(final),
        }.items():
            with self.subTest(name=name):
                os.remove(final)
                damage()
                self.assert_mended(self.built())


if __name__ == "__main__":
    print(f"seed {SEED}", flush=True)
    case.main()
