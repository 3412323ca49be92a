#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Does the harness see mistakes? Plants them one by one in a recording and wants each one reported.

    tests/conformance/selftest.py             needs no cargo: works on data/recording.json
    tests/conformance/selftest.py --verbose   shows what was said about each
    tests/conformance/selftest.py --save RECORDS ROOT   makes data/recording.json anew from a case's records-cargo folder
                                                        (conformance.py --self --keep small-app-dev)

The recording is cargo's build of fixtures/small-app. "pcargo's" side is made from it: other hashes, its own folder, other
descriptors; that must compare equal. Then (1) the named mistakes below, one word each; (2) every argument, variable and
directory of every process altered, dropped, doubled or swapped by rule; (3) mistakes in messages and files.
"""

import argparse
import copy
import hashlib
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import canonical, files, messages, pairing, processes, record, sandbox, translate  # noqa: E402
from harness.exceptions import Exceptions  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
RECORDING = HERE / "data" / "recording.json"
ROOT = "/project/case/tree"
BUILD = ROOT + "/target"
THEIRS = canonical.Layout(ROOT, BUILD, BUILD)
OURS = canonical.Layout(ROOT, BUILD, BUILD, internal=BUILD + "/pcargo")
HASH = re.compile(canonical.HASH)


# --- pcargo's side, made from cargo's ---------------------------------------------------------------------------------


def as_pcargo(recording):
    """What a faultless pcargo would have been recorded as."""
    made = copy.deepcopy(recording)
    for process in made:
        process.argv = [text_as_pcargo(argument) for argument in process.argv]
        process.env = {name: text_as_pcargo(value) for name, value in process.env.items()}
        process.exe = text_as_pcargo(process.exe)
        if "CARGO_MAKEFLAGS" in process.env:
            process.env["CARGO_MAKEFLAGS"] = "-j --jobserver-fds=11,12 --jobserver-auth=11,12"
    return made[::-1]


def text_as_pcargo(text):
    text = HASH.sub(lambda match: hashlib.sha256(b"ours" + match.group(0).encode()).hexdigest()[:16], text)
    text = re.sub(re.escape(BUILD) + r"/(debug/(?:deps|incremental|examples)\b)", BUILD + r"/pcargo/\1", text)
    return re.sub(re.escape(BUILD) + r"/(debug/build/[^/]+(?!/out)(?=/|$|:))", keep_out_dir, text)


def keep_out_dir(match):
    following = match.string[match.end():]
    inside = "" if following.startswith("/out") else "pcargo/"
    return f"{BUILD}/{inside}{match.group(1)}"


def differences(recording, planted):
    """What the harness says about the two."""
    exceptions = Exceptions()
    handed = [f"handed over to cargo: {processes.line(one)}" for one in record.handed_over(planted)]
    report = processes.compare(
        recording, planted, canonical.Canon(THEIRS), canonical.Canon(OURS), exceptions, failing=False
    )
    return handed + report.differences


# --- Named mistakes ---------------------------------------------------------------------------------------------------


class Side:
    """The planted side, with names for its processes."""

    def __init__(self, recording):
        self.recording = recording

    def rustc(self, crate, features=None):
        """The compilation of a library."""
        for process in self.recording:
            if process.kind == "rustc" and f" --crate-name {crate} " in " ".join(process.argv) + " ":
                if "bin" not in process.argv and (features is None or features in process.argv):
                    return process
        raise LookupError(crate)

    def script(self, package):
        return next(
            process
            for process in self.recording
            if process.kind == "build-script" and process.env["CARGO_PKG_NAME"] == package
        )


def at(process, text):
    """Index of the one argument that contains a text."""
    return next(index for index, argument in enumerate(process.argv) if text in argument)


def change(process, old, new):
    """One word in one argument."""
    index = at(process, old)
    process.argv[index] = process.argv[index].replace(old, new)


def drop(process, text, count=1):
    index = at(process, text)
    del process.argv[index:index + count]


def drop_pair(process, text):
    """A flag of two words, by its second."""
    index = at(process, text)
    del process.argv[index - 1:index + 1]


def insert(process, before, *words):
    index = at(process, before)
    process.argv[index:index] = list(words)


def swap(process, one, other):
    first, second = at(process, one), at(process, other)
    assert first != second
    process.argv[first], process.argv[second] = process.argv[second], process.argv[first]


def swap_env(one, other, name):
    one.env[name], other.env[name] = other.env[name], one.env[name]


def named_mistakes():
    """(name, function on a Side): one word each in argv, environment or directory."""
    app, derive, native, shapes = "small_app", "derive", "native", "shapes"
    return [
        # argv
        ("a feature is not passed", lambda side: drop_pair(side.rustc(shapes, features='feature="square"'), "square")),
        ("features in another order", lambda side: swap(side.rustc(shapes, features='feature="square"'), '"round"', '"square"')),
        ("edition of another package", lambda side: change(side.rustc(derive), "--edition=2024", "--edition=2021")),
        ("edition left out", lambda side: drop(side.rustc(native), "--edition")),
        ("optimised though dev", lambda side: insert(side.rustc(native), "metadata=", "-C", "opt-level=1")),
        ("profile override forgotten", lambda side: drop_pair(side.rustc(shapes, features='feature="square"'), "opt-level=1")),
        ("codegen-units of another value", lambda side: change(side.rustc(shapes, features='feature="square"'), "codegen-units=4", "codegen-units=16")),
        ("debuginfo weaker", lambda side: change(side.rustc(native), "debuginfo=2", "debuginfo=1")),
        ("debuginfo for the proc-macro", lambda side: insert(side.rustc(derive), "metadata=", "-C", "debuginfo=2")),
        ("prefer-dynamic forgotten", lambda side: drop_pair(side.rustc(derive), "prefer-dynamic")),
        ("--emit without metadata", lambda side: change(side.rustc(native), "dep-info,metadata,link", "dep-info,link")),
        ("the rlib where the rmeta is due", lambda side: change(side.rustc(app), ".rmeta", ".rlib")),
        ("an extern under another name", lambda side: change(side.rustc(app), "native=", "natives=")),
        ("externs in another order", lambda side: swap(side.rustc(app), "derive=", "native=/")),
        ("an extern missing", lambda side: drop_pair(side.rustc(app), "shapes=")),
        ("an extern of the wrong unit", lambda side: wrong_shapes(side)),
        ("proc_macro not passed", lambda side: drop_pair(side.rustc(derive), "proc_macro")),
        ("check-cfg without the features", lambda side: change(side.rustc(shapes), 'values("round", "square")', "values()")),
        ("check-cfg docsrs missing", lambda side: drop_pair(side.rustc(app), "cfg(docsrs,test)")),
        ("the script's cfg missing", lambda side: drop_pair(side.rustc(app), "from_script")),
        ("the script's -l also for dependents", lambda side: side.rustc(app).argv.extend(["-l", "m"])),
        ("the script's -l missing", lambda side: side.rustc(native).argv.pop()),
        ("search paths in another order", lambda side: swap(side.rustc(app), "/elsewhere", "/out")),
        ("a lint flag missing", lambda side: drop(side.rustc(app), "--allow=dead_code")),
        ("lints in another order", lambda side: swap(side.rustc(app), "--warn=unused", "--allow=dead_code")),
        ("--test where there is none", lambda side: insert(side.rustc(app), "metadata=", "--test")),
        ("caps lints of a path package", lambda side: insert(side.rustc(native), "metadata=", "--cap-lints", "allow")),
        ("crate type twice", lambda side: insert(side.rustc(native), "--emit", "--crate-type", "lib")),
        ("another JSON set", lambda side: change(side.rustc(native), ",future-incompat", "")),
        ("a JSON set in another order", lambda side: change(side.rustc(native), "diagnostic-rendered-ansi,artifacts", "artifacts,diagnostic-rendered-ansi")),
        ("out-dir of cargo itself", lambda side: change(side.rustc(native), "/pcargo/debug/deps", "/elsewhere/debug/deps")),
        ("incremental left out", lambda side: drop_pair(side.rustc(native), "incremental=")),
        ("-L dependency missing", lambda side: drop_pair(side.rustc(app), "dependency=")),
        ("another unit's metadata hash", lambda side: same_metadata(side)),
        ("an extra-filename that no one refers to", lambda side: change(side.rustc(native), "extra-filename=-", "extra-filename=-0")
            or fix_filename(side.rustc(native))),
        ("an absolute source path", lambda side: change(side.rustc(native), "native/src/lib.rs", ROOT + "/native/src/lib.rs")),
        ("an empty argument at the end", lambda side: side.rustc(native).argv.append("")),
        ("two arguments made one", lambda side: join_flags(side.rustc(native))),
        ("the build script gets an argument", lambda side: side.script("native").argv.append("--quiet")),
        ("the build script by another name", lambda side: change(side.script("native"), "build-script-build", "build_script_build")),
        ("rustc by its bare name", lambda side: side.rustc(native).argv.__setitem__(0, "rustc")),
        # environment
        ("authors not joined", lambda side: side.rustc(app).env.update(CARGO_PKG_AUTHORS="One <one@example.org>,Two")),
        ("a variable unset instead of empty", lambda side: side.rustc(app).env.pop("CARGO_PKG_HOMEPAGE")),
        ("the pre-release forgotten", lambda side: side.rustc(app).env.update(CARGO_PKG_VERSION_PRE="")),
        ("RUSTC_BOOTSTRAP leaks", lambda side: side.rustc(app).env.update(RUSTC_BOOTSTRAP="1")),
        ("the planner's unlock leaks", lambda side: side.rustc(app).env.update(__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS="nightly")),
        ("the planner's cache switch leaks", lambda side: side.script("native").env.update(CARGO_CACHE_RUSTC_INFO="0")),
        ("a path dependency called primary", lambda side: side.rustc(native).env.update(CARGO_PRIMARY_PACKAGE="1")),
        ("the primary package not called so", lambda side: side.rustc(app).env.pop("CARGO_PRIMARY_PACKAGE")),
        ("CARGO is pcargo", lambda side: side.rustc(app).env.update(CARGO="/usr/bin/pcargo")),
        ("search path of libraries in another order", lambda side: reverse_paths(side.script("native"))),
        ("search path of libraries without ours", lambda side: side.rustc(app).env.update(LD_LIBRARY_PATH="")),
        ("OUT_DIR of another package", lambda side: swap_env(side.script("native"), side.script("small-app"), "OUT_DIR")),
        ("OUT_DIR below pcargo's folder", lambda side: side.script("native").env.update(
            OUT_DIR=side.script("native").env["OUT_DIR"].replace("/target/debug", "/target/pcargo/debug"))),
        ("OUT_DIR not given to rustc", lambda side: side.rustc(native).env.pop("OUT_DIR")),
        ("OPT_LEVEL of the script's own profile", lambda side: side.script("native").env.update(OPT_LEVEL="3")),
        ("DEBUG wrong", lambda side: side.script("native").env.update(DEBUG="false")),
        ("PROFILE wrong", lambda side: side.script("native").env.update(PROFILE="dev")),
        ("NUM_JOBS wrong", lambda side: side.script("native").env.update(NUM_JOBS="1")),
        ("DEP_ variable missing", lambda side: side.script("small-app").env.pop("DEP_NATIVE_ROOT")),
        ("DEP_ variable for one who must not see it", lambda side: side.script("native").env.update(DEP_NATIVE_ROOT="x")),
        ("encoded rustflags missing", lambda side: side.script("native").env.pop("CARGO_ENCODED_RUSTFLAGS")),
        ("RUSTFLAGS not removed", lambda side: side.script("native").env.update(RUSTFLAGS="")),
        ("a cfg variable missing", lambda side: side.script("native").env.pop("CARGO_CFG_UNIX")),
        ("a cfg variable too many", lambda side: side.script("native").env.update(CARGO_CFG_PROC_MACRO="")),
        ("links not named", lambda side: side.script("native").env.pop("CARGO_MANIFEST_LINKS")),
        ("no job server", lambda side: side.rustc(app).env.pop("CARGO_MAKEFLAGS")),
        ("a job server in another form", lambda side: side.rustc(app).env.update(CARGO_MAKEFLAGS="-j --jobserver-auth=fifo:/tmp/x")),
        ("MAKEFLAGS set", lambda side: side.rustc(app).env.update(MAKEFLAGS="-j")),
        ("PATH changed", lambda side: side.rustc(app).env.update(PATH="/bin:" + side.rustc(app).env["PATH"])),
        ("bin name for a lib", lambda side: side.rustc(native).env.update(CARGO_BIN_NAME="native")),
        ("crate name with a hyphen", lambda side: side.rustc(app).env.update(CARGO_CRATE_NAME="small-app")),
        ("the script's variable missing", lambda side: side.rustc(app).env.pop("NATIVE_ROOT")),
        # directory
        ("the package's folder, not the workspace's", lambda side: setattr(side.rustc(native), "cwd", ROOT + "/native")),
        ("the script in the workspace's folder", lambda side: setattr(side.script("native"), "cwd", ROOT)),
        # what is inherited besides
        ("sockets instead of pipes", lambda side: setattr(side.rustc(native), "fds", side.rustc(native).fds.replace("pipe#1", "socket#1"))),
        ("one pipe for both streams", lambda side: setattr(side.rustc(native), "fds", side.rustc(native).fds.replace("pipe#2", "pipe#1"))),
        ("a descriptor leaks", lambda side: setattr(side.rustc(native), "fds", side.rustc(native).fds + " +rw /tmp/lock")),
        ("a job server that does not block", lambda side: setattr(side.rustc(native), "fds", side.rustc(native).fds.replace("+r pipe", "+rn pipe"))),
        ("SIGPIPE stays ignored", lambda side: setattr(side.script("native"), "signals",
            side.script("native").signals.replace("SigIgn=0000000000000000", "SigIgn=0000000000001000"))),
        # whole processes
        ("a unit is not built", lambda side: side.recording.remove(side.rustc(native))),
        ("a unit is built twice", lambda side: side.recording.append(copy.deepcopy(side.rustc(native)))),
        ("a script does not run", lambda side: side.recording.remove(side.script("native"))),
        ("cargo built it", lambda side: by_cargo(side)),
        ("nothing was recorded", lambda side: side.recording.clear()),
    ]


def wrong_shapes(side):
    """The app links the proc-macro's build of `shapes`, one of fewer features."""
    macros, app = side.rustc("derive"), side.rustc("small_app")
    wrong, right = at(macros, "shapes="), at(app, "shapes=")
    digits = HASH.search(macros.argv[wrong]).group(0)
    app.argv[right] = HASH.sub(digits, app.argv[right])


def same_metadata(side):
    """Two units share one hash."""
    one, other = side.rustc("native"), side.rustc("derive")
    one.argv[at(one, "metadata=")] = other.argv[at(other, "metadata=")]


def fix_filename(process):
    """Keeps the altered hash 16 digits long."""
    index = at(process, "extra-filename=-")
    process.argv[index] = process.argv[index][: len("extra-filename=-") + 16]


def join_flags(process):
    index = at(process, "metadata=")
    process.argv[index - 1:index + 1] = ["-C" + process.argv[index]]


def reverse_paths(process):
    process.env["LD_LIBRARY_PATH"] = ":".join(reversed(process.env["LD_LIBRARY_PATH"].split(":")))


def by_cargo(side):
    """The rustc of `native` is a child of a real cargo."""
    driver = copy.deepcopy(side.rustc("native"))
    driver.kind, driver.pid, driver.ppid, driver.stamp = "cargo", 7, 1, 0
    side.rustc("native").ppid, side.rustc("native").stamp = 7, 1
    side.recording.append(driver)


# --- Mistakes by rule -------------------------------------------------------------------------------------------------


def mistakes_by_rule(planted):
    """Every argument, variable and directory of every compared process, altered in several ways."""
    seen = {}
    for process in planted:
        for text in process.argv + list(process.env.values()):
            for digits in HASH.findall(text):
                seen[digits] = seen.get(digits, 0) + 1
    for number, process in enumerate(planted):
        if process.kind not in record.COMPARED_KINDS:
            continue
        name = process.describe()
        for index, argument in enumerate(process.argv):
            place = f"{name}: argument {index} {argument[:60]!r}"
            yield f"{place} dropped", number, lambda one, i=index: one.argv.pop(i)
            yield f"{place} doubled", number, lambda one, i=index: one.argv.insert(i, one.argv[i])
            yield f"{place} altered", number, lambda one, i=index: one.argv.__setitem__(i, altered(one.argv[i], seen))
            following = process.argv[index + 1:index + 2]
            if following and following[0] != argument:
                yield f"{place} swapped", number, lambda one, i=index: swap_at(one.argv, i)
        yield f"{name}: an argument more", number, lambda one: one.argv.append("-v")
        for variable in process.env:
            place = f"{name}: variable {variable}"
            yield f"{place} dropped", number, lambda one, v=variable: one.env.pop(v)
            yield f"{place} altered", number, lambda one, v=variable: one.env.update({v: altered(one.env[v], seen)})
            yield f"{place} emptied", number, lambda one, v=variable: one.env.update({v: "" if one.env[v] else " "})
            yield f"{place} renamed", number, lambda one, v=variable: one.env.update({v + "_": one.env.pop(v)})
        yield f"{name}: a variable more", number, lambda one: one.env.update(PCARGO_LEAK="1")
        yield f"{name}: directory above", number, lambda one: setattr(one, "cwd", os.path.dirname(one.cwd))
        yield f"{name}: directory below", number, lambda one: setattr(one, "cwd", one.cwd + "/src")


def altered(text, seen):
    """One character other; a hash only where it is mentioned elsewhere too (a lone one is the side's own affair)."""
    for match in HASH.finditer(text):
        if seen.get(match.group(0), 0) > 1:
            last = "0" if text[match.end() - 1] != "0" else "1"
            return text[: match.end() - 1] + last + text[match.end():]
    return text + "x" if not text.endswith("x") else text[:-1]


def swap_at(argv, index):
    argv[index], argv[index + 1] = argv[index + 1], argv[index]


# --- Messages and files -----------------------------------------------------------------------------------------------

ARTIFACT = (
    '{"reason":"compiler-artifact","package_id":"path+file://' + ROOT + '#small-app@1.0.0","target":{"kind":["lib"]},'
    '"filenames":["' + BUILD + '/debug/deps/libnative-0123456789abcdef.rlib"],"executable":null,"fresh":false}'
)
STDERR = (
    "   Compiling native v0.2.0 (/project/case/tree/native)\nwarning: unused variable: `x`\n --> src/lib.rs:1:1\n  |\n1 | let x;\n"
    "  |     ^\n\nwarning: `native` (lib) generated 1 warning\n"
    "    Finished `dev` profile [unoptimized + debuginfo] target(s) in 1.25s\n"
)


def message_mistakes():
    """(name, stdout, stderr) of a faulty pcargo."""
    good = text_as_pcargo(ARTIFACT)
    last = '\n{"reason":"build-finished","success":true}\n'
    return [
        ("a message missing", last[1:], STDERR),
        ("a message twice", good + "\n" + good + last, STDERR),
        ("fresh wrong", good.replace('"fresh":false', '"fresh":true') + last, STDERR),
        ("a hash no unit has", good.replace(HASH.search(good).group(0), "f" * 16) + last, STDERR),
        ("keys in another order", good.replace('"executable":null,"fresh":false', '"fresh":false,"executable":null') + last, STDERR),
        ("build-finished not last", last[1:] + good + "\n", STDERR),
        ("another file name", good.replace(".rlib", ".rmeta") + last, STDERR),
        ("the status word", good + last, STDERR.replace("Compiling", " Checking")),
        ("a missing Finished", good + last, STDERR[: STDERR.index("    Finished")]),
        ("the profile's words", good + last, STDERR.replace("unoptimized + debuginfo", "unoptimized")),
        ("mixed lines", good + last, STDERR.replace("  |     ^\n", "").replace("generated 1 warning\n", "generated 1 warning\n  |     ^\n")),
        ("a diagnostic twice", good + last, STDERR.replace("warning: `native`", STDERR[STDERR.index("warning: un"):STDERR.index("warning: `")] + "warning: `native`")),
        ("a word of its own", good + last, "pcargo: planning\n" + STDERR),
    ]


SHORT = """   Compiling other v0.1.0 (/project/case/tree/other)
build.rs:2:9: warning: unused variable: `in_script`
other/src/lib.rs:1:4: warning: function `quiet` is never used
warning: `other` (lib) generated 1 warning
"""


def check_short(translator, verbose):
    """Short diagnostics stand anywhere, because nothing says where one unit's end; but none is missing or altered."""
    lines = SHORT.splitlines(keepends=True)
    theirs = run_of("", SHORT)

    def found(ours):
        return messages.compare(theirs, run_of("", ours), translator, Exceptions()).differences

    missed = []
    for other_order in (lines[:1] + lines[2:] + lines[1:2], lines[:1] + [lines[2], lines[1], lines[3]]):
        clean = found("".join(other_order))
        missed += [f"short diagnostics in another order are called different: {clean[0]}"] if clean else []
    planted = [
        ("a short diagnostic missing", SHORT.replace(lines[1], "")),
        ("a short diagnostic twice", SHORT + lines[1]),
        ("a short diagnostic of another line", SHORT.replace("rs:2:9", "rs:3:9")),
    ]
    for name, ours in planted:
        missed += note(name, found(ours), verbose)
    return len(planted), missed


def check_waiting(translator, verbose):
    """Whether others run when the first unit fails is chance with --keep-going; that it is said once at most is not."""
    failed = "error: could not compile `native` (lib) due to 1 previous error\n"
    word = messages.WAITING + "\n"

    def found(theirs, ours, keep_going=True):
        sides = (run_of("", failed + theirs), run_of("", failed + ours))
        return messages.compare(*sides, translator, Exceptions(), keep_going=keep_going).differences

    missed = []
    for sides in ((word, ""), ("", word), (word, word)):
        clean = found(*sides)
        missed += [f"a question of time is called different: {clean[0]}"] if clean else []
    missed += note("waiting for others, twice", found(word, word + word), verbose)
    missed += note("waiting for others where none can be", found("", word, keep_going=False), verbose)
    missed += note("waiting in other words", found(word, word.replace("jobs", "units")), verbose)
    return 3, missed


def run_of(stdout, stderr):
    return sandbox.Run(0, stdout, stderr, [], pathlib.Path("/"))


def check_messages(hashes, verbose):
    translator = translate.Translator(THEIRS, OURS, hashes)
    theirs = run_of(ARTIFACT + '\n{"reason":"build-finished","success":true}\n', STDERR)
    ours = run_of(text_as_pcargo(ARTIFACT) + '\n{"reason":"build-finished","success":true}\n', STDERR.replace("1.25s", "2m 01s"))
    clean = messages.compare(theirs, ours, translator, Exceptions()).differences
    missed = [f"equal messages are called different: {clean}"] if clean else []
    planted = message_mistakes()
    for name, stdout, stderr in planted:
        found = messages.compare(theirs, run_of(stdout, stderr), translator, Exceptions()).differences
        missed += note(name, found, verbose)
    short, missed_short = check_short(translator, verbose)
    waiting, missed_waiting = check_waiting(translator, verbose)
    return len(planted) + short + waiting, missed + missed_short + missed_waiting


GOOD_FILES = {
    "target/CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n",
    "target/debug/app": "binary",
    "target/debug/app.d": f"{BUILD}/debug/app: {ROOT}/src/main.rs {BUILD}/debug/build/native-0123456789abcdef/out/made.rs\n",
    "target/debug/build/native-0123456789abcdef/out/made.rs": "const A: u32 = 1;\n",
    "src/main.rs": "fn main() {}\n",
}


def write_tree(folder, content, ours):
    for name, text in content.items():
        path = pathlib.Path(folder) / (text_as_pcargo(name) if ours else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_as_pcargo(text) if ours else text)
        path.chmod(0o755 if text == "binary" else 0o644)


def file_mistakes():
    return [
        ("a file missing", lambda tree: os.remove(tree / "target/debug/app.d")),
        ("a file too many", lambda tree: (tree / "target/debug/app2").write_text("")),
        ("the planner's cache left", lambda tree: (tree / "target/.rustc_info.json").write_text("{}")),
        ("a source changed", lambda tree: (tree / "src/main.rs").write_text("fn main() { }\n")),
        ("not executable", lambda tree: (tree / "target/debug/app").chmod(0o644)),
        ("a link instead of a file", lambda tree: (os.remove(tree / "target/debug/app"), os.symlink("x", tree / "target/debug/app"))),
        ("a wrong .d", lambda tree: (tree / "target/debug/app.d").write_text("x: y\n")),
        ("no tag", lambda tree: os.remove(tree / "target/CACHEDIR.TAG")),
        ("OUT_DIR's content", lambda tree: next((tree / "target/debug/build").glob("*/out/made.rs")).write_text("")),
        ("more than OUT_DIR in build/", lambda tree: next((tree / "target/debug/build").glob("*")).joinpath("output").write_text("")),
        ("files in cargo's deps", lambda tree: ((tree / "target/debug/deps").mkdir(), (tree / "target/debug/deps/x.d").write_text(""))),
    ]


def check_files(hashes, verbose):
    translator = translate.Translator(THEIRS, OURS, hashes)
    planted, missed = file_mistakes(), []
    for name, mistake in [("", lambda tree: None)] + planted:
        with tempfile.TemporaryDirectory() as folder:
            left, right = pathlib.Path(folder) / "cargo", pathlib.Path(folder) / "pcargo"
            write_tree(left, GOOD_FILES, ours=False)
            write_tree(right, GOOD_FILES, ours=True)
            mistake(right)
            report = files.compare(files.Tree(left, THEIRS, False), files.Tree(right, OURS, True), translator, Exceptions())
        if name:
            missed += note(name, report.differences, verbose)
        elif report.differences or report.compared != len(GOOD_FILES):
            missed.append(f"equal trees are called different: {report.differences}")
    return len(planted), missed


# --- The test ---------------------------------------------------------------------------------------------------------


def note(name, found, verbose):
    if verbose:
        print(f"{name}: " + (found[0].replace("\n", " ")[:160] if found else "NOT SEEN"))
    return [] if found else [f"not seen: {name}"]


def check_processes(recording, verbose):
    clean = differences(recording, as_pcargo(recording))
    missed = [f"equal recordings are called different: {clean[:5]}"] if clean else []
    named = named_mistakes()
    for name, mistake in named:
        planted = as_pcargo(recording)
        mistake(Side(planted))
        missed += note(name, differences(recording, planted), verbose)
    return len(named), missed


def unit(crate, digits, *externs, words=()):
    """A made-up compilation that says nothing of itself but its hash."""
    argv = ["rustc", "--crate-name", crate, *words, "-C", f"metadata={digits[::-1]}", "-C", f"extra-filename=-{digits}"]
    for name, other in externs:
        argv += ["--extern", f"{name}={BUILD}/debug/deps/lib{name}-{other}.rmeta"]
    return record.Process(1, 1, "rustc", ROOT, argv, {}, {}, kind="rustc")


def look_alikes():
    """Three `low`, three `mid` above one each, equal but for hashes; only the tops tell them apart, and two of them do not."""
    hashes = [f"{number:x}" * 16 for number in range(1, 10)]
    low, mid, top = hashes[:3], hashes[3:6], hashes[6:]
    made = [unit("low", digits) for digits in low]
    made += [unit("mid", mid[at], ("low", low[at])) for at in range(3)]
    made += [unit("top", top[at], ("mid", mid[at]), words=["--cfg", "first"] if at == 0 else []) for at in range(3)]
    return made


def check_look_alikes(verbose):
    """Equal processes are paired so that the hashes agree, whatever the order; a crossed edge is seen."""
    recording, missed = look_alikes(), []
    for turn in range(len(recording)):
        planted = as_pcargo(recording[turn:] + recording[:turn])
        found = differences(recording, planted)
        missed += [f"equal look-alikes are called different: {found[0]}"] if found else []
    planted = as_pcargo(recording)
    one, other = [process for process in planted if "mid" in process.argv][:2]
    one.argv[-1], other.argv[-1] = other.argv[-1], one.argv[-1]
    crossed_twice = differences(recording, planted)  # still the same graph: only names of hashes changed places
    missed += [f"the same graph is called different: {crossed_twice[0]}"] if crossed_twice else []
    one.argv[-1] = other.argv[-1]
    missed += note("two units above one where there were two", differences(recording, planted), verbose)
    return missed


def check_by_rule(recording):
    count, missed, exceptions = 0, [], Exceptions()
    faultless = as_pcargo(recording)
    our_canon = canonical.Canon(OURS)
    left = processes.canonical_list(recording, canonical.Canon(THEIRS), exceptions)
    right = {id(one): canonical.canonical(one, our_canon, exceptions) for one in faultless}
    for name, number, mistake in mistakes_by_rule(faultless):
        planted = copy.deepcopy(faultless[number])
        mistake(planted)
        ours = [right[id(one)] for one in faultless if one is not faultless[number]]
        ours.insert(number, canonical.canonical(planted, our_canon, exceptions))
        count += 1
        if not processes.compare_canonical(left, ours, exceptions).differences:
            missed.append(f"not seen: {name}")
    return count, missed


def hashes_of_messages():
    """The one hash pair that the message and file checks use."""
    relation = pairing.HashMap()
    relation.relate("filename", "0123456789abcdef", HASH.search(text_as_pcargo("-0123456789abcdef")).group(0), "selftest")
    return relation


def save(records, root):
    """A recording to keep: what matters of it, without this machine's names."""
    processes_ = record.classify(record.load(records), root + "/target", root + "/target")
    kept = [process for process in processes_ if process.kind in record.COMPARED_KINDS]
    home = os.path.expanduser("~")
    for process in kept:
        process.env["PATH"] = "/usr/bin:/bin"
        process.env = {name: value for name, value in process.env.items() if name not in ("LOGNAME", "USER", "TMPDIR", "TERM")}
    work = os.path.dirname(root)
    library = next(process.env["LD_PRELOAD"] for process in kept)
    for process in kept:
        process.env["HOME"] = "/people/one"
    text = record.to_json(kept, {library: "/project/recorder.so", home + "/.": "/people/one/.", work: "/project/case"})
    RECORDING.parent.mkdir(exist_ok=True)
    RECORDING.write_text(text, encoding="utf-8")
    print(f"{len(kept)} processes, {len(text)} bytes")


def main():
    parser = argparse.ArgumentParser(description="planted mistakes, all to be seen")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--save", nargs=2, metavar=("RECORDS", "ROOT"))
    options = parser.parse_args()
    if options.save:
        save(*options.save)
        return 0
    recording = record.from_json(RECORDING.read_text(encoding="utf-8"))
    named, missed = check_processes(recording, options.verbose)
    by_rule, missed_by_rule = check_by_rule(recording)
    said, missed_said = check_messages(hashes_of_messages(), options.verbose)
    left, missed_left = check_files(hashes_of_messages(), options.verbose)
    missed += missed_by_rule + missed_said + missed_left + check_look_alikes(options.verbose)
    print(
        f"planted: {named} named mistakes in processes, {by_rule} by rule, {said} in messages, {left} in files;"
        f" {len(missed)} not seen"
    )
    for line in missed[:40]:
        print("  " + line)
    good = not missed and named >= 30 and by_rule > 500 and said and left
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
