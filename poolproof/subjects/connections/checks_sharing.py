"""Judges which tasks share a connection: the application's, or the result back end's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.connections.seen import Readers, Stores, Uses

HOW = {
    "in_task": "the first to ask was alone",
    "at_once": "the first all asked before it was open",
    "at_import": "it was opened as a module was loaded",
    "in_thread": "each thread was to open its own",
}
"""How the application's connection was opened, by the variants of the claims."""


@check
def tasks_use_one(uses: Uses) -> Judgement:
    """True when all tasks, of which there were several, used the same connection."""
    ports = [port for wave in uses.waves for port in wave.values()]
    return Judgement(len(ports) > 1 and len(set(ports)) == 1, _uses_text(uses), facts=_uses_facts(uses))


@check
def each_task_uses_its_own(uses: Uses) -> Judgement:
    """True when no two tasks that used a connection at the same time used the same one."""
    right = all(_distinct(wave) == len(wave) for wave in uses.waves)
    right = right and any(len(wave) > 1 for wave in uses.waves)
    return Judgement(right, _uses_text(uses), facts=_uses_facts(uses))


@check
def each_opens_one_until_one_is_open(uses: Uses) -> Judgement:
    """True when no two of the first tasks used the same connection, and all later tasks used one of those."""
    first, later = uses.waves[0], {port for wave in uses.waves[1:] for port in wave.values()}
    apart = len(first) > 1 and _distinct(first) == len(first)
    right = apart and len(later) == 1 and later <= set(first.values())
    return Judgement(right, _uses_text(uses), facts=_uses_facts(uses))


@check
def second_reader_fails(pairs: Sequence[Readers]) -> Judgement:
    """True when, of each two tasks that waited to read one connection, the second failed, the first read."""
    wrong = [each for each in pairs if not (each.read and each.refused)]
    if not pairs:
        return Judgement(False, "no task waited to read")
    shown = (wrong or pairs)[0]
    end = f"failed with {shown.refused}" if shown.refused else "waited for its turn"
    return Judgement(
        not wrong,
        f"{len(pairs) - len(wrong)} of {len(pairs)} times; while one greenlet waited to read a connection, "
        f"a second one that would read it {end}; the first one then read {shown.read!r}",
        facts={"pairs": len(pairs), "pairs_whose_second_reader_failed": len(pairs) - len(wrong)},
    )


@check
def tasks_share_connections(stores: Stores) -> Judgement:
    """True when only the first result used a connection that was opened for it."""
    shared = len(stores.fresh) > 1 and not any(list(stores.fresh.values())[1:])
    return Judgement(shared, _stores_text(stores), facts=_stores_facts(stores))


@check
def each_task_connects(stores: Stores) -> Judgement:
    """True when each result used a connection that was opened after the result before."""
    each = 1 < len(stores.fresh) == _fresh(stores)
    return Judgement(each, _stores_text(stores), facts=_stores_facts(stores))


def _fresh(stores: Stores) -> int:
    return sum(stores.fresh.values())


def _stores_facts(stores: Stores) -> dict[str, int | float]:
    return {
        "results": len(stores.fresh),
        "results_over_a_new_connection": _fresh(stores),
        "connections_open_afterwards": stores.open_afterwards,
    }


def _stores_text(stores: Stores) -> str:
    return (
        f"of {len(stores.fresh)} tasks, one after another, {_fresh(stores)} stored their results over "
        f"a connection that was opened after the result before; "
        f"still open afterwards: {stores.open_afterwards}"
    )


def _distinct(wave: Mapping[str, int]) -> int:
    return len(set(wave.values()))


def _uses_facts(uses: Uses) -> dict[str, int | float]:
    return {
        "uses": sum(map(len, uses.waves)),
        "uses_at_once": max(map(len, uses.waves), default=0),
        "connections": len({port for wave in uses.waves for port in wave.values()}),
    }


def _uses_text(uses: Uses) -> str:
    waves = ", then ".join(
        f"{counted(len(wave), 'task')} at once used {counted(_distinct(wave), 'connection')}"
        for wave in uses.waves
    )
    ports = {port for wave in uses.waves for port in wave.values()}
    return f"{waves}; {len(ports)} in all: {HOW[uses.opened]}"
