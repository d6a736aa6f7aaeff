"""The verdict of a claim over its cells, and the shortest condition that separates them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from poolproof.model.cells import Cell
from poolproof.model.condition import separate
from poolproof.model.verdict import (
    CellVerdict,
    ClaimJudgement,
    claim_verdict,
)

POOLS = ("prefork", "solo", "threads", "eventlet", "gevent")


def grid(**axes: Sequence[str]) -> list[Cell]:
    """Every pool at its concurrencies, prefetch 1 and 4, and each value of a variant."""
    known = {"prefork": (1, 2, 4), "solo": (1,), "threads": (1, 2, 4)}
    variants = [tuple(zip(axes, values, strict=True)) for values in product(*axes.values())]
    return [
        Cell(pool, concurrency, prefetch, variant)
        for pool in POOLS
        for concurrency in known.get(pool, (1, 10, 100))
        for prefetch in (1, 4)
        for variant in variants
    ]


@pytest.mark.parametrize(
    ("holds", "condition"),
    [
        ("pool == 'prefork'", "holds only if pool = prefork"),
        ("pool != 'solo'", "holds only if pool != solo"),
        ("pool in ('eventlet', 'gevent')", "holds only if pool in (eventlet, gevent)"),
        ("order == 'priority'", "holds only if order = priority"),
        ("concurrency > 2", "holds only if concurrency >= 4"),
        ("concurrency < 4", "holds only if concurrency <= 2"),
        ("concurrency == 1", "holds only if concurrency = 1"),
        ("prefetch == 4", "holds only if prefetch = 4"),
        ("pool == 'prefork' and concurrency == 1", "holds only if pool = prefork and concurrency = 1"),
        ("not (pool == 'prefork' and prefetch == 1)", "holds unless pool = prefork and prefetch = 1"),
        ("pool != 'prefork' and order == 'priority'", "holds only if pool != prefork and order = priority"),
        (
            "order == 'priority' if pool == 'solo' else order == 'round_robin'",
            "holds where pool = solo only if order = priority, elsewhere only if order = round_robin",
        ),
    ],
)
def test_condition(holds: str, condition: str) -> None:
    cells = {
        cell: "holds" if eval(holds, {}, cell.axes()) else "refuted"
        for cell in grid(order=("round_robin", "priority"))
    }
    assert claim_verdict(cells).condition == condition  # type: ignore[arg-type]


def test_concurrency_that_the_pool_alone_fixes_is_no_reason() -> None:
    cells: dict[Cell, CellVerdict] = {Cell("prefork", 2, 4): "refuted", Cell("gevent", 10, 4): "holds"}
    assert claim_verdict(cells).condition == "holds only if pool = gevent"


def test_cells_that_no_two_axes_separate_are_listed_by_their_smaller_side() -> None:
    corners = [
        Cell("prefork", 1, p, (("order", order), ("ack", ack)))
        for p, order, ack in product((1, 4), "xy", "el")
    ]
    odd = [corners[0], corners[7]]
    rest = [corner for corner in corners if corner not in odd]
    assert separate(odd, rest) == "holds only in prefork-c1-p1-e-x, prefork-c1-p4-l-y"
    assert separate(rest, odd) == "holds except in prefork-c1-p1-e-x, prefork-c1-p4-l-y"


@given(st.lists(st.booleans(), min_size=13 * 2, max_size=13 * 2))
def test_a_condition_is_true_of_every_cell(sides: list[bool]) -> None:
    told_truly(grid(), sides)


@given(st.lists(st.booleans(), min_size=9, max_size=9))
def test_a_condition_is_true_of_every_cell_of_few(sides: list[bool]) -> None:
    told_truly([Cell(pool, c, 4) for pool in ("prefork", "threads", "solo") for c in (1, 2, 4)], sides)


def told_truly(cells: Sequence[Cell], sides: Sequence[bool]) -> None:
    holds = [cell for cell, side in zip(cells, sides, strict=True) if side]
    refuted = [cell for cell, side in zip(cells, sides, strict=True) if not side]
    assume(holds and refuted)
    condition = separate(holds, refuted)
    assert all(satisfies(cell, condition) == (cell in holds) for cell in cells), condition


def satisfies(cell: Cell, condition: str) -> bool:
    """Read a condition back, as a reader of the table would."""
    for words in ("holds only in ", "holds except in "):
        if condition.startswith(words):
            return (cell.id in condition.removeprefix(words).split(", ")) == (words == "holds only in ")
    if condition.startswith("holds where "):
        where, here, elsewhere = re.split(
            " only if |, elsewhere only if ", condition.removeprefix("holds where ")
        )
        return _satisfies(cell, here if _satisfies(cell, where) else elsewhere)
    head, _, atoms = condition.partition(" only if " if " only if " in condition else " unless ")
    inside = all(_satisfies(cell, atom) for atom in atoms.split(" and "))
    assert head == "holds"
    return inside == (" only if " in condition)


def _satisfies(cell: Cell, atom: str) -> bool:
    axis, sign, text = atom.split(" ", 2)
    value, values = str(cell.get(axis)), text.strip("()").split(", ")
    match sign:
        case "!=":
            return value not in values
        case ">=" | "<=":
            return int(value) >= int(text) if sign == ">=" else int(value) <= int(text)
        case _:
            return value in values


@pytest.mark.parametrize(
    ("verdicts", "judgement"),
    [
        (["holds", "holds"], ClaimJudgement("holds")),
        (["refuted", "refuted"], ClaimJudgement("refuted")),
        (["holds", "n/a"], ClaimJudgement("holds")),
        (["n/a", "n/a"], ClaimJudgement("n/a")),
        (["holds", "inconclusive"], ClaimJudgement("inconclusive")),
        (["refuted", "inconclusive"], ClaimJudgement("inconclusive")),
        (["holds", "refuted"], ClaimJudgement("conditional", "holds only if pool = prefork")),
        (
            ["holds", "refuted", "inconclusive"],
            ClaimJudgement("conditional", "holds only if pool = prefork (1 inconclusive)"),
        ),
    ],
)
def test_claim_verdict(verdicts: list[CellVerdict], judgement: ClaimJudgement) -> None:
    cells = [Cell(pool, 1, 4) for pool in POOLS]
    assert claim_verdict(dict(zip(cells, verdicts, strict=False))) == judgement
