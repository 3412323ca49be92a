#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Unit graphs that are truncated or hostile: a stand-in for cargo prints them where the plan is asked for."""

import copy
import json
import os
import shutil
import signal
import subprocess

from harness import case, projects


class GraphFaults(case.FaultCase):
    graph_text = None  # of the chain workspace, with WORKSPACE in place of its path

    def setUp(self):
        super().setUp()
        projects.chain(self.space)
        self.cargo = shutil.which("cargo")
        if GraphFaults.graph_text is None:
            GraphFaults.graph_text = self.real_graph().replace(self.space.workspace, "WORKSPACE")
        self.text = GraphFaults.graph_text.replace("WORKSPACE", self.space.workspace)
        self.graph = json.loads(self.text)

    def real_graph(self):
        env = {**self.space.env, "__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS": "nightly"}
        command = [self.cargo, "build", "--unit-graph", "-Zunstable-options", "--offline"]
        done = subprocess.run(command, cwd=self.space.workspace, env=env, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def stand_in(self, answer):
        """A cargo that runs the shell lines `answer` where the unit graph is asked for, and is the real one otherwise."""
        return self.space.write(
            self.space.path("stand-in", "cargo"),
            "#!/bin/sh\n"
            'for word in "$@"; do\n'
            f'  case "$word" in --unit-graph|--unit-graph=*) {answer};; esac\n'
            "done\n"
            f'exec "{self.cargo}" "$@"\n',
            executable=True,
        )

    def build_with(self, text):
        if not isinstance(text, (str, bytes)):
            text = json.dumps(text)
        if isinstance(text, str):
            text = text.encode()
        path = self.space.path("graph.json")
        with open(path, "wb") as file:
            file.write(text)
        return self.space.run("build", env={"CARGO": self.stand_in(f"cat '{path}'; exit 0")})

    def assert_refused(self, text, *words):
        outcome = self.build_with(text)
        self.assert_fails(outcome, *words)
        self.assertEqual(len(outcome.error_lines()), 1, str(outcome))
        self.assert_no_program()

    def changed(self, change):
        graph = copy.deepcopy(self.graph)
        change(graph)
        return graph

    def first_edge(self):
        """(unit, place) of the first dependency in the graph."""
        for number, unit in enumerate(self.graph["units"]):
            if unit["dependencies"]:
                return number, f"units[{number}].dependencies[0].index"
        raise AssertionError("the graph has no edge")

    def test_the_stand_in_itself_builds(self):
        self.assert_builds(self.build_with(self.text))

    def test_truncated(self):
        length = len(self.text.rstrip())
        for cut in sorted({0, 1, 2, length // 7, length // 3, length // 2, length - 20, length - 2, length - 1}):
            with self.subTest(cut=cut):
                self.assert_refused(self.text[:cut])

    def test_not_json(self):
        for text in ("\0\0\0", "}{", "null", "[]", '"units"', "\xff", "[" * 100000, '{"a":' * 100000, "{}"):
            with self.subTest(text=text[:10]):
                self.assert_refused(text)

    def test_text_after_the_graph(self):
        self.assert_refused(self.text + "{}")

    def test_version(self):
        for version in (0, 2, -1, 1.5, "1", None, 10**30):
            with self.subTest(version=version):
                self.assert_refused(self.changed(lambda g, v=version: g.update(version=v)), "version")
        self.assert_refused(self.changed(lambda g: g.pop("version")), "version")

    def test_index(self):
        unit, place = self.first_edge()
        for index in (-1, len(self.graph["units"]), 2**31, 2**32, 2**63, 10**30, 0.5, "0", None, [], True):
            with self.subTest(index=index):

                def change(graph, value=index):
                    graph["units"][unit]["dependencies"][0]["index"] = value

                self.assert_refused(self.changed(change), place)

    def test_roots(self):
        for roots in ([-1], [len(self.graph["units"])], ["0"], None, 0):
            with self.subTest(roots=roots):
                self.assert_refused(self.changed(lambda g, r=roots: g.update(roots=r)), "roots")
        self.assert_refused(self.changed(lambda g: g.pop("roots")), "roots")

    def test_cycle(self):
        unit, _ = self.first_edge()
        below = self.graph["units"][unit]["dependencies"][0]["index"]

        def close_the_loop(graph):
            edge = copy.deepcopy(graph["units"][unit]["dependencies"][0])
            edge["index"] = unit
            graph["units"][below]["dependencies"].append(edge)

        self.assert_refused(self.changed(close_the_loop), "cycl", str(unit), str(below))

    def test_unit_that_depends_on_itself(self):
        unit, _ = self.first_edge()

        def change(graph):
            graph["units"][unit]["dependencies"][0]["index"] = unit

        self.assert_refused(self.changed(change), "cycl", str(unit))

    def test_missing_and_mistyped_fields(self):
        for field in ("pkg_id", "target", "profile", "features", "mode", "dependencies"):
            for value in (None, 7, {"a": [1]}):
                with self.subTest(field=field, value=value):

                    def change(graph, name=field, wrong=value):
                        if wrong is None:
                            del graph["units"][0][name]
                        else:
                            graph["units"][0][name] = wrong

                    self.assert_refused(self.changed(change), "units[0]", field)

    def test_unknown_mode(self):
        self.assert_refused(self.changed(lambda g: g["units"][0].update(mode="dance")), "units[0].mode")

    def test_unknown_fields_are_passed_over(self):
        def change(graph):
            graph["new"] = {"deep": [1, {"er": None}]}
            graph["units"][0]["novelty"] = [[], {}]

        self.assert_builds(self.build_with(self.changed(change)))

    def test_package_that_is_nowhere(self):
        def change(graph):
            for unit in graph["units"]:
                unit["pkg_id"] = unit["pkg_id"].replace("/util#", "/nowhere#")

        self.assert_fails(self.build_with(self.changed(change)), "nowhere")
        self.assert_no_program()

    def test_names_from_the_graph_stay_inside_the_target_directory(self):
        def change(graph):
            for unit in graph["units"]:
                if unit["target"]["name"] == "app":
                    unit["target"]["name"] = "../../../escaped"

        self.assert_refused(self.changed(change), "].target.name: ", "contains a path separator")
        self.assertFalse(os.path.exists(self.space.path("escaped")))
        self.assertFalse(self.space.exists("escaped"))

    def test_planning_fails_in_cargos_own_words(self):
        for code in (101, 1, 3):
            with self.subTest(code=code):
                answer = f"echo 'error: no good reason' >&2; exit {code}"
                outcome = self.space.run("build", env={"CARGO": self.stand_in(answer)})
                self.assert_fails(outcome, "error: no good reason", code=code)
                self.assertEqual(outcome.err.count("no good reason"), 1, "shown once")

    def test_planning_dies(self):
        outcome = self.space.run("build", env={"CARGO": self.stand_in("kill -SEGV $$")})
        self.assert_fails(outcome, "`cargo` did not plan the build", "SIGSEGV")
        self.assertEqual(len(outcome.error_lines()), 1, str(outcome))

    def test_planning_says_nothing_or_garbage(self):
        for answer in ("exit 0", "echo nonsense; exit 0", "head -c 100000 /dev/zero; exit 0"):
            with self.subTest(answer=answer):
                outcome = self.space.run("build", env={"CARGO": self.stand_in(answer)})
                self.assert_fails(outcome, "the unit graph that `cargo` printed")
                self.assertEqual(len(outcome.error_lines()), 1, str(outcome))

    def test_signals_while_cargo_plans(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for deaf in ("", "trap '' INT TERM; "):
                with self.subTest(number=number, deaf=deaf):
                    arrived = self.space.fifo(f"arrived-{number}-{len(deaf)}")
                    wait = f"{deaf}echo $$ > '{arrived}'; exec tail -f /dev/null '{self.space.path('control')}'"
                    process = self.space.start("build", env={"CARGO": self.stand_in(wait)})
                    with open(arrived, encoding="utf-8") as fifo:
                        fifo.read()
                    process.send_signal(number)
                    outcome = self.space.finish(process)
                    self.assertEqual(outcome.code, -number, str(outcome))
                    self.assert_sound(outcome)


if __name__ == "__main__":
    case.main()
