# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compares what the two builds said: JSON messages and other stdout, status lines and diagnostics on stderr."""

import collections
import json
import re

STATUS = re.compile(r"^ {0,11}[A-Z][A-Za-z-]+ |^(warning|error)(\[\w+\])?: ")
ELAPSED = re.compile(r"(target\(s\) in )(\d+m \d+s|\d+\.\d+s)")
GENERATED = re.compile(r"^(warning: .* generated \d+ warnings?)((?: \([^()]*\))*)$")
DUPLICATES = re.compile(r"\((\d+) duplicates?\)")
THREAD = re.compile(r"(thread '[^'\n]*' )\(\d+\)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
#: A diagnostic of `--message-format short`, which has no blank line behind it, or (-vv) a line of a build script: either may
#: follow on anything.
ALONE = re.compile(r"^[^\s:][^:]*:\d+:\d+: (warning|error)\b|^\[\S+ \d\S*\] ")
#: Another build on this machine held cargo's package cache for a moment.
CACHE_LOCK = "Blocking waiting for file lock on package cache"
TIMING_LINE = re.compile(r" +Timing built in \d+\.\d\d s; ")
WAITING = "warning: build failed, waiting for other jobs to finish..."


class MessageReport:
    def __init__(self):
        self.json_messages = 0
        self.blocks = 0
        self.differences = []


def compare(theirs, ours, translator, exceptions, failing=False, ordered=False, both_kinds=(), keep_going=False):
    """`theirs` and `ours` are sandbox.Run. `ordered`: stdout is one program's and its lines have an order.
    `both_kinds`: packages ("name vVERSION") of which units are both checked and built. `keep_going`: other units may run
    when the first has failed."""
    report = MessageReport()
    compare_stdout(theirs, ours, translator, exceptions, report, failing, ordered)
    compare_stderr(theirs, ours, translator, exceptions, report, failing, both_kinds, keep_going)
    return report


def compare_stdout(theirs, ours, translator, exceptions, report, failing, ordered):
    left = [translator.theirs(line) for line in theirs.stdout.splitlines()]
    right = [translator.ours(line) for line in ours.stdout.splitlines()]
    report.json_messages = sum(1 for line in left if line.startswith("{"))
    if ordered and [x for x in left if not x.startswith("{")] != [x for x in right if not x.startswith("{")]:
        report.differences.append("stdout: the lines or their order differ")
    only_left, only_right = leftovers(left, right)
    if failing:
        kept_left = [line for line in only_left if not is_success_of_a_unit(line)]
        kept_right = [line for line in only_right if not is_success_of_a_unit(line)]
        exceptions.use("failed-build-set", len(only_left) + len(only_right) - len(kept_left) - len(kept_right))
        only_left, only_right = kept_left, kept_right
    for line in list(only_left):
        twin = next((other for other in only_right if sorted_json(other) == sorted_json(line) is not None), None)
        if twin is not None:
            only_left.remove(line)
            only_right.remove(twin)
            report.differences.append(f"JSON: the order of keys differs\n      cargo:  {line}\n      pcargo: {twin}")
    report.differences += [f"stdout only from cargo: {line}" for line in only_left]
    report.differences += [f"stdout only from pcargo: {line}" for line in only_right]
    finished = [[line for line in side if line.startswith("{")][-1:] for side in (left, right)]
    if finished[0] != finished[1]:
        report.differences.append(f"JSON: the last message differs: {finished[0]} and {finished[1]}")


def is_success_of_a_unit(line):
    return line.startswith('{"reason":"compiler-artifact"') or line.startswith('{"reason":"build-script-executed"')


def sorted_json(line):
    try:
        return json.dumps(json.loads(line), sort_keys=True)
    except ValueError:
        return None


def leftovers(left, right):
    """What of each list the other has not, in order."""
    missing, surplus = collections.Counter(left), collections.Counter(right)
    common = missing & surplus
    return list((missing - common).elements()), list((surplus - common).elements())


def compare_stderr(theirs, ours, translator, exceptions, report, failing, both_kinds, keep_going):
    left, right = blocks(translator.theirs(theirs.stderr)), blocks(translator.ours(ours.stderr))
    report.blocks = len(left)
    exceptions.use("package-cache-lock", sum(waits_for_cache(block) for block in left + right))
    left = [mask_run(block, exceptions) for block in left if not waits_for_cache(block)]
    exceptions.use("timing-line", sum(tells_timings(block) for block in right))
    right = [mask_run(block) for block in right if not waits_for_cache(block) and not tells_timings(block)]
    only_left, only_right = leftovers(left, right)
    excuse_duplicates(only_left, only_right, exceptions)
    excuse_first_word(only_left, only_right, both_kinds, exceptions)
    if keep_going:
        excuse_waiting(left, right, only_left, only_right, exceptions)
    if failing:
        kept_left = [block for block in only_left if not depends_on_order(block)]
        kept_right = [block for block in only_right if not depends_on_order(block)]
        exceptions.use("failed-build-set", len(only_left) + len(only_right) - len(kept_left) - len(kept_right))
        only_left, only_right = kept_left, kept_right
    report.differences += [f"stderr only from cargo: {show(block)}" for block in only_left]
    report.differences += [f"stderr only from pcargo: {show(block)}" for block in only_right]
    ends = [after_finish(side) for side in (left, right)]
    if ends[0] != ends[1]:
        report.differences.append(f"stderr: what follows the end of the build differs: {ends[0]} and {ends[1]}")


def waits_for_cache(block):
    return CACHE_LOCK in COLOUR.sub("", block)


def tells_timings(block):
    return TIMING_LINE.match(COLOUR.sub("", block)) is not None


def excuse_duplicates(only_left, only_right, exceptions):
    """Unit summaries that differ in who was first to warn, if the sums agree."""
    sides = []
    for side in (only_left, only_right):
        found = [(match, block) for block in side if (match := GENERATED.match(COLOUR.sub("", block)))]
        sides.append(found)
    heads = [sorted(match.group(1) for match, _ in side) for side in sides]
    sums = [sum(int(n) for match, _ in side for n in DUPLICATES.findall(match.group(2))) for side in sides]
    if heads[0] and heads[0] == heads[1] and sums[0] == sums[1] > 0:
        for side, found in zip((only_left, only_right), sides):
            for _, block in found:
                side.remove(block)
        exceptions.use("duplicate-warnings", len(heads[0]))


def excuse_waiting(left, right, only_left, only_right, exceptions):
    """The word that other jobs still run, said by one side alone. Twice is never right."""
    said = [[block for block in side if COLOUR.sub("", block) == WAITING] for side in (left, right)]
    if sorted(map(len, said)) == [0, 1]:
        (only_left if said[0] else only_right).remove((said[0] or said[1])[0])
        exceptions.use("waiting-for-others")


def excuse_first_word(only_left, only_right, both_kinds, exceptions):
    """`Checking x` on one side and `Compiling x` on the other, where x has units of both kinds."""
    for block in list(only_left):
        found = re.match(r" +(Compiling|Checking) (\S+ v\S+)", block)
        if found is None or found.group(2) not in both_kinds:
            continue
        word = "Compiling" if found.group(1) == "Checking" else "Checking"
        twin = f"{word:>12}" + block[12:]
        if twin in only_right:
            only_left.remove(block)
            only_right.remove(twin)
            exceptions.use("compiling-or-checking")


def depends_on_order(block):
    plain = COLOUR.sub("", block)
    return re.match(r" +(Compiling|Checking|Running|Fresh) |warning: ", plain) is not None


def blocks(text):
    """A status line is a block; a diagnostic with the lines that belong to it is one, so that mixing shows."""
    found = []
    for line in text.split("\n"):
        plain = COLOUR.sub("", line)
        if STATUS.match(plain) or ALONE.match(plain) or not found:
            found.append(line)
        else:
            found[-1] += "\n" + line
    return [block.rstrip("\n") for block in found if block.strip()]


def mask_run(block, exceptions=None):
    """Takes out what belongs to this very run."""
    masked, times = ELAPSED.subn(r"\1TIME", block)
    masked, threads = THREAD.subn(r"\1(ID)", masked)
    if exceptions is not None:
        exceptions.use("elapsed-time", times)
        exceptions.use("thread-id", threads)
    return masked


def after_finish(side):
    for at, block in enumerate(side):
        if "Finished `" in COLOUR.sub("", block):
            return side[at:]
    return []


def show(block):
    return block if len(block) < 1500 else block[:1500] + "..."
