# SPDX-License-Identifier: MIT OR Apache-2.0
"""Prints results: one line a case, its differences, and the table at the end."""

from harness.exceptions import Exceptions


def print_case(result, limit):
    if result.skipped:
        print(f"SKIP {result.name}: {result.skipped}", flush=True)
        return
    word = "FAIL" if result.differences else "ok  "
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(result.compared.items()))
    print(
        f"{word} {result.name}: {result.processes} processes ({kinds}), {result.hashes} hashes,"
        f" {result.files} files ({result.contents} by content), {result.json_messages} JSON messages,"
        f" {result.blocks} stderr blocks, {len(result.differences)} differences",
        flush=True,
    )
    for difference in result.differences[:limit]:
        print("   - " + difference.replace("\n", "\n     "))
    if len(result.differences) > limit:
        print(f"   ... and {len(result.differences) - limit} more (--max)", flush=True)


def print_summary(results, seconds):
    """The numbers that a closing note needs. Returns whether all is well."""
    ran = [result for result in results if not result.skipped]
    exceptions = Exceptions()
    kinds = {}
    for result in ran:
        exceptions.add(result.exceptions)
        for kind, count in result.compared.items():
            kinds[kind] = kinds.get(kind, 0) + count
    respelt = [words for result in ran for words in result.respelt]
    failed = [result for result in ran if result.differences]
    total = sum(kinds.values())
    print(f"\n{len(ran)} cases, {len(results) - len(ran)} skipped, {len(failed)} with differences, {seconds:.0f} s")
    for words in sorted(set(respelt)):
        print(f"respelt for this cargo in {respelt.count(words)} cases: {words}")
    for result in results:
        if result.skipped:
            print(f"skipped {result.name}: {result.skipped}")
    print(f"processes compared: {total}" + "".join(f", {count} {kind}" for kind, count in sorted(kinds.items())))
    print(
        f"units compared: {sum(result.units for result in ran)}; hashes paired one to one:"
        f" {sum(result.hashes for result in ran)}; files: {sum(result.files for result in ran)}"
        f" ({sum(result.contents for result in ran)} by content); JSON messages:"
        f" {sum(result.json_messages for result in ran)}; stderr blocks: {sum(result.blocks for result in ran)}"
    )
    print(
        f"probes, set apart: cargo {sum(result.probes[0] for result in ran)},"
        f" pcargo {sum(result.probes[1] for result in ran)}"
    )
    print("exceptions used:")
    for name, count, reason in exceptions.table():
        print(f"  {count:6} x {name}: {reason}")
    for result in failed:
        print(f"FAILED {result.name}: {len(result.differences)} differences")
    if total == 0:
        print("FAILED: no process was compared at all")
    return not failed and total > 0


def print_table(results):
    """One row a run, to copy into a note."""
    print(f"\n{'run':26} {'processes':>9} {'units':>6} {'hashes':>7} {'files':>6} {'exceptions':>10} {'differences':>11}")
    for result in results:
        print(
            f"{result.name:26} {result.processes:9} {result.units:6} {result.hashes:7} {result.files:6}"
            f" {sum(result.exceptions.uses.values()):10} {len(result.differences):11}"
        )
