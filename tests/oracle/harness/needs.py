# SPDX-License-Identifier: MIT OR Apache-2.0
"""Which unit needs what, told from the model alone: a text for each unit that differs when, and only when, what the
unit was built from differs. Not a graph of anybody's: it says who reads whose constants, macros, data and variables.

It asks for too little rather than too much: what is named here is surely read. So a unit whose text was never built
must be built; the bytes, compared elsewhere, catch the rest.
"""

import hashlib

from harness import sources

RUN = "run"  # of a build script; other kinds are cargo's names of target kinds


def units(ws):
    """{(package, kind, target, is_test): text}"""
    files = {name: sources.crate_files(ws, crate) for name, crate in ws.crates.items()}
    told = {}
    for crate in ws.crates.values():
        told.update(_of_crate(ws, crate, files[crate.name]))
    return {unit: hashlib.sha256(repr(text).encode()).hexdigest() for unit, text in told.items()}


def variable(ws, name):
    return ws.environment.get(name, ws.config_env.get(name))


def _of_crate(ws, crate, files):
    target = crate.name if crate.kind == "bin" else crate.ident
    compiled = [files[sources.root_file(crate)]]
    compiled += [text for path, text in files.items() if path.startswith(sources.source_dir(crate) + "/")]
    compiled = [text for text in compiled if not text.endswith("fn not rust\n")]
    host = crate.kind == "proc-macro"
    # A check builds what the host needs: a library may be there already when a build comes.
    # And what it needs with a triple may be what a build without one needs: where debug information is off the two have
    # the same profile and so the same unit. Not only while the host needs it: that it does may be this very edit.
    may_be_for_host = crate.kind == "lib"
    command = None if host or may_be_for_host else ws.command
    triple = "" if host or may_be_for_host else ws.triple
    common = (command, ws.release, triple, ws.toolchain, crate.version, crate.edition, flags(ws, host))
    # What reads them is what is missing.
    read = () if crate.broken == "missing" else (crate.data, crate.part, _read(ws, crate))
    own = common + (compiled, read, _told(ws, crate), names(ws, crate))
    tested = own
    if not host:
        own += (_profile(ws, crate, crate.test is not None), ws.is_enabled(crate))
        tested += (_profile(ws, crate, True), ws.is_enabled(crate))
    below = [meaning(ws, ws.crates[d.on], host) for d in ws.live(crate, "dependencies")]
    if crate.kind == "lib":
        told = {(crate.name, "lib", target, False): own + (interfaces(ws, crate),)}
    else:
        told = {(crate.name, crate.kind, target, False): own + (below,)}
    told[(crate.name, crate.kind, target, True)] = tested + (below, "test")
    outside = common + (_profile(ws, crate, crate.test is not None), meaning(ws, crate, False) if crate.kind == "lib" else None)
    if crate.example is not None:
        told[(crate.name, "example", f"{crate.name}-shows", False)] = outside + (files[sources.example_file(crate)],)
    if crate.test is not None:
        told[(crate.name, "test", f"{crate.name}-outer", True)] = outside + (files[sources.test_file(crate)],)
    if crate.script:
        told.update(_of_script(ws, crate, files))
    return told


def _of_script(ws, crate, files):
    below = [meaning(ws, ws.crates[d.on], True) for d in ws.live(crate, "build-dependencies")]
    common = (ws.release, ws.toolchain, crate.version, crate.edition, flags(ws, True))
    # What it watches when it says nothing: all of the package.
    watched = None if crate.script.declares else sorted(files.items())
    made = (ws.release, crate.version, _told(ws, crate), watched)
    return {
        (crate.name, "custom-build", "build-script-build", False): common + (files["build.rs"], below),
        (crate.name, RUN, "build-script-build", False): made,
    }


def flags(ws, host):
    if host and ws.triple:
        return []
    return ws.environment["RUSTFLAGS"].split() if "RUSTFLAGS" in ws.environment else ws.config_flags


def names(ws, crate):
    return sorted((d.on, d.name) for d in ws.live(crate, "dependencies"))


# Said or not, it is the same profile. What `strip` means without being said depends on other fields: not told.
_DEFAULTS = {"overflow-checks": True, "debug-assertions": True, "opt-level": 0, "panic": "unwind"}


def _profile(ws, crate, is_for_tests):
    if ws.release:
        return None
    fields = {**_DEFAULTS, **ws.profile}
    fields["opt-level"] = ws.package_profile.get(crate.name, fields["opt-level"])
    # Tests are always built to unwind.
    fields = {key: str(value) for key, value in fields.items() if key != "strip" and (key != "panic" or not is_for_tests)}
    return sorted(fields.items())


def _read(ws, crate):
    return [variable(ws, name) for name in (crate.env, crate.strict_env) if name]


def _told(ws, crate):
    """All that its package learns from the build script."""
    return crate.script and (_made(ws, crate), crate.script.says, crate.script.is_odd)


def _made(ws, crate):
    """What the build script makes of what it surely reads."""
    if not crate.script:
        return None
    said = [crate.script.declared, crate.script.value]
    if crate.script.declares:
        said.append(variable(ws, "ORACLE_S"))
    for d in crate.dependencies:
        used = ws.crates[d.on]
        if d.kind == "build-dependencies":
            said.append(constant(ws, used))
        if d.kind == "dependencies" and not d.optional and used.links:
            said.append((_made(ws, used), used.script.says))
    return said


def constant(ws, crate):
    """The value of `CONST`, which other crates copy."""
    return crate.const + sum(
        constant(ws, ws.crates[d.on])
        for d in crate.dependencies
        if d.kind == "dependencies" and not d.optional and ws.crates[d.on].kind == "lib"
    )


def interfaces(ws, crate):
    """What a library copies out of those that it uses."""
    copied = []
    for d in ws.live(crate, "dependencies"):
        used = ws.crates[d.on]
        if used.kind == "proc-macro":
            copied.append(meaning(ws, used, True))
        else:
            copied.append((constant(ws, used), used.inline, used.macro, used.signature))
    return copied


def meaning(ws, crate, host):
    """All that a crate and those below it do: what a linked file contains. Comments and warnings do nothing."""
    live = ws.live(crate, "dependencies")
    if host:  # the command line's features are not for crates that are compiled for the host
        live = [d for d in live if not d.optional]
    modules = [module.value for module in crate.modules.values()]
    values = (crate.const, crate.body, crate.inline, crate.macro, crate.signature, modules, crate.data, crate.part)
    enabled = None if host else ws.is_enabled(crate)
    below = [meaning(ws, ws.crates[d.on], host or ws.crates[d.on].kind == "proc-macro") for d in live]
    return values + (crate.broken, enabled, _read(ws, crate), _told(ws, crate), below)
