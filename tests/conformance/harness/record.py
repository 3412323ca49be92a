# SPDX-License-Identifier: MIT OR Apache-2.0
"""Recordings: what every process of one build was given, and which of these processes matter.

Knows the recorder's file format (../recorder.cc). Does not know that there are two builds to compare.
"""

import dataclasses
import json
import os
import pathlib
import re

#: Kinds that are compared one by one.
COMPARED_KINDS = ("rustc", "build-script", "wrapper", "program", "nested-rustc")


@dataclasses.dataclass
class Process:
    """One process image (an exec makes a new one) as the kernel started it."""

    pid: int
    ppid: int
    exe: str
    cwd: str
    argv: list
    env: dict
    arg_files: dict
    fds: str = ""  # the open descriptors: see `descriptors`
    signals: str = ""  # blocked and ignored signals, umask
    stamp: int = 0
    kind: str = ""

    def describe(self):
        """A short name for reports, not unique."""
        if self.kind in ("rustc", "wrapper", "nested-rustc") and "--crate-name" in self.argv:
            at = self.argv.index("--crate-name") + 1
            name = self.argv[at] if at < len(self.argv) else "?"
            package = self.env.get("CARGO_PKG_NAME", "?")
            mode = " (test)" if "--test" in self.argv else ""
            return f"{self.kind} {name}{mode} of {package} {self.env.get('CARGO_PKG_VERSION', '')}".rstrip()
        if self.kind == "build-script":
            return f"build script of {self.env.get('CARGO_PKG_NAME', '?')} {self.env.get('CARGO_PKG_VERSION', '')}"
        return f"{self.kind} {' '.join(self.argv[:3])}"


class BadRecord(Exception):
    """A record file that the recorder cannot have written."""


def parse(data, name="record"):
    """One record file to a Process (its kind is not set yet)."""
    sections, arg_files, at = {}, {}, 0
    while True:
        end = data.find(b"\n", at)
        if end < 0:
            raise BadRecord(f"{name}: ends without an end mark")
        key, _, size = data[at:end].partition(b" ")
        if key == b"end":
            break
        start, stop = end + 1, end + 1 + int(size)
        if data[stop:stop + 1] != b"\n":
            raise BadRecord(f"{name}: section {key!r} is cut short")
        if key == b"argfile":
            path, _, content = data[start:stop].partition(b"\0")
            arg_files[os.fsdecode(path)] = os.fsdecode(content)
        else:
            sections[key] = data[start:stop]
        at = stop + 1
    pid, ppid = (int(part) for part in sections[b"ids"].split())
    env = {}
    for entry in split_nul(sections[b"env"]):
        key, _, value = entry.partition("=")
        while key in env:
            key += " (again)"
        env[key] = value
    return Process(
        pid=pid,
        ppid=ppid,
        exe=os.fsdecode(sections[b"exe"]),
        cwd=os.fsdecode(sections[b"cwd"]),
        argv=split_nul(sections[b"argv"]),
        env=env,
        arg_files=arg_files,
        fds=descriptors(split_nul(sections[b"fds"])),
        signals=inherited_state(os.fsdecode(sections[b"status"])),
    )


def descriptors(entries):
    """Standard streams by number, the rest sorted without: `0=r /dev/null 1=w pipe#1 2=w pipe#2 +r pipe#3 +w pipe#3`.

    Pipes and sockets lose their inode but not which descriptors share one.
    """
    opened = sorted((int(entry.split(" ", 1)[0]), *entry.split(" ", 2)[1:]) for entry in entries)
    names, standard, rest = {}, [], []
    for number, access, target in opened:
        kind, found, _ = target.partition(":[")
        if found:
            known = names.setdefault(kind, {})
            target = known.setdefault(target, f"{kind}#{len(known) + 1}")
        if number <= 2:
            standard.append(f"{number}={access} {target}")
        else:
            rest.append(f"+{access} {target}")
    return " ".join(standard + sorted(rest))


def inherited_state(status):
    wanted = ("Umask", "SigBlk", "SigIgn")
    return " ".join(line.replace(":\t", "=") for line in status.splitlines() if line.partition(":")[0] in wanted)


def split_nul(data):
    """NUL-terminated strings; an empty last argument is kept."""
    parts = os.fsdecode(data).split("\0")
    return parts[:-1] if parts and parts[-1] == "" else parts


def load(directory):
    """All processes of a record directory, oldest first, kinds unset."""
    processes = []
    for path in pathlib.Path(directory).iterdir():
        if path.name.startswith("."):
            raise BadRecord(f"{path}: a record was begun and not finished")
        process = parse(path.read_bytes(), str(path))
        process.stamp = int(path.name.partition(".")[0])
        processes.append(process)
    return sorted(processes, key=lambda process: process.stamp)


def classify(processes, build_dir, target_dir, wrappers=()):
    """Sets `kind` of every process.

    rustc         a compilation asked for by the build
    probe         rustc asked about itself (-vV, --print)
    nested-rustc  any rustc that a build script started
    build-script  a build script's run
    wrapper       a rustc wrapper or a runner (of `wrappers`), which goes on to exec or to start its program
    program       what `run` started
    cargo, pcargo the drivers, with the proxies before them
    other         linkers, archivers, shells: not compared
    """
    by_pid = {}
    for process in processes:
        by_pid.setdefault(process.pid, []).append(process)
    for process in processes:
        process.kind = kind_of(process, build_dir, target_dir, set(wrappers))
    for process in processes:
        if process.kind in ("rustc", "probe", "wrapper") and below_build_script(process, by_pid):
            process.kind = "nested-rustc" if is_rustc(process.exe) else "other"
    return processes


def kind_of(process, build_dir, target_dir, wrappers):
    name = os.path.basename(process.exe)
    if wrappers.intersection(process.argv[:2]):
        return "probe" if is_probe(process.argv) else "wrapper"
    if is_rustc(process.exe):
        return "probe" if is_probe(process.argv) else "rustc"
    if name in ("rustup", "cargo"):
        return "cargo"
    if name == "pcargo":
        return "pcargo"
    inside = any(process.exe.startswith(os.path.normpath(root) + "/") for root in (build_dir, target_dir))
    if inside and re.match(r"build[-_]script[-_]", name):
        return "build-script"
    if inside and "/out/" not in process.exe:
        return "program"
    return "other"


def is_rustc(exe):
    return os.path.basename(exe) == "rustc"


def is_probe(argv):
    if "___" in argv or "-vV" in argv[1:] or "-V" in argv[1:] or "--version" in argv[1:]:
        return True
    return "--crate-name" not in argv and any(argument.startswith("--print") for argument in argv)


def below_build_script(process, by_pid):
    """Whether a build script is among the process's ancestors."""
    seen, pid = set(), process.ppid
    while pid in by_pid and pid not in seen:
        seen.add(pid)
        if any(image.kind == "build-script" for image in by_pid[pid]):
            return True
        pid = by_pid[pid][0].ppid
    # A static program between them is not recorded; what only scripts are given is inherited all the same.
    return "CARGO_CFG_TARGET_ARCH" in process.env and "CARGO_CRATE_NAME" not in process.env


def handed_over(processes):
    """Processes which show that pcargo left building to cargo: rustc started by cargo, but for its own probes."""
    by_pid = {}
    for process in processes:
        by_pid.setdefault(process.pid, []).append(process)
    found = []
    for process in processes:
        if process.kind not in ("rustc", "build-script", "wrapper"):
            continue
        # The parent's last image before this start: numbers come round again on a busy machine.
        parents = [image for image in by_pid.get(process.ppid, []) if image.stamp < process.stamp]
        if parents and parents[-1].kind == "cargo":
            found.append(process)
    return found


def to_json(processes, replacements):
    """A recording as text to keep as a fixture, without this machine's paths (`replacements`: from -> to)."""

    def clean(text):
        for old, new in replacements.items():
            text = text.replace(old, new)
        return text

    rows = []
    for process in processes:
        row = dataclasses.asdict(process)
        row["stamp"] = 0
        rows.append(json.loads(clean(json.dumps(row, ensure_ascii=False))))
    return json.dumps(rows, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def from_json(text):
    return [Process(**row) for row in json.loads(text)]
