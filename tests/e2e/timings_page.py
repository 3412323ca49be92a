#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The page of `pcargo timings --html`: whatever a name says, it is data; and nothing is loaded or run but its own."""

import base64
import hashlib
import html.parser
import json
import os

from harness import case, journals
from harness.journals import HOSTILE


class Page(html.parser.HTMLParser):
    """Elements with their attributes in the order of the page, and the texts of its scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.comments, self.texts = [], [], {}
        self.is_inside = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.is_inside = tag in ("script", "style")

    def handle_endtag(self, tag):
        self.is_inside = False

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        if self.is_inside:
            self.texts.setdefault(len(self.elements) - 1, "")
            self.texts[len(self.elements) - 1] += data

    def all(self, tag):
        """[(attributes, text), ...]"""
        return [(attributes, self.texts.get(number, "")) for number, (name, attributes) in enumerate(self.elements) if name == tag]


def allowed(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


class TimingsPage(case.FaultCase):
    def bytes_of(self, journal):
        self.space.write("journal.jsonl", journal)
        outcome = self.space.run("timings", "--journal", "journal.jsonl", "--html", "out/page.html")
        self.assertEqual((outcome.code, outcome.out), (0, "out/page.html\n"), str(outcome))
        return self.space.read("out/page.html")

    def page_of(self, journal):
        return Page(self.bytes_of(journal).decode("ascii"))

    def test_names_are_data(self):
        tame = self.page_of(journals.chain([f"crate{number}" for number in range(len(HOSTILE))]))
        for name in HOSTILE:
            with self.subTest(name=name):
                page = self.page_of(journals.chain(HOSTILE, why=name, command=name, workspace=name, rustc=name, profile=name, processor=name))
                self.assertEqual(page.elements, tame.elements)
                self.assertEqual(page.comments, tame.comments)
                (_, data), (_, script) = page.all("script")
                self.assertEqual(script, tame.all("script")[1][1])
                found = json.loads(data)
                self.assertEqual([unit[0] for unit in found["units"]], [f"{name} 1.0.0" for name in HOSTILE])
                self.assertEqual({found[key] for key in ("command", "workspace", "rustc", "profile", "processor")}, {name})
                self.assertIn(name, found["texts"])

    def test_nothing_is_loaded_and_only_ours_runs(self):
        page = self.page_of(journals.chain(HOSTILE))
        scripts, styles = page.all("script"), page.all("style")
        self.assertEqual([attributes for attributes, _ in scripts], [{"type": "application/json", "id": "data"}, {"type": "module"}])
        self.assertEqual(len(styles), 1)
        policies = [attributes["content"] for attributes, _ in page.all("meta") if attributes.get("http-equiv") == "Content-Security-Policy"]
        self.assertEqual(
            policies,
            [
                f"default-src 'none'; script-src {allowed(scripts[1][1])}; style-src {allowed(styles[0][1])}; "
                "base-uri 'none'; form-action 'none'"
            ],
        )
        order = [tag for tag, attributes in page.elements if tag in ("style", "script") or "http-equiv" in attributes]
        self.assertEqual(order[0], "meta")
        for tag, attributes in page.elements:
            for name in attributes:
                self.assertNotIn(name, ("src", "href", "style", "action"), tag)
                self.assertFalse(name.startswith("on"), f"{tag} {name}")
        for text in (scripts[1][1], styles[0][1]):
            for word in ("http:", "https:", "url(", "@import", "import(", "fetch(", "eval(", "innerHTML", "document.write"):
                self.assertNotIn(word, text)

    def test_what_it_knows(self):
        page = self.page_of(journals.chain(["first", "second"]))
        found = json.loads(page.all("script")[0][1])
        self.assertEqual((found["jobs"], found["wall"], found["isWhole"]), (2, 2_001_500, True))
        first, second = found["units"]
        self.assertEqual(first[4:9], [1000, 501_000, None, None, 1_001_000])
        ready, waited, by, after = second[12:]
        self.assertEqual((ready, waited, by, after), (501_000, 1, 0, [0, 0]))
        what_if = found["whatIf"]
        self.assertEqual(dict(found["onCores"])[2], what_if["asItIs"][what_if["cores"].index(2)])
        self.assertEqual([step[0] for step in found["path"]][-1], 1)

    def test_size(self):
        names = [f"a-crate-with-a-name-{number}" for number in range(2000)]
        self.assertLessEqual(len(self.bytes_of(journals.chain(names))), 400 * 1024 + 300 * len(names))

    def test_a_part(self):
        whole = journals.chain(["first", "second"])
        page = self.page_of(whole[: whole.index('{"us": 1501000')])
        self.assertFalse(json.loads(page.all("script")[0][1])["isWhole"])

    def test_where_it_goes(self):
        self.space.write("journal.jsonl", journals.chain(["first"]))

        def fails(code, words, *arguments):
            outcome = self.space.run("timings", *arguments)
            self.assertEqual(outcome.code, code, str(outcome))
            self.assertIn(words, outcome.err)

        fails(1, "say in which file", "--journal", "journal.jsonl", "--html")
        os.mkfifo(os.path.join(self.space.workspace, "fifo"))
        fails(101, "no regular file", "--journal", "journal.jsonl", "--html", "fifo")
        fails(101, "no regular file", "--journal", "journal.jsonl", "--html", "/dev/stdout")

    def test_the_default_and_the_browser(self):
        shown = self.space.path("shown")
        self.space.env["BROWSER"] = self.space.write("browser", f'#!/bin/sh\necho "$@" > {shown}\n', executable=True)
        journal = self.space.write("target/pcargo/journals/1.jsonl", journals.chain(["first"]))
        self.space.write("Cargo.toml", '[package]\nname = "app"\n')
        self.space.write("src/lib.rs", "")
        self.assertTrue(os.path.exists(journal))
        page = os.path.join(self.space.target, "cargo-timings", "pcargo-timing.html")
        for words in (["--open"], ["--html", "--open"], ["--open", "--html=" + page], ["--open", "--html", page]):
            with self.subTest(words=words):
                outcome = self.space.run("timings", *words)
                self.assertEqual((outcome.code, outcome.out), (0, page + "\n"), str(outcome))
                with open(shown, encoding="utf-8") as file:
                    self.assertEqual(file.read(), page + "\n")
                os.remove(page)
                os.remove(shown)
        self.space.env["BROWSER"] = "/no/such/browser"
        self.assertEqual(self.space.run("timings", "--open").code, 101)


if __name__ == "__main__":
    case.main()
