#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Late-linked builds with the real rustc: what starts when, what comes out, and what the next build makes of it."""

import glob
import os
import re
import shutil

from harness import case, late


class Builds(late.LateCase):
    def setUp(self):
        super().setUp()
        self.grove()

    def test_a_program_starts_before_its_library_is_done_and_links_after(self):
        self.hold("util")
        self.announce_gate("app")
        process = self.space.start("build", "-v", "-j4")
        self.arrival("util-held", process)
        self.gate_of("app", process)
        self.release("util")
        outcome = self.space.finish(process)
        self.assert_builds(outcome)
        self.assertRegex(outcome.err, r"(?m)^ +Linked late [1-4] started before all they link was there, \d+\.\d\ds earlier in all$")
        self.assertEqual(self.said(), "7 6 here\n")
        self.assertEqual(self.runs("app"), 1)
        self.assert_nothing_left()
        for flags in ([], ["--late-link=never"], ["--late-link=always"]):
            self.assert_nothing_to_do(*flags)
        self.assert_as_never()

    def test_always_is_every_unit_that_may(self):
        outcome = self.space.run("build", "--late-link=always", "--all-targets")
        self.assert_builds(outcome)
        # The script, maker, app, shared, and tests of app, util, maker, shared. Nothing is below the tests of base, helper.
        self.assertRegex(outcome.err, r"(?m)^ +Linked late 8 started before all they link was there, \d+\.\d\ds earlier in all$")
        self.assert_nothing_to_do("--all-targets")
        self.assert_as_never("--all-targets")

    def test_verify_builds_each_twice_and_all_are_equal(self):
        outcome = self.space.run("build", "--late-link=verify", "--all-targets")
        self.assert_builds(outcome)
        self.assertRegex(outcome.err, r"Linked late 8 started before all .*, 8 compared byte for byte, \d+\.\d\ds earlier in all\n")
        self.assertEqual((self.runs("app"), self.runs("shared"), self.runs("util")), (4, 4, 3), self.runs())
        self.assert_nothing_to_do("--all-targets")
        self.assert_as_never("--all-targets")

    def built_again_with_base_held(self):
        """base's library was lost: while it is made again, shared (of which the source has changed) comes to its gate, and
        app and maker could."""
        self.space.write("shared/src/lib.rs", '#[no_mangle] pub extern "C" fn luck() -> i32 { util::lucky() }\n')
        for lost in glob.glob(f"{self.space.target}/pcargo/debug/deps/libbase-*.rlib"):
            os.remove(lost)
        self.forget_runs()
        self.hold("base")
        self.announce_gate("shared")
        process = self.space.start("build", "-v", "-j4")
        self.arrival("base-held", process)
        self.gate_of("shared", process)
        early = self.runs()
        self.release("base")
        outcome = self.space.finish(process)
        self.assert_builds(outcome)
        self.assertEqual(sorted(early), ["base", "shared"], str(outcome))
        return outcome

    def test_what_shows_in_the_artifact_alone_is_linked_again_when_it_is_there(self):
        self.assert_builds(self.space.run("build"))
        self.native_library(8)
        outcome = self.built_again_with_base_held()
        self.assertEqual((sorted(self.runs()), self.said()), (["app", "base", "maker", "shared"], "8 6 here\n"))
        self.assertRegex(outcome.err, r"Dirty app .*: the artifact of `\w+` changed")
        self.assert_nothing_to_do()
        self.assert_as_never()

    def test_what_comes_out_the_same_stops_there(self):
        self.assert_builds(self.space.run("build"))
        outcome = self.built_again_with_base_held()
        self.assertEqual(sorted(self.runs()), ["base", "shared"])
        self.assertRegex(outcome.err, r"(?m)^ +Fresh app ")
        self.assert_nothing_to_do()
        self.assert_as_never()

    def test_incremental_compilation(self):
        self.space.env["CARGO_INCREMENTAL"] = "1"
        self.assert_builds(self.space.run("build", "--late-link=always"))
        for number in (1, 2):
            self.space.let_the_clock_tick()
            self.space.write("util/src/lib.rs", f"pub fn lucky() -> i32 {{ base::lucky() + {number} }}\n")
            outcome = self.space.run("build", "-v")
            self.assert_builds(outcome)
            self.assertEqual(self.said(), f"{7 + number} 6 here\n")
            self.assert_nothing_to_do()
            self.assert_nothing_left()

    def test_incremental_compilation_with_an_early_start(self):
        self.space.env["CARGO_INCREMENTAL"] = "1"
        self.hold("util")
        self.announce_gate("app")
        process = self.space.start("build", "-v", "-j4", "--late-link=always")
        self.arrival("util-held", process)
        self.gate_of("app", process)
        self.release("util")
        self.assert_builds(self.space.finish(process))
        self.assertEqual((self.said(), self.runs("app")), ("7 6 here\n", 1))
        self.assert_nothing_to_do()

    def build_unasked(self, incremental, waits_for_gate):
        self.space.env["CARGO_INCREMENTAL"] = incremental
        self.hold("util")
        self.announce_gate("app")
        process = self.space.start("build", "-v", "-j4", "--late-link=auto")
        self.arrival("util-held", process)
        if waits_for_gate:
            self.gate_of("app", process)
        self.release("util")
        outcome = self.space.finish(process)
        self.assert_builds(outcome)
        return outcome

    def test_who_does_not_ask_has_it_linked_late(self):
        self.assertIn("Linked late", self.build_unasked(incremental="0", waits_for_gate=True).err)

    def test_who_does_not_ask_keeps_what_the_compiler_kept(self):
        """With stubs and gate in other places rustc would use nothing of it."""
        self.assertNotIn("Linked late", self.build_unasked(incremental="1", waits_for_gate=False).err)


class Held(late.LateCase):
    """Units that must not start early: nothing is counted though every one that may is asked for."""

    def assert_held(self, *flags, env=None, late_ones=0):
        outcome = self.space.run("build", "--late-link=always", "-j4", *flags, env=env)
        self.assert_builds(outcome)
        counted = re.findall(r"Linked late (\d+) started", outcome.err)
        self.assertEqual(counted, [str(late_ones)] if late_ones else [], str(outcome))
        self.assertNotIn("start over", outcome.err)
        self.assertEqual(self.space.run("build", "-v", "--late-link=never", *flags, env=env).err.count("Dirty"), 0)

    def test_lto(self):
        self.pair()
        self.assert_held(env={"CARGO_PROFILE_DEV_LTO": "true"})
        self.assert_held(env={"CARGO_PROFILE_DEV_LTO": "thin"})
        self.assert_held(env={"RUSTFLAGS": "-Clto -Cembed-bitcode=yes"})
        self.assert_held(env={"CARGO_PROFILE_DEV_LTO": "off"}, late_ones=1)

    def test_what_a_script_links_whole(self):
        self.grove()
        self.space.write("base/src/lib.rs", self.space.read("base/src/lib.rs").decode().partition("] ")[2])
        self.space.write("base/build.rs", 'fn main() { println!("cargo::rustc-link-lib=static:+whole-archive=seven"); }\n')
        self.assert_held("-p", "app", late_ones=1)  # the script
        self.assertEqual(self.said(), "7 6 here\n")

    def test_wrappers(self):
        self.pair()
        wrapper = self.space.write(self.space.path("wrapper"), '#!/bin/sh\nexec "$@"\n', executable=True)
        self.assert_held(env={"RUSTC_WRAPPER": wrapper})
        self.assert_held(env={"RUSTC_WORKSPACE_WRAPPER": wrapper})

    def test_flags(self):
        self.pair()
        for flags in ("-Csplit-debuginfo=packed", "-Crpath", "-Csave-temps", "-Clinker-flavor=gcc",
                      "-Clinker=/usr/bin/../bin/cc -Clinker-flavor=gcc"):
            with self.subTest(flags):
                self.assert_held(env={"RUSTFLAGS": flags})


class Words(late.LateCase):
    """The option, the variable, the config key."""

    def setUp(self):
        super().setUp()
        self.pair()

    def assert_refused(self, outcome, *words):
        before = self.runs()
        self.assert_fails(outcome, *words, "must be auto, always, never or verify", code=1)
        self.assertEqual(self.runs(), before)

    def test_values_that_are_none(self):
        for value in ("", "sometimes", "Never", "always,verify"):
            self.assert_refused(self.space.run("build", f"--late-link={value}"), "--late-link", f"`{value}`")
            self.assert_refused(self.space.run("build", env={"PCARGO_LATE_LINK": value}), "PCARGO_LATE_LINK")
            self.assert_refused(self.space.run("build", "--config", f'pcargo.late-link="{value}"'), "pcargo.late-link")

    def test_no_value(self):
        self.assert_refused(self.space.run("build", "--late-link"), "--late-link")
        self.assert_refused(self.space.run("build", "--late-link", "--release"), "--late-link")

    def test_a_config_value_of_another_type(self):
        outcome = self.space.run("build", "--config", "pcargo.late-link=1")
        self.assert_fails(outcome, "pcargo.late-link")

    def test_the_nearest_word_counts(self):
        self.space.write(".cargo/config.toml", '[pcargo]\nlate-link = "always"\n')
        for env, flags, is_late in (({}, [], True), ({"PCARGO_LATE_LINK": "never"}, [], False),
                                    ({"PCARGO_LATE_LINK": "never"}, ["--late-link", "always"], True)):
            self.space.write("util/src/lib.rs", f"pub fn lucky() -> i32 {{ {len(flags)} + {len(env)} }}\n")
            outcome = self.space.run("build", *flags, env=env)
            self.assert_builds(outcome)
            self.assertEqual("Linked late" in outcome.err, is_late, str(outcome))

    def test_other_commands(self):
        self.assert_builds(self.space.run("rustc", "-p", "app", "--late-link=always"))
        outcome = self.space.run("run", "--late-link=always")
        self.assertEqual((outcome.code, outcome.out), (0, "7\n"), str(outcome))
        self.assert_builds(self.space.run("check", "--late-link=always"))
        self.assert_refused(self.space.run("check", "--late-link=yes"), "--late-link")

    def test_no_gate(self):
        """It is looked for beside the program itself. What needs it is refused, and nothing else."""
        alone = shutil.copy(self.space.pcargo, self.space.path("alone"))
        self.assertEqual(self.space.run("build", program=alone).code, 0)
        self.space.write("app/src/main.rs", "fn main() {}\n")
        for mode in ("always", "verify"):
            self.assert_fails(self.space.run("build", f"--late-link={mode}", program=alone), "pcargo-gate")
        self.assert_builds(self.space.run("build", "--late-link=never", program=alone))

    def test_cargo_does_not_hear_of_it(self):
        self.space.env["PCARGO_NO_HANDOVER"] = ""
        self.space.env["__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS"] = "nightly"
        cargos = ["--artifact-dir=out", "-Zunstable-options"]
        for command in (["build", "--late-link=always", *cargos], ["build", "--late-link", "never", *cargos],
                        ["test", "--late-link=never"]):
            self.assert_builds(self.space.run(*command))
        self.assertEqual(self.space.run("--version", "--verbose").code, 0)


if __name__ == "__main__":
    case.main()
