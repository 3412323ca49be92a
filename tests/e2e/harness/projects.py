# SPDX-License-Identifier: MIT OR Apache-2.0
"""The workspaces the fault tests build."""

LIBRARY = "pub fn answer() -> u32 { 42 }\n"


def manifest(name, *dependencies):
    lines = ["[package]", f'name = "{name}"', 'version = "0.1.0"', 'edition = "2021"', "", "[dependencies]"]
    lines += [f'{dependency} = {{ path = "../{dependency}" }}' for dependency in dependencies]
    return "\n".join(lines) + "\n"


def chain(space):
    """util <- middle (with a build script) <- app (a program); side stands alone."""
    space.write("Cargo.toml", '[workspace]\nresolver = "2"\nmembers = ["util", "middle", "app", "side"]\n')
    space.write("util/Cargo.toml", manifest("util"))
    space.write("util/src/lib.rs", LIBRARY)
    space.write("middle/Cargo.toml", manifest("middle", "util"))
    space.write("middle/src/lib.rs", LIBRARY)
    space.write("middle/build.rs", "fn main() {}\n")
    space.write("app/Cargo.toml", manifest("app", "util", "middle"))
    space.write("app/src/main.rs", "fn main() {}\n")
    space.write("side/Cargo.toml", manifest("side"))
    space.write("side/src/lib.rs", LIBRARY)


def grove(space):
    """Nine units of every kind: base <- mac (a proc-macro), mid (its script makes a file that mid reads) <- top <- tool.

    `edit_grove` changes what base and mid are made from.
    """
    members = ("base", "mac", "mid", "top", "tool")
    space.write("Cargo.toml", f'[workspace]\nresolver = "2"\nmembers = {list(members)}\n'.replace("'", '"'))
    space.write("base/Cargo.toml", manifest("base"))
    space.write("mac/Cargo.toml", manifest("mac", "base") + "\n[lib]\nproc-macro = true\n")
    space.write("mac/src/lib.rs", LIBRARY)
    space.write("mid/Cargo.toml", manifest("mid", "base", "mac"))
    space.write("mid/src/lib.rs", "// reads $OUT_DIR/made.rs\n")
    space.write("mid/build.rs", "fn main() {}\n")
    space.write("top/Cargo.toml", manifest("top", "mid", "mac"))
    space.write("top/src/lib.rs", LIBRARY)
    space.write("tool/Cargo.toml", manifest("tool", "top", "base"))
    space.write("tool/src/lib.rs", LIBRARY)
    space.write("tool/src/main.rs", "fn main() {}\n")
    space.control(*GROVE_ORDERS)
    edit_grove(space, 0)


GROVE_ORDERS = (
    "script mid cargo::rerun-if-changed=input.txt",
    'shell mid cp input.txt "$OUT_DIR/made.rs"',
)


def edit_grove(space, number):
    space.write("base/src/lib.rs", f"{LIBRARY}// {number}\n")
    space.write("mid/input.txt", f"// {number}\n")
