"""The checks of which priority is served first, on both orders."""

from __future__ import annotations

import pytest

from poolproof.subjects.priorities.checks import five_comes_first, nine_comes_first
from poolproof.subjects.priorities.seen import Order


def order(*fetched: str) -> Order:
    return Order(frozenset({"c1", "c2"}), frozenset({"n1", "n2"}), fetched, ("critical", "normal"))


@pytest.mark.parametrize(
    ("fetched", "nine", "five"),
    [
        (("c1", "c2", "n1", "n2"), True, False),
        (("n2", "n1", "c2", "c1"), False, True),
        (("c1", "n1", "c2", "n2"), False, False),
        (("c1", "c2"), False, False),
        ((), False, False),
    ],
    ids=["nine first", "five first", "mixed", "not all", "none"],
)
def test_which_is_first(fetched: tuple[str, ...], nine: bool, five: bool) -> None:
    assert bool(nine_comes_first(order(*fetched))) is nine
    assert bool(five_comes_first(order(*fetched))) is five
