#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Unit times of real projects, taken by pcargo itself: cold builds with -j1, each project with a history of its own.

    tests/bench/record_times.py --pcargo build/src/pcargo --work DIR [NAME ...]

DIR/NAME-PROFILE.sqlite is what fit_prior.py reads, and DIR/NAME-PROFILE.printed what build scripts said. Everything is linked
late, so that the link is told apart. Sources come by cargo's ordinary client and stay in DIR/src. A NAME with a slash is a
directory with a project, recorded under its last part.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "conformance"))

from harness import sources  # noqa: E402

#: name -> (version, profiles)
PROJECTS = {
    "hexyl": ("0.16.0", ["dev"]),
    "sd": ("1.0.0", ["dev"]),
    "zoxide": ("0.9.8", ["dev"]),
    "hyperfine": ("1.20.0", ["dev", "release"]),
    "fd-find": ("10.2.0", ["dev"]),
    "ripgrep": ("15.1.0", ["dev", "release"]),
    "tokei": ("14.0.0", ["dev", "release"]),
    "just": ("1.58.0", ["dev", "release"]),
    "du-dust": ("1.2.3", ["dev"]),
    "bat": ("0.26.1", ["dev", "release"]),
    "coreutils": ("0.10.0", ["dev", "release"]),
    "miniserve": ("0.32.0", ["dev", "release"]),
    "onefetch": ("2.25.0", ["dev", "release"]),
    "resvg": ("0.48.1", ["dev", "release"]),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--profile", choices=["dev", "release"], help="this one alone")
    parser.add_argument("projects", nargs="*", default=list(PROJECTS))
    return parser.parse_args()


def source_of(name, work):
    """Where the sources of a project are, of one in a directory those that were copied."""
    return sources.bring(name, PROJECTS[name][0], work / "src") if name in PROJECTS else work / "src" / name


def take_directory(directory, work):
    """Copies a project, with a lockfile if it has none; returns its name."""
    copy = work / "src" / directory.name
    shutil.copytree(directory, copy, ignore=shutil.ignore_patterns("target"), dirs_exist_ok=True)
    if not (copy / "Cargo.lock").exists():
        subprocess.run(["cargo", "generate-lockfile", "--offline"], cwd=copy, check=True, capture_output=True)
    return directory.name


def record(pcargo, work, name, profile):
    """One cold build; its history is kept, its target directory is not."""
    kept = work / f"{name}-{profile}.sqlite"
    source = source_of(name, work)
    home, target = work / "home", work / "target"
    for directory in (home, target):
        shutil.rmtree(directory, ignore_errors=True)
    start = time.monotonic()
    done = subprocess.run(
        [pcargo, "build", "--locked", "-j1", "--late-link=always", "--profile", profile],
        cwd=source,
        env={**os.environ, "PCARGO_HOME": str(home), "CARGO_TARGET_DIR": str(target), "CARGO_INCREMENTAL": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        keep_printed(target / "pcargo", work / f"{name}-{profile}.printed")
    shutil.rmtree(target, ignore_errors=True)
    if done.returncode != 0:
        return f"failed: {done.stderr.strip()[-300:]}"
    (home / "history.sqlite").rename(kept)
    return f"{time.monotonic() - start:.0f} s"


def keep_printed(private, kept):
    """What the build scripts printed, at the same places below `kept`."""
    shutil.rmtree(kept, ignore_errors=True)
    for output in private.glob("**/build/*/output"):
        place = kept / output.relative_to(private)
        place.parent.mkdir(parents=True)
        shutil.copyfile(output, place)


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    failures = 0
    for name in options.projects:
        if "/" in name:
            name = take_directory(pathlib.Path(name), options.work)
        for profile in [options.profile] if options.profile else PROJECTS.get(name, (None, ["dev"]))[1]:
            try:
                said = record(options.pcargo.resolve(), options.work.resolve(), name, profile)
            except sources.NoSource as error:
                said = f"failed: {error}"
            failures += said.startswith("failed")
            print(f"{name} {profile}: {said}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
