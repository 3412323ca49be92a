# SPDX-License-Identifier: MIT OR Apache-2.0
"""What a build left behind, and how two builds differ. Knows nothing of edits."""

import hashlib
import os
import re

# Notes that the tools keep for themselves, what a script said among them; all else is a result.
_NOTES = re.compile(
    r"(^|/)(\.fingerprint|records|incremental|locks|lock|last-build|journals|swept|\.cargo(-artifact|-build)?-lock|CACHEDIR\.TAG"
    r"|invoked\.timestamp|\.rustc_info\.json|root-output)(/|$)|/build/[^/]+/(output|stderr)$"
)
_UNESCAPED_SPACE = re.compile(r"(?<!\\) +")


def snapshot(target):
    """{path below target: what it is}. A `.d` file is the set of its rules, any other file its bytes."""
    found = {}
    for directory, below, names in os.walk(target):
        below.sort()
        for name in names:
            path = os.path.join(directory, name)
            relative = os.path.relpath(path, target)
            if not _NOTES.search(relative):
                found[relative] = _look(path)
    return found


def _look(path):
    if os.path.islink(path):
        return "link to " + os.readlink(path)
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".d"):
        return dep_info(data.decode(errors="replace"))
    executable = os.stat(path).st_mode & 0o111
    return f"{len(data)} bytes {hashlib.blake2b(data, digest_size=16).hexdigest()} {executable:o}"


def dep_info(text):
    rules = set()
    for line in text.splitlines():
        target, colon, inputs = line.partition(": ")
        is_rule = colon and not line.startswith("#")
        rules.add((target, frozenset(_UNESCAPED_SPACE.split(inputs.strip()))) if is_rule else line)
    return frozenset(rules)


def files_that_differ(incremental, clean):
    """What the clean build has must be there, and the same. More may be there: left by earlier edits."""
    return sorted(path for path in clean if incremental.get(path) != clean[path])


def differences(incremental, clean, passed_over=()):
    """Sentences: two pairs of (outcome, files)."""
    (now, files), (fresh, clean_files) = incremental, clean
    problems = []
    if now.code != fresh.code:
        problems.append(f"exit code {now.code}, clean {fresh.code}")
    for text, count in sorted((fresh.said - now.said).items()):
        problems.append(f"not said ({count}): {text[:600]}")
    for text, count in sorted((now.said - fresh.said).items()):
        problems.append(f"said, but not when clean ({count}): {text[:600]}")
    for path in files_that_differ(files, clean_files):
        if path not in passed_over:
            problems.append(f"{path}: {_short(files.get(path, 'is not there'))}, clean {_short(clean_files[path])}")
    return problems


def _short(look):
    return look if isinstance(look, str) else str(sorted(map(str, look)))[:400]
