"""What has to be equal before two runs may share a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from poolproof.report.read.bad_records import NotComparable
from poolproof.report.read.reader import Run

DOCUMENTS = "suites/documents.toml"


def check_equal(one: Run, other: Run, seed: bool = False) -> None:
    """Refuse two runs that differ in such a fact, with `seed` also in the seed; name it and both values.

    A library that only one of two pools needs is not a difference.
    """
    for field, here, there in _differences(_facts(one, seed), _facts(other, seed)):
        raise NotComparable(
            f"{other.path}: {field} is {there}, in {one.path} it is {here}; run both on the same, or give one"
        )
    if one.documents != other.documents:
        raise NotComparable(
            f"{other.path}: judges other documents than {one.path}; run both with the same {DOCUMENTS}"
        )


def _differences(
    here: Mapping[str, object], there: Mapping[str, object]
) -> Iterator[tuple[str, object, object]]:
    for field in here:
        if field in there and here[field] != there[field]:
            yield field, here[field], there[field]


def _facts(run: Run, seed: bool) -> dict[str, object]:
    header = run.header
    facts: dict[str, object] = {"schema": header.schema, "tier": header.tier}
    facts |= {"rule": header.rule.numbers()} | ({"seed": header.seed} if seed else {})
    facts |= {f"versions.{name}": version for name, version in header.versions.items()}
    facts |= {"broker.server": header.broker.server, "broker.version": header.broker.version}
    facts |= {f"machine.{name}": fact for name, fact in asdict(header.machine).items()}
    return facts | {f"claim {name}": claim.says for name, claim in run.claims.items()}
