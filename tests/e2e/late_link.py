#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Late linking by hand, with the real rustc and the real gate: what rustc makes of stubs, and what it says.

Nothing of pcargo runs but its gate: these are the facts that late linking stands on. RUSTUP_TOOLCHAIN chooses another
rustc.
"""

import json
import os
import re
import select
import shutil
import subprocess

from harness import case, gates

SOURCES = {
    "base": "pub static WORDS: [&str; 2] = [\"base\", \"words\"];\n"
    "pub fn total<T: Copy + Into<u64>>(all: &[T]) -> u64 { all.iter().map(|&one| one.into()).sum() }\n"
    "pub fn shout(text: &str) -> String { text.to_uppercase() }\n",
    "util": "pub fn greeting(name: &str) -> String { format!(\"{} {}\", base::shout(base::WORDS[0]), name) }\n"
    "#[inline] pub fn sum() -> u64 { base::total(&[1u32, 2, 3]) }\n",
    "maker": "extern crate proc_macro;\nuse proc_macro::TokenStream;\n"
    "#[proc_macro] pub fn answer(_: TokenStream) -> TokenStream { util::sum().to_string().parse().unwrap() }\n",
    "app": "fn main() { println!(\"{} {}\", util::greeting(\"you\"), util::sum()); }\n"
    "#[test] fn adds() { assert_eq!(util::sum(), 6); }\n",
    "user": "fn main() { println!(\"{}\", maker::answer!() + util::sum()); }\n",
    "shared": '#[no_mangle] pub extern "C" fn shared_sum() -> u64 { util::sum() + util::greeting("c").len() as u64 }\n',
    "broken": 'extern "C" { fn nobody_has_this(); }\nfn main() { util::greeting("x"); unsafe { nobody_has_this() } }\n',
}
# Linked with what rustc's own run of the library made, so that it has that library's hash.
LIBRARY = ["--crate-type", "lib", "--emit=metadata,link"]


def stub_of(metadata):
    """As execute/stub_rlib.cc makes it; unit tests hold that one to these bytes."""
    head = f"!<arch>\n{'lib.rmeta/':16}{0:<12}{0:<6}{0:<6}{'644':8}{len(metadata):<10}`\n"
    return head.encode() + metadata + b"\n" * (len(metadata) % 2)


def contents_of(directory):
    contents = {}
    for name in os.listdir(directory):
        with open(os.path.join(directory, name), "rb") as file:
            contents[name] = file.read()
    return contents


class LateLink(case.FaultCase):
    def setUp(self):
        super().setUp()
        for name in ("RUSTC", "PCARGO_FAKE_RUSTC"):
            del self.space.env[name]
        self.deps, self.stubs, self.away = (self.space.path(name) for name in ("deps", "stubs", "away"))
        for path in (self.deps, self.stubs, self.away):
            os.makedirs(path)
        for name, text in SOURCES.items():
            self.space.write(f"{name}.rs", text)
        self.count = 0

    def command(self, crate, kind, dependencies, flags, seen_in):
        """As cargo would give it; dependencies are looked for in `seen_in`."""
        externs = []
        for name in dependencies:
            externs += ["--extern", f"{name}={seen_in}/lib{name}.{'so' if name == 'maker' else 'rlib'}"]
        if kind == ["--crate-type", "proc-macro"]:
            externs += ["--extern", "proc_macro"]
        return ["rustc", "--crate-name", crate, "--edition=2021", f"{crate}.rs", "--error-format=json",
                "--json=diagnostic-rendered-ansi,artifacts", *kind, "-C", f"metadata={crate}", "-L",
                f"dependency={seen_in}", *externs, *flags]

    def ordinary(self, crate, kind, dependencies=(), flags=(), out=None):
        command = self.command(crate, kind, dependencies, flags, self.deps)
        return self.space.run(*command[1:], "--out-dir", out or self.deps, program="rustc")

    def library(self, crate, dependencies=(), flags=()):
        outcome = self.ordinary(crate, LIBRARY, dependencies, flags)
        self.assertEqual(outcome.code, 0, str(outcome))
        with open(f"{self.deps}/lib{crate}.rmeta", "rb") as file:
            metadata = file.read()
        with open(f"{self.stubs}/lib{crate}.rlib", "wb") as file:
            file.write(stub_of(metadata))

    def libraries(self, flags=()):
        self.library("base", flags=flags)
        self.library("util", ["base"], flags=flags)

    def start_late(self, gate, command, out):
        process = subprocess.Popen(
            [*command, "--out-dir", out, "-C", f"linker={gate.program}"],
            cwd=self.space.workspace, env=self.space.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, pass_fds=[gate.descriptor], start_new_session=True)
        gate.started()
        return process

    def gate(self, linker="cc"):
        self.count += 1
        gate = gates.Gate(self.space.path(f"gate{self.count}"), linker, [(self.stubs, self.deps)])
        self.addCleanup(gate.close)
        return gate

    def hide(self):
        """No .rlib is there: whoever needs one before the gate opens does without."""
        for name in os.listdir(self.deps):
            if name.endswith(".rlib"):
                os.rename(f"{self.deps}/{name}", f"{self.away}/{name}")

    def show(self):
        for name in os.listdir(self.away):
            os.rename(f"{self.away}/{name}", f"{self.deps}/{name}")

    def late(self, crate, kind, dependencies=(), flags=(), out=None, gate=None):
        """Gives the outcome and how often the linker was started."""
        gate = gate or self.gate()
        self.hide()
        process = self.start_late(gate, self.command(crate, kind, dependencies, flags, self.stubs), out or self.deps)
        if gate.objects() is None:
            self.fail(f"rustc ended before it linked\n{self.space.finish(process)}")
        self.show()
        links = 1
        gate.answer(b"g")
        while gate.objects() is not None:
            links += 1
            gate.answer(b"g")
        return self.space.finish(process), links

    def assert_equal_links(self, crate, kind, dependencies, flags=(), late_linker="cc"):
        """Both ways give the same files with the same bytes, and neither says anything that the other does not."""
        place = self.space.path("out")  # one for both: gold writes it into its files
        files, said = [], []
        for way in (self.ordinary, self.late):
            os.makedirs(place)
            if way == self.ordinary:
                outcome = way(crate, kind, dependencies, flags, place)
            else:
                outcome, _ = way(crate, kind, dependencies, flags, place, self.gate(late_linker))
            self.assertEqual(outcome.code, 0, f"{way.__name__} {crate} {flags}\n{outcome}")
            files.append(contents_of(place))
            said.append(outcome.err)
            shutil.rmtree(place)
        self.assertTrue(files[0])
        self.assertEqual(files[0].keys(), files[1].keys())
        for name, contents in files[0].items():
            self.assertTrue(contents == files[1][name], f"{name} differs: {crate} {kind} {flags}")
        self.assertEqual(said[0], said[1])

    FLAGS = (
        [],
        ["-Cdebuginfo=2"],
        ["-Copt-level=3", "-Ccodegen-units=4"],
        ["-Cprefer-dynamic"],
        ["-Cstrip=debuginfo", "-Cdebuginfo=1"],
        ["-Csplit-debuginfo=unpacked", "-Cdebuginfo=2"],
        ["-Cinstrument-coverage"],
    )

    def test_every_kind_of_unit_is_the_same_byte_for_byte(self):
        for flags in self.FLAGS:
            self.libraries(flags)
            self.assert_equal_links("app", ["--crate-type", "bin"], ["util"], flags)
            self.assert_equal_links("app", ["--test"], ["util"], flags)
            self.assert_equal_links("shared", ["--crate-type", "cdylib"], ["util"], flags)
            self.assert_equal_links("maker", ["--crate-type", "proc-macro"], ["util"], flags)

    def test_linkers_that_the_driver_chooses(self):
        self.libraries()
        chosen = ["bfd", *(name for name in ("lld", "gold", "mold") if shutil.which(f"ld.{name}"))]
        for name in chosen:
            flags = [f"-Clink-arg=-fuse-ld={name}"]
            self.assert_equal_links("app", ["--crate-type", "bin"], ["util"], flags)
            self.assert_equal_links("shared", ["--crate-type", "cdylib"], ["util"], flags)

    def test_a_linker_of_another_name_means_what_it_meant(self):
        self.libraries()
        for name in ("gcc", "x86_64-linux-gnu-gcc", "clang"):
            if shutil.which(name):
                flags = [f"-Clinker={name}"]
                self.assert_equal_links("app", ["--crate-type", "bin"], ["util"], flags, late_linker=name)

    def test_a_proc_macro_is_used_from_among_stubs(self):
        self.libraries()
        self.assertEqual(self.ordinary("maker", ["--crate-type", "proc-macro"], ["util"]).code, 0)
        os.link(f"{self.deps}/libmaker.so", f"{self.stubs}/libmaker.so")
        self.assert_equal_links("user", ["--crate-type", "bin"], ["maker", "util"])

    def test_incremental_compilation(self):
        self.libraries()
        for words in ("you", "everybody"):
            self.space.write("app.rs", SOURCES["app"].replace("you", words))
            programs = []
            for way, gate in ((self.ordinary, None), (self.late, self.gate())):
                place = self.space.path(way.__name__)
                os.makedirs(place, exist_ok=True)
                how = {"gate": gate} if gate else {}
                flags = ["-C", f"incremental={place}-incremental"]
                outcome = way("app", ["--crate-type", "bin"], ["util"], flags, place, **how)
                self.assertEqual((outcome[0] if gate else outcome).code, 0, str(outcome))
                programs.append(contents_of(place)["app"])
            self.assertTrue(programs[0] == programs[1])

    def test_a_command_too_long_for_the_system(self):
        self.libraries()
        # gcc itself gives up sooner than the system, so what is too long goes before it.
        linker = self.space.write(
            "tools/gcc",
            '#!/bin/sh\ncase $1 in @*) grep -v "^-L/no/such" "${1#@}" > short; exec cc @short;; esac\nexit 9\n',
            executable=True,
        )
        self.space.write("flags", "".join(f"-Clink-arg=-L/no/such/{'x' * 100}/{i}\n" for i in range(25000)))
        self.assert_equal_links(
            "app", ["--crate-type", "bin"], ["util"], ["@flags", f"-Clinker={linker}"], late_linker=linker
        )

    def test_a_library_is_compiled_while_its_dependent_waits_to_link(self):
        self.library("base")
        library_command = self.command("util", LIBRARY, ["base"], [], self.deps)
        library = self.space.start(*library_command[1:], "--out-dir", self.deps, program="rustc")
        notice = json.loads(library.stderr.readline())
        self.assertEqual((notice["artifact"], notice["emit"]), (f"{self.deps}/libutil.rmeta", "metadata"))
        with open(notice["artifact"], "rb") as file, open(f"{self.stubs}/libutil.rlib", "wb") as stub:
            stub.write(stub_of(file.read()))
        gate = self.gate()
        command = self.command("app", ["--crate-type", "bin"], ["util"], [], self.stubs)
        process = self.start_late(gate, command, self.away)
        self.assertIsNotNone(gate.objects())
        self.assertEqual(self.space.finish(library).code, 0)
        gate.answer(b"g")
        self.assertEqual(self.space.finish(process).code, 0)
        self.assertEqual(self.ordinary("app", ["--crate-type", "bin"], ["util"]).code, 0)
        self.assertTrue(contents_of(self.away)["app"] == contents_of(self.deps)["app"])

    def test_a_failure_differs_in_the_names_of_gate_and_stubs_only(self):
        self.libraries()
        gate = self.gate()
        late, links = self.late("broken", ["--crate-type", "bin"], ["util"], gate=gate)
        ordinary = self.ordinary("broken", ["--crate-type", "bin"], ["util"])
        self.assertEqual((late.code, links), (1, 1), str(late))
        self.assertIn(gate.program, late.err)
        self.assertIn(self.stubs, late.err)
        told = late.err.replace(gate.program, "cc").replace(self.stubs, self.deps)
        temporary = re.compile(r"rustc[A-Za-z0-9]{6}\b")
        self.assertEqual(temporary.sub("T", told), temporary.sub("T", ordinary.err))

    def test_rustc_starts_its_linker_again(self):
        self.libraries()
        refuses = "gcc: error: unrecognized command line option '-no-pie'"
        path = self.space.write(
            "tools/gcc",
            '#!/bin/sh\nfor word; do\n  if [ "$word" = -no-pie ]; then\n'
            f'    echo "{refuses}" >&2\n    exit 1\n  fi\ndone\nexec cc -no-pie "$@"\n',
            executable=True,
        )
        flags = ["-Crelocation-model=static"]
        outcome, links = self.late("app", ["--crate-type", "bin"], ["util"], flags, gate=self.gate(path))
        self.assertEqual((outcome.code, links), (0, 2), str(outcome))

    def test_a_native_library_that_an_attribute_bundles_whole(self):
        """No argument says so. rustc names a file that it would have taken out of the .rlib: the linker misses it."""
        self.space.write("seven.c", "int seven(void) { return 7; }\n")
        subprocess.run(["cc", "-c", "seven.c"], cwd=self.space.workspace, check=True)
        subprocess.run(["ar", "rc", "libseven.a", "seven.o"], cwd=self.space.workspace, check=True)
        self.space.write("user.rs", "fn main() { println!(\"{}\", base::lucky()); }\n")
        for modifiers, code in (("", 0), (", modifiers = \"-bundle\"", 0), (", modifiers = \"+whole-archive\"", 1)):
            self.space.write(
                "base.rs",
                f"#[link(name = \"seven\", kind = \"static\"{modifiers})] extern \"C\" {{ fn seven() -> i32; }}\n"
                "pub fn lucky() -> i32 { unsafe { seven() } }\n",
            )
            self.library("base", flags=["-Lnative=."])
            outcome, links = self.late("user", ["--crate-type", "bin"], ["base"], ["-Lnative=."])
            self.assertEqual((outcome.code, links), (code, 1), str(outcome))
            self.assertEqual("libseven.a: No such file" in outcome.err, code == 1, str(outcome))

    def test_a_link_that_is_not_permitted_is_an_error_of_rustc(self):
        self.libraries()
        gate = self.gate()
        command = self.command("app", ["--crate-type", "bin"], ["util"], [], self.stubs)
        process = self.start_late(gate, command, self.away)
        self.assertIsNotNone(gate.objects())
        gate.answer(b"a")
        outcome = self.space.finish(process)
        self.assertEqual(outcome.code, 1, str(outcome))
        self.assertIn("exit status: 125", outcome.err)
        self.assertFalse(os.path.exists(f"{self.away}/app"))

    def test_rustc_dies_at_the_gate(self):
        self.libraries()
        gate = self.gate()
        command = self.command("app", ["--crate-type", "bin"], ["util"], [], self.stubs)
        process = self.start_late(gate, command, self.away)
        waiting = os.pidfd_open(gate.objects())
        process.kill()
        process.wait()
        gate.close()  # as pcargo does when a run is over
        self.assertTrue(select.select([waiting], [], [], 60)[0], "the gate waits for ever")
        os.close(waiting)
        process.communicate()


if __name__ == "__main__":
    case.main()
