#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""When planning runs and when it need not. Every input is changed once and must make it run; nothing changed must not.

cargo and rustc are scripts that note their starts and become the real ones.
"""

import glob
import os
import pty
import shutil
import stat
import subprocess

from harness import case, projects


class PlanCase(case.FaultCase):
    # A build with nothing to do would not look at the plan at all: what is said of plans is tried without its short way.
    forgets_standings = True

    def setUp(self):
        super().setUp()
        projects.chain(self.space)
        self.log = self.space.path("log")
        self.cargo = self.noting("cargo", shutil.which("cargo"), "*")
        self.rustc = self.noting("rustc", self.space.fake_rustc, "-|-vV")
        self.cache = self.space.path("cache")
        self.space.env.update(
            {"CARGO": self.cargo, "RUSTC": self.rustc, "PCARGO_HOME": self.cache, "PCARGO_PLAN_CACHE": ""}
        )

    def noting(self, name, program, first_words):
        script = f"""#!/bin/sh
case "$1" in {first_words}) echo "{name} $*" >> '{self.log}';; esac
exec '{program}' "$@"
"""
        return self.space.write(self.space.path("tools", name), script, executable=True)

    def planning(self, *words, code=0, **how):
        """Builds; gives the planning processes that were started."""
        if self.forgets_standings:
            shutil.rmtree(os.path.join(self.cache, "standings"), ignore_errors=True)
        open(self.log, "w", encoding="utf-8").close()
        self.outcome = self.space.run(*(words or ("build",)), **how)
        self.assertEqual(self.outcome.code, code, str(self.outcome))
        with open(self.log, encoding="utf-8") as log:
            return log.read().splitlines()

    def warm_up(self, *words, **how):
        """Until nothing is started any more: the first build makes Cargo.lock, the second keeps the plan."""
        for _ in range(2):
            self.planning(*words, **how)
        self.assertEqual(self.planning(*words, **how), [], str(self.outcome))

    def assert_planned(self, *words, **how):
        self.assertNotEqual(self.planning(*words, **how), [], "nothing was planned anew")

    def assert_not_planned(self, *words, **how):
        self.assertEqual(self.planning(*words, **how), [])

    def memos(self):
        return sorted(glob.glob(os.path.join(self.cache, "plans", "*")))

    def append(self, name, text):
        path = os.path.join(self.space.workspace, name)
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)

    def remove(self, name):
        path = os.path.join(self.space.workspace, name)
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


class Unchanged(PlanCase):
    def test_nothing_is_started(self):
        first = self.planning()
        self.assertTrue(any("--unit-graph" in line for line in first), first)
        self.assertTrue(any(line.startswith("rustc -vV") for line in first), first)
        self.assertEqual(self.memos(), [], "a plan was kept though Cargo.lock was made by it")
        self.assert_planned()
        self.assert_not_planned()
        self.assert_sound(self.outcome)

    def test_what_does_not_count(self):
        self.warm_up()
        changes = {
            "a source": lambda: self.append("util/src/lib.rs", "// more\n"),
            "a touched manifest": lambda: os.utime(os.path.join(self.space.workspace, "util/Cargo.toml")),
            "a file beside the manifest": lambda: self.space.write("app/notes.txt", "x"),
            "the target directory": lambda: shutil.rmtree(self.space.target),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                change()
                self.assert_not_planned()
        for variable in ("_", "SHLVL", "COLUMNS", "LINES", "OLDPWD", "WINDOWID"):
            with self.subTest(variable=variable):
                self.assert_not_planned(env={variable: "7"})
        self.assert_not_planned(env={"MAKEFLAGS": "-j --jobserver-auth=97,98"})

    def test_each_command_has_its_own(self):
        commands = (("build",), ("check",), ("build", "-p", "util"), ("build", "--release"))
        for words in commands:
            self.warm_up(*words)
        for words in commands:
            with self.subTest(words=words):
                self.assert_not_planned(*words)

    def test_run(self):
        self.warm_up("run", "--", "one")
        self.assert_not_planned("run", "--", "two")


class Changed(PlanCase):
    def check(self, changes):
        """Each change makes it plan, and settles: what follows does not plan again."""
        self.warm_up()
        for name, change in changes.items():
            with self.subTest(change=name):
                change()
                self.assert_planned()
                self.planning()  # Cargo.lock may have been made anew
                self.assert_not_planned()

    def test_manifests(self):
        above = self.space.path("Cargo.toml")
        self.check(
            {
                "the root's": lambda: self.append("Cargo.toml", "[profile.dev]\nopt-level = 1\n"),
                "a member's": lambda: self.append("util/Cargo.toml", '[features]\nmore = []\n'),
                "one that nothing here needs": lambda: self.append("side/Cargo.toml", "[features]\nmore = []\n"),
                "one above the workspace": lambda: self.space.write(above, "[workspace]\n"),
                "that one gone": lambda: os.remove(above),
            }
        )

    def test_path_dependency_outside(self):
        far = self.space.path("far")
        self.space.write(os.path.join(far, "Cargo.toml"), projects.manifest("far"))
        self.space.write(os.path.join(far, "src/lib.rs"), projects.LIBRARY)
        self.append("side/Cargo.toml", '[target."cfg(windows)".dependencies]\nfar = { path = "../../far" }\n')
        self.check({"its manifest": lambda: self.append(os.path.join(far, "Cargo.toml"), "[features]\nmore = []\n")})

    def test_lock_file(self):
        self.check(
            {
                "other bytes": lambda: self.append("Cargo.lock", "\n"),
                "gone": lambda: self.remove("Cargo.lock"),
            }
        )

    def test_config(self):
        home = self.space.env["CARGO_HOME"]
        included = self.space.path("more.toml")
        self.check(
            {
                "in the workspace": lambda: self.space.write(".cargo/config.toml", "[build]\nincremental = false\n"),
                "its contents": lambda: self.append(".cargo/config.toml", "# more\n"),
                "gone": lambda: self.remove(".cargo"),
                "above": lambda: self.space.write(self.space.path(".cargo", "config.toml"), "[net]\nretry = 1\n"),
                "of the home": lambda: self.space.write(
                    os.path.join(home, "config.toml"), f'include = [{{ path = "{included}", optional = true }}]\n'
                ),
                "an include appears": lambda: self.space.write(included, "[net]\nretry = 2\n"),
                "an include changes": lambda: self.append(included, "# more\n"),
            }
        )

    def test_config_under_its_old_name(self):
        self.warm_up()
        self.space.write(".cargo/config", "[term]\n")
        for _ in range(3):
            self.assert_planned()  # cargo warns of the name
        self.remove(".cargo")
        self.check({})

    def test_toolchain_files(self):
        if shutil.which("rustup"):
            # Chosen in another way: what the files say may be anything.
            asked = ["rustup", "show", "active-toolchain"]
            active = subprocess.run(asked, env=self.space.env, stdout=subprocess.PIPE, text=True, check=True).stdout
            self.space.env["RUSTUP_TOOLCHAIN"] = active.split()[0]
        above = self.space.path("rust-toolchain")
        self.check(
            {
                "rust-toolchain.toml": lambda: self.space.write("rust-toolchain.toml", "[toolchain]\n"),
                "its contents": lambda: self.append("rust-toolchain.toml", "# more\n"),
                "gone": lambda: self.remove("rust-toolchain.toml"),
                "above": lambda: self.space.write(above, "[toolchain]\n"),
            }
        )

    def test_rustup_settings(self):
        home = self.space.path("rustup")
        real = self.space.env["RUSTUP_HOME"]
        if not os.path.isdir(real):
            self.skipTest("no rustup here")
        os.makedirs(home)
        for entry in os.listdir(real):
            if entry != "settings.toml":
                os.symlink(os.path.join(real, entry), os.path.join(home, entry))
        shutil.copy(os.path.join(real, "settings.toml"), home)
        self.space.env["RUSTUP_HOME"] = home
        self.check({"settings": lambda: self.append(os.path.join(home, "settings.toml"), "# more\n")})

    def test_programs(self):
        self.check(
            {
                "cargo": lambda: self.append(self.cargo, "# more\n"),
                "rustc": lambda: self.append(self.rustc, "# more\n"),
            }
        )

    def test_rustc_on_the_path(self):
        early = self.space.path("early")
        os.makedirs(early)
        self.space.env.update(
            {"RUSTC": "rustc", "PATH": os.pathsep.join([early, self.space.path("tools"), self.space.env["PATH"]])}
        )
        self.check({"another before it": lambda: shutil.copy(self.rustc, os.path.join(early, "rustc"))})

    def test_wrapper(self):
        wrapper = self.space.write(self.space.path("wrapper"), '#!/bin/sh\nexec "$@"\n', executable=True)
        self.space.env["RUSTC_WRAPPER"] = wrapper
        self.check({"its contents": lambda: self.append(wrapper, "# more\n")})

    def test_target_discovery(self):
        program = "fn main() {}\n"
        self.check(
            {
                "a build script": lambda: self.space.write("util/build.rs", program),
                "a program": lambda: self.space.write("util/src/main.rs", program),
                "a further one": lambda: self.space.write("util/src/bin/more.rs", program),
                "one in a directory": lambda: self.space.write("util/src/bin/dir/other.rs", program),
                "now with a main": lambda: self.space.write("util/src/bin/dir/main.rs", program),
                "an example": lambda: self.space.write("util/examples/show.rs", program),
                "a test": lambda: self.space.write("util/tests/try.rs", program),
                "a benchmark": lambda: self.space.write("util/benches/fast.rs", program),
                "one gone": lambda: self.remove("util/examples/show.rs"),
            }
        )

    def test_members_by_glob(self):
        self.space.write("Cargo.toml", '[workspace]\nresolver = "2"\nmembers = ["util", "middle", "app", "groups/*/*"]\n')
        for name in ("one", "two", "three"):
            self.space.write(self.space.path("spare", name, "Cargo.toml"), projects.manifest(name))
            self.space.write(self.space.path("spare", name, "src/lib.rs"), projects.LIBRARY)

        def move(name, to):
            shutil.move(self.space.path("spare", name), os.path.join(self.space.workspace, to))

        os.makedirs(os.path.join(self.space.workspace, "groups/a"))
        move("one", "groups/a/one")

        def another_group():
            os.makedirs(os.path.join(self.space.workspace, "groups/b"))
            move("three", "groups/b/three")

        self.check({"a member": lambda: move("two", "groups/a/two"), "in a further group": another_group})

    def test_missing_target_file_is_cargos_to_report(self):
        self.warm_up()
        self.remove("app/src/main.rs")
        self.assert_planned(code=101)
        self.assertIn("Cargo.toml", self.outcome.err)

    def test_vendored_sources(self):
        def vendor(name):
            self.space.write(f"vendor/{name}/Cargo.toml", projects.manifest(name))
            self.space.write(f"vendor/{name}/src/lib.rs", projects.LIBRARY)
            self.space.write(f"vendor/{name}/.cargo-checksum.json", '{"files":{},"package":null}')

        vendor("leaf")
        self.space.write(
            ".cargo/config.toml",
            '[source.crates-io]\nreplace-with = "here"\n[source.here]\ndirectory = "vendor"\n',
        )
        self.append("util/Cargo.toml", 'leaf = "0.1"\n')
        self.append("Cargo.toml", 'exclude = ["vendor"]\n')
        self.check(
            {
                "a manifest": lambda: self.append("vendor/leaf/Cargo.toml", "[features]\nmore = []\n"),
                "a further package": lambda: vendor("other"),
            }
        )
        self.remove("vendor/leaf")
        self.assert_planned(code=101)

    def test_downloaded_sources(self):
        if not shutil.which("git"):
            self.skipTest("no git here")
        repository = self.space.path("repository")
        self.space.write(os.path.join(repository, "Cargo.toml"), projects.manifest("fetched"))
        self.space.write(os.path.join(repository, "src/lib.rs"), projects.LIBRARY)
        author = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.invalid"]
        for words in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "first"]):
            subprocess.run(["git", *words], cwd=repository, env=self.space.env, check=True)
        self.space.env["CARGO_NET_OFFLINE"] = "false"
        self.append("util/Cargo.toml", f'fetched = {{ git = "file://{repository}" }}\n')
        self.planning()  # fetches, and says so
        checkouts = os.path.join(self.space.env["CARGO_HOME"], "git", "checkouts")
        (checkout,) = glob.glob(os.path.join(checkouts, "*", "*"))
        self.check(
            {
                "all gone": lambda: shutil.rmtree(checkouts),
                "the mark of being whole gone": lambda: os.remove(os.path.join(checkout, ".cargo-ok")),
            }
        )
        os.remove(os.path.join(checkout, "Cargo.toml"))
        self.assert_planned(code=101)  # cargo believes the mark

    def test_environment_and_arguments(self):
        self.warm_up()
        for how in ({"env": {"CARGO_PROFILE_DEV_DEBUG": "0"}}, {"env": {"ANYTHING": "else"}}):
            with self.subTest(how=how):
                self.assert_planned(**how)
                self.assert_not_planned(**how)
        self.assert_planned(cwd=os.path.join(self.space.workspace, "app"))
        self.assert_not_planned()


class Doubtful(PlanCase):
    def test_own_flag(self):
        self.warm_up()
        self.assert_planned("build", "--no-plan-cache")
        self.remove(self.memos()[0])
        self.assert_planned("build", "--no-plan-cache")
        self.assertEqual(self.memos(), [])

    def test_own_flag_is_not_handed_over(self):
        refused = self.space.run("build", "--no-plan-cache", "--no-such-flag", env={"PCARGO_NO_HANDOVER": None})
        self.assert_fails(refused, "--no-such-flag", code=1)
        self.assertNotIn("no-plan-cache", refused.err)

    def test_verify(self):
        self.warm_up()
        self.assert_planned(env={"PCARGO_PLAN_CACHE": "verify"})
        # A compiler that says something else today, though nothing that anybody looks at has changed.
        answer = self.space.path("answer")
        liar = self.space.path("tools", "liar")
        text = f"""#!/bin/sh
case "$1" in -vV) '{self.space.fake_rustc}' -vV; cat '{answer}';; *) exec '{self.space.fake_rustc}' "$@";; esac
"""
        self.space.write(liar, text, executable=True)
        self.space.write(answer, "")
        self.space.env["RUSTC"] = liar
        self.warm_up()
        self.space.write(answer, "mood: other\n")
        self.assert_fails(self.space.run("build", env={"PCARGO_PLAN_CACHE": "verify"}), "the plan cache")

    def test_warnings_are_shown_each_time(self):
        self.append("util/Cargo.toml", "[unheard-of]\nx = 1\n")
        for _ in range(4):
            self.assert_planned()
            self.assertIn("unused manifest key: unheard-of", self.outcome.err)
        self.assertEqual(self.memos(), [])

    def test_failures_are_not_kept(self):
        self.append("app/Cargo.toml", 'nobody = { path = "../nobody" }\n')
        for _ in range(3):
            self.assert_planned(code=101)
        self.assertEqual(self.memos(), [])

    def test_damaged_file(self):
        self.warm_up()
        (memo,) = self.memos()
        with open(memo, "rb") as file:
            whole = file.read()
        middle = len(whole) // 2
        damaged = (b"", whole[:-1], whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], b"nonsense")
        for number, text in enumerate(damaged):
            with self.subTest(number=number):
                with open(memo, "wb") as file:
                    file.write(text)
                self.assert_planned()
                self.assert_not_planned()

    def test_open_directory_is_not_believed(self):
        self.warm_up()
        plans = os.path.join(self.cache, "plans")
        self.assertEqual(stat.S_IMODE(os.stat(plans).st_mode), 0o700)
        os.chmod(plans, 0o770)
        self.assert_planned()
        self.assert_planned()

    def test_nowhere_to_keep_it(self):
        with open(self.cache, "w", encoding="utf-8"):
            pass
        for _ in range(3):
            self.assert_planned()
        self.assert_builds(self.outcome)

    def test_lock_file_moves_while_cargo_plans(self):
        self.planning()
        lock = os.path.join(self.space.workspace, "Cargo.lock")
        text = f"""#!/bin/sh
echo "cargo $*" >> '{self.log}'
case "$*" in *--unit-graph*) echo >> '{lock}';; esac
exec '{shutil.which("cargo")}' "$@"
"""
        self.space.write(self.cargo, text, executable=True)
        for _ in range(3):
            self.assert_planned()

    def test_on_a_terminal(self):
        """The first run has the terminal to itself, the second shows that cargo is silent, the third starts nothing."""
        self.planning()
        for memo in self.memos():
            os.remove(memo)
        self.assertNotEqual(self.planning_on_a_terminal(), [])
        self.assertNotEqual(self.planning_on_a_terminal(), [])
        self.assertEqual(self.planning_on_a_terminal(), [])

    def planning_on_a_terminal(self):
        open(self.log, "w", encoding="utf-8").close()
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [self.space.pcargo, "build"],
            cwd=self.space.workspace,
            env=self.space.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        try:
            while os.read(ours, 4096):
                pass
        except OSError:  # the last writer is gone
            pass
        os.close(ours)
        self.assertEqual(process.wait(), 0)
        with open(self.log, encoding="utf-8") as log:
            return log.read().splitlines()


if __name__ == "__main__":
    case.main()
