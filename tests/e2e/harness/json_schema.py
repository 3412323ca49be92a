# SPDX-License-Identifier: MIT OR Apache-2.0
"""Checks a document against a JSON Schema, as far as our schemas go: a keyword that is not known here raises."""

import json
import os

SOURCES = os.path.join(os.path.dirname(__file__), "..", "..", "..", "src")

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
SAYS_NOTHING = {"$schema", "$defs", "title", "description"}
KNOWN = SAYS_NOTHING | {
    "$ref", "type", "const", "enum", "minimum", "required", "properties", "additionalProperties", "items"
}


def read(name):
    """`name`: as seen from src/."""
    with open(os.path.join(SOURCES, name), encoding="utf-8") as file:
        return json.load(file)


def mistakes(document, schema, whole=None, place="$"):
    """Each place where the document is not as the schema has it."""
    whole = whole or schema
    if not set(schema) <= KNOWN:
        raise AssertionError(f"unknown in the schema: {set(schema) - KNOWN}")
    if "$ref" in schema:
        yield from mistakes(document, whole["$defs"][schema["$ref"].removeprefix("#/$defs/")], whole, place)
    types = schema.get("type", list(TYPES))
    if not any(TYPES[name](document) for name in ([types] if isinstance(types, str) else types)):
        yield f"{place}: is no {types}"
        return
    if "const" in schema and document != schema["const"]:
        yield f"{place}: is not {schema['const']}"
    if "enum" in schema and document not in schema["enum"]:
        yield f"{place}: is none of {schema['enum']}"
    if "minimum" in schema and isinstance(document, (int, float)) and document < schema["minimum"]:
        yield f"{place}: is less than {schema['minimum']}"
    if isinstance(document, list):
        for number, item in enumerate(document):
            yield from mistakes(item, schema.get("items", {}), whole, f"{place}[{number}]")
    if isinstance(document, dict):
        yield from (f"{place}.{name}: missing" for name in schema.get("required", []) if name not in document)
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name, value in document.items():
            if name in properties:
                yield from mistakes(value, properties[name], whole, f"{place}.{name}")
            elif more is False:
                yield f"{place}.{name}: not in the schema"
            elif isinstance(more, dict):
                yield from mistakes(value, more, whole, f"{place}.{name}")
