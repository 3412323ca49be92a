# SPDX-License-Identifier: MIT OR Apache-2.0
"""A workspace as plain values: everything that an edit can change and that sources.py can write. Knows no disk."""

import dataclasses
from dataclasses import dataclass, field

EDITIONS = ["2018", "2021", "2024"]
SIGNATURES = ("u8", "u16", "u32", "u64")


@dataclass
class Dependency:
    on: str  # the crate's name
    rename: str | None = None
    kind: str = "dependencies"  # or build-dependencies, dev-dependencies
    optional: bool = False

    @property
    def name(self):
        return self.rename or self.on

    @property
    def ident(self):
        return self.name.replace("-", "_")


@dataclass
class Module:
    value: int
    place: str = "file"  # foo.rs, "dir": foo/mod.rs, "path": #[path] with a UTF-8 name
    shadowed: bool = False  # both foo.rs and foo/mod.rs are there: an error
    is_gone: bool = False  # declared, but its file is not there: an error


@dataclass
class Script:
    value: int
    declares: bool  # says rerun-if-*; else cargo's rule: all files of the package
    declared: int = 1  # what is in declared.txt
    says: int = 1  # rustc-env, which is not in OUT_DIR
    is_odd: bool = False  # rustc-cfg
    comment: int = 0


@dataclass
class Crate:
    name: str
    kind: str  # lib, bin, proc-macro, cdylib
    version: str = "0.1.0"
    edition: str = "2021"
    const: int = 1
    body: int = 1
    inline: int = 1
    macro: int = 1
    signature: str = "u32"
    modules: dict = field(default_factory=dict)
    dependencies: list = field(default_factory=list)
    has_feature: bool = False  # `extra`
    script: Script | None = None
    links: bool = False
    data: int | None = None  # include_str!
    part: int | None = None  # include!
    env: str | None = None  # option_env!
    strict_env: str | None = None  # env!
    example: int | None = None
    test: int | None = None
    comment: int = 0
    blanks: int = 0
    warns: bool = False
    broken: str | None = None  # "syntax", "missing": dependents do not find a function
    root_moved: bool = False  # lib.rs or main.rs lies elsewhere, by `path =`
    stray: int | None = None  # a file that nobody declares
    stray_source: int | None = None  # an .rs file that nobody compiles
    linked: set = field(default_factory=set)  # files that are symbolic links

    @property
    def ident(self):
        return self.name.replace("-", "_")

    def is_library(self):
        return self.kind == "lib"


@dataclass
class Workspace:
    crates: dict = field(default_factory=dict)
    profile: dict = field(default_factory=dict)  # of [profile.dev]
    package_profile: dict = field(default_factory=dict)  # crate: opt-level
    config_flags: list = field(default_factory=list)
    config_env: dict = field(default_factory=dict)
    environment: dict = field(default_factory=dict)
    features: list = field(default_factory=list)  # what the command line asks for: crate/extra
    release: bool = False
    triple: str = ""  # --target
    command: str = "build"
    targets: list = field(default_factory=list)
    human: bool = False  # no --message-format=json
    toolchain: str = ""

    def copy(self):
        return Workspace(
            **{f.name: _copied(getattr(self, f.name)) for f in dataclasses.fields(self)}
        )

    def dependents(self, name):
        return [c for c in self.crates.values() if any(d.on == name for d in c.dependencies)]

    def is_enabled(self, crate):
        return crate.has_feature and f"{crate.name}/extra" in self.features

    def live(self, crate, *kinds):
        """Dependencies that take part now."""
        return [
            d
            for d in crate.dependencies
            if (not d.optional or self.is_enabled(crate)) and (not kinds or d.kind in kinds)
        ]


def _copied(value):
    if dataclasses.is_dataclass(value):
        return type(value)(**{f.name: _copied(getattr(value, f.name)) for f in dataclasses.fields(value)})
    if isinstance(value, dict):
        return {k: _copied(v) for k, v in value.items()}
    if isinstance(value, (list, set)):
        return type(value)(_copied(v) for v in value)
    return value


VARIABLES = ("ORACLE_A", "ORACLE_B")
STRICT = "ORACLE_STRICT"


def generate(rng):
    """3 to 6 crates; names after what they are for, so that a report can be read."""
    ws = Workspace()
    count = rng.choice([3, 3, 3, 4, 4, 5, 6])
    kinds = ["lib", "bin"] + [rng.choice(["lib", "lib", "lib", "proc-macro", "cdylib"]) for _ in range(count - 2)]
    kinds[1:] = sorted(kinds[1:], key=lambda kind: kind in ("bin", "cdylib"))
    for number, kind in enumerate(kinds):
        crate = _crate(rng, number, kind)
        _depend(rng, ws, crate)
        ws.crates[crate.name] = crate
    ws.profile["debug"] = rng.choice([0, 0, 0, 1, 2])
    ws.environment[STRICT] = "1"
    ws.targets = rng.choice([["--lib", "--bins", "--examples"], ["--lib", "--bins", "--tests"], [], ["--all-targets"]])
    if "--all-targets" in ws.targets and len(ws.crates) > 4:
        ws.targets = ["--lib", "--bins", "--examples"]
    return ws


def _crate(rng, number, kind):
    stem = {"lib": "lib", "bin": "app", "proc-macro": "made", "cdylib": "shared"}[kind]
    crate = Crate(f"{stem}-{number}", kind, edition=rng.choice(EDITIONS))
    crate.const, crate.body, crate.inline, crate.macro = (rng.randint(1, 99) for _ in range(4))
    crate.signature = rng.choice(SIGNATURES)
    for index in range(rng.choice([0, 1, 1, 2])):
        crate.modules[f"part{index}"] = Module(rng.randint(1, 99), rng.choice(["file", "dir", "path"]))
    maybe = lambda share: rng.random() < share  # noqa: E731
    crate.has_feature = kind == "lib" and maybe(0.5)
    crate.data = rng.randint(1, 99) if maybe(0.4) else None
    crate.part = rng.randint(1, 99) if maybe(0.3) else None
    crate.env = rng.choice(VARIABLES) if maybe(0.4) else None
    crate.strict_env = STRICT if maybe(0.25) else None
    if kind in ("lib", "bin") and maybe(0.45):
        crate.script = Script(rng.randint(1, 99), declares=maybe(0.6))
        crate.links = kind == "lib" and maybe(0.5)
    if kind in ("lib", "bin"):
        crate.example = rng.randint(1, 99) if maybe(0.3) else None
        crate.test = rng.randint(1, 99) if maybe(0.3) else None
    crate.warns = maybe(0.2)
    return crate


def _depend(rng, ws, crate):
    for other in ws.crates.values():
        if other.kind not in ("lib", "proc-macro") or rng.random() > 0.6:
            continue
        rename = f"{other.name}-renamed" if rng.random() < 0.2 else None
        optional = crate.has_feature and rng.random() < 0.4
        crate.dependencies.append(Dependency(other.name, rename, optional=optional))
    if ws.crates and not crate.dependencies and crate.kind != "proc-macro":
        crate.dependencies.append(Dependency(next(iter(ws.crates))))
    if crate.script and rng.random() < 0.4:
        libraries = [c.name for c in ws.crates.values() if c.kind == "lib"]
        if libraries:
            on = rng.choice(libraries)
            crate.dependencies.append(Dependency(on, rename_of(crate, on), kind="build-dependencies"))


def rename_of(crate, on):
    """Cargo wants one name for one crate, whatever the kind of dependency."""
    return next((d.rename for d in crate.dependencies if d.on == on), None)
