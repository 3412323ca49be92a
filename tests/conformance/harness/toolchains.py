# SPDX-License-Identifier: MIT OR Apache-2.0
"""The toolchains that the suite goes over: rustup's by their names, and Debian's as ../../setup/toolchains.sh unpacks them.

Choosing one changes this process's environment: cargo and pcargo then find it as they would on a user's machine.
"""

import os
import pathlib
import shutil
import subprocess

#: Unpacked, not rustup's: found through PATH.
UNPACKED = ("debian-cargo", "debian-cargo-web")


def directory():
    """Where setup/toolchains.sh puts them."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return pathlib.Path(os.environ.get("PCARGO_TEST_TOOLCHAINS") or cache / "pcargo-test/toolchains")


def choose(name):
    """Makes `name` the toolchain of all that is started from now on. Returns why that cannot be, or ""."""
    if name in UNPACKED:
        place = directory() / name
        if not (place / "complete").exists():
            return f"no toolchain {name} here (tests/setup/machine.sh unpacks it)"
        os.environ["PATH"] = f"{place / 'usr/bin'}{os.pathsep}{os.environ['PATH']}"
        os.environ.pop("RUSTUP_TOOLCHAIN", None)
        return ""
    os.environ["RUSTUP_TOOLCHAIN"] = name
    if shutil.which("rustup") is None:
        return f"no rustup here, so no toolchain {name}"
    known = subprocess.run(["rustup", "which", "cargo"], capture_output=True, text=True, check=False)
    return "" if known.returncode == 0 else f"rustup has no toolchain {name}"


def is_debians():
    """Is the cargo in use one of the unpacked?"""
    found = shutil.which("cargo")
    return found is not None and pathlib.Path(found).is_relative_to(directory())


def is_promised():
    """A machine that was set up for the suite has them all: one that is missing is a failure there."""
    return bool(os.environ.get("PCARGO_TEST_REQUIRE_CARGO")) or os.environ.get("CI") == "true"


def told_by_rustup():
    """Is the cargo of PATH rustup's?"""
    found = shutil.which("cargo")
    return found is not None and (pathlib.Path(found).parent / "rustup").exists()
