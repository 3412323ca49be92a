#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The journal of a build, and `pcargo timings` on it, with the real rustc."""

import json
import os
import re
import signal

from harness import case, projects


class Timings(case.FaultCase):
    def setUp(self):
        super().setUp()
        space = self.space
        space.env.update({"RUSTC": None, "PCARGO_HOME": space.path("pcargo-home")})
        space.write("Cargo.toml", '[workspace]\nresolver = "2"\nmembers = ["util", "app"]\n')
        space.write("util/Cargo.toml", projects.manifest("util"))
        space.write("util/src/lib.rs", "pub fn said() -> u32 { 1 }\n")
        space.write("app/Cargo.toml", projects.manifest("app", "util"))
        space.write("app/src/main.rs", 'fn main() { println!("{}", util::said()); }\n')

    def build(self, *words, code=0, **how):
        outcome = self.space.run("build", *words, **how)
        self.assertEqual(outcome.code, code, str(outcome))

    def timings(self, *words, code=0, both=False):
        outcome = self.space.run("timings", *words)
        self.assertEqual(outcome.code, code, str(outcome))
        return outcome.out + outcome.err if both else outcome.out if code == 0 else outcome.err

    def journals(self):
        directory = os.path.join(self.space.target, "pcargo", "journals")
        return sorted(os.path.join(directory, name) for name in os.listdir(directory)) if os.path.isdir(directory) else []

    def test_the_path_is_the_whole_build(self):
        self.build("-j1")
        report = json.loads(self.timings("--format=json"))
        self.assertEqual(report["format"], 1)
        self.assertTrue(report["is_whole"])
        self.assertEqual(report["jobs"], 1)
        path = report["path"]
        self.assertEqual((path[0]["phase"], path[-1]["phase"]), ("planning", "end"))
        self.assertEqual(path[0]["begin_us"], 0)
        for before, after in zip(path, path[1:]):
            self.assertEqual(before["end_us"], after["begin_us"])
        self.assertEqual(path[-1]["end_us"], report["wall_us"])
        packages = [report["units"][step["unit"]]["package"] for step in path if "unit" in step]
        self.assertEqual(sorted(set(packages)), ["app", "util"])
        self.assertEqual([unit["end"] for unit in report["units"]], ["ran", "ran"])
        text = self.timings()
        self.assertIn("2 units ran, 0 were fresh", text)
        self.assertIn("util 0.1.0, ", text)
        self.assertIn("app 0.1.0 (bin app)", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_only_what_ran_leaves_a_journal(self):
        self.build()
        self.build()
        self.assertEqual(len(self.journals()), 1)
        self.space.write("app/src/main.rs", "fn main() { let _ = util::said(); }\n")
        self.build()
        self.assertEqual(len(self.journals()), 2)
        self.assertIn("1 units ran, 1 were fresh", self.timings())
        self.assertIn("2 units ran, 0 were fresh", self.timings("--build", "2"))
        self.assertEqual(len(self.timings("--list").splitlines()), 2)

    def test_the_oldest_go(self):
        for number in range(22):
            self.space.write("app/src/main.rs", f"fn main() {{ let _ = {number}; }}\n")
            self.build("-p", "app")
        self.assertEqual(len(self.journals()), 20)

    def test_a_failed_build(self):
        self.space.write("app/src/main.rs", "fn main() { nonsense }\n")
        self.build(code=101)
        self.assertIn("1 failed", self.timings())

    def test_a_killed_build(self):
        ready = self.space.fifo("ready")
        self.space.write("app/build.rs", f'fn main() {{ std::fs::write("{ready}", "").unwrap(); std::thread::park(); }}\n')
        process = self.space.start("build")
        with open(ready, "rb"):
            pass  # the script is on its way
        os.killpg(process.pid, signal.SIGKILL)
        self.space.finish(process)
        text = self.timings()
        self.assertIn("this is a part of it", text)
        self.assertIn("app 0.1.0 (build script), run", text)
        with open(self.journals()[0], encoding="utf-8") as journal:
            units = json.loads(journal.read().splitlines()[1])["units"]
        self.assertTrue(all(len(unit["expected_us"]) == 3 for unit in units), "the prediction came before the build")
        self.assertIn("there is nothing to check", self.timings("--check", code=101))

    def test_a_build_is_held_against_what_was_expected(self):
        self.build("-j1")
        first = self.timings("--check")
        self.assertIn("of 2 was known only", first)
        self.assertNotIn("Other predictions", first)
        self.timings("--what-if", "cores=1,app=50%", "--what-if", "cores=2..4")
        for number in (2, 3):
            self.space.write("util/src/lib.rs", f"pub fn said() -> u32 {{ {number} }}\npub const IS: u32 = {number};\n")
            self.build("-j1")
        (asked,) = self.timings("--check", "--build", "2").split("Asked for before it:\n")[1].splitlines()[:1]
        self.assertRegex(asked, r"^ +\d+\.\d\d s \(± \d+ %\)  cores=1,app=50%, it took [+-]\d+\.\d\d s$")
        text = self.timings("--check")
        self.assertNotIn("Asked", text)
        self.assertIn("Of the units that ran 2 had been built here before", text)
        predicted, measured, between, by_units, rest = (
            float(line.split()[0]) for line in text.splitlines() if re.match(r" +[+-]?[0-9.]+ s  (the|between|predicted|measured|because|that)", line)
        )
        self.assertAlmostEqual(measured - predicted, between, delta=0.02)
        self.assertAlmostEqual(by_units + rest, between, delta=0.02)
        self.assertAlmostEqual(json.loads(self.timings("--format=json"))["wall_us"] / 1e6, measured, delta=0.01)

    def test_what_if(self):
        self.build("-j1")
        answers = self.timings("--what-if", "cores=1..4", "--what-if", "util=0,cores=1").splitlines()
        self.assertEqual(len(answers), 5)
        self.assertIn("as it was; the simulator has", answers[0])
        self.assertEqual(answers[0].split()[0], f'{json.loads(self.timings("--format=json"))["wall_us"] / 1e6:.2f}')
        for answer in answers[1:]:
            self.assertRegex(answer, r" s \(± \d+ %\)  (cores|util)=")
        walls = [float(line.split()[0]) for line in answers]
        self.assertLess(walls[4], walls[1])
        for words in ("drop util,cores=1", "cached=deps,cores=1", "split util 2,cores=1", "late-link=never,memory=1G"):
            with self.subTest(words=words):
                self.assertIn(words, self.timings("--what-if", words))
        for words, said in (
            ("cores=0", "from 1 to 4096"),
            ("cores=2..1", "from 1 to 4096"),
            ("utli=0", "there is `util`"),
            ("util", "should be like"),
            ("util=-3", "`0`, a share"),
            ("util=nan", "`0`, a share"),
            ("drop utli", "there is `util`"),
            ("split util 1", "2 to 64 parts"),
            ("memory=lots", "a size like"),
        ):
            with self.subTest(words=words):
                self.assertIn(said, self.timings("--what-if", words, code=1))

    def test_the_report_of_a_build(self):
        outcome = self.space.run("build", "--timings")
        self.assertEqual(outcome.code, 0, str(outcome))
        saved = re.search(r"^      Timing report saved to (.*/cargo-timings/cargo-timing-\d{8}T\d{6}Z\.html)$", outcome.err, re.M)
        self.assertTrue(saved, str(outcome))
        self.assertRegex(outcome.err, r"(?m)^      Timing built in \d+\.\d\d s; best possible here \d+\.\d\d s; the path: .*\bapp$")
        with open(saved[1], encoding="utf-8") as page, open(os.path.join(os.path.dirname(saved[1]), "cargo-timing.html"), encoding="utf-8") as same:
            text = page.read()
            self.assertEqual(same.read(), text)
        self.assertTrue(text.lower().startswith("<!doctype html>"))
        self.assertIn("util", text)
        again = self.space.run("build", "--timings")
        self.assertEqual(again.code, 0, str(again))
        self.assertIn("nothing had to run", again.err)
        self.assertNotIn("nothing had to run", self.space.run("build").err)

    def test_two_builds(self):
        self.build("-p", "util")
        self.build()
        said = self.timings("--diff", "2", "1")
        self.assertIn("Built now and not before:", said)
        self.assertIn("app 0.1.0 (bin app)", said)
        self.assertIn("util 0.1.0", said.split("Built before and not now:")[1])
        self.assertNotIn("Built", self.timings("--diff", "1", "1", "--fail-if", "wall>+10%"))
        self.assertIn("so it is", self.timings("--diff", "1", "1", "--fail-if", "wall>0.000s", code=2, both=True))
        for words in ("wall>", "wall>10%", "wall>+x%", "wall<3s", "time>3s", "wall>-1s"):
            with self.subTest(words=words):
                self.assertIn("is no condition", self.timings("--diff", "1", "1", "--fail-if", words, code=1))
        self.assertIn("goes with --diff", self.timings("--fail-if", "wall>1s", code=1))

    def test_mistakes(self):
        self.assertIn("knows of no build", self.timings(code=101))
        self.build()
        self.assertIn("numbered from 1", self.timings("--build", "2", code=1))
        self.assertIn("text, json, csv or markdown", self.timings("--format=xml", code=1))
        self.assertIn("unexpected argument `--frob`", self.timings("--frob", code=1))
        journal = self.journals()[0]
        with open(journal, "w", encoding="utf-8") as file:
            file.write("{}\n")
        self.assertIn("it is no journal", self.timings(code=101))
        os.remove(journal)
        os.mkfifo(journal)
        self.assertIn("failed to read", self.timings(code=101))

    def test_no_build_fails_for_its_journal(self):
        place = os.path.join(self.space.target, "pcargo", "journals")
        os.makedirs(os.path.dirname(place))
        with open(place, "w", encoding="utf-8"):
            pass
        self.build()
        self.assertIn("knows of no build", self.timings(code=101))


if __name__ == "__main__":
    case.main()
