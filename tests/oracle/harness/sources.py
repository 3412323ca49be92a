# SPDX-License-Identifier: MIT OR Apache-2.0
"""From the model to files: what is in them, and which unit reads which."""

from dataclasses import dataclass

# Where build scripts leave a line for each run: outside the workspace, so that it is nobody's input.
SCRIPT_LOG = "../../scripts.log"


@dataclass(frozen=True)
class File:
    text: str
    link: bool = False


def render(ws):
    """{path relative to the workspace: File}"""
    files = {"Cargo.toml": File(_root_manifest(ws))}
    if ws.config_flags or ws.config_env:
        files[".cargo/config.toml"] = File(_config(ws))
    for crate in ws.crates.values():
        for path, text in crate_files(ws, crate).items():
            files[f"{crate.name}/{path}"] = File(text, path in crate.linked)
    return files


def root_file(crate):
    stem = "main" if crate.kind == "bin" else "lib"
    return f"source/{stem} ö.rs" if crate.root_moved else f"src/{stem}.rs"


def example_file(crate):
    return f"examples/{crate.name}-shows.rs"


def test_file(crate):
    return f"tests/{crate.name}-outer.rs"


def source_dir(crate):
    return "source" if crate.root_moved else "src"


def module_file(crate, name, module):
    places = {"file": f"{name}.rs", "dir": f"{name}/mod.rs", "path": f"größe {name}.rs"}
    return f"{source_dir(crate)}/{places[module.place]}"


def crate_files(ws, crate):
    """Of one crate, relative to it."""
    files = {"Cargo.toml": _manifest(ws, crate), root_file(crate): root_source(ws, crate)}
    for name, module in crate.modules.items():
        text = f"pub fn value() -> u64 {{\n    {module.value}\n}}\n"
        if not module.is_gone:
            files[module_file(crate, name, module)] = text
        if module.shadowed:
            files[f"{source_dir(crate)}/{name}{'/mod.rs' if module.place == 'file' else '.rs'}"] = text
    if crate.data is not None:
        files["données é.txt"] = f"data {crate.data}\n"
    if crate.part is not None:
        files["part.inc"] = f"fn part() -> u64 {{ {crate.part} }}\n"
    if crate.script:
        files["build.rs"] = _script(ws, crate)
        files["declared.txt"] = f"{crate.script.declared}\n"
    if crate.example is not None:
        files[example_file(crate)] = _outside(crate, "main", crate.example)
    if crate.test is not None:
        files[test_file(crate)] = f"#[test]\nfn outer() {{\n    shown();\n}}\n{_outside(crate, 'shown', crate.test)}"
    if crate.stray is not None:
        files["notes.txt"] = f"{crate.stray}\n"
    if crate.stray_source is not None:
        files["src/nobody.rs"] = f"// {crate.stray_source}\nfn not rust\n"
    return files


def _root_manifest(ws):
    members = ", ".join(f'"{name}"' for name in ws.crates)
    lines = ["[workspace]", 'resolver = "2"', f"members = [{members}]", "", "[profile.dev]"]
    lines += [f"{key} = {_toml(value)}" for key, value in ws.profile.items()]
    for name, level in ws.package_profile.items():
        lines += ["", f'[profile.dev.package."{name}"]', f"opt-level = {level}"]
    return "\n".join(lines) + "\n"


def _toml(value):
    return str(value).lower() if isinstance(value, (bool, int)) else f'"{value}"'


def _config(ws):
    lines = []
    if ws.config_flags:
        lines += ["[build]", "rustflags = [" + ", ".join(f'"{flag}"' for flag in ws.config_flags) + "]"]
    if ws.config_env:
        lines += ["[env]"] + [f'{name} = "{value}"' for name, value in ws.config_env.items()]
    return "\n".join(lines) + "\n"


def _manifest(ws, crate):
    lines = ["[package]", f'name = "{crate.name}"', f'version = "{crate.version}"', f'edition = "{crate.edition}"']
    if crate.links:
        lines.append(f'links = "{crate.ident}"')
    if crate.kind == "bin":
        lines += ["[[bin]]", f'name = "{crate.name}"', f'path = "{root_file(crate)}"']
    else:
        lines += ["[lib]", f'path = "{root_file(crate)}"', "doctest = false"]
    if crate.kind == "proc-macro":
        lines.append("proc-macro = true")
    if crate.kind == "cdylib":
        lines.append('crate-type = ["cdylib"]')
    if crate.has_feature:
        optional = ", ".join(f'"dep:{d.name}"' for d in crate.dependencies if d.optional)
        lines += ["[features]", f"extra = [{optional}]"]
    for kind in ("dependencies", "build-dependencies", "dev-dependencies"):
        lines.append(f"[{kind}]")
        for d in crate.dependencies:
            if d.kind == kind:
                package = f', package = "{d.on}"' if d.rename else ""
                lines.append(f'{d.name} = {{ path = "../{d.on}"{package}{", optional = true" if d.optional else ""} }}')
    return "\n".join(lines) + "\n"


def root_source(ws, crate):
    out = ["\n" * crate.blanks + f"// comment {crate.comment}", "#![allow(unexpected_cfgs)]"]
    for name, module in crate.modules.items():
        if module.place == "path":
            out.append(f'#[path = "größe {name}.rs"]')
        out.append(f"mod {name};")
    public = crate.kind in ("lib", "bin")
    terms = [str(crate.body)] + [f"{name}::value()" for name in crate.modules]
    for d in crate.dependencies:
        if d.kind == "dependencies":
            _use(ws, ws.crates[d.on], d, out, terms)
    if crate.part is not None:
        out.append('include!("../part.inc");')
        terms.append("part()")
    if crate.script:
        out.append('include!(concat!(env!("OUT_DIR"), "/made.rs"));')
        terms.append("oracle_sum(MADE)")
        terms.append('oracle_sum(env!("SCRIPT_SAYS"))')
        terms.append("if cfg!(script_odd) { 1 } else { 0 }")
    if crate.data is not None:
        terms.append('oracle_sum(include_str!("../données é.txt"))')
    if crate.env:
        terms.append(f'oracle_sum(option_env!("{crate.env}").unwrap_or("none"))')
    if crate.strict_env:
        terms.append(f'oracle_sum(env!("{crate.strict_env}"))')
    if crate.has_feature:
        terms.append('if cfg!(feature = "extra") { 1000 } else { 0 }')
    if any("oracle_sum" in term for term in terms):
        sum_up = "text.bytes().fold(7, |sum, byte| sum * 3 % 65521 + u64::from(byte))"
        out.append(f"fn oracle_sum(text: &str) -> u64 {{\n    {sum_up}\n}}")
    if crate.warns:
        out.append("fn nobody_calls_this() {}")
    terms.append("if cfg!(oracle_flag) { 7 } else { 0 }")
    return "\n".join(out + _items(ws, crate, terms, public)) + "\n"


def _use(ws, used, dependency, out, terms):
    """How a crate uses another: every way that makes it depend on what is in it."""
    ident = dependency.ident
    guard = '#[cfg(feature = "extra")]\n    ' if dependency.optional else ""
    if used.kind == "proc-macro":
        value = f"{ident}::made!()"
    else:
        value = f"{ident}::CONST + {ident}::body() + {ident}::inlined() + {ident}::mac!() + {ident}::signed(7)"
    name = f"from_{ident}"
    if dependency.optional:
        out.append(f'#[cfg(not(feature = "extra"))]\nfn {name}() -> u64 {{\n    0\n}}')
        guard = '#[cfg(feature = "extra")]\n'
    out.append(f"{guard}fn {name}() -> u64 {{\n    {value}\n}}")
    terms.append(f"{name}()")


def _items(ws, crate, terms, public):
    total = "\n        + ".join(terms)
    body = f"fn body() -> u64 {{\n    {total}\n}}"
    broken = ["fn ("] if crate.broken == "syntax" else []
    if crate.kind == "bin":
        const = f"const CONST: u64 = {crate.const};"
        return broken + [const, body, 'fn main() {\n    println!("{} {}", CONST, body());\n}']
    if crate.kind == "proc-macro":
        return broken + [
            body,
            f"const CONST: u64 = {crate.const};",
            "#[proc_macro]\npub fn made(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n"
            '    format!("{}u64", body() + CONST).parse().unwrap()\n}',
        ]
    if crate.kind == "cdylib":
        no_mangle = "#[unsafe(no_mangle)]" if crate.edition == "2024" else "#[no_mangle]"
        return broken + [
            body,
            f'{no_mangle}\npub extern "C" fn {crate.ident}_total() -> u64 {{\n    body() + {crate.const}\n}}',
        ]
    made = [f"{d.ident}::CONST" for d in crate.dependencies if _is_plain_library(ws, d)]
    const = " + ".join([str(crate.const)] + made)
    items = [
        f"pub const CONST: u64 = {const};",
        f"#[inline(always)]\npub fn inlined() -> u64 {{\n    {crate.inline}\n}}",
        f"#[macro_export]\nmacro_rules! mac {{\n    () => {{\n        {crate.macro}u64\n    }};\n}}",
        f"pub fn signed(x: {crate.signature}) -> u64 {{\n    x as u64\n}}",
    ]
    if crate.broken != "missing":
        items.append("pub " + body)
    return broken + items


def _is_plain_library(ws, dependency):
    return dependency.kind == "dependencies" and not dependency.optional and ws.crates[dependency.on].kind == "lib"


def _script(ws, crate):
    script = crate.script
    lines = [f"// comment {script.comment}", "use std::io::Write;", "fn main() {"]
    lines += [
        f'    let mut log = std::fs::OpenOptions::new().create(true).append(true).open("{SCRIPT_LOG}").unwrap();',
        f'    writeln!(log, "{crate.name}").unwrap();',
        '    let mut said = std::fs::read_to_string("declared.txt").unwrap().trim().to_string();',
        f'    said += "+{script.value}";',
    ]
    if script.declares:
        lines += [
            '    println!("cargo:rerun-if-changed=declared.txt");',
            '    println!("cargo:rerun-if-env-changed=ORACLE_S");',
            '    said += &format!("+{:?}", std::env::var("ORACLE_S").ok());',
        ]
    for d in crate.dependencies:
        if d.kind == "build-dependencies":
            lines.append(f'    said += &format!("+{{}}+{{}}", {d.ident}::CONST, {d.ident}::body());')
        if d.kind == "dependencies" and not d.optional and ws.crates[d.on].links:
            variable = f"DEP_{ws.crates[d.on].ident.upper()}_SAYS"
            lines.append(f'    said += &std::env::var("{variable}").unwrap();')
    lines += [
        '    let out = std::path::PathBuf::from(std::env::var("OUT_DIR").unwrap());',
        '    std::fs::write(out.join("made.rs"), format!("pub const MADE: &str = {:?};\\n", said)).unwrap();',
        f'    println!("cargo:rustc-env=SCRIPT_SAYS=says {script.says}");',
        *(['    println!("cargo:rustc-cfg=script_odd");'] if script.is_odd else []),
    ]
    if crate.links:
        lines.append(f'    println!("cargo:SAYS={script.says} {{}}", said);')
    return "\n".join(lines + ["}"]) + "\n"


def _outside(crate, function, value):
    """An example or test: it uses its package's library, if there is one."""
    term = f"{crate.ident}::CONST + {crate.ident}::body()" if crate.kind == "lib" else "0u64"
    return f'fn {function}() {{\n    println!("{{}}", {value} + {term});\n}}\n'
