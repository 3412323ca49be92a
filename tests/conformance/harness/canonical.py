# SPDX-License-Identifier: MIT OR Apache-2.0
"""The canonical form of one side's texts: internal paths brought to cargo's, hashes cut out but kept in order.

A hash is never erased: `mask` returns the text with a placeholder for each hash and the list of what stood there, so
that the two sides' hashes can be paired (pairing.py) and the pairing held to be one to one. Only two places are hashes:
`-C metadata=` / `-C extra-filename=` and paths below the build or target directory. Anywhere else 16 hex digits are
text and must be equal (the registry's source folders, for one).
"""

import dataclasses
import os
import re

HASH = r"(?<![0-9A-Za-z])[0-9a-f]{16}(?![0-9A-Za-z])"
METADATA_MARK = "<metadata>"
FILENAME_MARK = "<filename>"

#: What pcargo keeps below <build-dir>/pcargo/ where cargo keeps it below <build-dir>/.
INTERNAL = r"(?:[^/\s:=]+/)?[^/\s:=]+/(?:deps|examples|incremental|build)(?![^/\s:,;\x1f\"'`])"


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where one build's files are. `internal` is the folder that stands for build_dir, None for cargo itself."""

    root: str
    build_dir: str
    target_dir: str
    internal: str = ""


@dataclasses.dataclass(frozen=True)
class Masked:
    """A text whose hashes are cut out; `hashes` are (role, digits) in order of appearance."""

    text: str
    hashes: tuple


class Canon:
    """Masks the texts of one side."""

    def __init__(self, layout):
        self.layout = layout
        given = (layout.build_dir, layout.target_dir)
        roots = sorted({*given, *map(os.path.normpath, given)}, key=len, reverse=True)
        # Makefile syntax (.d files) puts a backslash before a blank.
        names = "|".join(re.escape(root).replace("\\ ", r"\\? ") for root in roots)
        self._below = re.compile("(?:" + names + r")(?=/)(/[^\s:\x1f\"']*)")
        self._flag = re.compile(r"(?<![0-9A-Za-z-])(metadata=|extra-filename=-)(" + HASH + ")")
        self._hash = re.compile(HASH)
        self._internal = None
        if layout.internal:
            # OUT_DIR has to be where cargo has it, so `build/<x>/out` below the internal folder stays visible.
            # An attempt's own directory mirrors the internal folder; each unit has an incremental directory of its own.
            internal = re.escape(layout.internal)
            self._incremental = re.compile(rf"({internal}/(?:[^/\s]+/)?[^/\s]+/incremental)/[^/\s]+-{HASH}(?![^/\s:'\"`])")
            self._internal = re.compile(
                internal + r"/(?:attempts/[A-Za-z0-9]{6}/)?(?=" + INTERNAL + r")(?!(?:[^/\s]+/)?[^/\s]+/build/[^/\s]+/out(?![^/\s:]))"
            )

    def path(self, text):
        """Internal paths as cargo would have them; hashes untouched."""
        if self._internal is None:
            return text
        return self._internal.sub(lambda _: self.layout.build_dir + "/", self._incremental.sub(r"\1", text))

    def mask(self, text):
        text = self.path(text)
        found = []

        def cut(match, role):
            found.append((match.start(), role, match.group(0)))

        for match in self._flag.finditer(text):
            role = "metadata" if match.group(1) == "metadata=" else "filename"
            found.append((match.start(2), role, match.group(2)))
        for outer in self._below.finditer(text):
            for match in self._hash.finditer(text, outer.start(1), outer.end(1)):
                cut(match, "filename")
        pieces, last = [], 0
        for start, role, digits in sorted(set(found)):
            pieces.append(text[last:start])
            pieces.append(METADATA_MARK if role == "metadata" else FILENAME_MARK)
            last = start + len(digits)
        pieces.append(text[last:])
        return Masked("".join(pieces), tuple((role, digits) for _, role, digits in sorted(set(found))))


@dataclasses.dataclass
class CanonicalProcess:
    """A process in canonical form: fields `argv[i]`, `env NAME`, `cwd` ..., each masked."""

    process: object
    fields: dict
    key: tuple = ()

    @property
    def kind(self):
        return self.process.kind

    def hashes(self):
        """All (field, position, role, digits), in a fixed order."""
        for name in sorted(self.fields):
            for position, (role, digits) in enumerate(self.fields[name].hashes):
                yield name, position, role, digits


def canonical(process, canon, exceptions):
    """`exceptions` bring fields that may differ to one form for the pairing key only; the fields stay as they are."""
    fields = {f"argv[{at:03}]": canon.mask(argument) for at, argument in enumerate(expand(process))}
    fields.update({f"env {name}": canon.mask(value) for name, value in process.env.items()})
    fields["cwd"] = canon.mask(process.cwd)
    fields["descriptors"] = canon.mask(process.fds)
    fields["signals"] = canon.mask(process.signals)
    key = (process.kind,) + tuple(
        (name, exceptions.normalise(process.kind, name, fields[name].text)) for name in sorted(fields)
    )
    return CanonicalProcess(process, fields, key)


def expand(process):
    """argv with `@file` replaced by the file's lines: both sides may need one, at a name of their own."""
    for argument in process.argv:
        if argument in process.arg_files:
            yield "@"
            yield from process.arg_files[argument].splitlines()
        else:
            yield argument
