# SPDX-License-Identifier: MIT OR Apache-2.0
"""The fixtures in the spelling of an older cargo: what it cannot read and what means the same, or nearly, to it.

What is respelt is counted and reported (`respell` returns it); what has no older spelling makes a case unreadable, which is
reported too (`unreadable`): never is a case dropped in silence.
"""

import hashlib
import json
import re

#: (the cargo from which on it is read, names of files, what is written, what an older cargo reads, in words)
SPELLINGS = (
    ((1, 85, 0), "Cargo.toml", r'edition = "2024"', 'edition = "2021"', "edition 2024 as 2021"),
    ((1, 78, 0), "Cargo.lock", r"^version = 4$", "version = 3", "lock file version 4 as 3"),
    ((1, 71, 0), "Cargo.toml", r'\bdebug = "line-(tables|directives)-only"', "debug = 1", "named debuginfo as 1"),
    ((1, 77, 0), "Cargo.toml", r'\bdebug = "(none|limited|full)"', "debug = 2", "named debuginfo as 2"),
    ((1, 77, 0), "build.rs", r'println!\("cargo::(?:metadata=)?', 'println!("cargo:', "`cargo::` of build scripts as `cargo:`"),
    ((1, 78, 0), "Cargo.toml", r'^rust-version = "1\.[67]\d"', 'rust-version = "1.56"', "a later rust-version as 1.56"),
)

#: The same of variables: (from which cargo on, the name, the value, what an older cargo reads, in words)
VARIABLES = (
    ((1, 71, 0), r"CARGO_PROFILE_\w+_DEBUG", r"line-(tables|directives)-only", "1", "named debuginfo as 1"),
)

#: What an older cargo says of what it does not know; the case is skipped with its words.
UNREADABLE = re.compile(
    r"older than the `\d+` edition|lock file version .* requires|cannot be built because it requires rustc"
    r"|was found, but this version of Cargo|feature `[^`]+` is required|Found argument '[^']+' which wasn't expected"
)


def respell(root, cargo_version):
    """Respells the project's manifests and lock files in place; says what was respelt."""
    done = set()
    for since, name, wanted, older, words in SPELLINGS:
        if cargo_version >= since:
            continue
        for path in sorted(root.rglob(name)):
            text = path.read_text(encoding="utf-8")
            respelt = re.sub(wanted, older, text, flags=re.MULTILINE)
            if respelt != text:
                path.write_text(respelt, encoding="utf-8")
                correct_checksum(path, root)
                done.add(words)
    return done


def correct_checksum(path, root):
    """A vendored package lists what is in its files, and cargo holds them against it."""
    for folder in path.parents:
        listed = folder / ".cargo-checksum.json"
        if listed.exists():
            sums = json.loads(listed.read_text(encoding="utf-8"))
            sums["files"][str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
            listed.write_text(json.dumps(sums), encoding="utf-8")
        if folder == root:
            return


def respell_variables(env, cargo_version):
    """The same for a case's environment, in place."""
    done = set()
    for since, name, wanted, older, words in VARIABLES:
        for variable, value in env.items():
            if cargo_version < since and re.fullmatch(name, variable) and re.fullmatch(wanted, value):
                env[variable] = older
                done.add(words)
    return done


def unreadable(stderr):
    """The line with which cargo says that it is too old for the project; "" if there is none."""
    return next((line.strip() for line in stderr.splitlines() if UNREADABLE.search(line)), "")
