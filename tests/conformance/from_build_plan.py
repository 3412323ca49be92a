#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Stories with the build plan of a real cargo as what pcargo plans from.

    PCARGO=build/src/pcargo tests/conformance/from_build_plan.py [-k NAME]

Needs Debian's cargo, which has build plans. Exit code 77: it is not here. What is in a plan is compared elsewhere
(plan_sources.py).
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import plan_sources  # noqa: E402
from harness import sandbox, toolchains  # noqa: E402

PCARGO = os.path.abspath(os.environ.get("PCARGO", "build/src/pcargo"))
UNLOCK = {"__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS": "nightly"}
SKIPPED = 77


class BuildPlanStory(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pcargo-build-plan-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        self.root = self.folder / "root"
        shutil.copytree(plan_sources.FIXTURES / "vendored", self.root, symlinks=True, ignore=sandbox.without_builds)
        plan_sources.replace(self.root / "Cargo.lock", r"(?m)^version = 4$", "version = 3")
        self.log = self.folder / "log"
        self.scratch = self.folder / "tmp"
        self.scratch.mkdir()
        self.env = {name: os.environ[name] for name in sandbox.KEPT if name in os.environ}
        self.env |= {
            "CARGO_NET_OFFLINE": "true",
            "PCARGO_HOME": str(self.folder / "home"),
            "PCARGO_NO_HANDOVER": "1",
            "PCARGO_PLAN_SOURCE": "build-plan",
            "TMPDIR": str(self.scratch),
            "CARGO": str(self.noting_cargo()),
        }

    def noting_cargo(self, refused="no-such-flag"):
        """A cargo that writes down how it is started, and does not know one of its flags."""
        script = self.folder / "cargo"
        script.write_text(
            f"""#!/bin/sh
echo "$*" >> '{self.log}'
case "$*" in *{refused}*)
  echo "error: Found argument '{refused}' which wasn't expected, or isn't valid in this context" >&2; exit 1;;
esac
exec '{shutil.which("cargo")}' "$@"
""",
            encoding="utf-8",
        )
        script.chmod(0o755)
        return script

    def run_in(self, words, code=0, stdin=None, **env):
        done = subprocess.run(
            words, cwd=self.root, env={**self.env, **env}, input=stdin, capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def pcargo(self, *words, **how):
        return self.run_in([PCARGO, *words], **how)

    def cargo(self, *words, **how):
        return self.run_in([shutil.which("cargo"), *words], **how)

    def plan_text(self):
        """As a user gets it."""
        target = self.folder / "elsewhere"
        words = ("build", "--build-plan", "-Z", "unstable-options", "--target-dir", str(target))
        return self.cargo(*words, **UNLOCK).stdout

    def asked(self):
        """How cargo was started since the last question."""
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        self.log.unlink(missing_ok=True)
        return text.splitlines()

    def check_program(self):
        program = self.root / "target/debug/uses-vendored"
        self.assertEqual(subprocess.run([program], capture_output=True, check=False).returncode, 0)

    def test_builds_and_then_has_nothing_to_do(self):
        first = self.pcargo("build")
        self.assertIn("Compiling uses-vendored", first.stderr)
        self.check_program()
        asked = [words for words in self.asked() if "--build-plan" in words]
        self.assertEqual(len(asked), 1)
        self.assertIn(f"--target-dir {self.scratch}", asked[0])
        self.assertEqual(list(self.scratch.iterdir()), [])
        self.pcargo("build")  # what was just copied may have moved while the first planned
        self.asked()
        for _ in range(2):
            again = self.pcargo("build")
            self.assertNotIn("Compiling", again.stderr)
            self.assertEqual(self.asked(), [])

    def test_what_a_pcargo_left_that_was_killed_while_planning_goes(self):
        killing = self.folder / "killing-cargo"
        killing.write_text(
            f"""#!/bin/sh
case "$*" in *--build-plan*) kill -KILL $PPID;; *) exec '{shutil.which("cargo")}' "$@";; esac
""",
            encoding="utf-8",
        )
        killing.chmod(0o755)
        self.pcargo("build", code=-signal.SIGKILL, CARGO=str(killing))
        self.assertEqual(len(list(self.scratch.iterdir())), 1)
        self.pcargo("build")
        self.assertEqual(list(self.scratch.iterdir()), [])

    def test_a_changed_source_is_built_from_the_remembered_plan(self):
        for _ in range(2):
            self.pcargo("build")
        self.asked()
        with open(self.root / "src/main.rs", "a", encoding="utf-8") as source:
            source.write("// more\n")
        self.assertIn("Compiling uses-vendored", self.pcargo("build").stderr)
        self.assertEqual(self.asked(), [])
        manifest = self.root / "Cargo.toml"
        manifest.write_text(manifest.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
        self.pcargo("build")
        self.assertEqual(len([words for words in self.asked() if "--build-plan" in words]), 1)

    def test_both_sources_share_what_is_built(self):
        self.pcargo("build", "--workspace", "--all-targets")
        other = self.pcargo("build", "--workspace", "--all-targets", PCARGO_PLAN_SOURCE="unit-graph")
        self.assertNotIn("Compiling", other.stderr)

    def test_cargos_own_build_is_not_disturbed(self):
        self.cargo("build")
        before = {path: path.stat().st_mtime_ns for path in (self.root / "target").rglob("*") if path.is_file()}
        self.pcargo("build")
        after = {path: path.stat().st_mtime_ns for path in before if path.exists()}
        own = self.root / "target/debug/.fingerprint"
        of_cargo = [{path: time for path, time in times.items() if own in path.parents} for times in (before, after)]
        self.assertTrue(of_cargo[0])
        self.assertEqual(*of_cargo)
        self.assertNotIn("Compiling", self.cargo("build").stderr)

    def test_a_cargo_without_unit_graph_is_asked_for_the_build_plan(self):
        self.env["CARGO"] = str(self.noting_cargo("--unit-graph"))
        self.env["PCARGO_PLAN_SOURCE"] = "auto"
        self.assertIn("Compiling uses-vendored", self.pcargo("build").stderr)
        self.check_program()
        asked = self.asked()
        self.assertTrue(any("--unit-graph" in words for words in asked))
        self.assertTrue(any("--build-plan" in words for words in asked))
        self.pcargo("build")
        self.asked()
        with open(self.root / "src/main.rs", "a", encoding="utf-8") as source:
            source.write("// more\n")
        self.assertIn("Compiling uses-vendored", self.pcargo("build").stderr)
        self.assertEqual(self.asked(), [])  # what it refused once is not asked again

    def test_a_mistake_of_the_users_is_told_once(self):
        self.env["PCARGO_PLAN_SOURCE"] = "auto"
        told = self.pcargo("build", "--bin", "no-such", code=101).stderr
        self.assertEqual(told.count("no bin target named `no-such`"), 1, told)
        self.assertFalse(any("--build-plan" in words for words in self.asked()))

    def test_cargo_has_no_build_plan_of_check(self):
        self.assertIn("cargo has no build plan of `check`", self.pcargo("check", code=101).stderr)

    def test_an_unknown_source_is_refused(self):
        told = self.pcargo("build", code=1, PCARGO_PLAN_SOURCE="both").stderr
        self.assertIn("PCARGO_PLAN_SOURCE must be `auto`, `unit-graph` or `build-plan`, but is `both`", told)

    def test_a_plan_from_a_file_and_from_standard_input(self):
        text = self.plan_text()
        (self.folder / "plan.json").write_text(text, encoding="utf-8")
        self.env["CARGO"] = str(self.noting_cargo("--unit-graph"))
        self.asked()
        self.assertIn("Compiling uses-vendored", self.pcargo("build", "--build-plan", "../plan.json").stderr)
        self.check_program()
        self.assertFalse(any("--build-plan" in words for words in self.asked()))
        self.assertNotIn("Compiling", self.pcargo("build", "--build-plan", "-", stdin=text).stderr)
        with open(self.root / "src/main.rs", "a", encoding="utf-8") as source:
            source.write("// more\n")
        self.assertIn("Compiling uses-vendored", self.pcargo("build", "--build-plan=../plan.json").stderr)

    def test_a_plan_from_another_place(self):
        text = self.plan_text()
        there, self.root = self.root, self.folder / "else" / "where"
        self.root.parent.mkdir()
        there.rename(self.root)
        self.assertIn("Compiling uses-vendored", self.pcargo("build", "--build-plan", "-", stdin=text).stderr)
        self.check_program()
        self.assertNotIn("Compiling", self.pcargo("build").stderr)
        shutil.rmtree(self.root / "vendor/first-1.0.4/src")
        told = self.pcargo("build", "--build-plan", "-", stdin=text, code=101).stderr
        self.assertIn(f"there is no `{self.root}/vendor/first-1.0.4/src/lib.rs`", told)

    def test_what_plan_prints_is_read_back(self):
        self.env["PCARGO_PLAN_SOURCE"] = "auto"
        for words in ((), ("--release",), ("--workspace", "--all-targets")):
            with self.subTest(words=words):
                self.pcargo("build", *words)
                plan = self.pcargo("plan", *words).stdout
                self.assertNotIn("Compiling", self.pcargo("build", "--plan", "-", stdin=plan).stderr)
                plan = self.pcargo("plan", "--format=build-plan", *words).stdout
                self.assertNotIn("Compiling", self.pcargo("build", "--build-plan", "-", *words, stdin=plan).stderr)

    def test_a_plan_that_is_not_of_this_build_is_refused_at_its_place(self):
        text = self.plan_text()
        plan = self.folder / "plan.json"
        plan.write_text(text[: len(text) // 2], encoding="utf-8")
        told = self.pcargo("build", "--build-plan", str(plan), code=101).stderr
        self.assertIn(f"failed to read the build plan in `{plan}`", told)
        self.assertIn("not JSON at byte", told)
        plan.write_text(text, encoding="utf-8")
        told = self.pcargo("build", "--build-plan", str(plan), code=101, RUSTFLAGS="--cfg=other").stderr
        self.assertIn("invocations[0].args: does not end with the rustflags of this build", told)
        told = self.pcargo("build", "--build-plan", "none.json", code=101).stderr
        self.assertIn("no build plan at `none.json`", told)

    def test_the_flag_without_a_file_is_cargos_own(self):
        del self.env["PCARGO_NO_HANDOVER"]
        words = ("build", "--build-plan", "-Z", "unstable-options", "--target-dir", str(self.folder / "elsewhere"))
        self.assertTrue(self.pcargo(*words, **UNLOCK).stdout.startswith('{"invocations":['))


if __name__ == "__main__":
    if missing := toolchains.choose("debian-cargo"):
        print(missing)
        sys.exit(1 if toolchains.is_promised() else SKIPPED)
    unittest.main()
