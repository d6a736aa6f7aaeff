"""Judges which tasks use a connection together: the application's, or the result back end's."""

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
"""How the application's connection came to be opened, by the variants of the claims."""


@check
def tasks_use_one(uses: Uses) -> Judgement:
    """True when all tasks, of which there were several, used the same connection."""
    ports = [port for wave in uses.waves for port in wave.values()]
    return Judgement(len(ports) > 1 and len(set(ports)) == 1, _told_of_uses(uses))


@check
def each_task_uses_its_own(uses: Uses) -> Judgement:
    """True when of the tasks that used a connection at once no two used the same."""
    right = all(_distinct(wave) == len(wave) for wave in uses.waves)
    return Judgement(right and any(len(wave) > 1 for wave in uses.waves), _told_of_uses(uses))


@check
def each_opens_one_until_one_is_open(uses: Uses) -> Judgement:
    """True when of the first tasks no two used the same connection, and all later ones one of those."""
    first, later = uses.waves[0], {port for wave in uses.waves[1:] for port in wave.values()}
    apart = len(first) > 1 and _distinct(first) == len(first)
    return Judgement(apart and len(later) == 1 and later <= set(first.values()), _told_of_uses(uses))


@check
def second_reader_fails(pairs: Sequence[Readers]) -> Judgement:
    """True when of each two that waited to read one connection the second failed, and the first read."""
    wrong = [each for each in pairs if not (each.read and each.refused)]
    if not pairs:
        return Judgement(False, "nobody waited to read")
    shown = (wrong or pairs)[0]
    told = f"failed with {shown.refused}" if shown.refused else "waited for its turn"
    return Judgement(
        not wrong,
        f"{len(pairs) - len(wrong)} of {len(pairs)} times; while one greenlet waited to read a connection, "
        f"a second one that would read it {told}; the first one then read {shown.read!r}",
    )


@check
def tasks_share_connections(stores: Stores) -> Judgement:
    """True when at most a tenth of the results, beside the first, went over a connection opened for them."""
    few = 10 * (_fresh(stores) - 1) <= len(stores.fresh)
    return Judgement(len(stores.fresh) > 1 and few, _told_of_stores(stores))


@check
def each_task_connects(stores: Stores) -> Judgement:
    """True when each result went over a connection that was opened after the result before."""
    return Judgement(1 < len(stores.fresh) == _fresh(stores), _told_of_stores(stores))


def _fresh(stores: Stores) -> int:
    return sum(stores.fresh.values())


def _told_of_stores(stores: Stores) -> str:
    return (
        f"of {len(stores.fresh)} tasks, one after another, {_fresh(stores)} stored their results over "
        f"a connection that was opened after the result before; still open afterwards: {stores.left}"
    )


def _distinct(wave: Mapping[str, int]) -> int:
    return len(set(wave.values()))


def _told_of_uses(uses: Uses) -> str:
    waves = ", then ".join(
        f"{counted(len(wave), 'task')} at once used {counted(_distinct(wave), 'connection')}"
        for wave in uses.waves
    )
    ports = {port for wave in uses.waves for port in wave.values()}
    return f"{waves}; {len(ports)} in all: {HOW[uses.opened]}"
