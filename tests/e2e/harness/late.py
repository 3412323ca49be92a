# SPDX-License-Identifier: MIT OR Apache-2.0
"""The real rustc behind a script that a test gives orders to, and what a late-linked build is tried on.

`orders/CRATE` is read by the script in place of running rustc ("$@"). FIFOs say where somebody stands and hold it there.
"""

import os
import re
import select
import shutil
import signal
import subprocess

from harness import aftermath, case, projects

LIMIT_SECONDS = 60
SCRIPT = """#!/bin/sh
crate=
for word; do
  test "$before" = --crate-name && crate=$word
  before=$word
done
case $crate in ""|___) exec {rustc} "$@";; esac
echo $crate >> {root}/runs
rustc={rustc}
if test -f {root}/orders/$crate; then . {root}/orders/$crate; fi
exec $rustc "$@"
"""
# Ended with its metadata shown and everything written, and nobody knows it.
HOLD = '"$rustc" "$@"; code=$?; echo $$ > {arrived}; read -r code_instead < {gate}; exit ${{code_instead:-$code}}\n'
# Its linker says that it is there, as its last word before it is the gate.
AT_GATE = """count=$#
while test $count -gt 0; do
  word=$1
  shift
  case $word in linker=*) export GATE="${{word#linker=}}"; word=linker={linker};; esac
  set -- "$@" "$word"
  count=$((count - 1))
done
"""
LINKER = '#!/bin/sh\necho $$ $PPID > {arrived}\nexec "$GATE" "$@"\n'
LITTER = re.compile(r"(^|/)(attempts|rustc[A-Za-z0-9]{6})(/|$)")
TEMPORARY = re.compile(r"(rustc|attempts/)[A-Za-z0-9]{6}\b")


class LateCase(case.FaultCase):
    def setUp(self):
        super().setUp()
        for name in ("RUSTC", "PCARGO_FAKE_RUSTC", "PCARGO_LATE_LINK"):
            del self.space.env[name]
        asked = subprocess.run(["rustc", "--print", "sysroot"], stdout=subprocess.PIPE, text=True, check=True)
        self.tools = os.path.join(asked.stdout.strip(), "bin")
        self.space.env["PATH"] = self.tools + os.pathsep + self.space.env["PATH"]
        os.makedirs(self.space.path("orders"))
        script = SCRIPT.format(rustc=os.path.join(self.tools, "rustc"), root=self.space.root)
        self.space.env["RUSTC"] = self.space.write(self.space.path("rustc"), script, executable=True)
        self.fifos = {}
        self.addCleanup(lambda: [os.close(end) for end in self.fifos.values()])

    def grove(self):
        """base (with a native library) <- util <- app and its test, shared (a cdylib); maker (a proc-macro) over base;
        app's script over helper."""
        members = ("base", "util", "maker", "helper", "app", "shared")
        self.space.write("Cargo.toml", f'[workspace]\nresolver = "2"\nmembers = {list(members)}\n'.replace("'", '"'))
        for name, below in (("base", ()), ("util", ("base",)), ("maker", ("base",)), ("helper", ()),
                            ("app", ("util", "maker")), ("shared", ("util",))):
            kind = {"maker": "\n[lib]\nproc-macro = true\n", "shared": '\n[lib]\ncrate-type = ["cdylib"]\n'}
            build = '\n[build-dependencies]\nhelper = { path = "../helper" }\n' if name == "app" else ""
            self.space.write(f"{name}/Cargo.toml", projects.manifest(name, *below) + kind.get(name, "") + build)
        self.space.env["RUSTFLAGS"] = f"-Lnative={self.space.path()}"
        self.native_library(7)
        self.space.write("base/src/lib.rs", '#[link(name = "seven", kind = "static")] extern "C" { fn seven() -> i32; }\n'
                         "pub fn lucky() -> i32 { unsafe { seven() } }\npub fn six() -> u32 { 6 }\n")
        self.space.write("util/src/lib.rs", "pub fn lucky() -> i32 { base::lucky() }\n")
        self.space.write("maker/src/lib.rs", "extern crate proc_macro;\nuse proc_macro::TokenStream;\n#[proc_macro]\n"
                         "pub fn six(_: TokenStream) -> TokenStream { base::six().to_string().parse().unwrap() }\n")
        self.space.write("helper/src/lib.rs", "pub fn say() { println!(\"cargo::rustc-env=SAID=here\"); }\n")
        self.space.write("app/build.rs", "fn main() { helper::say(); }\n")
        self.space.write("app/src/main.rs", "fn main() {\n"
                         '    println!("{} {} {}", util::lucky(), maker::six!(), env!("SAID"));\n}\n'
                         "#[test]\nfn is_lucky() { assert_eq!(util::lucky(), 7); }\n")
        self.space.write("shared/src/lib.rs", '#[no_mangle] pub extern "C" fn lucky() -> i32 { util::lucky() }\n')

    def native_library(self, number):
        """It goes into base's .rlib, and no metadata know what is in it."""
        self.space.write(self.space.path("seven.c"), f"int seven(void) {{ return {number}; }}\n")
        for command in (["cc", "-c", "seven.c"], ["ar", "rcD", "libseven.a", "seven.o"]):
            subprocess.run(command, cwd=self.space.path(), check=True)

    def pair(self):
        """util <- app, a program: one unit that links."""
        self.space.write("Cargo.toml", '[workspace]\nresolver = "2"\nmembers = ["util", "app"]\n')
        self.space.write("util/Cargo.toml", projects.manifest("util"))
        self.space.write("util/src/lib.rs", "pub fn lucky() -> i32 { 7 }\n")
        self.space.write("app/Cargo.toml", projects.manifest("app", "util"))
        self.space.write("app/src/main.rs", 'fn main() { println!("{}", util::lucky()); }\n')

    # Orders to the compiler, and where it stands.

    def order(self, crate, text):
        self.space.write(self.space.path("orders", crate), text)

    def no_orders(self):
        shutil.rmtree(self.space.path("orders"))
        os.makedirs(self.space.path("orders"))

    def watched(self, name):
        """A FIFO that somebody will write to."""
        path = self.space.fifo(name)
        self.fifos[name] = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        return path

    def forget_fifos(self):
        """For another round of the same."""
        for name, end in self.fifos.items():
            os.close(end)
            os.remove(self.space.path(name))
            if name.endswith("-held"):
                os.remove(self.space.path(name.replace("-held", "-release")))
        self.fifos = {}

    def hold(self, crate):
        self.order(crate, HOLD.format(arrived=self.watched(f"{crate}-held"), gate=self.space.fifo(f"{crate}-release")))

    def announce_gate(self, crate, before=""):
        text = LINKER.format(arrived=self.watched(f"{crate}-at-gate"))
        linker = self.space.write(self.space.path("linkers", crate, "cc"), text, executable=True)
        self.order(crate, before + AT_GATE.format(linker=linker))

    def arrival(self, name, process):
        """Waits for somebody to write there; gives the numbers that it wrote."""
        if not select.select([self.fifos[name]], [], [], LIMIT_SECONDS)[0]:
            process.send_signal(signal.SIGINT)
            self.fail(f"nobody came to {name}\n{self.space.finish(process)}")
        return [int(word) for word in os.read(self.fifos[name], 100).split()]

    def release(self, crate, code=""):
        with open(self.space.path(f"{crate}-release"), "w", encoding="utf-8") as fifo:
            fifo.write(f"{code}\n")

    def gate_of(self, crate, process):
        """(gate, rustc) when the gate waits: it has said so by then, and sleeps."""
        gate, rustc = self.arrival(f"{crate}-at-gate", process)
        while not self.waits_as_gate(gate):
            os.sched_yield()
        return gate, rustc

    @staticmethod
    def waits_as_gate(pid):
        """Not the script that it was before, and asleep: it waits for nothing but its answer."""
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            state = file.read().rpartition(")")[2].split()[0]
        return os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "pcargo-gate" and state == "S"

    def runs(self, crate=None):
        """Crates in the order in which the compiler was started for them; of one crate how often."""
        path = self.space.path("runs")
        names = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                names = file.read().split()
        return names if crate is None else names.count(crate)

    def forget_runs(self):
        if os.path.exists(self.space.path("runs")):
            os.remove(self.space.path("runs"))

    # What a build must leave.

    def said(self):
        return subprocess.run(
            [os.path.join(self.space.target, "debug", "app")], stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    def assert_nothing_left(self):
        found = [path for path in aftermath.facts(self.space.target) if LITTER.search(path)]
        self.assertEqual(found, [])

    def assert_ended(self, watches):
        """Every one of these processes (pidfd_open) ends."""
        for watch in watches:
            self.assertTrue(select.select([watch], [], [], LIMIT_SECONDS)[0], "a process lives on")
            os.close(watch)

    def assert_nothing_to_do(self, *flags):
        self.forget_runs()
        outcome = self.space.run("build", "-v", *flags)
        self.assert_builds(outcome)
        self.assertEqual(self.runs(), [], str(outcome))
        self.assertNotIn("Linked late", outcome.err)

    def assert_as_never(self, *flags):
        """What is there now, with its bytes, is what the ordinary way leaves."""
        found = aftermath.facts(self.space.target)
        shutil.rmtree(self.space.target)
        self.no_orders()
        self.assert_builds(self.space.run("build", "--late-link=never", *flags))
        wrong, litter = aftermath.differences(found, aftermath.facts(self.space.target))
        self.assertEqual((wrong, litter), ([], []))
