# SPDX-License-Identifier: MIT OR Apache-2.0
"""Which files a lint reads: the tracked ones, or every file of a tree that is no git checkout."""

import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_FOREIGN = ("fixtures/", "LICENSE-", "subprojects/packagefiles/")


def tracked(root=ROOT):
    """Paths of our own text files below `root`, sorted. Fixtures and licences are other people's words."""
    # Whoever owns the checkout: in a container that is often somebody else than the user.
    listed = subprocess.run(
        ["git", "-C", root, "-c", "safe.directory=*", "ls-files", "-z"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().split("\0")
    else:
        names = list(_walk(root))
    return sorted(
        name
        for name in names
        if name and not name.startswith(_FOREIGN) and not name.endswith(".png") and os.path.isfile(os.path.join(root, name))
    )


def cplusplus(root=ROOT):
    """The tracked C++ sources of src/ and tests/."""
    return [n for n in tracked(root) if n.startswith(("src/", "tests/")) and n.endswith((".cc", ".h"))]


def _walk(root):
    for directory, below, files in os.walk(root):
        below[:] = [d for d in below if d not in (".git", "__pycache__") and not d.startswith("build")]
        for name in files:
            yield os.path.relpath(os.path.join(directory, name), root)
