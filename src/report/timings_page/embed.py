#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Makes C++ of the page of `pcargo timings --html`: what comes before its data, and what comes behind.

usage: embed.py OUT.cc PAGE.html PAGE.css SCRIPT.js...

The page allows one style and one script, each by its hash, and nothing else.
"""

import base64
import hashlib
import sys


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def allowed(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def literal(text):
    escapes = {"\\": "\\\\", '"': '\\"', "?": "\\?", "\n": "\\n"}
    lines = ("".join(escapes.get(letter, letter) for letter in line) for line in text.splitlines(keepends=True))
    return "\n".join(f'    "{line}"' for line in lines)


def main():
    out, page_file, style_file, *script_files = sys.argv[1:]
    style, script = read(style_file), "\n".join(map(read, script_files))
    policy = f"default-src 'none'; script-src {allowed(script)}; style-src {allowed(style)}; base-uri 'none'; form-action 'none'"
    page = read(page_file).replace("@policy@", policy).replace("@style@", style).replace("@script@", script)
    before, behind = page.split("@data@")
    with open(out, "w", encoding="utf-8") as file:
        file.write('#include "report/timings_page_text.h"\n\nnamespace pcargo::report {\n\n')
        file.write(f"const std::string_view kPageBeforeData =\n{literal(before)};\n\n")
        file.write(f"const std::string_view kPageBehindData =\n{literal(behind)};\n\n")
        file.write("}  // namespace pcargo::report\n")


if __name__ == "__main__":
    main()
