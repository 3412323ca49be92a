# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compares what the two builds left on disk: the whole project folder, but for what each keeps to itself.

Compared by name, type, mode and link target: every file. By content: everything but linked and compiled artifacts,
which hold hashes (byte_identity.py is about those): `.d` files, CACHEDIR.TAG, OUT_DIR, reports, the sources themselves.
"""

import collections
import os
import pathlib
import re
import stat

HASHED = r"-[0-9a-f]{16}"
COMPILED = re.compile(r"\.(rlib|rmeta|so|a|o|dwp|dylib)$")


class Tree:
    """The files of one side, by the path they had while it ran."""

    def __init__(self, tree, layout, is_ours):
        self.tree, self.layout, self.is_ours = pathlib.Path(tree), layout, is_ours
        self.build = os.path.relpath(layout.build_dir, layout.root)
        self.target = os.path.relpath(layout.target_dir, layout.root)

    def paths(self):
        """Relative paths of all files that are the build's result or were there before."""
        for folder, folders, names in os.walk(self.tree):
            linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in names + linked:
                relative = os.path.relpath(os.path.join(folder, name), self.tree)
                if not self.is_private(relative):
                    yield relative

    def is_private(self, relative):
        """What this side keeps to itself."""
        below_build = below(relative, self.build)
        below_target = below(relative, self.target)
        if below_build is None and below_target is None:
            return False
        rest = below_build if below_build is not None else below_target
        if os.path.basename(rest) in (".cargo-lock", ".cargo-build-lock", ".cargo-artifact-lock"):
            return True
        if self.is_ours:
            return below_build is not None and rest.startswith("pcargo/")
        if rest == ".rustc_info.json":
            return True
        if re.match(r"([^/]+/)?[^/]+/(deps|\.fingerprint|incremental)/", rest):
            return True
        if re.match(rf"([^/]+/)?[^/]+/examples/[^/]*{HASHED}(\.[^/]*)?$", rest):
            return True
        return re.match(r"([^/]+/)?[^/]+/build/[^/]+/(?!out/)", rest) is not None

    def is_artifact(self, relative):
        """Compiled and linked files: their bytes hold hashes."""
        if below(relative, self.build) is None and below(relative, self.target) is None:
            return False
        if "/out/" in relative and "/build/" in relative:
            return False
        if COMPILED.search(relative):
            return True
        mode = os.lstat(self.tree / relative).st_mode
        return stat.S_ISREG(mode) and mode & 0o111 != 0

    def facts(self, relative):
        """Type, mode and link target."""
        status = os.lstat(self.tree / relative)
        if stat.S_ISLNK(status.st_mode):
            return f"link to {os.readlink(self.tree / relative)}"
        return f"{stat.filemode(status.st_mode)}"

    def was_at(self, relative):
        return os.path.join(self.layout.root, relative)


def below(relative, folder):
    return relative[len(folder) + 1:] if relative.startswith(folder + "/") else None


class FileReport:
    def __init__(self):
        self.compared = 0
        self.contents = 0
        self.differences = []


def compare(their_tree, our_tree, translator, exceptions, partial=False):
    """`partial`: a build that failed; only files that both have are compared."""
    report = FileReport()
    theirs = {trial_crate(translator.theirs(their_tree.was_at(path))): path for path in their_tree.paths()}
    ours = {trial_crate(translator.ours(our_tree.was_at(path))): path for path in our_tree.paths()}
    if not partial:
        report.differences += [f"only cargo left {theirs[name]}" for name in sorted(set(theirs) - set(ours))]
        report.differences += [f"only pcargo left {ours[name]}" for name in sorted(set(ours) - set(theirs))]
    for name in sorted(set(theirs) & set(ours)):
        compare_file(theirs[name], ours[name], their_tree, our_tree, translator, exceptions, report)
    return report


def trial_crate(path):
    """Exception autocfg-crate-name, for what such a crate leaves."""
    return re.sub(r"/autocfg_[0-9a-f]{16}_", "/autocfg_HASH_", path)


def compare_file(their_path, our_path, their_tree, our_tree, translator, exceptions, report):
    report.compared += 1
    left, right = their_tree.facts(their_path), our_tree.facts(our_path)
    if left != right:
        report.differences.append(f"{our_path}: cargo's is {left}, pcargo's {right}")
        return
    if left.startswith("link") or not left.startswith("-") or their_tree.is_artifact(their_path):
        return
    report.contents += 1
    expected = (their_tree.tree / their_path).read_bytes()
    found = (our_tree.tree / our_path).read_bytes()
    if expected == found:
        return
    expected, found = translator.their_bytes(expected), translator.our_bytes(found)
    if expected == found:
        return
    if our_path.endswith(".d") and differs_in_shared_name(expected, found, their_path, their_tree):
        exceptions.use("shared-dep-info")
        return
    if "/out/" in our_path and (our_path.endswith(".rmeta") or "/autocfg_" in our_path):
        exceptions.use("compiled-by-a-script")
        return
    report.differences.append(f"{our_path}: {first_difference(expected, found)}")


def differs_in_shared_name(expected, found, relative, tree):
    """Whether two `.d` files differ in nothing but which of several outputs of one stem they name."""
    stem = tree.was_at(relative)[: -len(".d")]
    folder, base = os.path.split(tree.tree / relative[: -len(".d")])
    sisters = {name for name in os.listdir(folder) if name.startswith(base + ".") and COMPILED.search(name)}
    (left, _, left_rest), (right, _, right_rest) = expected.partition(b": "), found.partition(b": ")
    named = {os.path.basename(os.fsdecode(name)) for name in (left, right)}
    inside = all(os.fsdecode(name).replace("\\ ", " ").startswith(stem + ".") for name in (left, right))
    return inside and left_rest == right_rest and len(sisters) > 1 and {n.replace("\\ ", " ") for n in named} <= sisters


def first_difference(expected, found):
    at = next((i for i, (one, other) in enumerate(zip(expected, found)) if one != other), min(len(expected), len(found)))
    return f"content differs from byte {at}: cargo {expected[at:at + 80]!r}, pcargo {found[at:at + 80]!r}"


def out_dirs(tree):
    """How many OUT_DIRs a side has; a number for the report."""
    folders = collections.Counter(
        match.group(0) for path in tree.paths() if (match := re.search(r".*/build/[^/]+/out/", path))
    )
    return len(folders)
