#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Late-linked outputs against ordinary ones, byte for byte, on real projects: `pcargo build --late-link=verify`.

    tests/conformance/verify_late.py --pcargo build/src/pcargo                          every project, dev and release
    ... ripgrep bat                            these
    ... --variants dev,dev-mold,release-debug  ways to build: a profile, then any of
                                               `debug` or `nodebug` (debuginfo), `bfd`, `lld`, `mold` (the linker), `tests` (--all-targets)
    ... --sources DIR                          where the crates' sources are kept between calls

Each way begins with an empty target directory. A line says how many units were linked late and how many were compared;
what differs, or could only be built in the ordinary way, fails the build and this run. So does a way that compares nothing.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import corpus  # noqa: E402
from harness import cases, sources  # noqa: E402

VERSIONS = {name: version for name, (version, _) in corpus.PROJECTS.items() if name != "cargo"} | {
    "tokei": "14.0.0",
    "hyperfine": "1.20.0",
    "miniserve": "0.32.0",
    "onefetch": "2.25.0",
}
LINKERS = ("bfd", "lld", "mold")
SAID = re.compile(r"(\d+) started before all they link was there(?:, (\d+) had to start over)?(?:, (\d+) compared)?")


class BadVariant(Exception):
    """A word that this file does not know."""


def command_of(variant):
    """The arguments and the variables of one way to build."""
    profile, *words = variant.split("-")
    if profile not in ("dev", "release"):
        raise BadVariant(variant)
    args, env = (["--release"] if profile == "release" else []), {}
    for word in words:
        if word in LINKERS:
            env["RUSTFLAGS"] = f"-Clink-arg=-fuse-ld={word}"
        elif word in ("debug", "nodebug"):
            env[f"CARGO_PROFILE_{profile.upper()}_DEBUG"] = "2" if word == "debug" else "0"
        elif word == "tests":
            args.append("--all-targets")
        else:
            raise BadVariant(variant)
    return args, env


def run(pcargo, source, variant, target):
    """The numbers of late, started over and compared units, and what was wrong."""
    args, env = command_of(variant)
    done = subprocess.run(
        [pcargo, "build", "--locked", "--late-link=verify", "-v", *args],
        cwd=source,
        env={**os.environ, "CARGO_TARGET_DIR": str(target), "CARGO_TERM_COLOR": "never", **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = SAID.search(done.stdout)
    counts = tuple(int(one or 0) for one in said.groups()) if said else (0, 0, 0)
    if done.returncode != 0:
        return counts, "\n".join(done.stdout.splitlines()[-20:])
    if counts[2] == 0:
        return counts, "nothing was compared"
    return counts, None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("projects", nargs="*", default=list(VERSIONS))
    parser.add_argument("--pcargo", required=True, type=os.path.abspath)
    parser.add_argument("--variants", default="dev,release")
    parser.add_argument("--sources")
    options = parser.parse_args()
    for variant in options.variants.split(","):
        command_of(variant)
    if unknown := set(options.projects) - set(VERSIONS):
        parser.error(f"unknown {sorted(unknown)}; there are {', '.join(VERSIONS)}")
    if cases.active_toolchain() is not None:
        os.environ.setdefault("RUSTUP_TOOLCHAIN", "1.95.0")
    good, total = True, 0
    with tempfile.TemporaryDirectory(prefix="verify-late-") as temporary:
        folder = pathlib.Path(options.sources or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for project in options.projects:
            source = sources.bring(project, VERSIONS[project], folder)
            for variant in options.variants.split(","):
                target = pathlib.Path(temporary) / "target"
                (late, again, compared), wrong = run(options.pcargo, source, variant, target)
                shutil.rmtree(target, ignore_errors=True)
                print(
                    f"{'FAIL' if wrong else 'ok  '} {project} {variant}: {late} late, {again} started over, {compared} compared",
                    flush=True,
                )
                if wrong:
                    print("     " + wrong.replace("\n", "\n     "), flush=True)
                good, total = good and not wrong, total + compared
    print(f"{total} compared, {'all equal' if good else 'NOT all as they should be'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
