"""The schema of a record, for other programs, made from the types of its lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from msgspec.json import schema_components

from poolproof.model import header, record
from poolproof.model.cells import AXES, POOL, POOLS, STATIC
from poolproof.model.header import LATER
from poolproof.model.record import KINDS, LINES

Schema = dict[str, Any]
FILLED: Schema = {"type": "string", "minLength": 1}
COUNT: Schema = {"type": "integer", "minimum": 0}
AXES_OF_A_CELL: Schema = {
    "properties": {POOL: {"enum": [*POOLS, STATIC.pool]}, **dict.fromkeys(AXES, COUNT)},
    "required": [POOL, *(name for name, axis in AXES.items() if axis.default is None)],
    "additionalProperties": FILLED,
}
BESIDES: Mapping[str, Schema] = {
    "header": {"properties": {"versions": {"required": ["python", "celery", "kombu"]}}},
    "Machine": {"additionalProperties": {"type": ["string", "number", "null"]}},
    "RuleLine": {
        "oneOf": [
            {"required": ["trials"], "maxProperties": 1},
            {"required": ["p0", "p1", "alpha", "beta"], "maxProperties": 4},
        ]
    },
    "cell": {
        "properties": {"axes": AXES_OF_A_CELL},
        "allOf": [
            {
                "if": {"properties": {"verdict": {"enum": ["n/a", "inconclusive"]}}},
                "then": {"properties": {"reason": FILLED}},
            },
            {
                "if": {"properties": {"verdict": {"enum": ["holds", "refuted", "not seen"]}}},
                "then": {
                    "properties": {
                        "trials": {"minimum": 1},
                        "evidence": {"type": "string"},
                        "command": {"type": "string"},
                        "repeat": FILLED,
                    }
                },
            },
            {
                "if": {"properties": {"expected": {"const": "refuted"}}},
                "then": {"properties": dict.fromkeys(("because", "instead", "since", "see"), FILLED)},
            },
        ],
    },
    "benchmark": {
        "properties": {"axes": AXES_OF_A_CELL},
        "if": {"properties": {"throughput": {"type": "null"}}},
        "then": {"properties": {"reason": FILLED}},
    },
}
"""The rules that the types of Python cannot express."""


def schema() -> Schema:
    """The schema of one line."""
    _, types = schema_components(LINES.values(), ref_template="#/$defs/{name}")
    lines = {kind.__name__: name for kind, name in KINDS.items()}
    definitions = {
        lines.get(name, name): _definition(name, lines.get(name), type_) for name, type_ in types.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of a Poolproof record",
        "description": "A record is JSON Lines: a header, then documents, claims, trials, cells and "
        "benchmarks, then a footer.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in LINES],
        "$defs": {
            name: _merged(definition, BESIDES.get(name, {})) for name, definition in definitions.items()
        },
    }


def text() -> str:
    """The schema in the form of `results/schema.json`."""
    return json.dumps(schema(), indent=2) + "\n"


def _definition(name: str, line: str | None, of_type: Schema) -> Schema:
    """The schema of a type: without other keys, and with every field required that is always there."""
    made = {key: value for key, value in _simple(of_type).items() if key != "title"}
    kind = {**vars(header), **vars(record)}[name]
    if is_dataclass(kind):
        made["required"] = [each.name for each in fields(kind) if each.metadata != LATER]
    if line:
        made["properties"] = {"record": {"const": line}, **made["properties"]}
        made["required"] = ["record", *made["required"]]
    return {"additionalProperties": False, **made}


def _simple(part: Any) -> Any:
    """The same, without defaults, and without alternatives where a list of types is enough."""
    if isinstance(part, list):
        return [_simple(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: _simple(value) for key, value in part.items() if key not in ("default", "anyOf")}
    if isinstance(made.get("description"), str):
        made["description"] = " ".join(made["description"].split())
    return made | _joined([_simple(each) for each in part.get("anyOf", ())])


def _joined(alternatives: list[Schema]) -> Schema:
    """Alternatives as one schema: an integer is a number, and null is one more type or value."""
    numbers = [each | {"type": "integer"} for each in alternatives if each.get("type") == "number"]
    match [each for each in alternatives if each not in numbers]:
        case []:
            return {}
        case [alone]:
            return alone
        case [{"enum": values}, {"type": "null"}]:
            return {"enum": [*values, None]}
        case [{"type": str(kind)} as first, {"type": "null"}]:
            return first | {"type": [kind, "null"]}
        case several:
            return {"anyOf": several}


def _merged(one: Schema, other: Schema) -> Schema:
    """A schema with more keys, also in its properties."""
    more = other.get("properties", {})
    return (
        one
        | other
        | {"properties": {name: each | more.get(name, {}) for name, each in one["properties"].items()}}
    )
