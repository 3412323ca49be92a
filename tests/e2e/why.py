#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""--explain and `pcargo why`: each kind of cause is brought about once, with the real rustc, and its line is read."""

import glob
import os
import re
import shutil
import signal

from harness import case, projects

DIRTY = re.compile(r"^ +Dirty (\S+) v\S+ \(\S+\) \((.*?)\): (.*)$", re.MULTILINE)


class WhyCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        space = self.space
        space.env.update({"RUSTC": None, "PCARGO_HOME": space.path("pcargo-home")})
        members = ("util", "middle", "app")
        space.write("Cargo.toml", f'[workspace]\nresolver = "2"\nmembers = {list(members)}\n'.replace("'", '"'))
        space.write("util/Cargo.toml", projects.manifest("util") + "[features]\nmore = []\n")
        space.write("util/src/lib.rs", 'pub const SAID: Option<&str> = option_env!("SAID");\n')
        space.write("middle/Cargo.toml", projects.manifest("middle", "util"))
        space.write("middle/src/lib.rs", "pub use util::*;\n")
        space.write("app/Cargo.toml", projects.manifest("app", "middle"))
        space.write("app/src/main.rs", "fn main() { let _ = middle::SAID; }\n")

    def script(self, *says, package="middle", body=""):
        said = "".join(f'println!("cargo::{line}");' for line in says)
        self.space.write(f"{package}/build.rs", f"fn main() {{ {said} {body} }}\n")

    def append(self, name, text):
        with open(os.path.join(self.space.workspace, name), "a", encoding="utf-8") as file:
            file.write(text)

    def build(self, *words, code=0, **how):
        """Gives what was said of each unit that ran, by `name (what)`."""
        self.outcome = self.space.run(*(words or ("build",)), "--explain", **how)
        self.assertEqual(self.outcome.code, code, str(self.outcome))
        self.assert_sound(self.outcome)
        return {f"{name} ({what})": cause for name, what, cause in DIRTY.findall(self.outcome.err)}

    def why(self, *words, code=0):
        answer = self.space.run("why", *words)
        self.assertEqual(answer.code, code, str(answer))
        return answer.out.split("\n", 1)[1] if code == 0 else answer.err

    def ours(self, pattern):
        (found,) = glob.glob(os.path.join(self.space.target, "pcargo", "**", pattern), recursive=True)
        return found


class Causes(WhyCase):
    def test_first_build(self):
        first = "there is no record of an earlier run"
        self.assertEqual(self.build(), {"util (lib)": first, "middle (lib)": first, 'app (bin "app")': first})
        self.assertEqual(self.build(), {})

    def test_content_and_the_chain_to_it(self):
        self.build()
        os.utime(os.path.join(self.space.workspace, "util/src/lib.rs"))
        self.assertEqual(self.build(), {})
        self.append("util/src/lib.rs", "pub fn more() {}\n")
        root = "the content of the file `util/src/lib.rs` changed"
        self.assertEqual(
            self.build(),
            {
                "util (lib)": root,
                "middle (lib)": f"the metadata of `util` changed <- {root}",
                'app (bin "app")': f"the artifact of `middle` changed <- `util` <- {root}",
            },
        )

    def test_metadata_stays(self):
        """The unit between makes what it made before: what is below it is to blame."""
        self.space.write("middle/src/lib.rs", "pub const SAID: Option<&str> = None;\n")
        self.build()
        self.append("util/src/lib.rs", "pub fn more() {}\n")
        self.assertIn("`util` changed <- the content", self.build()['app (bin "app")'])

    def test_an_earlier_build(self):
        self.build()
        self.append("util/src/lib.rs", "pub fn more() {}\n")
        self.build("build", "-p", "util")
        self.assertEqual(self.build()["middle (lib)"], "the dependency `util` was changed by an earlier build")

    def test_module_files(self):
        self.append("util/src/lib.rs", "mod part;\n")
        part = self.space.write("util/src/part.rs", "")
        self.build()
        os.remove(part)
        self.assertEqual(self.build(code=101), {"util (lib)": "the file `util/src/part.rs` is missing"})
        self.space.write("util/src/part.rs", "")
        self.build()
        self.space.write("util/src/part/mod.rs", "")
        self.assertEqual(self.build(code=101), {"util (lib)": "the file `util/src/part/mod.rs` is new"})

    def test_variable(self):
        self.build()
        said = "the environment variable SAID "
        self.assertEqual(self.build(env={"SAID": "a"})["util (lib)"], said + "was added: `a`")
        self.assertEqual(self.build(env={"SAID": "b"})["util (lib)"], said + "changed from `a` to `b`")
        self.assertEqual(self.build()["util (lib)"], said + "was removed: `b`")

    def test_manifest_variable(self):
        self.build()
        manifest = self.space.read("util/Cargo.toml").decode()
        self.space.write("util/Cargo.toml", manifest.replace("[dep", 'description = "new"\n[dep'))
        self.assertEqual(
            self.build()["util (lib)"], "the environment variable CARGO_PKG_DESCRIPTION changed from `` to `new`"
        )

    def test_arguments(self):
        self.build()
        self.append("util/Cargo.toml", '[lints.rust]\nunused = "deny"\n')
        self.assertEqual(
            self.build()["util (lib)"], "the compiler's arguments changed: `--deny=unused` is new"
        )

    def test_settings(self):
        """What changes the unit's hash leaves no record to compare with, but for the last build's notes."""
        other = "it was not built with these settings before: the compiler's arguments changed: "
        self.build()
        self.append("Cargo.toml", "[profile.dev]\nopt-level = 1\n")
        self.assertEqual(self.build()["util (lib)"], other + "`-C opt-level=1` is new")
        self.append("Cargo.toml", "debug = 1\n")
        self.assertEqual(self.build()["util (lib)"], other + "`-C debuginfo=2` is now `-C debuginfo=1`")
        causes = self.build("build", "--workspace", "--features", "util/more")
        self.assertEqual(causes["util (lib)"], other + '`--cfg feature="more"` is new')
        self.assertEqual(
            causes["middle (lib)"],
            "the dependency `util` was not built with these settings before <- " + causes["util (lib)"],
        )

    def test_output(self):
        self.build()
        artifact = self.ours("libutil-*.rlib")
        shown = os.path.relpath(artifact, self.space.workspace)
        os.remove(artifact)
        self.assertEqual(self.build(), {"util (lib)": f"the output `{shown}` is missing"})
        with open(artifact, "ab") as file:
            file.write(b"x")
        self.assertEqual(self.build(), {"util (lib)": f"the output `{shown}` was changed by something else"})

    def test_final_file_that_cannot_be_placed(self):
        self.build()
        final = os.path.join(self.space.target, "debug", "app")
        os.remove(final)
        os.mkdir(final)
        self.assertEqual(
            self.build(code=101), {'app (bin "app")': "the final file `target/debug/app` could not be put back"}
        )

    def test_record(self):
        self.build()
        record = self.ours("records/util-*")
        with open(record, "rb") as file:
            whole = file.read()
        with open(record, "wb") as file:
            file.write(whole[:-1])
        self.assertEqual(self.build(), {"util (lib)": "the record of its last run is damaged"})
        with open(record, "wb") as file:
            file.write(whole[:8] + bytes([whole[8] ^ 0x80]) + whole[9:])
        self.assertEqual(self.build(), {"util (lib)": "the record of its last run is another pcargo's"})

    def test_last_run_failed(self):
        self.build()
        self.append("util/src/lib.rs", "no rust\n")
        self.build(code=101)
        self.assertEqual(self.build(code=101), {"util (lib)": "its last run failed"})

    def test_toolchain(self):
        """A compiler of another version, as far as it says; the change goes into the hash."""
        real = self.space.run("rustc", "--version", program=shutil.which("env"), cwd=self.space.workspace)
        self.assertEqual(real.code, 0, str(real))
        self.build()
        liar = self.space.write(
            self.space.path("rustc"),
            "#!/bin/sh\n"
            'case "$1" in -vV) rustc -vV | sed "s/^host:/note: other\\nhost:/";; *) exec rustc "$@";; esac\n',
            executable=True,
        )
        said = self.build(env={"RUSTC": liar})["util (lib)"]
        self.assertRegex(said, "the toolchain changed: rustc changed from `.*` to `note: other`$")


class Scripts(WhyCase):
    def test_directives(self):
        self.script("rerun-if-changed=listed", "rerun-if-changed=folder", "rerun-if-env-changed=ASKED")
        self.space.write("middle/listed", "1")
        self.space.write("middle/folder/file", "1")
        self.build()
        asks = " (the build script asks for it: "
        run = "middle (build script run)"
        self.space.write("middle/listed", "2")
        self.assertEqual(
            self.build(), {run: f"the content of the file `middle/listed` changed{asks}rerun-if-changed)"}
        )
        self.space.write("middle/folder/more", "1")
        self.assertEqual(
            self.build(), {run: f"something in the directory `middle/folder` changed{asks}rerun-if-changed)"}
        )
        self.assertEqual(
            self.build(env={"ASKED": "1"}),
            {run: f"the environment variable ASKED was added: `1`{asks}rerun-if-env-changed)"},
        )
        os.remove(os.path.join(self.space.workspace, "middle/listed"))
        gone = f"the file `middle/listed` is missing{asks}rerun-if-changed)"
        self.assertEqual(self.build(env={"ASKED": "1"}), {run: gone})
        self.assertEqual(self.build(env={"ASKED": "1"}), {run: f"its last run left no record: {gone}"})

    def test_whole_package(self):
        self.script()
        self.build()
        run = "middle (build script run)"
        silent = " (the build script does not say what it reads)"
        self.space.write("middle/notes", "1")
        self.assertEqual(self.build(), {run: f"the file `middle/notes` is new{silent}"})
        self.space.write("middle/notes", "2")
        self.assertEqual(self.build(), {run: f"the content of the file `middle/notes` changed{silent}"})
        os.remove(os.path.join(self.space.workspace, "middle/notes"))
        self.assertEqual(self.build(), {run: f"the file `middle/notes` is missing{silent}"})

    def test_what_it_said_and_what_it_is(self):
        self.script("rerun-if-changed=said", body='println!("cargo::rustc-env=X={}", include_str!("said"));')
        self.space.write("middle/said", "1")
        self.build()
        self.space.write("middle/said", "2")
        root = "the content of the file `middle/said` changed"
        self.assertEqual(
            self.build(),
            {
                "middle (build script)": root,
                "middle (build script run)": f"the build script of `middle` is another program <- {root}",
                "middle (lib)": "the environment variable X changed from `1` to `2`",
            },
        )

    def test_what_it_made(self):
        body = 'std::fs::copy("made", format!("{}/made", std::env::var("OUT_DIR").unwrap())).unwrap();'
        self.script("rerun-if-changed=made", body=body)
        self.space.write("middle/made", "1")
        self.build()
        self.space.write("middle/made", "2")
        causes = self.build()
        root = causes["middle (build script run)"]
        self.assertIn("`middle/made` changed", root)
        self.assertEqual(
            causes["middle (lib)"], f"the build script of `middle` said or made something else <- {root}"
        )

    def test_interrupted(self):
        arrived, gate = self.space.fifo("arrived"), self.space.fifo("gate")
        self.script(body=f'std::fs::write("{arrived}", "x").unwrap(); let _ = std::fs::read("{gate}");')
        process = self.space.start("build")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.space.finish(process).code, -signal.SIGINT)
        run = "middle (build script run)"
        self.assertIn(f"{run[:7]}v0.1.0{run[6:]}: ran and was stopped: there is no record", self.why("middle"))
        self.assertIn("middle v0.1.0 (lib): was not reached", self.why("middle"))
        process = self.space.start("build", "--explain")
        with open(arrived, encoding="utf-8") as fifo:
            fifo.read()
        with open(gate, "w", encoding="utf-8"):
            pass
        outcome = self.space.finish(process)
        self.assertIn(f"({run[8:]}: its last run was interrupted", outcome.err, str(outcome))


class Why(WhyCase):
    def test_no_build_yet(self):
        self.assertIn("pcargo knows of no build in", self.why(code=101))
        self.assertIn("could not find", self.space.run("why", cwd=self.space.root).err)

    def test_crates(self):
        self.build()
        self.append("middle/src/lib.rs", "pub fn more() {}\n")
        self.build()
        root = "the content of the file `middle/src/lib.rs` changed"
        chain = f'app v0.1.0 (bin "app"): ran: the artifact of `middle` changed <- {root}\n'
        self.assertEqual(self.why("util"), "util v0.1.0 (lib): was fresh\n")
        self.assertEqual(self.why("app (bin)"), chain)
        self.assertEqual(self.why("util@0.1.0", "app"), "util v0.1.0 (lib): was fresh\n" + chain)
        self.assertEqual(self.why(), f'{root}\n    middle v0.1.0 (lib)\n    <- app v0.1.0 (bin "app")\n')
        said = self.why("midle", code=101)
        self.assertIn("no unit of the last build matches `midle`", said)
        self.assertIn("names like it: `middle`", said)
        self.assertIn("--frobnicate", self.why("--frobnicate", code=1))

    def test_a_build_with_nothing_to_do_is_not_remembered(self):
        self.build()
        notes = self.ours("last-build")
        before = os.stat(notes).st_ino
        self.build()
        self.assertEqual(os.stat(notes).st_ino, before)
        self.assertIn("util v0.1.0 (lib): ran", self.why("util"))

    def test_failed_build(self):
        self.append("util/src/lib.rs", "no rust\n")
        self.build(code=101)
        self.assertIn("util v0.1.0 (lib): ran and failed: there is no record", self.why("util"))
        self.assertEqual(self.why("middle"), "middle v0.1.0 (lib): was not reached\n")

    def test_damaged_notes(self):
        self.build()
        with open(self.ours("last-build"), "ab") as file:
            file.write(b"x")
        self.assertIn("pcargo knows of no build in", self.why(code=101))
        self.append("util/src/lib.rs", "// more\n")
        self.build()
        self.assertIn("util v0.1.0 (lib): ran", self.why("util"))

    def test_elsewhere(self):
        self.space.run("build", "--target-dir", "other")
        self.assertIn("util v0.1.0 (lib): ran", self.why("--target-dir", "other", "util"))
        self.assertIn("knows of no build", self.why("util", code=101))
        self.space.write(".cargo/config.toml", '[build]\nbuild-dir = "kept"\n')
        self.build()
        self.assertTrue(self.space.exists("kept/pcargo/last-build"))
        self.assertIn("util v0.1.0 (lib): ran", self.why("util"))

    def test_all_commands_explain(self):
        for words in (("check",), ("rustc", "-p", "util"), ("run",)):
            with self.subTest(words=words):
                self.assertIn("util (lib)", self.build(*words))
                self.append("util/src/lib.rs", "// more\n")


if __name__ == "__main__":
    case.main()
