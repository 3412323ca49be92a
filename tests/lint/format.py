#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Is every tracked C++ file as clang-format 14 would write it? With --fix: makes it so.

Other versions write differently, so they do not count: without version 14 the test is skipped, loudly.
"""

import os
import re
import shutil
import subprocess
import sys

import sources

SKIPPED = 77
VERSION = "14"


def find_clang_format():
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path is None:
            continue
        said = subprocess.run([path, "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
        if re.search(rf"version {VERSION}\.", said):
            return path
    return None


def main():
    program = find_clang_format()
    if program is None:
        print(f"SKIPPED: no clang-format {VERSION} here: the formatting of the sources was not looked at")
        return SKIPPED
    names = sources.cplusplus()
    if not names:
        print("no C++ source found")
        return 1
    action = ["-i"] if "--fix" in sys.argv[1:] else ["--dry-run", "-Werror", "--ferror-limit=3"]
    status = subprocess.run([program, "--style=file", *action, *names], cwd=sources.ROOT, check=False).returncode
    print(f"{len(names)} files {'formatted' if '-i' in action else 'looked at'}")
    if status != 0:
        print("to repair: " + os.path.relpath(os.path.abspath(__file__), sources.ROOT) + " --fix")
    return 1 if status != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
