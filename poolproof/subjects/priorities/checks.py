"""Judges which priority is served first."""

from __future__ import annotations

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined
from poolproof.subjects.priorities.seen import Order


@check
def nine_comes_first(order: Order) -> Judgement:
    """True when all messages of priority 9 were fetched before any of priority 5."""
    return _first(order, order.critical, order.normal)


@check
def five_comes_first(order: Order) -> Judgement:
    """True when all messages of priority 5 were fetched before any of priority 9."""
    return _first(order, order.normal, order.critical)


def _first(order: Order, early: frozenset[str], late: frozenset[str]) -> Judgement:
    first, rest = frozenset(order.fetched[: len(early)]), frozenset(order.fetched[len(early) :])
    lists = conjoined(repr(each) for each in order.lists) if order.lists else "none"
    text = (
        f"of the first {len(early)} messages fetched {len(first & order.critical)} had priority 9 and "
        f"{len(first & order.normal)} priority 5; they lay in the lists {lists}"
    )
    facts = {"priority_9_among_first": len(first & order.critical), "first_messages": len(early)}
    return Judgement(bool(early) and (first, rest) == (early, late), text, facts=facts)
