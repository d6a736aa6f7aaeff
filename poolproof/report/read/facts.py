"""What has to be equal before the lines of two runs may stand side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from poolproof.report.read.bad_records import NotComparable
from poolproof.report.read.reader import Run

MACHINE = ("system", "release", "architecture", "cores", "memory_gib", "implementation")
EQUAL = ("schema", "tier", "rule")
DOCUMENTS = "suites/documents.toml"


def check_equal(one: Run, other: Run, *more: str) -> None:
    """Refuse two runs that differ in such a fact, or in a field of `more`, naming it and both its values.

    A library that one of two pools alone needs is no difference.
    """
    for field, here, there in _differences(one, other, more):
        raise NotComparable(
            f"{other.path}: {field} is {there}, in {one.path} it is {here}; run both on the same, or give one"
        )
    if one.documents != other.documents:
        raise NotComparable(
            f"{other.path}: judges other documents than {one.path}; run both with the same {DOCUMENTS}"
        )


def _differences(one: Run, other: Run, more: tuple[str, ...]) -> Iterator[tuple[str, Any, Any]]:
    here, there = _facts(one, more), _facts(other, more)
    for field in here:
        if field in there and here[field] != there[field]:
            yield field, here[field], there[field]


def _facts(run: Run, more: tuple[str, ...]) -> dict[str, Any]:
    header = run.header
    facts = {field: header[field] for field in (*EQUAL, *more)}
    facts |= {f"versions.{name}": version for name, version in header["versions"].items()}
    facts |= {f"broker.{field}": header["broker"][field] for field in ("server", "version")}
    facts |= {f"machine.{field}": header["machine"][field] for field in MACHINE}
    return facts | {f"claim {name}": claim["says"] for name, claim in run.claims.items()}
