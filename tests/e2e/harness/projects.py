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
