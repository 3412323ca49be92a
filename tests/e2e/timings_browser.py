#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The page of `pcargo timings --html` in a real browser, by mouse and keyboard. Skips where there is no Chromium.

PCARGO_TEST_PICTURES=DIRECTORY leaves pictures of it there, to be looked at.
"""

import json
import os
import re
import sys

from harness import browser, case, journals

# What is drawn, as a number.
CANVAS = "[...document.getElementById('timeline').toDataURL()].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 0)"
PICTURES = os.environ.get("PCARGO_TEST_PICTURES")
WIDTHS = (1400, 800, 360)


def text_of(name):
    return f"document.getElementById('{name}').innerText"


def number_in(text):
    return float(re.search(r"\d+\.\d+", text)[0])


class InABrowser(case.FaultCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = browser.Browser(browser.find())
        cls.addClassCleanup(cls.browser.close)

    def load(self, journal, width=1200, dark=False):
        self.space.write("journal.jsonl", journal)
        outcome = self.space.run("timings", "--journal", "journal.jsonl", "--html", "page.html")
        self.assertEqual(outcome.code, 0, str(outcome))
        self.browser.size(width, 900, dark)
        self.browser.load(os.path.join(self.space.workspace, "page.html"))
        self.addCleanup(self.assert_silent)

    def assert_silent(self):
        self.assertEqual(self.browser.complaints(), [])

    def run_js(self, expression):
        return self.browser.run(expression)

    def changes(self, action, *arguments, what=CANVAS):
        before = self.run_js(what)
        action(*arguments)
        self.browser.frame()
        self.assertNotEqual(self.run_js(what), before)

    def on_canvas(self, x, y):
        """A place on the timeline, as the window has it."""
        self.browser.center("#timeline")
        left, top = self.run_js("(() => { const box = document.getElementById('timeline').getBoundingClientRect(); return [box.x, box.y]; })()")
        return left + x, top + y

    def first_unit(self):
        """Where the timeline has it: the first row begins below the graphs."""
        return self.on_canvas(12, 176)

    def test_sizes(self):
        for count in (10, 300, 2000):
            with self.subTest(count=count):
                self.load(journals.forest(count))
                self.assert_silent()
                ready = self.run_js("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
                frame = self.run_js("""(async () => {
                    const began = performance.now();
                    for (let i = 0; i < 20; i++) {
                      document.getElementById("zoom-in").click();
                      await new Promise((done) => requestAnimationFrame(done));
                    }
                    return (performance.now() - began) / 20;
                })()""")  # fmt: skip
                print(f"{count} units: ready in {ready:.0f} ms, a step of zooming takes {frame:.0f} ms", file=sys.stderr)
                self.assertIn(f"{count}\u00a0units", self.run_js(text_of("shown")))
                drawn = """(() => { const canvas = document.getElementById("timeline");
                    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                    return new Set(new Uint32Array(data.buffer)).size; })()"""
                self.assertGreater(self.run_js(drawn), 10, "colours on the timeline")

    def test_zoom_and_pan(self):
        self.load(journals.forest(300))
        whole = self.run_js(CANVAS)
        self.changes(self.browser.click_on, "#zoom-in")
        self.changes(self.browser.click_on, "#zoom-in")
        self.changes(self.browser.drag, *self.on_canvas(400, 200), -120)
        self.changes(self.browser.click_on, "#zoom-out")
        self.changes(self.browser.click_on, "#zoom-all")
        self.browser.move(1, 1)
        self.browser.frame()
        self.assertEqual(self.run_js(CANVAS), whole)
        self.browser.wheel(*self.on_canvas(400, 200), 100)
        self.browser.move(1, 1)
        self.browser.frame()
        self.assertEqual(self.run_js(CANVAS), whole, "the wheel alone scrolls the page")
        self.changes(self.browser.wheel, *self.on_canvas(400, 200), -100, True)

    def test_search(self):
        self.load(journals.forest(300))
        self.browser.move(1, 1)
        whole = self.run_js(CANVAS)
        self.browser.key("/")
        self.assertEqual(self.run_js("document.activeElement.id"), "search")
        self.changes(self.browser.type, "crate-29")
        self.assertEqual(self.run_js(text_of("found")), "11\u00a0units")
        self.browser.key("Enter")
        self.assertIn("crate-29", self.run_js(text_of("details")))
        self.browser.key("Escape")
        self.assertTrue(self.run_js("document.getElementById('details').hidden"))
        self.assertEqual(self.run_js(text_of("found")), "")
        self.browser.frame()
        self.browser.click_on("#zoom-all")
        self.browser.move(1, 1)
        self.browser.frame()
        self.assertEqual(self.run_js(CANVAS), whole)

    def test_click(self):
        self.load(journals.forest(10, lanes=2))
        self.browser.move(*self.first_unit())
        self.browser.frame()
        self.assertIn("crate-0 1.0.0", self.run_js(text_of("tip")))
        self.browser.click(*self.first_unit())
        said = self.run_js(text_of("details"))
        for words in ("crate-0 1.0.0", "It waited for nothing but planning", "there is no record of it", "crate-2 1.0.0"):
            self.assertIn(words, said)
        self.browser.click_on("#details li button")
        self.assertIn("crate-2 1.0.0", self.run_js("document.querySelector('#details h3').innerText"))
        self.assertIn("crate-2 1.0.0", self.run_js("document.querySelector('#units tr.chosen').innerText"))
        self.browser.click_on("#details header button")
        self.assertTrue(self.run_js("document.getElementById('details').hidden"))

    def test_keyboard(self):
        self.load(journals.forest(40, lanes=4))
        self.run_js("document.getElementById('timeline').focus()")
        self.browser.key("ArrowRight")
        self.assertIn("crate-0 1.0.0", self.run_js(text_of("tip")))
        self.browser.key("ArrowRight")
        self.browser.key("ArrowDown")
        self.assertNotIn("crate-0 1.0.0", self.run_js(text_of("tip")))
        self.changes(self.browser.key, "+")
        self.changes(self.browser.key, "ArrowRight", True)
        self.changes(self.browser.key, "0")
        self.browser.key("Enter")
        self.assertFalse(self.run_js("document.getElementById('details').hidden"))
        self.browser.key("Escape")
        self.assertTrue(self.run_js("document.getElementById('details').hidden"))
        reached = []
        self.run_js("document.activeElement.blur()")
        while reached.count(None) < 2:  # from here to the end, then all round
            self.browser.key("Tab")
            reached.append(self.run_js("document.activeElement.id || document.activeElement.closest('[id]')?.id"))
        for name in ("gains", "search", "timeline", "path", "filter", "units"):
            self.assertIn(name, reached)

    def test_the_table(self):
        self.load(journals.forest(300))
        first = "document.querySelector('#units tbody tr').innerText"
        self.assertEqual(self.run_js("document.querySelectorAll('#units tbody tr').length"), 200)
        self.browser.click_on("#show-all")
        self.assertEqual(self.run_js("document.querySelectorAll('#units tbody tr').length"), 300)
        took = [number_in(row) for row in self.run_js("[...document.querySelectorAll('#units tbody tr')].map((row) => row.cells[3].innerText)")]
        self.assertEqual(took, sorted(took, reverse=True))
        self.browser.click_on("#units th button")
        self.assertIn("crate-0 1.0.0", self.run_js(first))
        self.browser.click_on("#filter")
        self.browser.type("crate-123")
        self.assertIn("crate-123 1.0.0", self.run_js(first))
        self.assertEqual(self.run_js("document.querySelectorAll('#units tbody tr').length"), 1)

    def test_what_if_is_as_on_the_command_line(self):
        self.load(journals.forest(60, lanes=4))
        for row in self.run_js("[...document.querySelectorAll('#on-cores tr')].map((row) => [...row.cells].map((cell) => cell.innerText))"):
            cores = row[0].split("\u00a0")[0]
            self.assertEqual(number_in(row[1]), self.answer(f"cores={cores}"), row)
        gains = self.run_js("[...document.querySelectorAll('#gains tr')].map((row) => [...row.cells].map((cell) => cell.innerText))")
        self.assertGreater(len(gains), 2)
        report = json.loads(self.space.run("timings", "--journal", "journal.jsonl", "--format=json").out)
        won = {unit["package"]: unit["gain_us"] / 1e6 for unit in report["units"]}
        for row in gains:
            self.assertAlmostEqual(number_in(row[1]), won[row[0].split(" ")[0]], delta=0.0051, msg=row)

    def test_what_if_with_choices(self):
        self.load(journals.forest(60, lanes=3))
        choose = """((crate, share, cores) => {
            const set = (id, value) => { const select = document.getElementById(id); select.value = value; select.dispatchEvent(new Event("change")); };
            set("what-if-crate", crate); set("what-if-share", share); set("what-if-cores", cores);
        })"""
        seen = set()
        for crate, share, cores in ((0, 0, 0), (0, 50, 0), (1, 25, 2), (3, 75, 1), (2, 0, 4), (0, 100, 3)):
            self.run_js(f"{choose}({crate}, {share}, {cores})")
            words = re.fullmatch(r"pcargo timings --what-if '(.*)'", self.run_js(text_of("what-if-words")))[1]
            self.assertEqual(number_in(self.run_js(text_of("what-if-answer"))), self.answer(words), words)
            seen.add(self.run_js(text_of("what-if-answer")))
        self.assertGreater(len(seen), 4)
        self.load(journals.chain(["cores", "memory", "a,b=0", "plain"]))
        self.assertEqual(self.run_js("[...document.getElementById('what-if-crate').options].map((option) => option.text)"), ["plain"])

    def test_the_whole_path(self):
        self.load(journals.forest(300))
        rows = "[...document.querySelectorAll('#path tbody tr')].map((row) => row.innerText)"
        few = self.run_js(rows)
        self.assertTrue(any("shorter steps" in row for row in few))
        self.browser.click_on("#whole-path")
        whole = self.run_js(rows)
        self.assertFalse(any("shorter steps" in row for row in whole))
        self.assertGreater(len(whole), len(few))
        for steps in (few, whole):
            times = [[float(number) for number in re.findall(r"(\d+\.\d\d)\u00a0s", row)[:2]] for row in steps]
            for (at, took), (after, _) in zip(times, times[1:]):
                self.assertAlmostEqual(at + took, after, delta=0.011)

    def test_what_to_change_first(self):
        self.load(journals.forest(60, lanes=3))
        outcome = self.space.run("timings", "--journal", "journal.jsonl", "--format=json")
        report = json.loads(outcome.out)
        self.assertGreater(len(report["advice"]), 1)
        rows = self.run_js("[...document.querySelectorAll('#advice-list tr')].map((row) => [row.cells[0].textContent, row.cells[2].textContent])")
        self.assertEqual([text for _, text in rows], [one["text"].replace("`", "") for one in report["advice"]])
        for (won, _), one in zip(rows, report["advice"]):
            self.assertEqual(number_in(won) if won else 0, round(one["won_us"] / 1e6 + 1e-9, 2))
        self.assertFalse(self.run_js("document.getElementById('advice').hidden"))
        gap = self.run_js("[...document.querySelectorAll('#gap tr')].map((row) => row.cells[0].textContent)")
        self.assertAlmostEqual(sum(float(part.split("\u00a0")[0]) for part in gap), sum(report["gap"].values()) / 1e6, delta=0.1)

    def answer(self, words):
        outcome = self.space.run("timings", "--journal", "journal.jsonl", "--what-if", words)
        self.assertEqual(outcome.code, 0, str(outcome))
        return number_in(outcome.out.splitlines()[-1])

    def test_light_and_dark(self):
        self.load(journals.forest(40))
        ground = "getComputedStyle(document.body).backgroundColor"
        self.changes(self.browser.size, 1200, 900, True, what=ground)
        dark = self.run_js(CANVAS)
        self.changes(self.browser.size, 1200, 900, False)
        self.load(journals.forest(40), dark=True)
        self.assertEqual(self.run_js(CANVAS), dark, "what changes is as what was so from the beginning")

    def test_no_width_is_too_narrow(self):
        for names in ([f"crate-{number}" for number in range(30)], journals.HOSTILE):
            for width in WIDTHS:
                with self.subTest(width=width, first=names[0]):
                    self.load(journals.chain(names, command="pcargo build " + "--features=long-name " * 20), width)
                    self.assertLessEqual(self.run_js("document.documentElement.scrollWidth"), width)
                    self.browser.click(*self.first_unit())
                    self.assertLessEqual(self.run_js("document.documentElement.scrollWidth"), width)

    def test_names_stay_names(self):
        self.load(journals.chain([f"crate{number}" for number in range(len(journals.HOSTILE))]))
        elements = "[...document.querySelectorAll(':not(option)')].map((element) => element.tagName).join()"
        tame = self.run_js(elements)
        self.load(journals.chain(journals.HOSTILE, why=journals.HOSTILE[0], command=journals.HOSTILE[0]))
        self.assertEqual(self.run_js(elements), tame)
        said = self.run_js("document.body.textContent")
        for name in journals.HOSTILE[:2]:
            self.assertIn(name, said)
        self.assertNotRegex(re.sub(r"<script.*", "", self.run_js("document.querySelector('main').innerText")), "[\u202a-\u202e\u2066-\u2069\x1b\x00]")

    def test_paper(self):
        self.load(journals.forest(40), dark=True)
        self.assertTrue(self.browser.call("Page.printToPDF")["data"])

    if PICTURES:

        def test_pictures(self):
            for count in (10, 300, 2000):
                for width in WIDTHS:
                    for dark in (False, True):
                        self.load(journals.forest(count), width, dark)
                        self.browser.picture(os.path.join(PICTURES, f"{count}-{width}-{'dark' if dark else 'light'}.png"))


if __name__ == "__main__":
    if not browser.find():
        print("no Chromium here")
        sys.exit(1 if os.environ.get("PCARGO_TEST_REQUIRE_BROWSER") else case.SKIPPED)
    case.main()
