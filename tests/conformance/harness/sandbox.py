# SPDX-License-Identifier: MIT OR Apache-2.0
"""One build of one project under the recorder, at a path that both sides share."""

import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess

from harness import record, spelling

#: What the caller's environment may hand to the builds; all else (CARGO_*, RUSTFLAGS, MAKEFLAGS ...) is left out.
KEPT = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN",
        "RUSTUP_AUTO_INSTALL", "TERM", "CC", "CXX", "AR", "LD_LIBRARY_PATH")


@dataclasses.dataclass
class Run:
    """What one side did. `tree` is where its files are now; they were made at `Sandbox.root`."""

    exit_code: int
    stdout: str
    stderr: str
    processes: list
    tree: pathlib.Path


class Sandbox:
    """A folder of its own for one case: <work>/root is the project (both sides), <work>/<side> what each left."""

    def __init__(self, work, source, recorder, cargo_version=(999,)):
        self.work = pathlib.Path(work)
        self.source = pathlib.Path(source)
        self.recorder = str(recorder)
        self.root = self.work / "root"
        self.cargo_version = cargo_version
        self.respelt = set()
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)

    def environment(self, extra):
        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        env.update(
            PCARGO_NO_HANDOVER="1",
            PCARGO_RECORD_DIR=str(self.work / "records"),
            LD_PRELOAD=self.recorder,
            CARGO_NET_OFFLINE="true",
            PCARGO_HOME=str(self.work / "pcargo-home"),
            PCARGO_PLAN_CACHE="verify",
            PCARGO_LATE_LINK="never",
        )
        for name, value in extra.items():
            value = self.fill(value)
            if value is None:
                env.pop(name, None)
            else:
                env[name] = value
        return env

    def fill(self, text):
        """Case data may say {root} for the project's folder."""
        return text.replace("{root}", str(self.root)) if isinstance(text, str) else text

    def run(self, side, program, args, cwd=".", env=None, timeout=1800):
        """Copies the project afresh, runs `program args` in it, and moves all it left aside."""
        records = self.work / "records"
        shutil.rmtree(records, ignore_errors=True)
        records.mkdir()
        shutil.copytree(self.source, self.root, symlinks=True, ignore=without_builds)
        self.respelt |= spelling.respell(self.root, self.cargo_version)
        done = run_in_group(
            [program, *(self.fill(argument) for argument in args)], self.root / cwd, self.environment(env or {}), timeout
        )
        processes = record.load(records)
        records.rename(self.work / f"records-{side}")
        tree = self.work / side
        self.root.rename(tree)
        return Run(done.returncode, decode(done.stdout), decode(done.stderr), processes, tree)

    def remove(self):
        shutil.rmtree(self.work, ignore_errors=True)


def run_in_group(command, cwd, env, timeout):
    """Like subprocess.run, but a build that hangs is ended with all its children."""
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        stdout, stderr = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        stdout, stderr = child.communicate()
        stderr += f"\n(ended by the harness after {timeout} s)\n".encode()
    return subprocess.CompletedProcess(command, child.returncode, stdout, stderr)


def without_builds(folder, names):
    """A target directory that lies in the source (someone built there) is not copied."""
    return [name for name in names if os.path.exists(os.path.join(folder, name, "CACHEDIR.TAG"))]


def decode(data):
    return data.decode("utf-8", "surrogateescape")
