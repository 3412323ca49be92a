#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Fits src/record/prior.cc to recorded builds, and says how good such a prior is.

    tests/bench/fit_prior.py --work DIR                what record_times.py left there: the score of each project
    tests/bench/fit_prior.py --work DIR --print        and the tables of prior.cc, fitted on all of them

A project is scored by a prior that was fitted on the others: Spearman's rank correlation of predicted and measured
processor time, over all its units and over those that took 0.2 s or more.
"""

import argparse
import collections
import math
import os
import pathlib
import sqlite3
import statistics

#: As in prior.cc: what has a formula or a usual time, and what has a table of crates that it is far off for.
TABLES = {"library": "kHeavyLibraries", "proc-macro": "kHeavyProcMacros", "script-run": "kHeavyScriptRuns"}
KINDS = ("library", "proc-macro", "build-script", "program", "script-run")
HEAVY = 1.6  # a crate this many times off the formula gets a line of its own
HEAVY_SECONDS = 0.3
PACKING = 4


class Unit:
    """One row of a history, with what prior.cc would know of it beforehand."""

    def __init__(self, row, project_root, libraries):
        (self.package, self.version, self.target, self.mode, opt_level, total, self.metadata, cpu,
         self.peak, expected) = row
        self.is_optimized = opt_level != "0"
        self.seconds = (cpu or total) / 1e9
        self.expected = expected / 1e9
        self.wall = total / 1e9
        self.frontend = self.metadata / total if self.metadata else None
        self.root = package_root(self.package, self.version, project_root)
        self.is_of_project = self.root is None or "/registry/src/" not in str(self.root)
        self.kind = self._kind()
        self.size = self._size(libraries)

    def _kind(self):
        if self.mode == "run-custom-build":
            return "script-run"
        if self.target == "build-script":
            return "build-script"
        if self.target != "lib":
            return "program"
        manifest = (self.root / "Cargo.toml").read_text(encoding="utf-8") if self.root else ""
        return "proc-macro" if "proc-macro = true" in manifest or "proc_macro = true" in manifest else "library"

    def _size(self, libraries):
        """src/record/source_size.cc, in Python."""
        if self.root is None:
            return 30
        if self.target == "build-script":
            return max(file_size(self.root / "build.rs") / 1024 / PACKING, 0.5)
        if self.target != "lib" and self.package in libraries:
            return max(file_size(self.root / "src/main.rs") / 1024 / PACKING, 0.5)
        parts = str(self.root).split("/registry/src/")
        if len(parts) == 2 and (packed := file_size(f"{parts[0]}/registry/cache/{parts[1]}.crate")):
            return max(packed / 1024, 0.5)
        return max(sum(file_size(file) for file in self.root.glob("src/**/*.rs")) / 1024 / PACKING, 0.5)

    def features(self):
        """Of the logarithm of the time."""
        return [1.0, math.log(self.size), 1.0 if self.is_optimized else 0.0]


def file_size(path):
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def package_root(name, version, project_root):
    home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    for found in sorted(home.glob(f"registry/src/*/{name}-{version}")):
        if project_root is None or found.name != project_root.name:
            return found
    for manifest in sorted(project_root.glob("**/Cargo.toml")):
        if f'name = "{name}"' in manifest.read_text(encoding="utf-8"):
            return manifest.parent
    return None


def read(work):
    """name-profile -> units, by file."""
    builds = {}
    for file in sorted(work.glob("*-*.sqlite")):
        project = file.stem.rsplit("-", 1)[0]
        root = next(iter(sorted((work / "src").glob(f"{project}-[0-9]*"))), None)
        with sqlite3.connect(file) as database:
            rows = database.execute(
                "SELECT package, version, target, mode, opt_level, total_ns, metadata_ns, cpu_ns,"
                " peak_bytes, expected_ns FROM run"
            ).fetchall()
        libraries = {row[0] for row in rows if row[2] == "lib"}
        builds[file.stem] = [Unit(row, root, libraries) for row in rows]
    return builds


def solve(matrix, vector):
    """Gauss, with a pivot."""
    size = len(vector)
    rows = [list(row) + [value] for row, value in zip(matrix, vector)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(size):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


def least_squares(units):
    """Weighted by time: it is the long ones whose order matters. What few units tell stays near what is usual."""
    usual = ((0.0, 1e-3), (0.5, 3.0), (0.3, 0.1))  # for each feature: a coefficient, and what its weight is
    count = len(usual)
    matrix = [[usual[i][1] if i == j else 0.0 for j in range(count)] for i in range(count)]
    vector = [coefficient * weight for coefficient, weight in usual]
    for unit in units:
        x, y, weight = unit.features(), math.log(unit.seconds), max(unit.seconds, 0.02) ** 0.5
        for i in range(count):
            vector[i] += weight * x[i] * y
            for j in range(count):
                matrix[i][j] += weight * x[i] * x[j]
    return solve(matrix, vector)


class Prior:
    """`by_kind`: of each kind the coefficients; `heavy`: what single crates are off by; `scripts`: seconds of a run."""

    def __init__(self, units, with_heavy=True):
        self.by_kind = {}
        for kind in KINDS[:-1]:
            self.by_kind[kind] = least_squares([u for u in units if u.kind == kind])
        runs = [u.seconds for u in units if u.kind == "script-run"]
        self.usual_run = statistics.median(runs)
        self.heavy = {}
        off = collections.defaultdict(list)
        for unit in units if with_heavy else []:
            if unit.kind not in TABLES or unit.is_of_project:
                continue
            off[(unit.kind, unit.package)].append((math.log(unit.seconds / self.predict(unit)), unit.seconds))
        for key, seen in off.items():
            by = math.exp(statistics.median(ratio for ratio, _ in seen))
            seconds = max(s for _, s in seen)
            if seconds >= HEAVY_SECONDS and not 1 / HEAVY < by < HEAVY:
                self.heavy[key] = by
            elif seconds < HEAVY_SECONDS and by < 1 / 3 and seconds / by >= HEAVY_SECONDS:
                self.heavy[key] = by

    def predict(self, unit):
        if unit.kind == "script-run":
            usual = self.usual_run
        else:
            usual = math.exp(sum(c * x for c, x in zip(self.by_kind[unit.kind], unit.features())))
        return usual * self.heavy.get((unit.kind, unit.package), 1.0)


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and values[order[j + 1]] == values[order[i]]:
            j += 1
        for k in range(i, j + 1):
            result[order[k]] = (i + j) / 2
        i = j + 1
    return result


def spearman(predicted, measured):
    if len(predicted) < 3:
        return float("nan")
    return statistics.correlation(ranks(predicted), ranks(measured))


def frontend_share(units, kind, is_optimized):
    """Of the time of all together; nothing where no unit tells."""
    told = [u for u in units if u.kind == kind and u.is_optimized == is_optimized and u.frontend]
    return sum(u.frontend * u.seconds for u in told) / sum(u.seconds for u in told) if told else None


def print_peaks(units):
    """Of nine of ten units the peak memory is below: megabytes + more * seconds ** growth."""
    for kind in ("library", "program"):
        known = [(u.expected, u.peak / 1e6) for u in units if u.peak and u.expected and (u.kind in ("library", "proc-macro") if kind == "library" else u.kind == kind)]
        tried = []
        for base in range(60, 131, 10):
            for growth in (step / 20 for step in range(6, 21)):
                factor = math.exp(statistics.mean(math.log(max(y - base, 1) / x**growth) for x, y in known))
                ratios = sorted(y / (base + factor * x**growth) for x, y in known)
                off = statistics.mean(math.log(ratio) ** 2 for ratio in ratios)
                tried.append((off, base, factor, growth, ratios[len(ratios) * 9 // 10]))
        off, base, factor, growth, above = min(tried)
        print(f"peak of {kind}: {{{base * above:.0f}, {factor * above:.0f}, {growth:.2f}}}, of {len(known)}, off by {math.sqrt(off):.2f}")
    for kind in ("build-script", "script-run"):
        peaks = sorted(u.peak / 1e6 for u in units if u.kind == kind and u.peak)
        print(f"peak of {kind}: {peaks[len(peaks) * 9 // 10]:.0f}, of {len(peaks)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--print", action="store_true", dest="prints")
    options = parser.parse_args()
    builds = read(options.work)
    print(f"{'build':<20} units   all  heavy, formula alone: all  heavy")
    sums = []
    for name, units in builds.items():
        project = name.rsplit("-", 1)[0]
        others = [u for other, theirs in builds.items() if other.rsplit("-", 1)[0] != project for u in theirs]
        long = [u for u in units if u.seconds >= 0.2]
        line = []
        for with_heavy in (True, False):
            prior = Prior(others, with_heavy)
            for some in (units, long):
                line.append(spearman([prior.predict(u) for u in some], [u.seconds for u in some]))
        sums.append(line)
        print(f"{name:<20} {len(units):5} {line[0]:6.2f} {line[1]:6.2f}               {line[2]:6.2f} {line[3]:6.2f}")
    print(f"{'median':<26} " + "%5.2f %6.2f               %6.2f %6.2f" % tuple(statistics.median(c) for c in zip(*sums)))
    if options.prints:
        print_tables([u for theirs in builds.values() for u in theirs])


def print_tables(units):
    prior = Prior(units)
    for kind, (base, slope, optimized) in prior.by_kind.items():
        shares = ["?" if share is None else f"{share:.2f}" for share in (frontend_share(units, kind, o) for o in (False, True))]
        print(f"{kind}: {{{math.exp(base) * 1000:.0f}, {slope:.2f}, {math.exp(optimized):.2f}, {', '.join(shares)}}};")
    print(f"constexpr double kScriptRunMilliseconds = {prior.usual_run * 1000:.0f};")
    print_peaks(units)
    for kind, table in TABLES.items():
        of_kind = sorted((package, by) for (its_kind, package), by in prior.heavy.items() if its_kind == kind)
        lines = ", ".join(f'Heavy{{"{package}", {by:.2g}}}' for package, by in of_kind)
        print(f"constexpr std::array {table} = {{{lines}}};")


if __name__ == "__main__":
    main()
