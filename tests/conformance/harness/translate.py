# SPDX-License-Identifier: MIT OR Apache-2.0
"""Turns cargo's texts into what pcargo's should be, with the hash relation that the processes gave."""

import dataclasses
import os

from harness.canonical import FILENAME_MARK, METADATA_MARK, Canon


class Translator:
    def __init__(self, their_layout, our_layout, hashes):
        self.hashes = hashes
        self._their_canon, self._our_canon = Canon(their_layout), Canon(our_layout)
        self._their_bytes, self._our_bytes = Canon(as_bytes(their_layout)), Canon(as_bytes(our_layout))

    def theirs(self, text):
        """cargo's text with pcargo's hashes; a hash that no process showed stays, and will be a difference."""
        return self._fill(self._their_canon.mask(text))

    def ours(self, text):
        """pcargo's text with its internal paths as cargo has them."""
        return self._our_canon.path(text)

    def their_bytes(self, data):
        return self._fill(self._their_bytes.mask(data.decode("latin-1"))).encode("latin-1")

    def our_bytes(self, data):
        return self._our_bytes.path(data.decode("latin-1")).encode("latin-1")

    def _fill(self, masked):
        text = masked.text
        pieces, at = [], 0
        for role, digits in masked.hashes:
            mark = METADATA_MARK if role == "metadata" else FILENAME_MARK
            found = text.index(mark, at)
            mine = self.hashes.to_ours.get((role, digits))
            pieces += [text[at:found], mine[1] if mine else digits]
            at = found + len(mark)
        return "".join(pieces) + text[at:]


def as_bytes(layout):
    """The layout for texts that are bytes read as latin-1."""
    return dataclasses.replace(
        layout,
        **{
            field.name: os.fsencode(getattr(layout, field.name)).decode("latin-1")
            for field in dataclasses.fields(layout)
        },
    )
