# SPDX-License-Identifier: MIT OR Apache-2.0
"""The directory of one workspace. Writes what the model says and touches nothing that is right already."""

import hashlib
import os
import shutil
import tempfile

from harness import sources


class Place:
    def __init__(self, parent=None):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="oracle-", dir=parent))
        self.workspace = os.path.join(self.root, "work ü 1")
        self.target = os.path.join(self.workspace, "target")
        self.kept = os.path.join(self.root, "target-kept")
        self.script_log = os.path.join(self.root, "scripts.log")
        self.files = {}
        os.mkdir(self.workspace)

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, relative):
        return os.path.join(self.workspace, relative)

    def sync(self, ws, by_rename=False):
        """True: something had to be written."""
        wanted = sources.render(ws)
        if wanted == self.files:
            return False
        for relative in self.files.keys() - wanted.keys():
            self._remove(relative)
        for relative, file in wanted.items():
            before = self.files.get(relative)
            if before != file:
                if before and before.link != file.link:
                    self._remove(relative)
                self._write(relative, file, by_rename)
        self.files = wanted
        return True

    def _elsewhere(self, relative):
        return os.path.join(self.root, "elsewhere", hashlib.md5(relative.encode()).hexdigest())

    def _write(self, relative, file, by_rename):
        path = self.path(relative)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if file.link:
            behind = self._elsewhere(relative)
            os.makedirs(os.path.dirname(behind), exist_ok=True)
            if not os.path.islink(path):
                os.symlink(os.path.relpath(behind, os.path.dirname(path)), path)
            path = behind
        if by_rename:
            with open(path + ".new", "w", encoding="utf-8") as out:
                out.write(file.text)
            os.rename(path + ".new", path)
        else:
            with open(path, "w", encoding="utf-8") as out:
                out.write(file.text)

    def _remove(self, relative):
        path = self.path(relative)
        os.unlink(path)
        directory = os.path.dirname(path)
        while directory != self.workspace and not os.listdir(directory):
            os.rmdir(directory)
            directory = os.path.dirname(directory)

    def set_target_aside(self):
        if os.path.exists(self.target):
            os.rename(self.target, self.kept)

    def put_target_back(self):
        shutil.rmtree(self.target, ignore_errors=True)
        if os.path.exists(self.kept):
            os.rename(self.kept, self.target)

    def take_clean_target(self):
        """The clean build's target stays; what was there goes."""
        shutil.rmtree(self.kept, ignore_errors=True)
