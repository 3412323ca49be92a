#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What `pcargo timings` makes for other programs: CSV, Markdown, trace events. Whatever a name says, it is data."""

import csv
import io
import json
import os
import re

from harness import case, journals
from harness.journals import HOSTILE

CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class TimingsFaces(case.FaultCase):
    def setUp(self):
        super().setUp()
        self.space.write("hostile.jsonl", journals.chain(HOSTILE, why=HOSTILE[0], command=HOSTILE[0]))

    def timings(self, *words, journal="hostile.jsonl"):
        outcome = self.space.run("timings", "--journal", journal, *words)
        self.assertEqual(outcome.code, 0, str(outcome))
        return outcome.out

    def report(self):
        return json.loads(self.timings("--format=json"))

    def test_csv(self):
        text = self.timings("--format=csv")
        self.assertIsNone(CONTROL.search(text))
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        units = self.report()["units"]
        self.assertEqual(len(rows), len(units))
        for row, unit in zip(rows, units):
            for name in ("start_us", "metadata_us", "objects_us", "finish_us", "cpu_us", "peak_kib", "gain_us"):
                self.assertEqual(row[name], "" if unit[name] is None else str(unit[name]))
            self.assertEqual(row["mode"], "build")
            self.assertNotIn(row["package"][0], "=+-@")
        self.assertEqual(rows[0]["package"], HOSTILE[0])

    def test_markdown(self):
        text = self.timings("--format=markdown")
        self.assertIsNone(CONTROL.search(text))
        bare = re.sub(r"`[^`\n]*`", "", text)
        self.assertNotRegex(bare, r"[`<>\[\]@\\]|https")
        lines = text.splitlines()
        for first, columns in (("| at |", 4), ("| if it took", 2)):
            begin = next(number for number, line in enumerate(lines) if line.startswith(first))
            table = lines[begin : lines.index("", begin) if "" in lines[begin:] else None]
            self.assertGreater(len(table), 3)
            for line in table:
                self.assertEqual(line.count("|"), columns + 1, line)
        self.assertIn("12.00 s", text)

    def test_markdown_of_many(self):
        self.space.write("many.jsonl", journals.chain([f"crate{number}" for number in range(500)]))
        text = self.timings("--format=markdown", journal="many.jsonl")
        self.assertLess(len(text.splitlines()), 70)
        self.assertIn(" more | |", text)

    def test_trace(self):
        self.assertEqual(self.timings("--trace", "trace.json"), "trace.json\n")
        document = json.loads(self.space.read("trace.json"))
        report = self.report()
        self.assertIsNone(CONTROL.search(" ".join(event["name"] for event in document["traceEvents"])))
        slices = [event for event in document["traceEvents"] if event["ph"] == "X"]
        path = [event for event in slices if event["cat"] == "path"]
        at = 0
        for step in path:
            self.assertEqual((step["ts"], step["tid"]), (at, 0))
            at += step["dur"]
        self.assertEqual(at, report["wall_us"])
        units = [event for event in slices if event["cat"] == "unit"]
        self.assertEqual(
            [(event["ts"], event["dur"]) for event in units],
            [(unit["start_us"], unit["finish_us"] - unit["start_us"]) for unit in report["units"]],
        )
        phases = [(event["tid"], event["name"], event["ts"], event["dur"]) for event in slices if event["cat"] == "phase"]
        for unit in units:
            for name, begin in (("frontend", unit["ts"]), ("codegen", unit["ts"] + 500_000)):
                self.assertIn((unit["tid"], name, begin, 500_000), phases)
        for lane in {event["tid"] for event in units}:
            ends = 0
            for event in (event for event in units if event["tid"] == lane):
                self.assertGreaterEqual(event["ts"], ends)
                ends = event["ts"] + event["dur"]
        counts = [event["args"]["units"] for event in document["traceEvents"] if event["ph"] == "C"]
        self.assertEqual((max(counts), counts[-1]), (1, 0))

    def test_both_files(self):
        self.assertEqual(self.timings("--trace=a.json", "--html=b.html"), "b.html\na.json\n")
        self.assertTrue(os.path.getsize(os.path.join(self.space.workspace, "a.json")))

    def test_the_terminal(self):
        text = self.timings() + self.timings("--list") + self.timings("--what-if=cores=1")
        self.assertIsNone(CONTROL.search(text))


if __name__ == "__main__":
    case.main()
