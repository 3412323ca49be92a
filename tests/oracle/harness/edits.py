# SPDX-License-Identifier: MIT OR Apache-2.0
"""Edits that change the model; what touches only the disk is in disturb.py. Each is a function of the walk: it changes
`walk.ws`, may note something in `walk.edit`, and returns what it did, or None when there is nothing it could do."""

from harness import model

EDITS = {}  # name: (weight, function)


def edit(weight):
    def add(function):
        EDITS[function.__name__] = (weight, function)
        return function

    return add


def pick(walk, condition=lambda crate: True):
    fitting = [crate for crate in walk.ws.crates.values() if condition(crate)]
    return walk.rng.choice(fitting) if fitting else None


def another(walk, value, low=1, high=99):
    """Another number of as many digits: the file keeps its size."""
    digits = len(str(value))
    fitting = [n for n in range(low, high + 1) if n != value and len(str(n)) == digits]
    return walk.rng.choice(fitting)


def _number(name, condition=lambda crate: True):
    def change(walk):
        crate = pick(walk, lambda c: getattr(c, name) is not None and condition(c))
        if not crate:
            return None
        setattr(crate, name, another(walk, getattr(crate, name)))
        return f"{name} of {crate.name}"

    return change


def _is_library(crate):
    return crate.is_library()


for _name, _weight, _condition in (
    ("const", 4, lambda c: True),
    ("body", 6, lambda c: True),
    ("inline", 3, _is_library),
    ("macro", 3, _is_library),
    ("data", 2, lambda c: True),
    ("part", 2, lambda c: True),
    ("example", 1, lambda c: True),
    ("test", 1, lambda c: True),
):
    EDITS[_name] = (_weight, _number(_name, _condition))


@edit(3)
def signature(walk):
    crate = pick(walk, _is_library)
    crate.signature = walk.rng.choice([s for s in model.SIGNATURES if s != crate.signature])
    return f"signature of {crate.name}"


@edit(3)
def comment(walk):
    crate = pick(walk)
    crate.comment += 1
    return f"comment in {crate.name}"


@edit(2)
def whitespace(walk):
    crate = pick(walk)
    crate.blanks = (crate.blanks + walk.rng.randint(1, 3)) % 5
    return f"blank lines in {crate.name}"


@edit(3)
def warning(walk):
    crate = pick(walk)
    crate.warns = not crate.warns
    return f"warning {'added to' if crate.warns else 'removed from'} {crate.name}"


@edit(3)
def module_value(walk):
    crate = pick(walk, lambda c: c.modules)
    if not crate:
        return None
    name = walk.rng.choice(sorted(crate.modules))
    crate.modules[name].value = another(walk, crate.modules[name].value)
    return f"module {name} of {crate.name}"


@edit(2)
def module_add(walk):
    crate = pick(walk, lambda c: len(c.modules) < 3)
    if not crate:
        return None
    name = next(n for n in ("part0", "part1", "part2", "extra0") if n not in crate.modules)
    crate.modules[name] = model.Module(walk.rng.randint(1, 99), walk.rng.choice(["file", "dir", "path"]))
    return f"module {name} added to {crate.name}"


@edit(2)
def module_remove(walk):
    crate = pick(walk, lambda c: c.modules)
    if not crate:
        return None
    name = walk.rng.choice(sorted(crate.modules))
    del crate.modules[name]
    return f"module {name} removed from {crate.name}"


@edit(1)
def module_rename(walk):
    crate = pick(walk, lambda c: c.modules)
    if not crate:
        return None
    name = walk.rng.choice(sorted(crate.modules))
    new = name + "x" if not name.endswith("x") else name[:-1]
    if new in crate.modules:
        return None
    crate.modules[new] = crate.modules.pop(name)
    return f"module {name} of {crate.name} renamed to {new}"


@edit(2)
def module_move(walk):
    crate = pick(walk, lambda c: c.modules)
    if not crate:
        return None
    module = crate.modules[walk.rng.choice(sorted(crate.modules))]
    module.place = walk.rng.choice([p for p in ("file", "dir", "path") if p != module.place])
    module.shadowed = False
    return f"module of {crate.name} moved: {module.place}"


@edit(1)
def root_move(walk):
    crate = pick(walk)
    crate.root_moved = not crate.root_moved
    return f"root file of {crate.name} moved"


@edit(2)
def shadow(walk):
    crate = pick(walk, lambda c: any(m.place != "path" and not m.is_gone for m in c.modules.values()))
    if not crate:
        return None
    module = walk.rng.choice([m for m in crate.modules.values() if m.place != "path" and not m.is_gone])
    module.shadowed = not module.shadowed
    return f"a module of {crate.name} is {'' if module.shadowed else 'no longer '}there twice"


@edit(2)
def delete_file(walk):
    crate = pick(walk, lambda c: c.modules)
    if not crate:
        return None
    module = crate.modules[walk.rng.choice(sorted(crate.modules))]
    module.is_gone = not module.is_gone
    module.shadowed = False
    return f"a module's file of {crate.name} {'deleted' if module.is_gone else 'restored'}"


@edit(3)
def breakage(walk):
    crate = pick(walk, lambda c: not c.broken)
    if not crate:
        return None
    crate.broken = walk.rng.choice(["syntax", "missing"] if crate.is_library() else ["syntax"])
    return f"{crate.name} broken: {crate.broken}"


def is_broken(ws):
    return any(c.broken or any(m.shadowed or m.is_gone for m in c.modules.values()) for c in ws.crates.values())


@edit(2)
def repair(walk):
    if not is_broken(walk.ws):
        return None
    for crate in walk.ws.crates.values():
        crate.broken = None
        for module in crate.modules.values():
            module.shadowed = module.is_gone = False
    return "all repaired"


@edit(3)
def stray(walk):
    crate = pick(walk)
    crate.stray = (crate.stray or 0) + 1
    walk.edit.is_idle = not (crate.script and not crate.script.declares)
    return f"undeclared file of {crate.name}"


@edit(2)
def stray_source(walk):
    crate = pick(walk)
    crate.stray_source = (crate.stray_source or 0) + 1
    walk.edit.is_idle = not (crate.script and not crate.script.declares)
    return f"source file of {crate.name} that nobody compiles"


@edit(2)
def linked(walk):
    crate = pick(walk)
    files = sorted(p for p in walk.crate_files(crate) if p.endswith((".rs", ".txt", ".inc")))
    path = walk.rng.choice(files)
    crate.linked ^= {path}
    return f"{crate.name}/{path} is {'a link' if path in crate.linked else 'a file again'}"


@edit(1)
def swap(walk):
    libraries = [c for c in walk.ws.crates.values() if c.is_library()]
    if len(libraries) < 2:
        return None
    one, other = walk.rng.sample(libraries, 2)
    for name in ("const", "body", "inline", "macro", "signature", "modules", "comment", "warns", "data", "part"):
        mine = getattr(one, name)
        setattr(one, name, getattr(other, name))
        setattr(other, name, mine)
    return f"contents of {one.name} and {other.name} swapped"


@edit(4)
def revert(walk):
    if len(walk.history) < 2:
        return None
    back = walk.rng.randint(2, min(6, len(walk.history)))
    walk.ws = walk.history[-back].copy()
    return f"back to the state {back - 1} edits ago"
