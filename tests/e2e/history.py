#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The history of builds: what is written, and that nothing which happens to it costs more than a note."""

import contextlib
import os
import sqlite3

from harness import case, projects

GARBAGE = "no database, and long enough to be taken for one\n" * 200


class HistoryCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.chain(self.space)
        self.home = self.space.path("pcargo-home")
        self.file = os.path.join(self.home, "history.sqlite")
        self.space.env["PCARGO_HOME"] = self.home

    def build(self):
        outcome = self.space.run("build")
        self.assert_builds(outcome)
        return outcome

    def runs(self):
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            return sorted(database.execute("SELECT package, target, mode FROM run"))

    def notes(self, outcome):
        return [line for line in outcome.err.splitlines() if "history.sqlite" in line]

    def touch_all(self):
        for package, source in (("util", "lib"), ("middle", "lib"), ("app", "main"), ("side", "lib")):
            self.space.write(f"{package}/src/{source}.rs", "// another\nfn main() {}\n")


class WhatIsKept(HistoryCase):
    UNITS = [
        ("app", "bin app", "build"),
        ("middle", "build-script", "build"),
        ("middle", "build-script", "run-custom-build"),
        ("middle", "lib", "build"),
        ("side", "lib", "build"),
        ("util", "lib", "build"),
    ]

    def test_each_unit_that_ran(self):
        self.build()
        self.assertEqual(self.runs(), self.UNITS)
        self.build()
        self.assertEqual(self.runs(), self.UNITS)

    def test_not_what_failed(self):
        self.space.control("app exit 1")
        self.assertEqual(self.space.run("build").code, 101)
        self.assertNotIn(self.UNITS[0], self.runs())
        self.assertIn(self.UNITS[-1], self.runs())

    def test_times_and_sizes(self):
        self.build()
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            rows = database.execute("SELECT target, mode, total_ns, metadata_ns, output_bytes, expected_ns FROM run").fetchall()
        for target, mode, total, metadata, size, expected in rows:
            self.assertGreater(total, 0)
            self.assertGreater(expected, 0)
            self.assertEqual(metadata > 0, target == "lib", target)
            self.assertLessEqual(metadata, total)
            self.assertEqual(size > 0, mode == "build")


class Damage(HistoryCase):
    def test_one_note_and_no_more(self):
        self.build()
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(GARBAGE)
        self.touch_all()
        outcome = self.build()
        self.assertEqual(len(self.notes(outcome)), 1, str(outcome))
        self.assertIn("set aside", self.notes(outcome)[0])
        self.assertIn(("util", "lib", "build"), self.runs())
        for _ in range(2):
            self.assertEqual(self.notes(self.build()), [])
        with open(self.file + ".set-aside", encoding="utf-8") as file:
            self.assertEqual(file.read(), GARBAGE)

    def test_locked_by_another(self):
        self.build()
        before = self.runs()
        with contextlib.closing(sqlite3.connect(self.file, isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            self.touch_all()
            self.assertEqual(self.notes(self.build()), [])
        self.assertEqual(self.runs(), before)

    def test_no_place_for_it(self):
        with open(self.home, "w", encoding="utf-8") as file:
            file.write("no directory")
        self.assertEqual(self.notes(self.build()), [])


if __name__ == "__main__":
    case.main()
