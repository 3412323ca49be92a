#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The journal of a build, and `pcargo timings` on it, with the real rustc."""

import json
import os
import re
import shutil
import signal

from harness import case, json_schema, projects


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
        self.assertEqual(list(json_schema.mistakes(report, json_schema.read("report/timings.schema.json"))), [])
        self.assertTrue(report["is_whole"])
        self.assertEqual(report["jobs"], 1)
        path = report["path"]
        self.assertEqual((path[0]["phase"], path[-1]["phase"]), ("planning", "end"))
        self.assertEqual(path[0]["begin_us"], 0)
        for before, after in zip(path, path[1:]):
            self.assertEqual(before["end_us"], after["begin_us"])
        self.assertEqual(path[-1]["end_us"], report["wall_us"])
        self.assertEqual(sum(report["path_causes"].values()), report["wall_us"])
        self.assertEqual(report["bound_us"] - path[0]["end_us"] - (path[-1]["end_us"] - path[-1]["begin_us"]) + sum(report["gap"].values()), report["wall_us"])
        packages = [report["units"][step["unit"]]["package"] for step in path if "unit" in step]
        self.assertEqual(sorted(set(packages)), ["app", "util"])
        self.assertEqual([unit["end"] for unit in report["units"]], ["ran", "ran"])
        self.assertEqual([one["package"] for one in report["packages"]], [one["package"] for one in sorted(report["packages"], key=lambda one: -one["gain_us"])])
        self.assertEqual({one["package"] for one in report["packages"]}, {"app", "util"})
        took = sum(unit["finish_us"] - unit["start_us"] - (unit["link_us"] or 0) + (unit["objects_us"] or 0) for unit in report["units"])
        self.assertEqual(sum(time for name, time in report["parts"].items() if name.endswith("_us")), took)
        self.assertEqual(max(running for _, running in report["usage"]["running"]), 1)
        self.assertTrue(all(min(unit["slack_us"].values()) >= 0 for unit in report["units"]))
        text = self.timings()
        self.assertIn("2 units ran, 0 were fresh", text)
        self.assertRegex(text, r"(?m)^ +0\.\d\d +\d+\.\d\d +util 0\.1\.0")
        self.assertIn("app 0.1.0 (bin app)", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_advice(self):
        self.space.write("app/build.rs", "fn main() { std::thread::park_timeout(std::time::Duration::from_millis(400)); }\n")
        self.build("-j1")
        report = json.loads(self.timings("--format=json"))
        advice = report["advice"]
        self.assertTrue(advice)
        self.assertEqual([one["won_us"] for one in advice], sorted((one["won_us"] for one in advice), reverse=True))
        script = next(one for one in advice if one["kind"] == "build-script")
        self.assertGreaterEqual(script["won_us"], 400_000)
        self.assertEqual({report["units"][unit]["kind"] for unit in script["units"]}, {"custom-build"})
        self.assertIn("without the build script of `app`", script["text"])
        for face in (self.timings(), self.timings("--format=markdown")):
            before, _, after = face.partition("What would make it shorter")
            self.assertNotIn("planning", before)
            self.assertIn("that no order beats on 1 core:", after)
            self.assertIn("without the build script of `app`", after.replace("\n            ", " "))

    def test_lto(self):
        self.build("--release", "--config", "profile.release.lto=true")
        said = [one["text"] for one in json.loads(self.timings("--format=json"))["advice"] if one["kind"] == "last-unit"]
        self.assertIn("without its LTO (fat)", said[0])
        self.build("--release", "--config", "profile.release.lto='off'")
        self.assertNotIn("LTO", self.timings())

    def test_memory(self):
        self.space.write("Cargo.toml", '[workspace]\nresolver = "2"\nmembers = ["util", "other"]\n')
        self.space.write("other/Cargo.toml", projects.manifest("other"))
        self.space.write("other/src/lib.rs", "")
        self.build("-j2", "--memory=1M")
        report = json.loads(self.timings("--format=json"))
        first, second = (step for step in report["path"] if step.get("waited_for") in ("nothing", "memory"))
        self.assertEqual((second["waited_for"], second["by"]), ("memory", first["unit"]))
        self.assertGreater(report["path_causes"]["memory_us"], 0)
        self.assertEqual(report["path_causes"]["slot_us"], 0)
        self.assertGreater(report["gap"]["memory_us"], 0)
        (at, available), *_ = report["usage"]["memory"]
        self.assertLessEqual(at, report["wall_us"])
        self.assertGreater(available, 1 << 20)
        self.assertIn("its memory", self.timings())

    def test_only_what_ran_leaves_a_journal(self):
        self.build()
        self.build()
        self.assertEqual(len(self.journals()), 1)
        self.space.write("app/src/main.rs", "fn main() { let _ = util::said(); }\n")
        self.build()
        self.assertEqual(len(self.journals()), 2)
        self.assertIn("1 units ran, 1 were fresh", self.timings())
        self.assertIn("2 units ran, 0 were fresh", self.timings("--build", "2"))
        self.assertEqual(len(self.timings("--list").splitlines()), 3)

    def test_the_oldest_go(self):
        for number in range(22):
            self.space.write("app/src/main.rs", f"fn main() {{ let _ = {number}; }}\n")
            self.build("-p", "app")
        self.assertEqual(len(self.journals()), 20)
        last = self.journals()[-7:]
        self.assertEqual(self.timings("--keep", "7"), "13 of 20 removed\n")
        self.assertEqual(self.journals(), last)
        self.assertEqual(self.timings("--keep", "7"), "0 of 7 removed\n")
        for words in ("-1", "some"):
            self.assertIn("--keep takes a number", self.timings("--keep=" + words, code=1))
        self.space.write(".cargo/config.toml", "[pcargo]\nkeep-journals = 5\n")
        self.space.write("app/src/main.rs", "fn main() {}\n")
        self.build("-p", "app")
        self.assertEqual(self.journals()[:-1], last[-4:])
        self.space.env["PCARGO_KEEP_JOURNALS"] = "2"
        self.space.write("app/src/main.rs", "fn main() { }\n")
        self.build("-p", "app")
        self.assertEqual(len(self.journals()), 2)
        self.space.env["PCARGO_KEEP_JOURNALS"] = "0"
        self.build(code=1)
        self.space.env["PCARGO_KEEP_JOURNALS"] = None
        self.space.write(".cargo/config.toml", "[pcargo]\nkeep-journals = 0\n")
        self.build(code=1)

    def test_colours_are_as_config_says(self):
        self.build()
        plain = self.timings()
        self.assertNotIn("\x1b", plain)
        bold = self.timings("--color=always")
        self.assertTrue(bold.startswith("\x1b[1m`pcargo build"))
        self.assertEqual(re.sub("\x1b\\[[01]m", "", bold), plain)
        self.space.write(".cargo/config.toml", '[term]\ncolor = "always"\n')
        for words in ([], ["--list"], ["--diff", "1", "1"]):
            self.assertIn("\x1b", self.timings(*words))
        self.assertEqual(self.timings("--color=never"), plain)
        for words in (["--format=csv"], ["--format=json"], ["--format=markdown"]):
            self.assertNotIn("\x1b", self.timings(*words))

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

    def test_the_line_of_a_build(self):
        line = re.compile(r"^      Timing built in \d+\.\d\d s; best possible here \d+\.\d\d s; the path: .*\bapp$", re.M)
        for told, words, env in (
            (True, ["-v"], None),
            (False, [], None),
            (True, ["--config", "pcargo.timings='always'"], None),
            (False, ["-v", "--config", "pcargo.timings='never'"], None),
            (True, ["--config", "pcargo.timings='never'"], {"PCARGO_TIMINGS": "always"}),
            (False, ["-v"], {"PCARGO_TIMINGS": "never"}),
        ):
            with self.subTest(words=words, env=env):
                shutil.rmtree(self.space.target, ignore_errors=True)
                outcome = self.space.run("build", *words, env=env)
                self.assertEqual((outcome.code, bool(line.search(outcome.err))), (0, told), str(outcome))
        self.assertNotIn("Timing", self.space.run("build", "-v").err)  # nothing ran
        self.assertIn("must be auto, always or never", self.space.run("build", env={"PCARGO_TIMINGS": "yes"}).err)
        self.space.write("app/src/main.rs", "fn main() { nonsense }\n")
        self.assertNotIn("built in", self.space.run("build", "-v").err)

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
