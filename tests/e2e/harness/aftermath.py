# SPDX-License-Identifier: MIT OR Apache-2.0
"""What a build leaves behind, as facts that can be held against another build's."""

import hashlib
import os
import re
import stat

# State: what is in it depends on when it was written; that it is there does not.
STATE = re.compile(r"(^|/)(records/[^/]+|locks/[^/]+|lock|\.cargo-lock|plans/[^/]+)$")
# Notes: no result and no reason for one. A build with nothing to do writes none.
NOTES = re.compile(r"(^|/)pcargo/(last-build|swept|journals(/[0-9]+-[0-9]+\.jsonl)?)$")


def entries(root):
    """(path below `root`, whole path, lstat) of everything that is no note."""
    for folder, folders, names in os.walk(root):
        for name in folders + names:
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, root)
            if not NOTES.search(relative):
                yield relative, path, os.lstat(path)


def facts(root):
    """Path below `root`: kind, mode, digest of a file's bytes, text of a link."""
    found = {}
    for relative, path, about in entries(root):
        kind, mode = stat.S_IFMT(about.st_mode), oct(stat.S_IMODE(about.st_mode))
        if stat.S_ISLNK(about.st_mode):
            found[relative] = (kind, os.readlink(path))
        elif stat.S_ISREG(about.st_mode) and not STATE.search(relative):
            found[relative] = (kind, mode, digest(path))
        else:
            found[relative] = (kind, mode)
    return found


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def identities(root):
    """Path below `root`: what tells whether anybody wrote there. State may be written again, as looks grow old."""
    found = {}
    for relative, _, about in entries(root):
        is_watched = stat.S_ISREG(about.st_mode) and not STATE.search(relative)
        found[relative] = (about.st_ino, about.st_mtime_ns) if is_watched else None
    return found


def differences(found, wanted):
    """In words: (wrong, litter). Litter is what the other build has not; all else is wrong."""
    litter = [f"left over: {path}" for path in sorted(found.keys() - wanted.keys())]
    wrong = [f"missing: {path}" for path in sorted(wanted.keys() - found.keys())]
    wrong += [f"differs: {path}" for path in sorted(wanted.keys() & found.keys()) if found[path] != wanted[path]]
    return wrong, litter
