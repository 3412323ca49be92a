# SPDX-License-Identifier: MIT OR Apache-2.0
"""pcargo's side of a link gate, for tests: the directory with its ticket, and the pair of sockets."""

import os
import socket

GATE = os.environ.get("PCARGO_GATE", os.path.join(os.path.dirname(os.environ.get("PCARGO", "")), "pcargo-gate"))
NO_PERMISSION, NO_LINKER = 125, 127


class Gate:
    """A gate that stands for `linker`: rustc's `-C linker` is its `program`, and it inherits `descriptor`."""

    def __init__(self, directory, linker, directories=(), limit_seconds=60):
        os.makedirs(directory)
        self.program = os.path.join(directory, os.path.basename(linker))
        os.symlink(os.path.abspath(GATE), self.program)
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.ours.settimeout(limit_seconds)  # a gate that does not come is a failure and not a hang
        self.descriptor = self.theirs.fileno()
        self.ticket = os.path.join(directory, "ticket")
        self.write_ticket(os.fstat(self.descriptor).st_ino, linker, directories)

    def write_ticket(self, inode, linker, directories):
        fields = ["pcargo gate 1", str(self.descriptor), str(inode), linker]
        for replacement in directories:
            fields += replacement
        with open(self.ticket, "wb") as file:
            file.write(b"".join(os.fsencode(field) + b"\0" for field in fields))

    def started(self):
        """The child has its end: only what holds that one keeps the pair open."""
        self.theirs.close()

    def objects(self):
        """Waits for the gate; gives its process. None: nobody is there any more who could come."""
        message = self.ours.recv(64)
        assert message[:1] in (b"o", b""), message
        return int(message[1:]) if message else None

    def answer(self, word):
        self.ours.send(word)

    def close(self):
        self.ours.close()
        self.theirs.close()
