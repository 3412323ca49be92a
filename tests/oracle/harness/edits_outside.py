# SPDX-License-Identifier: MIT OR Apache-2.0
"""Edits of manifests, scripts, configuration and the command line: the model again, as edits.py, but not Rust code."""

from harness import model
from harness.edits import another, edit, pick


@edit(3)
def feature(walk):
    crate = pick(walk, lambda c: c.has_feature)
    if not crate:
        return None
    walk.ws.features = sorted(set(walk.ws.features) ^ {f"{crate.name}/extra"})
    return f"features: {walk.ws.features}"


@edit(3)
def profile_field(walk):
    field, values = walk.rng.choice(
        [
            ("debug", [0, 1, 2, "line-tables-only"]),
            ("overflow-checks", [True, False]),
            ("debug-assertions", [True, False]),
            ("codegen-units", [1, 4]),
            ("opt-level", [0, 1]),
            ("panic", ["abort", "unwind"]),
            ("strip", ["none", "symbols"]),
        ]
    )
    values = [v for v in values if v != walk.ws.profile.get(field)]
    walk.ws.profile[field] = walk.rng.choice(values)
    return f"profile.dev.{field} = {walk.ws.profile[field]}"


@edit(1)
def package_profile(walk):
    crate = pick(walk, lambda c: c.kind in ("lib", "bin"))
    walk.ws.package_profile[crate.name] = 1 - walk.ws.package_profile.get(crate.name, 0)
    return f"profile.dev.package.{crate.name}"


@edit(2)
def edition(walk):
    crate = pick(walk)
    crate.edition = walk.rng.choice([e for e in model.EDITIONS if e != crate.edition])
    return f"edition of {crate.name}: {crate.edition}"


@edit(2)
def version(walk):
    crate = pick(walk)
    first, second, third = crate.version.split(".")
    crate.version = f"{first}.{second}.{(int(third) + 1) % 10}"
    return f"version of {crate.name}: {crate.version}"


@edit(2)
def dependency_add(walk):
    names = list(walk.ws.crates)
    crate = walk.rng.choice([walk.ws.crates[name] for name in names[1:]])
    before = [walk.ws.crates[name] for name in names[: names.index(crate.name)]]
    used = {d.on for d in crate.dependencies if d.kind == "dependencies"}
    fitting = [c for c in before if c.kind in ("lib", "proc-macro") and c.name not in used]
    if not fitting:
        return None
    other = walk.rng.choice(fitting)
    crate.dependencies.append(model.Dependency(other.name, model.rename_of(crate, other.name)))
    return f"{crate.name} now depends on {other.name}"


@edit(2)
def dependency_remove(walk):
    crate = pick(walk, lambda c: len(c.dependencies) > 1)
    if not crate:
        return None
    gone = crate.dependencies.pop(walk.rng.randrange(len(crate.dependencies)))
    return f"{crate.name} no longer depends on {gone.on} ({gone.kind})"


@edit(2)
def dependency_rename(walk):
    crate = pick(walk, lambda c: c.dependencies)
    if not crate:
        return None
    dependency = walk.rng.choice(crate.dependencies)
    rename = None if dependency.rename else f"{dependency.on}-renamed"
    for same in crate.dependencies:
        same.rename = rename if same.on == dependency.on else same.rename
    return f"{crate.name} calls {dependency.on} {dependency.name}"


def _has_script(crate):
    return crate.script


@edit(3)
def script_value(walk):
    crate = pick(walk, _has_script)
    if not crate:
        return None
    crate.script.value = another(walk, crate.script.value)
    return f"build script of {crate.name}"


@edit(2)
def script_says(walk):
    """What is not in OUT_DIR: a variable or a `cfg`."""
    crate = pick(walk, _has_script)
    if not crate:
        return None
    if walk.rng.random() < 0.5:
        crate.script.says = another(walk, crate.script.says)
        return f"rustc-env of the build script of {crate.name}"
    crate.script.is_odd = not crate.script.is_odd
    return f"rustc-cfg of the build script of {crate.name}"


@edit(1)
def script_comment(walk):
    crate = pick(walk, _has_script)
    if not crate:
        return None
    crate.script.comment += 1
    return f"comment in the build script of {crate.name}"


@edit(3)
def script_declared_file(walk):
    crate = pick(walk, _has_script)
    if not crate:
        return None
    crate.script.declared = another(walk, crate.script.declared)
    return f"declared.txt of {crate.name}"


@edit(1)
def script_declares(walk):
    crate = pick(walk, _has_script)
    if not crate:
        return None
    crate.script.declares = not crate.script.declares
    return f"build script of {crate.name} says {'' if crate.script.declares else 'no longer '}what it reads"


@edit(1)
def script_appears(walk):
    crate = pick(walk, lambda c: c.kind in ("lib", "bin"))
    if crate.script:
        crate.dependencies = [d for d in crate.dependencies if d.kind != "build-dependencies"]
        crate.script, crate.links = None, False
    else:
        crate.script = model.Script(walk.rng.randint(1, 99), declares=walk.rng.random() < 0.6)
    return f"{crate.name} has {'a' if crate.script else 'no'} build script"


@edit(4)
def variable(walk):
    name = walk.rng.choice([*model.VARIABLES, model.STRICT, "ORACLE_S", "ORACLE_S"])
    values = [v for v in (None, "1", "2", "33") if v != walk.ws.environment.get(name)]
    if name == model.STRICT:
        values = [v for v in values if v]
    return _set_variable(walk, name, walk.rng.choice(values))


@edit(1)
def variable_unread(walk):
    walk.edit.is_idle = True
    return _set_variable(walk, "ORACLE_UNREAD", str(walk.rng.randint(1, 99)))


def _set_variable(walk, name, value):
    walk.ws.environment.pop(name, None)
    if value is not None:
        walk.ws.environment[name] = value
    return f"{name} = {value}"


@edit(1)
def rustflags(walk):
    values = [None, "--cfg oracle_flag", "-C debug-assertions=off", "-A warnings"]
    value = walk.rng.choice([v for v in values if v != walk.ws.environment.get("RUSTFLAGS")])
    return _set_variable(walk, "RUSTFLAGS", value)


@edit(1)
def config_flags(walk):
    walk.ws.config_flags = walk.rng.choice(
        [f for f in ([], ["--cfg", "oracle_flag"], ["-Coverflow-checks=off"]) if f != walk.ws.config_flags]
    )
    return f"build.rustflags = {walk.ws.config_flags}"


@edit(3)
def config_env(walk):
    name = walk.rng.choice([*model.VARIABLES, "ORACLE_S"])
    value = walk.rng.choice([v for v in (None, "4", "55") if v != walk.ws.config_env.get(name)])
    walk.ws.config_env.pop(name, None)
    if value:
        walk.ws.config_env[name] = value
    return f"[env] {name} = {value}"


@edit(3)
def release(walk):
    walk.ws.release = not walk.ws.release
    return f"release: {walk.ws.release}"


@edit(3)
def check(walk):
    walk.ws.command = "build" if walk.ws.command == "check" else "check"
    return walk.ws.command


@edit(1)
def triple(walk):
    walk.ws.triple = "" if walk.ws.triple else walk.host
    return f"--target {walk.ws.triple or 'not given'}"


@edit(1)
def toolchain(walk):
    if not walk.other_toolchains:
        return None
    walk.ws.toolchain = "" if walk.ws.toolchain else walk.rng.choice(walk.other_toolchains)
    return f"toolchain: {walk.ws.toolchain or 'the first again'}"


@edit(2)
def screen(walk):
    walk.edit.is_idle = True
    walk.ws.human = not walk.ws.human
    return "messages for people" if walk.ws.human else "messages for machines"
