# SPDX-License-Identifier: MIT OR Apache-2.0
"""Ten crates for the real rustc: libraries on each other, a proc-macro, two build scripts that make sources, programs."""

from harness import projects

# name: what it depends on
CRATES = {
    "leaf": (),
    "macros": (),
    "words": ("leaf",),
    "made": ("leaf",),  # a build script
    "shapes": ("words", "macros"),
    "tables": ("made", "words"),
    "asked": ("made",),  # a build script, with a dependency of its own
    "middle": ("shapes", "tables"),
    "upper": ("middle", "asked"),
    "tool": ("upper", "macros", "leaf"),
}
BUILD_SCRIPT = """use std::{env, fs, path::Path};
fn main() {
    println!("cargo::rerun-if-changed=input.txt");
    let text = fs::read_to_string("input.txt").unwrap();
    let path = Path::new(&env::var("OUT_DIR").unwrap()).join("made.rs");
    fs::write(path, format!("pub const MADE: &str = {:?};\\n", text)).unwrap();
    println!("cargo::rustc-env=MADE_LENGTH={}", text.len());
}
"""
MACROS = """extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn number(_: TokenStream) -> TokenStream { "NUMBER".replace("NUMBER", "STATE").parse().unwrap() }
"""
REPEAT = 2
# Enough for rustc to have something to do after its metadata.
WORK = """
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordN { pub a: u64, pub b: String, pub c: Vec<Option<(u8, String)>> }
pub fn work_N(seed: u64) -> String {
    let mut map = std::collections::BTreeMap::new();
    for i in 0..seed { map.entry(RecordN { a: i, ..Default::default() }).or_insert_with(Vec::new).push(i.to_string()); }
    format!("{:?}", map)
}
"""


def write(space, state):
    """The sources in one of their states: a leaf, a script's input, a macro and the program change."""
    members = ", ".join(f'"{name}"' for name in CRATES)
    space.write("Cargo.toml", f'[workspace]\nresolver = "2"\nmembers = [{members}]\n')
    for name, below in CRATES.items():
        text = projects.manifest(name, *below)
        text += "\n[lib]\nproc-macro = true\n" if name == "macros" else ""
        text += '\n[build-dependencies]\nleaf = { path = "../leaf" }\n' if name == "asked" else ""
        keep(space, f"{name}/Cargo.toml", text)
        keep(space, f"{name}/src/lib.rs", library(name, below, state))
        if name in ("made", "asked"):
            keep(space, f"{name}/build.rs", BUILD_SCRIPT + ("use leaf as _;\n" if name == "asked" else ""))
            keep(space, f"{name}/input.txt", f"state {state if name == 'made' else 0}\n")
    keep(space, "tool/src/main.rs", f'fn main() {{ println!("{{}} {state}", tool::value()); }}\n')


def library(name, below, state):
    if name == "macros":
        return MACROS.replace("STATE", str(40 + state))
    calls = [f"{crate}::value()" for crate in below if crate != "macros"]
    calls += ["macros::number!()"] if "macros" in below else []
    calls += ["MADE.len() as u64"] if name in ("made", "asked") else []
    calls += [str(state)] if name == "leaf" else []
    text = 'include!(concat!(env!("OUT_DIR"), "/made.rs"));\n' if name in ("made", "asked") else ""
    return text + f"pub fn value() -> u64 {{ {' + '.join(calls or ['1'])} }}\n" + "".join(
        WORK.replace("N", str(number)) for number in range(REPEAT)
    )


def keep(space, name, text):
    """Writes a file only where it says something else: an edit touches what it changes."""
    if not space.exists(name) or space.read(name).decode() != text:
        space.write(name, text)
