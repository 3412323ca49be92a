#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""`pcargo plan`, and builds from what was printed before: plans (`--plan`) and unit graphs (`--unit-graph`)."""

import copy
import glob
import json
import os
import re
import shutil
import subprocess

from harness import case, json_schema, projects

try:
    import jsonschema  # where it is there, it must agree with ours
except ImportError:
    jsonschema = None

SCHEMA = os.path.join(os.path.dirname(__file__), "..", "..", "src", "plan", "plan.schema.json")
UNLOCK = {"__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS": "nightly"}


class PlanCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        projects.grove(self.space)
        self.space.env["PCARGO_HOME"] = self.space.path("pcargo-home")
        self.file = self.space.path("plan.json")

    def plan(self, *words, **how):
        outcome = self.space.run("plan", *words, **how)
        self.assertEqual(outcome.code, 0, str(outcome))
        return outcome.out

    def keep(self, text):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text if isinstance(text, str) else json.dumps(text))
        return self.file

    def real_rustc(self):
        """Real sources in place of those of the fake compiler's projects."""
        space = self.space
        space.env["RUSTC"] = self.real("rustc")
        shutil.rmtree(space.workspace)
        space.write("Cargo.toml", '[workspace]\nresolver = "2"\nmembers = ["low", "app"]\n')
        space.write("low/Cargo.toml", projects.manifest("low"))
        space.write("low/src/lib.rs", 'pub const SAID: &str = env!("SAID");\n')
        space.write("low/build.rs", 'fn main() { println!("cargo::rustc-env=SAID=hello"); }\n')
        space.write("app/Cargo.toml", projects.manifest("app", "low"))
        space.write("app/src/main.rs", 'fn main() { println!("{}", low::SAID); }\n')

    @staticmethod
    def real(tool):
        """The program itself, where rustup's proxy stands before it."""
        if shutil.which("rustup") is None:
            return shutil.which(tool)
        return subprocess.run(["rustup", "which", tool], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def artifacts(self):
        """Bytes of all that rustc made, by name."""
        found = {}
        for pattern in ("debug/app", "pcargo/debug/deps/*.r*", "pcargo/debug/deps/app-*"):
            for path in glob.glob(os.path.join(self.space.target, pattern)):
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.space.target)] = file.read()
        return found

    def without_cargo(self):
        """An environment in which no cargo can be started: not by name, not by CARGO, and the one of the plan is gone."""
        tools = self.space.path("no-cargo")
        os.makedirs(tools, exist_ok=True)
        for name in ("cc", "ld", "as"):
            if shutil.which(name) and not os.path.exists(os.path.join(tools, name)):
                os.symlink(shutil.which(name), os.path.join(tools, name))
        os.unlink(self.cargo)
        return {"PATH": tools, "CARGO": None}

    def own_cargo(self):
        """A cargo by a name that can be taken away."""
        self.cargo = self.space.path("own", "cargo")
        os.makedirs(os.path.dirname(self.cargo))
        os.symlink(self.real("cargo"), self.cargo)
        return {"CARGO": self.cargo}


class Printed(PlanCase):
    def setUp(self):
        super().setUp()
        self.doc = json.loads(self.plan())

    def unit(self, package, work="compile", kind=None):
        (found,) = [
            one
            for one in self.doc["invocations"]
            if one["package"].startswith(package + " ") and one["work"] == work and kind in (None, *one["target"]["kind"])
        ]
        return found

    def test_schema(self):
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        if jsonschema:
            jsonschema.Draft202012Validator.check_schema(schema)

        def mistakes(doc):
            found = list(json_schema.mistakes(doc, schema))
            if jsonschema:
                self.assertEqual(jsonschema.Draft202012Validator(schema).is_valid(doc), not found, found)
            return found

        self.assertEqual(mistakes(self.doc), [])
        self.assertEqual(mistakes(json.loads(self.plan("--release", "--all-targets"))), [])
        for change in (
            lambda doc: doc.update(version=2),
            lambda doc: doc["invocations"][0].pop("argv"),
            lambda doc: doc["invocations"][0].update(argv=[1]),
            lambda doc: doc["invocations"][0].update(more=1),
            lambda doc: doc["invocations"][0].update(unit=-1),
            lambda doc: doc["invocations"][0].update(mode="doc"),
            lambda doc: doc["invocations"][0]["env"]["set"].update(A=1),
            lambda doc: doc["invocations"][-1]["depends_on"][0].update(waits_for="objects"),
            lambda doc: doc["made_from"].pop("settings"),
        ):
            changed = copy.deepcopy(self.doc)
            change(changed)
            self.assertEqual(len(mistakes(changed)), 1)

    def test_it_says_what_runs_when_and_with_what(self):
        self.assertEqual([one["unit"] for one in self.doc["invocations"]], list(range(len(self.doc["invocations"]))))
        run, mid, mac = self.unit("mid", "run-build-script"), self.unit("mid", kind="lib"), self.unit("mac")
        base, tool = self.unit("base"), self.unit("tool", kind="bin")
        script = self.unit("mid", kind="custom-build")
        self.assertEqual(run["depends_on"], [{"unit": script["unit"], "waits_for": "closure"}])
        self.assertEqual(run["argv"], [os.path.join(os.path.dirname(run["inputs"][0]), "build-script-build")])
        self.assertEqual(run["env"]["set"]["OUT_DIR"], run["outputs"][0]["path"])
        self.assertIn("RUSTFLAGS", run["env"]["removed"])
        self.assertEqual(mid["after_scripts"], [run["unit"]])
        self.assertEqual(tool["after_scripts"], [run["unit"]], "its -L and -C link-arg come from there")
        self.assertEqual(base["after_scripts"], [])
        self.assertIn({"unit": run["unit"], "waits_for": "artifact"}, mid["depends_on"])
        self.assertIn({"unit": base["unit"], "waits_for": "metadata"}, mid["depends_on"])
        self.assertIn({"unit": base["unit"], "waits_for": "closure"}, mac["depends_on"])
        metadata = [output["path"] for output in base["outputs"] if output["kind"] == "metadata"]
        self.assertIn(metadata[0], mid["inputs"])
        self.assertIn(os.path.join(self.space.target, "debug", "tool"), [o["final_path"] for o in tool["outputs"]])

    def test_what_runs_is_what_was_printed(self):
        """The command that `-v` shows, but for the place to which an attempt writes. The script here adds nothing."""
        ran = self.space.run("build", "-v")
        self.assert_builds(ran)
        shown = re.findall(r"Running `(.*)`$", ran.err, re.MULTILINE)
        shown = [re.sub(r"/attempts/\w{6}/", "/", line).replace("'", "") for line in shown]
        self.assertEqual(sorted(shown), sorted(" ".join(one["argv"]) for one in self.doc["invocations"]))

    def test_the_environment_is_not_printed(self):
        """What planning did to it is; the rest may be a secret."""
        text = self.plan(env={"CARGO_REGISTRY_TOKEN": "do-not-print", "MY_SECRET": "do-not-print"})
        self.assertNotIn("do-not-print", text)

    def test_nothing_is_written_or_run(self):
        self.assertFalse(self.space.exists("target"))

    def test_dot(self):
        text = self.plan("--format=dot")
        if shutil.which("dot"):
            done = subprocess.run(["dot", "-Tplain"], input=text, stdout=subprocess.PIPE, text=True, check=True)
            self.assertEqual(done.stdout.count("\nnode "), len(self.doc["invocations"]))
        lines = text.splitlines()
        self.assertEqual((lines[0], lines[-1]), ("digraph plan {", "}"))
        nodes = [m.group(1) for m in re.finditer(r'^  (u\d+) \[label="(?:[^"\\]|\\.)*"[a-z0-9=, ]*\];$', text, re.MULTILINE)]
        edges = re.findall(r"^  (u\d+) -> (u\d+)( \[[a-z=, ]*\])?;$", text, re.MULTILINE)
        self.assertEqual(len(nodes) + len(edges) + 4, len(lines), "a line that is neither")
        self.assertEqual(nodes, [f"u{one['unit']}" for one in self.doc["invocations"]])
        wanted = [(f"u{o['unit']}", f"u{e['unit']}") for o in self.doc["invocations"] for e in o["depends_on"]]
        self.assertEqual([edge[:2] for edge in edges], wanted)

    def test_build_plan(self):
        """As cargo wrote it; held against an old cargo by tests/conformance/build_plan.py."""
        text = self.plan("--format=build-plan")
        self.assertEqual(text.count("\n"), 1)
        plan = json.loads(text)
        self.assertEqual(list(plan), ["invocations", "inputs"])
        self.assertEqual(plan["inputs"], sorted(glob.glob(os.path.join(self.space.workspace, "*/Cargo.toml"))))
        fields = "package_name package_version target_kind kind compile_mode deps outputs links program args env cwd"
        for number, one in enumerate(plan["invocations"]):
            self.assertEqual(list(one), fields.split())
            self.assertTrue(all(dependency < number for dependency in one["deps"]), one)
        self.assertEqual(len(plan["invocations"]), len(self.doc["invocations"]))

    def test_of_another_command(self):
        check = json.loads(self.plan("check", "--all-targets"))
        self.assertEqual({one["mode"] for one in check["invocations"]}, {"build", "check", "run-custom-build"})
        self.assertIn("tool", [one["target"]["name"] for one in json.loads(self.plan("run"))["invocations"]])
        words = ("rustc", "-p", "base", "--lib", "--", "-Cdebuginfo=1")
        self.assertIn("-Cdebuginfo=1", json.loads(self.plan(*words))["invocations"][0]["argv"])
        self.assert_fails(self.space.run("plan", "check", "--format=build-plan"), "no build plan of `check`", code=1)
        checked = self.space.run("build", "--plan", self.keep(check))
        self.assert_builds(checked)
        self.assertIn("Checking top", checked.err)
        again = self.space.run("check", "--all-targets", "--explain")
        self.assertNotRegex(again.err, "Checking|Compiling|Dirty")

    def test_refused(self):
        for words in (("--format=yaml",), ("--timings",), ("--unit-graph",), ("--no-such-option",)):
            outcome = self.space.run("plan", *words)
            self.assert_fails(outcome, code=1)
            self.assertEqual(outcome.out, "")


class ReadBack(PlanCase):
    def test_without_cargo_the_same_is_built_and_then_fresh(self):
        self.real_rustc()
        env = self.own_cargo()
        self.keep(self.plan("--offline", env=env))
        self.assert_builds(self.space.run("build", "--offline", env=env))
        expected = self.artifacts()
        self.assertGreater(len(expected), 4)

        # The same place with nothing but the sources in it.
        clean = self.space.path("clean")
        shutil.copytree(self.space.workspace, clean, ignore=shutil.ignore_patterns("target", "Cargo.lock"))
        shutil.rmtree(self.space.workspace)
        os.rename(clean, self.space.workspace)
        env = self.without_cargo()
        self.assertEqual(self.space.run("build", env=env).code, 101, "there is a cargo left")
        first = self.space.run("build", "--plan", self.file, env=env)
        self.assert_builds(first)
        self.assertEqual(first.err.count("Compiling"), 2, str(first))
        self.assertEqual(self.artifacts(), expected)
        self.assertEqual(self.run_program(), "hello\n")
        second = self.space.run("build", "--plan", self.file, "--explain", env=env)
        self.assert_builds(second)
        self.assertNotRegex(second.err, "Compiling|Dirty")

    def test_a_build_that_plans_itself_finds_all_fresh(self):
        self.keep(self.plan())
        self.assert_builds(self.space.run("build", "--plan", self.file))
        again = self.space.run("build", "--explain")
        self.assert_builds(again)
        self.assertNotRegex(again.err, "Compiling|Dirty")

    def test_a_changed_source_is_built(self):
        self.keep(self.plan())
        self.assert_builds(self.space.run("build", "--plan", self.file))
        projects.edit_grove(self.space, 1)
        changed = self.space.run("build", "--plan", self.file)
        self.assertIn("Compiling base", changed.err)

    def test_stdin_and_options_of_how(self):
        text = self.plan()
        done = subprocess.run(
            [self.space.pcargo, "build", "--plan", "-", "-j1", "-v", "--message-format=json", "--locked"],
            input=text.encode(),
            cwd=self.space.workspace,
            env={name: value for name, value in self.space.env.items() if value is not None},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=True,
            timeout=120,
        )
        self.assertIn(b"Running `", done.stderr)
        self.assertIn(b'"reason":"build-finished","success":true', done.stdout)
        self.assertEqual(json.loads(self.plan("--plan", self.keep(text))), json.loads(text), "printed again")

    def test_options_of_what_are_refused(self):
        self.keep(self.plan())
        for words in (("--release",), ("-p", "base"), ("--features", "x"), ("--target-dir", "x"), ("--lib",)):
            self.assert_fails(self.space.run("build", "--plan", self.file, *words), words[0][:2], code=1)
        self.assert_fails(self.space.run("build", "--plan", self.file, "--unit-graph", "x"), "both", code=1)
        self.assertFalse(self.space.exists("target"))

    def test_an_edited_plan_is_refused_with_the_place(self):
        doc = json.loads(self.plan())
        graph = doc["made_from"]["unit_graph"]

        def edit(change):
            changed = copy.deepcopy(doc)
            change(changed)
            return changed

        for change, *words in (
            (lambda d: d["invocations"][2]["argv"].append("-Copt-level=3"), "invocations[2].argv has"),
            (lambda d: d["invocations"][1]["argv"].__setitem__(1, "x"), "invocations[1].argv[1] is \"x\" and should be"),
            (lambda d: d["invocations"][0]["env"]["set"].update(A="b"), "invocations[0].env.set.A is not of the plan"),
            (lambda d: d["invocations"][0]["env"]["set"].pop("CARGO"), "invocations[0].env.set.CARGO is missing"),
            (lambda d: d["invocations"].pop(), "invocations has"),
            (lambda d: d["roots"].clear(), "roots has 0 elements"),
            (lambda d: d.update(version=2), "version: 2 is not supported"),
            (lambda d: d.update(version="1"), "version"),
            (lambda d: d.update(format="x"), "format"),
            (lambda d: d.update(more=1), "more is not of the plan"),
            (lambda d: d.pop("made_from"), "made_from: missing"),
            (lambda d: d["made_from"].pop("packages"), "made_from.packages: missing"),
            (lambda d: d["made_from"]["packages"].pop(), "made_from.packages"),
            (lambda d: d["made_from"]["packages"][0].update(version=3), "made_from.packages[0].version: expected a string"),
            (lambda d: d["made_from"]["packages"][0].update(version="9.9.9"), "invocations[0].package"),
            (lambda d: d["made_from"]["packages"][0].update(source="moon"), "made_from.packages[0].source"),
            (lambda d: d["made_from"]["settings"].update(jobs=-1), "made_from.settings.jobs"),
            (lambda d: d["made_from"]["settings"].pop("jobs"), "made_from.settings.jobs: missing"),
            (lambda d: d["made_from"]["settings"]["targets"].clear(), "made_from.settings.targets"),
            (lambda d: d["made_from"]["settings"].update(novelty=1), "made_from.settings.novelty is not of the plan"),
            (lambda d: d["made_from"]["unit_graph"]["units"][0].update(mode="x"), "made_from.unit_graph: units[0].mode"),
            (lambda d: d["made_from"]["unit_graph"]["units"].pop(), "made_from.unit_graph: "),
            (
                lambda d: [u for u in d["made_from"]["unit_graph"]["units"] if u["mode"] == "run-custom-build"][0][
                    "dependencies"
                ].clear(),
                "depends on no unit that compiles it",
            ),
        ):
            with self.subTest(words=words):
                self.assert_fails(self.space.run("build", "--plan", self.keep(edit(change))), "is not a plan", *words)
        self.assertTrue(graph["units"])
        self.assertFalse(self.space.exists("target"))

    def test_what_is_no_plan(self):
        text = self.plan()
        twice = text.replace('"version": 1,', '"version": 2, "version": 1,', 1)
        deep = text.replace('"roots": [', '"roots": [' + "[" * 100000 + "]" * 100000 + ",", 1)
        for bad in (twice, deep, "", "{}", "[]", "null", "\0", text[: len(text) // 2], text + "{}", "[" * 100000):
            with self.subTest(bad=bad[:20]):
                self.assert_fails(self.space.run("build", "--plan", self.keep(bad)), "is not a plan")
        self.assert_fails(self.space.run("build", "--plan", self.space.path("nowhere")), "nowhere")
        self.assertFalse(self.space.exists("target"))

    def test_missing_sources_and_another_compiler(self):
        self.keep(self.plan())
        other = self.space.write(
            self.space.path("other-rustc"),
            f'#!/bin/sh\nif [ "$*" = -vV ]; then \'{self.space.fake_rustc}\' -vV; echo more; exit; fi\n'
            f"exec '{self.space.fake_rustc}' \"$@\"\n",
            executable=True,
        )
        doc = json.loads(self.plan(env={"RUSTC": other}))
        for name in ("base/src/lib.rs", "top/src/lib.rs"):
            os.rename(os.path.join(self.space.workspace, name), os.path.join(self.space.workspace, name + ".away"))
        outcome = self.space.run("build", "--plan", self.file)
        self.assert_fails(outcome, "sources are not where the plan has them", "base/src/lib.rs", "top/src/lib.rs")
        for name in ("base/src/lib.rs", "top/src/lib.rs"):
            os.rename(os.path.join(self.space.workspace, name + ".away"), os.path.join(self.space.workspace, name))
        with open(other, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec '{self.space.fake_rustc}' \"$@\"\n")
        self.assert_fails(self.space.run("build", "--plan", self.keep(doc)), "another compiler")


class GivenGraph(PlanCase):
    def graph(self, *words, command="build"):
        done = subprocess.run(
            [shutil.which("cargo"), command, "--unit-graph", "-Zunstable-options", "--offline", *words],
            cwd=self.space.workspace,
            env={name: value for name, value in {**self.space.env, **UNLOCK}.items() if value is not None},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def give(self, text, *words, command="build", **how):
        return self.space.run(command, "--unit-graph", self.keep(text), *words, **how)

    def fresh_after(self, *words, command="build"):
        """pcargo that asks cargo itself finds nothing to do."""
        again = self.space.run(command, "--explain", *words)
        self.assert_builds(again)
        self.assertNotRegex(again.err, "Compiling|Checking|Dirty")

    def test_the_same_is_built_as_with_cargos_own(self):
        for words in ((), ("--release",), ("--all-targets",), ("-p", "top")):
            with self.subTest(words=words):
                shutil.rmtree(self.space.target, ignore_errors=True)
                outcome = self.give(self.graph(*words))
                self.assert_builds(outcome)
                self.fresh_after(*words)

    def test_the_graph_in_a_plan_is_cargos(self):
        theirs = json.loads(self.graph("--all-targets", "--release"))
        for unit in theirs["units"]:
            for edge in unit["dependencies"]:
                for flag in ("noprelude", "nounused"):
                    self.assertFalse(edge.pop(flag, False))
        ours = json.loads(self.plan("--all-targets", "--release"))["made_from"]["unit_graph"]
        self.assertEqual(ours, theirs)
        self.assert_builds(self.give(ours))

    def test_check(self):
        text = self.graph("--all-targets", command="check")
        self.assert_builds(self.give(text, "--all-targets", command="check"))
        self.fresh_after("--all-targets", command="check")
        self.assert_fails(self.give(text), "`cargo check`", code=1)
        self.assert_fails(self.give(self.graph(), command="check"), "`cargo build`", code=1)

    def test_a_target(self):
        host = re.search("host: (.*)", subprocess.run(
            [self.space.fake_rustc, "-vV"], stdout=subprocess.PIPE, text=True, check=True,
            env={**os.environ, **{k: v for k, v in self.space.env.items() if v is not None}}).stdout).group(1)
        text = self.graph("--target", host)
        self.assert_builds(self.give(text))
        self.assertTrue(self.space.exists(f"target/{host}/debug/tool"))
        self.fresh_after("--target", host)
        self.assert_fails(self.give(self.graph(), "--target", host), "for the host", code=1)

    def test_cargo_is_not_asked_for_it_and_nothing_is_remembered(self):
        log = self.space.path("log")
        cargo = self.space.write(
            self.space.path("tools", "cargo"),
            f"#!/bin/sh\necho \"$*\" >> '{log}'\nexec '{shutil.which('cargo')}' \"$@\"\n",
            executable=True,
        )
        text = self.graph()
        for _ in range(3):
            self.assert_builds(self.give(text, env={"CARGO": cargo}))
        with open(log, encoding="utf-8") as file:
            self.assertNotIn("--unit-graph", file.read())
        self.assertEqual(os.listdir(self.space.path("pcargo-home")), ["history.sqlite"], "a plan or a standing was kept")
        # The file is what counts, each time.
        outcome = self.give(self.graph("-p", "base"), "--explain", env={"CARGO": cargo})
        self.assert_builds(outcome)
        projects.edit_grove(self.space, 5)
        outcome = self.give(self.graph("-p", "base"), env={"CARGO": cargo})
        self.assertIn("Compiling base", outcome.err)
        self.assertNotIn("Compiling mid", outcome.err)

    def test_from_another_place(self):
        text = self.graph()
        elsewhere = self.space.path("elsewhere", "ü", "checkout")
        os.makedirs(os.path.dirname(elsewhere))
        os.rename(self.space.workspace, elsewhere)
        self.space.workspace, self.space.target = elsewhere, os.path.join(elsewhere, "target")
        self.assert_builds(self.give(text))
        self.fresh_after()

    def test_of_another_workspace_or_state(self):
        text = self.graph()
        manifest = os.path.join(self.space.workspace, "base/Cargo.toml")
        with open(manifest, encoding="utf-8") as file:
            before = file.read()
        with open(manifest, "w", encoding="utf-8") as file:
            file.write(before.replace("0.1.0", "0.2.0"))
        self.assert_fails(self.give(text), "another state of the workspace", "base v0.1.0", "v0.2.0")
        with open(manifest, "w", encoding="utf-8") as file:
            file.write(before)
        os.remove(os.path.join(self.space.workspace, "top/src/lib.rs"))
        projects.chain(self.space)
        self.assert_fails(self.give(text), "another workspace", "`base`")

    def test_missing_source(self):
        text = self.graph()
        text = text.replace("/base/src/lib.rs", "/base/src/other.rs")
        self.assert_fails(self.give(text), "there is no `", "/base/src/other.rs`")

    def test_what_has_no_effect_is_refused(self):
        text = self.graph()
        for words in (("-p", "base"), ("--workspace",), ("--features", "x"), ("--lib",)):
            self.assert_fails(self.give(text, *words), "has no effect", code=1)
        self.assert_fails(self.give(text, "--release"), "the profile `dev`, not `release`", code=1)
        self.assert_fails(self.space.run("build", "--unit-graph", self.space.path("nowhere")), "nowhere")
        self.assert_fails(self.give("{}"), "failed to read the unit graph in")

    def test_without_a_file_it_is_cargos(self):
        outcome = self.space.run("build", "--unit-graph", env={"PCARGO_NO_HANDOVER": None})
        self.assertEqual(outcome.code, 101)
        self.assertIn("unstable", outcome.err, str(outcome))


class GivenBuildPlan(PlanCase):
    """Printed by ourselves: no cargo at hand need have it. Old cargos' own: tests/conformance/from_build_plan.py."""

    def give(self, text, *words, **how):
        return self.space.run("build", "--build-plan", self.keep(text), *words, **how)

    def test_from_another_place(self):
        self.real_rustc()
        text = self.plan("--format=build-plan", "--offline", env=self.own_cargo())
        there = self.space.workspace
        elsewhere = self.space.path("elsewhere", "ü", "checkout")
        os.makedirs(os.path.dirname(elsewhere))
        os.rename(there, elsewhere)
        self.space.workspace, self.space.target = elsewhere, os.path.join(elsewhere, "target")
        self.assert_builds(self.give(text))
        self.assertEqual(self.run_program(), "hello\n")
        again = self.space.run("build", "--explain")
        self.assert_builds(again)
        self.assertNotRegex(again.err, "Compiling|Dirty")
        self.assertFalse(os.path.exists(there))

    def test_the_plan_read_back_is_the_plan(self):
        """Commands, variables, files and edges of each unit; their order is another one."""

        def units(text):
            doc = json.loads(text)
            named = [one["outputs"][0]["path"] for one in doc["invocations"]]
            for one in doc["invocations"]:
                one["unit"] = named[one["unit"]]
                one["depends_on"] = [[named[edge["unit"]], edge["waits_for"]] for edge in one["depends_on"]]
                one["after_scripts"] = [named[script] for script in one["after_scripts"]]
            self.assertEqual(len(set(named)), len(named))
            return dict(zip(named, doc["invocations"], strict=True))

        for words in ((), ("--release",), ("--all-targets",), ("-p", "top")):
            with self.subTest(words=words):
                text = self.plan("--format=build-plan", *words)
                self.assertEqual(
                    units(self.plan("--build-plan", self.keep(text), *words)), units(self.plan("--format=json", *words))
                )

    def test_of_another_profile(self):
        dev, release = self.plan("--format=build-plan"), self.plan("--format=build-plan", "--release")
        self.assert_fails(self.give(dev, "--release"), "builds into `debug`, the profile `release` into `release`")
        self.assert_fails(self.give(release), "builds into `release`, the profile `dev` into `debug`")
        self.assertFalse(self.space.exists("target"))

    def test_of_another_workspace(self):
        text = self.plan("--format=build-plan")
        elsewhere = text.replace(os.path.join(self.space.workspace, "base"), "/nowhere/base")
        self.assert_fails(self.give(elsewhere), "the plan is of another workspace: `", "` of the workspace here")
        projects.chain(self.space)
        self.assert_fails(self.give(text), "the plan is of another", "`base`")
        self.assertFalse(self.space.exists("target"))


if __name__ == "__main__":
    case.main()
