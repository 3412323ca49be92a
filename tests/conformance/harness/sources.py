# SPDX-License-Identifier: MIT OR Apache-2.0
"""Real projects: crates that ship a lockfile, brought by cargo's ordinary client."""

import os
import pathlib
import shutil
import subprocess

MANIFEST = """[package]
name = "brings-{name}"
version = "0.0.0"
edition = "2021"

[dependencies]
{name} = "={version}"
"""


class NoSource(Exception):
    """The crate could not be fetched."""


def bring(name, version, folder, cargo="cargo", vendored=False):
    """The crate's source, copied into `folder`, with all that its lockfile names fetched. Returns the copy."""
    copy = pathlib.Path(folder) / f"{name}-{version}"
    if not copy.exists():
        packed = find(name, version)
        if packed is None:
            fetch(name, version, pathlib.Path(folder) / f"brings-{name}", cargo)
            packed = find(name, version)
        if packed is None:
            raise NoSource(f"{name} {version} is not in the registry's source folder after `cargo fetch`")
        shutil.copytree(packed, copy)
        (copy / ".cargo-ok").unlink(missing_ok=True)
    if not vendored:
        run([cargo, "fetch", "--locked"], copy)
    elif not (copy / "vendor").exists():
        settings = run([cargo, "vendor", "--locked"], copy)
        (copy / ".cargo").mkdir(exist_ok=True)
        with open(copy / ".cargo/config.toml", "a", encoding="utf-8") as config:  # some projects have their own
            config.write(f"\n{settings}")
    return copy


def find(name, version):
    home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    found = sorted(home.glob(f"registry/src/*/{name}-{version}"))
    return found[0] if found else None


def fetch(name, version, package, cargo):
    (package / "src").mkdir(parents=True, exist_ok=True)
    (package / "src/lib.rs").write_text("")
    (package / "Cargo.toml").write_text(MANIFEST.format(name=name, version=version))
    run([cargo, "fetch"], package)


def run(command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoSource(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
