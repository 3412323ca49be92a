#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What `pcargo timings` makes for other programs: CSV, Markdown, trace events. Whatever a name says, it is data."""

import csv
import io
import json
import os
import re

from harness import case, journals, json_schema
from harness.journals import HOSTILE

CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
LATE = "".join(json.dumps(line) + "\n" for line in [
    journals.HEAD | {"lock_begin_us": 200, "lock_us": 500, "memory_limit_bytes": 1 << 30},
    {"units": [journals.unit("low"), journals.unit("app", 0, kind="bin", phases="linking")]},
    {"us": 1000, "unit": 0, "is": "started", "why": "a file changed"},
    {"us": 2000, "unit": 0, "is": "metadata", "free_kib": 5000},
    {"us": 2000, "unit": 1, "is": "started", "held": True, "why": "a file changed"},
    {"us": 3000, "unit": 1, "is": "objects"},
    {"us": 9000, "unit": 0, "is": "done"},
    {"us": 9000, "unit": 1, "is": "link"},
    {"us": 10000, "unit": 1, "is": "done"},
    {"us": 10000, "is": "over", "outcome": "success"},
    {"us": 10000, "is": "end"},
])  # fmt: skip


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
            self.assertEqual((row["mode"], row["end"]), ("build", "ran"))
            for field in row.values():
                self.assertNotIn(field[:1] or " ", "=+-@")
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

    def test_json_shows_names_and_no_terminal_obeys_them(self):
        text = self.timings("--format=json")
        self.assertTrue(text.isascii())
        self.assertIsNone(CONTROL.search(text))
        report = json.loads(text)
        self.assertEqual([unit["package"] for unit in report["units"]], HOSTILE)
        self.assertEqual((report["command"], report["units"][0]["why"]), (HOSTILE[0], HOSTILE[0]))

    def test_schema(self):
        schema = json_schema.read("report/timings.schema.json")

        def mistakes(report):
            return list(json_schema.mistakes(report, schema))

        report = self.report()
        self.assertEqual(mistakes(report), [])
        self.space.write("late.jsonl", LATE)
        late = json.loads(self.timings("--format=json", journal="late.jsonl"))
        self.assertEqual(mistakes(late), [])
        self.assertEqual(
            late["units"][1]["phases"],
            [
                {"phase": "frontend", "begin_us": 2000, "end_us": 3000},
                {"phase": "gate", "begin_us": 3000, "end_us": 9000},
                {"phase": "link", "begin_us": 9000, "end_us": 10000},
            ],
        )
        self.assertEqual([step["phase"] for step in late["path"]][:3], ["planning", "lock", "planning"])
        self.assertEqual(late["usage"]["memory"], [[2000, 5000 * 1024]])
        self.assertEqual(late["units"][1]["depends_on"], [{"unit": 0, "waits_for": "metadata"}])
        lines = LATE.splitlines(keepends=True)
        for count in range(2, len(lines)):
            self.space.write("part.jsonl", "".join(lines[:count]))
            self.assertEqual(mistakes(json.loads(self.timings("--format=json", journal="part.jsonl"))), [], count)
        for where, name, value in (
            ([], "format", 2), ([], "extra", 1), (["units", 0], "extra", 1), (["units", 0], "end", "lost"), (["units", 0], "start_us", "1"),
            (["path", 0], "phase", "other"), (["path", 3], "waited_for", "other"), (["path", 3], "unit", -1), ([], "bound_us", None),
            (["units", 1, "depends_on", 0], "waits_for", "all"), (["units", 0, "phases", 0], "begin_us", "soon"),
        ):  # fmt: skip
            with self.subTest(where=where, name=name):
                wrong = json.loads(json.dumps(late))
                inner = wrong
                for step in where:
                    inner = inner[step]
                inner[name] = value
                self.assertEqual(len(mistakes(wrong)), 1)
        for name in report:
            with self.subTest(missing=name):
                self.assertEqual(len(mistakes({other: report[other] for other in report if other != name})), 1)

    def test_the_terminal(self):
        text = self.timings() + self.timings("--list") + self.timings("--what-if=cores=1") + self.timings("--diff", "1", "1")
        self.assertIsNone(CONTROL.search(text))
        for name in HOSTILE:
            outcome = self.space.run("timings", "--journal", "hostile.jsonl", "--what-if", name.replace("\0", "")[:-1] + "!=0")
            self.assertEqual(outcome.code, 1, str(outcome))
            self.assertIsNone(CONTROL.search(outcome.err), str(outcome))

    def test_names_in_a_difference(self):
        before = self.space.write("before.jsonl", journals.chain(["other", *HOSTILE[1:]], command=HOSTILE[9]))
        after = self.space.write("after.jsonl", journals.chain([HOSTILE[8], *HOSTILE[:2], HOSTILE[9]]))
        self.assertIsNone(CONTROL.search(self.timings("--journal", after, "--diff", "1", "2", journal=before)))

    def test_a_difference(self):
        before = self.space.write("before.jsonl", journals.chain(["same", "gone", "last"]))
        slow = journals.chain(["same", "new", "last"])
        begin = slow.index('{"us": 3001000')  # `last` takes two seconds longer
        slow = slow[:begin] + slow[begin:].replace('"us": 3001', '"us": 5001')
        after = self.space.write("after.jsonl", slow)
        said = self.timings("--journal", after, "--diff", "1", "2", journal=before)
        self.assertTrue(said.startswith("5.00 s, 3.00 s before: +2.00 s, +67 %\n"), said)
        parts = {part.split(":\n")[0]: part.split(":\n")[1].strip() for part in said.split("\n\n")[1:]}
        self.assertEqual(
            parts,
            {
                "Slower": "+2.00  last 1.0.0, 1.00 before",
                "Built now and not before": "1.00  new 1.0.0",
                "Built before and not now": "1.00  gone 1.0.0",
                "On the path now and not before": "1.00  new 1.0.0",
            },
        )

    def test_long_names_fit(self):
        self.space.write("long.jsonl", journals.chain(["n" * 300, "\u6f22" * 300, "m" * 300], command="c" * 300))
        for words in ([], ["--list"], ["--diff", "1", "1"]):
            lines = self.timings(*words, journal="long.jsonl").splitlines()
            self.assertTrue(any("nnn" in line or "ccc" in line for line in lines) or words[0] == "--diff")
            for line in lines:
                self.assertLessEqual(sum(2 if letter == "\u6f22" else 1 for letter in line), 80, line)


class Parts(case.FaultCase):
    """Of a build that was killed or failed, or whose journal is damaged, each face shows what is true, and says that it is a part."""

    def faces(self, journal):
        """{face: what it says, stderr included}"""
        self.space.write("part.jsonl", journal)
        said = {}
        for face in ("--format=text", "--format=markdown", "--format=csv", "--format=json", "--html=x.html", "--trace=x.json",
                     "--what-if=cores=1", "--diff=1,1", "--list"):  # fmt: skip
            outcome = self.space.run("timings", "--journal", "part.jsonl", *face.replace("=1,1", " 1 1").split(" "))
            self.assertEqual(outcome.code, 0, str(outcome))
            said[face] = outcome.out + outcome.err
        page = self.space.read("x.html").decode()
        said["page"] = page[page.index('id="data">') + 10 : page.index("</script>")]
        said["trace"] = self.space.read("x.json").decode()
        return said

    def test_every_end(self):
        whole = journals.chain(["first", "second", "third"])
        lines = whole.splitlines(keepends=True)
        for count in range(2, len(lines)):
            with self.subTest(lines=count):
                said = self.faces("".join(lines[:count]) + lines[count][:-2])
                for face in ("--format=text", "--format=markdown", "--format=csv", "--html=x.html", "--trace=x.json",
                             "--what-if=cores=1", "--diff=1,1"):  # fmt: skip
                    self.assertIn("this is a part of it", said[face], face)
                self.assertIn("a part", said["--list"])
                self.assertFalse(json.loads(said["page"])["isWhole"])
                report = json.loads(said["--format=json"].splitlines()[0])
                self.assertFalse(report["is_whole"])
                ended = sum('"done"' in line for line in lines[:count])
                started = sum('"started"' in line for line in lines[:count])
                ends = ["ran"] * ended + ["stopped"] * (started - ended) + ["not-reached"] * (3 - started)
                self.assertEqual([unit["end"] for unit in report["units"]], ends)
                self.assertIn(f"{ended} unit", said["--format=text"])
                rows = list(csv.DictReader(io.StringIO(said["--format=csv"][: said["--format=csv"].rindex("warning")])))
                self.assertEqual([row["end"] for row in rows], ends)
                slices = [event for event in json.loads(said["trace"])["traceEvents"] if event.get("cat") == "unit"]
                self.assertEqual(len(slices), started)

    def test_a_damaged_line_and_what_is_behind_it(self):
        lines = journals.chain(["first", "second"]).splitlines(keepends=True)
        for number in range(2, len(lines)):
            damaged = lines[:number] + [lines[number].replace('"', "\0", 1)] + lines[number + 1 :]
            exact = self.faces("".join(lines[:number]))
            for face, said in self.faces("".join(damaged)).items():
                with self.subTest(line=number, face=face):
                    self.assertEqual(said, exact[face])

    def test_whole_builds_are_no_parts(self):
        for said in self.faces(journals.chain(["first", "second"])).values():
            self.assertNotIn("a part", said)

    def test_a_failed_build(self):
        journal = journals.chain(["first", "second"]).replace('"unit": 1, "is": "done"', '"unit": 1, "is": "failed"').replace("success", "failure")
        said = self.faces(journal)
        for face in ("--format=text", "--format=markdown", "--format=csv", "--format=json", "--list"):
            self.assertIn("failed", said[face], face)
        self.assertEqual([unit[3] for unit in json.loads(said["page"])["units"]], [2, 3])

    def test_another_version(self):
        for format_, word in ((2, "of format 2"), (0, "of format 0"), ("1", "of format -1")):
            self.space.write("other.jsonl", journals.chain(["first"], format=format_))
            outcome = self.space.run("timings", "--journal", "other.jsonl")
            self.assertEqual(outcome.code, 101)
            self.assertIn(word, outcome.err)
            listed = self.space.run("timings", "--journal", "other.jsonl", "--list")
            self.assertEqual(listed.code, 0)
            self.assertIn(word, listed.out)


if __name__ == "__main__":
    case.main()
