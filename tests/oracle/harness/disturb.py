# SPDX-License-Identifier: MIT OR Apache-2.0
"""Edits of the disk alone: times, modes, the target directory, and edits that come at a bad moment."""

import os
import shutil
import signal

from harness.edits import EDITS, another, edit

_SAME_SIZE = ("const", "body", "inline", "macro", "data", "part", "module_value", "script_declared_file")


def _source(walk):
    """A source file's path, and whether moving it about must build nothing."""
    walk.edit.is_idle = True
    return walk.place.path(walk.rng.choice(sorted(walk.place.files)))


@edit(3)
def touch(walk):
    path = _source(walk)
    os.utime(path)
    return f"touched {os.path.relpath(path, walk.place.workspace)}"


@edit(1)
def touch_all(walk):
    walk.edit.is_idle = True
    for relative in walk.place.files:
        os.utime(walk.place.path(relative))
    return "touched every source"


@edit(2)
def time_past_or_future(walk):
    path = _source(walk)
    days = walk.rng.choice([-4000, -1, 1, 4000])
    now = os.stat(path).st_mtime
    os.utime(path, (now + days * 86400, now + days * 86400))
    return f"mtime moved by {days} days: {os.path.relpath(path, walk.place.workspace)}"


@edit(1)
def rewritten(walk):
    path = _source(walk)
    with open(path, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(data)
    return f"written again, the same: {os.path.relpath(path, walk.place.workspace)}"


@edit(1)
def mode_and_back(walk):
    path = _source(walk)
    mode = os.stat(path).st_mode
    os.chmod(path, mode | 0o111)
    os.chmod(path, mode)
    return f"mode changed and changed back: {os.path.relpath(path, walk.place.workspace)}"


@edit(1)
def lock_deleted(walk):
    walk.edit.is_idle = True
    os.unlink(walk.place.path("Cargo.lock"))
    return "Cargo.lock deleted"


@edit(2)
def there_and_back(walk):
    """Changed and reverted before the next build."""
    before = walk.ws.copy()
    walk.edit.is_idle = False
    what = EDITS[walk.rng.choice(_SAME_SIZE)][1](walk)
    if not what:
        return None
    walk.place.sync(walk.ws)
    walk.ws = before
    walk.place.sync(walk.ws)
    walk.edit.is_idle = True
    return f"{what}, and back before the build"


def _same_size(walk):
    for name in walk.rng.sample(_SAME_SIZE, len(_SAME_SIZE)):
        what = EDITS[name][1](walk)
        if what:
            return what
    return None


@edit(4)
def old_time(walk):
    """New bytes of the same size, and the old mtime: what `cp -p` and archives do."""
    times = {relative: os.stat(walk.place.path(relative)) for relative in walk.place.files}
    what = _same_size(walk)
    before = walk.place.files
    walk.place.sync(walk.ws, by_rename=walk.rng.random() < 0.5)
    for relative, file in walk.place.files.items():
        if before.get(relative) != file and relative in times:
            os.utime(walk.place.path(relative), ns=(times[relative].st_atime_ns, times[relative].st_mtime_ns))
    return f"{what}, mtime as before"


@edit(6)
def same_tick(walk):
    """The second edit comes at once after a build of the first, and changes no size."""
    first = _same_size(walk)
    walk.build()
    second = _same_size(walk)
    return f"{first}; at once after the build: {second}"


@edit(6)
def while_building(walk):
    """An edit while the build of another is on its way."""
    first = EDITS[walk.rng.choice(["body", "const", "comment"])][1](walk)
    walk.place.sync(walk.ws)
    process = walk.builder.start(walk.ws)
    lines = _read_lines(process, walk.rng.randint(1, 4))
    second = _same_size(walk)
    walk.place.sync(walk.ws, by_rename=walk.rng.random() < 0.5)
    out, err = process.communicate()
    walk.note(walk.builder.read(walk.ws, process.returncode, out.decode(), (lines + err).decode()))
    return f"{first}; while that was built: {second}"


@edit(3)
def interrupted(walk):
    what = _same_size(walk)
    walk.place.sync(walk.ws)
    process = walk.builder.start(walk.ws)
    _read_lines(process, walk.rng.randint(1, 4))
    if process.poll() is None:
        process.send_signal(walk.rng.choice([signal.SIGINT, signal.SIGTERM]))
    process.communicate()
    walk.edit.is_uncertain = True
    return f"{what}; its build was interrupted"


def _read_lines(process, count):
    read = b""
    for _ in range(count):
        line = process.stderr.readline()
        if not line:
            break
        read += line
    return read


def _made_file(walk, condition=lambda path: True):
    """A file of the last clean build that the incremental target has too."""
    walk.edit.is_uncertain = True
    fitting = [p for p in sorted(walk.clean_files) if condition(p)]
    fitting = [p for p in fitting if os.path.isfile(os.path.join(walk.place.target, p))]
    return os.path.join(walk.place.target, walk.rng.choice(fitting)) if fitting else None


@edit(4)
def output_deleted(walk):
    path = _made_file(walk)
    if not path:
        return None
    os.unlink(path)
    return f"deleted {os.path.relpath(path, walk.place.target)}"


@edit(6)
def output_flipped(walk):
    path = _made_file(walk)
    return path and _flip(walk, path)


@edit(2)
def final_file_flipped(walk):
    path = _made_file(walk, lambda p: "/deps/" not in p and "/build/" not in p and not p.startswith("pcargo/"))
    return path and _flip(walk, path)


@edit(2)
def note_flipped(walk):
    walk.edit.is_uncertain = True
    found = []
    for directory, below, names in os.walk(walk.place.target):
        below.sort()
        found += [os.path.join(directory, name) for name in sorted(names) if "records" in directory]
    if not found:
        return None
    path = walk.rng.choice(found)
    if walk.rng.random() < 0.3:
        os.truncate(path, walk.rng.randrange(os.path.getsize(path) + 1))
        return f"record cut short: {os.path.basename(path)}"
    return _flip(walk, path)


def _flip(walk, path):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    if not data:
        data = bytearray(b"x")
    place = walk.rng.randrange(len(data))
    data[place] ^= 1 << walk.rng.randrange(8)
    status = os.stat(path)
    how = walk.rng.choice(["in place", "in place, mtime as before", "as a new file"])
    if how == "as a new file":
        with open(path + ".new", "wb") as file:
            file.write(data)
        os.chmod(path + ".new", status.st_mode)
        os.rename(path + ".new", path)
    else:
        with open(path, "r+b") as file:
            file.write(data)
        if how != "in place":
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    return f"bit flipped at {place}, {how}: {os.path.relpath(path, walk.place.target)}"


@edit(2)
def directory_deleted(walk):
    walk.edit.is_uncertain = True
    found = []
    for directory, below, _ in os.walk(walk.place.target):
        below.sort()
        found += [os.path.join(directory, name) for name in below]
    if not found:
        return None
    path = walk.rng.choice(found)
    shutil.rmtree(path)
    return f"deleted directory {os.path.relpath(path, walk.place.target)}"


@edit(1)
def tree_copied(walk):
    """The target directory and the sources copied, as a CI cache does: other inodes and ctimes, equal bytes."""
    walk.edit.is_idle = True
    copy = walk.place.target + "-copy"
    shutil.copytree(walk.place.target, copy, symlinks=True)
    shutil.rmtree(walk.place.target)
    os.rename(copy, walk.place.target)
    return "target copied"


@edit(1)
def script_output_foreign(walk):
    """A file that somebody else puts into OUT_DIR."""
    path = _made_file(walk, lambda p: p.endswith("/out/made.rs"))
    if not path:
        return None
    with open(os.path.join(os.path.dirname(path), "foreign.txt"), "w", encoding="utf-8") as file:
        file.write(str(another(walk, 10)))
    return f"foreign file beside {os.path.relpath(path, walk.place.target)}"
