# SPDX-License-Identifier: MIT OR Apache-2.0
"""A space of its own for one test: a directory, an environment, and pcargo run in it with a limit on time.

The limit is what makes a hang a failure; no test waits for time to pass.
"""

import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile

LIMIT_SECONDS = 120
CRASH = re.compile(
    r"AddressSanitizer|LeakSanitizer|UndefinedBehavior|runtime error:|terminate called|check failed|core dumped"
)


class Outcome:
    """How a run ended. `code` is negative for a signal, as in subprocess."""

    def __init__(self, code, out, err, max_rss_kib=0):
        self.code = code
        self.out = out
        self.err = err
        self.max_rss_kib = max_rss_kib

    def error_lines(self):
        return [line for line in self.err.splitlines() if line.startswith("error")]

    def __str__(self):
        return f"exit {self.code}\n--- stdout\n{self.out[-3000:]}\n--- stderr\n{self.err[-6000:]}"


class Space:
    """A temporary directory; kept, and named, when PCARGO_TEST_KEEP is set."""

    def __init__(self, pcargo, fake_rustc):
        self.pcargo = pcargo
        self.fake_rustc = fake_rustc
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="pcargo-e2e-"))
        self.workspace = os.path.join(self.root, "ws")
        self.target = os.path.join(self.workspace, "target")
        self.control_file = os.path.join(self.root, "control")
        self.env = self._environment()
        self.control()

    def _environment(self):
        kept = ("PATH", "LANG", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TERM",
                "RUSTUP_TOOLCHAIN")
        env = {name: os.environ[name] for name in kept if name in os.environ}
        # As rustup finds it: without HOME, by the user's entry in the password file.
        env["RUSTUP_HOME"] = os.environ.get("RUSTUP_HOME", os.path.expanduser("~/.rustup"))
        env["HOME"] = os.path.join(self.root, "home")
        env["CARGO_HOME"] = os.path.join(self.root, "cargo-home")
        env["CARGO_NET_OFFLINE"] = "true"
        env["CARGO_INCREMENTAL"] = "0"
        env["RUSTC"] = self.fake_rustc
        env["PCARGO_FAKE_RUSTC"] = self.control_file
        env["PCARGO_NO_HANDOVER"] = "1"
        # The fake compiler links nothing: what starts late has to start over. For trials of just that, it may be set.
        env["PCARGO_LATE_LINK"] = os.environ.get("PCARGO_LATE_LINK", "never")
        os.makedirs(env["HOME"])
        os.makedirs(env["CARGO_HOME"])
        return env

    def tell_sanitizer(self, option):
        """For a pcargo that is built with one: what is done to it is done on purpose."""
        self.env["ASAN_OPTIONS"] = ":".join(filter(None, [self.env.get("ASAN_OPTIONS"), option]))

    def close(self):
        if os.environ.get("PCARGO_TEST_KEEP"):
            print(f"kept: {self.root}")
        else:
            shutil.rmtree(self.root, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def write(self, name, text, executable=False):
        """Writes a file below the workspace (or an absolute one) and gives its path."""
        path = os.path.join(self.workspace, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        if executable:
            os.chmod(path, 0o755)
        return path

    def let_the_clock_tick(self):
        """What was written before lies in an earlier tick of the file clock than what comes after: a build that starts in
        the tick of a change leaves no record of it."""
        probe = self.path("probe")
        ticks = set()
        while len(ticks) < 2:
            with open(probe, "w", encoding="utf-8"):
                ticks.add(os.stat(probe).st_ctime_ns)

    def read(self, name):
        with open(os.path.join(self.workspace, name), "rb") as file:
            return file.read()

    def exists(self, name):
        return os.path.exists(os.path.join(self.workspace, name))

    def control(self, *orders):
        """What the fake rustc is to do: `crate mode [argument]` lines."""
        with open(self.control_file, "w", encoding="utf-8") as file:
            file.write("".join(order + "\n" for order in orders))

    def fifo(self, name):
        path = self.path(name)
        os.mkfifo(path)
        return path

    def start(self, *args, env=None, cwd=None, program=None, output=subprocess.PIPE):
        """Starts pcargo in a session of its own. A variable given as None is left out."""
        variables = {**self.env, **(env or {})}
        return subprocess.Popen(
            [program or self.pcargo, *args],
            cwd=cwd or self.workspace,
            env={name: value for name, value in variables.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def finish(self, process):
        """Waits for the end. A run that passes the limit is killed and raises."""
        try:
            out, err = process.communicate(timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            self.kill_leftovers()
            out, err = process.communicate()
            outcome = Outcome(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))
            raise AssertionError(f"hang: no end after {LIMIT_SECONDS} s\n{outcome}") from None
        return Outcome(process.returncode, (out or b"").decode(errors="replace"), (err or b"").decode(errors="replace"))

    def run(self, *args, **how):
        return self.finish(self.start(*args, **how))

    def leftovers(self):
        """Processes that still name this space in their command line."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) == os.getpid():
                continue
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    words = file.read()
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                    state = file.read().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if self.root.encode() in words and state not in "ZX":
                found.append((int(entry), words.replace(b"\0", b" ").decode(errors="replace")))
        return found

    def kill_leftovers(self):
        for pid, _ in self.leftovers():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass

    def temporary_files(self):
        """Files of the final directory that nobody asked for by name."""
        final = os.path.join(self.target, "debug")
        names = os.listdir(final) if os.path.isdir(final) else []
        return sorted(
            name
            for name in names
            if stat.S_ISREG(os.lstat(os.path.join(final, name)).st_mode) and re.search(r"tmp|partial|~$", name)
        )
