"""The schema of a record and the types of its lines say the same, so that neither is edited alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from poolproof.model.record import LINES

Schema = Mapping[str, Any]
WRITTEN = json.loads((Path(__file__).parent.parent / "results" / "schema.json").read_text())["$defs"]
TYPES, NAMED = msgspec.json.schema_components(LINES.values(), ref_template="#/$defs/{name}")
DEFS = {**WRITTEN, **NAMED}
OF_JSON = {str: "string", bool: "boolean", int: "integer", type(None): "null"}


def alternatives(schema: Schema) -> Iterator[Schema]:
    """The schemas of one type each that a schema stands for."""
    if "$ref" in schema:
        yield from alternatives(DEFS[schema["$ref"].rpartition("/")[2]])
    elif either := schema.get("anyOf") or ("properties" not in schema and schema.get("oneOf")):
        for each in either:
            yield from alternatives({"type": "object", **each} if "properties" in each else each)
    elif isinstance(schema.get("type"), list):
        for each in schema["type"]:
            yield {**schema, "type": each}
    else:
        yield schema


def kinds(schema: Schema) -> set[str]:
    """The names of the types that a value may have; an integer is a number."""
    found: set[str] = set()
    for each in alternatives(schema):
        values = each.get("enum", [each["const"]] if "const" in each else [])
        found |= {OF_JSON[type(value)] for value in values} or {each["type"]}
    return found - {"integer"} if "number" in found else found


def gathered(schema: Schema, key: str) -> dict[str, Schema]:
    return {name: inner for each in alternatives(schema) for name, inner in each.get(key, {}).items()}


def values(schema: Schema) -> set[str]:
    return {value for each in alternatives(schema) for value in each.get("enum", ())}


def differences(ours: Schema, written: Schema, place: str) -> Iterator[str]:
    if kinds(ours) != kinds(written):
        yield f"{place}: {kinds(ours)} in the type, {kinds(written)} in the schema"
    if values(ours) and values(ours) != values(written) - {None}:
        yield f"{place}: {values(ours)} in the type, {values(written)} in the schema"
    (here, there) = (gathered(each, "properties") for each in (ours, written))
    if here and here.keys() != there.keys() - {"record"}:
        yield f"{place}: {here.keys() ^ (there.keys() - {'record'})} is in one of them alone"
    for name in here.keys() & there.keys():
        yield from differences(here[name], there[name], f"{place}.{name}")
    needed, always = (
        {name for each in alternatives(one) for name in each.get("required", ())} for one in (ours, written)
    )
    if here and needed - always:
        yield f"{place}: the type needs {needed - always}, and the schema does not"
    for one, other in zip(items(ours), items(written), strict=True):
        yield from differences(one, other, f"{place}[]")


def items(schema: Schema) -> list[Schema]:
    return [each["items"] for each in alternatives(schema) if each.get("items")]


@pytest.mark.parametrize("record", LINES)
def test_a_line_has_the_fields_that_the_schema_says(record: str) -> None:
    ours = NAMED[LINES[record].__name__]
    assert list(differences(ours, WRITTEN[record], record)) == []


def test_a_difference_is_found() -> None:
    ours, written = NAMED["CellLine"], json.loads(json.dumps(WRITTEN["cell"]))
    del written["properties"]["since"]
    written["required"].remove("see")
    written["properties"]["trials"] = {"type": "string"}
    written["properties"]["verdict"]["enum"].append("perhaps")
    assert len(list(differences(ours, written, "cell"))) == 4
