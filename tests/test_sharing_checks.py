"""The checks of tasks that use one connection together, on good and bad uses."""

from __future__ import annotations

import pytest

from poolproof.subjects.connections.checks_sharing import (
    each_opens_one_until_one_is_open,
    each_task_connects,
    each_task_uses_its_own,
    second_reader_fails,
    tasks_share_connections,
    tasks_use_one,
)
from poolproof.subjects.connections.seen import Readers, Stores, Uses


def uses(*waves: tuple[int, ...]) -> Uses:
    return Uses(
        "in_task", tuple({f"m{w}{n}": port for n, port in enumerate(wave)} for w, wave in enumerate(waves))
    )


def test_tasks_use_one() -> None:
    judgement = tasks_use_one(uses((1,), (1, 1, 1)))
    assert judgement
    assert judgement.evidence == (
        "1 task at once used 1 connection, then 3 tasks at once used 1 connection; "
        "1 in all: the first to ask was alone"
    )
    assert judgement.facts == {"uses": 4, "uses_at_once": 3, "connections": 1}


@pytest.mark.parametrize(
    ("waves", "one", "own", "first"),
    [
        (((1,), (1, 1), (1, 1)), True, False, False),
        (((1,), (2, 2), (2, 2)), False, False, False),
        (((1,), (1, 1), (1, 2)), False, False, False),
        (((1,), (2, 3), (4, 5)), False, True, False),
        (((1,), (2, 3), (4, 4)), False, False, False),
        (((1, 2), (2, 2), (2, 2)), False, False, True),
        (((1, 2), (3, 3), (3, 3)), False, False, False),
        (((1, 2), (1, 2), (2, 2)), False, False, False),
        (((1, 1, 2), (2, 2)), False, False, False),
        (((1, 2), ()), False, True, False),
        (((1,),), False, False, False),
    ],
)
def test_how_tasks_use_connections(
    waves: tuple[tuple[int, ...], ...], one: bool, own: bool, first: bool
) -> None:
    seen = uses(*waves)
    judged = tasks_use_one(seen), each_task_uses_its_own(seen), each_opens_one_until_one_is_open(seen)
    assert tuple(map(bool, judged)) == (one, own, first)


FAILED = Readers("a", "RuntimeError, Second simultaneous read")


def test_second_reader_fails() -> None:
    judgement = second_reader_fails([FAILED, FAILED])
    assert judgement
    assert judgement.evidence.startswith("2 of 2 times; while one greenlet")
    assert judgement.evidence.endswith(
        "failed with RuntimeError, Second simultaneous read; the first one then read 'a'"
    )


@pytest.mark.parametrize(
    "readers", [Readers("a", ""), Readers("", "RuntimeError, no")], ids=["both wait", "the first fails, too"]
)
def test_any_other_end_refutes_second_reader_fails(readers: Readers) -> None:
    judgement = second_reader_fails([*(FAILED,) * 10, readers])
    assert not judgement
    assert judgement.evidence.startswith("10 of 11 times")
    assert judgement.facts == {"pairs": 11, "pairs_whose_second_reader_failed": 10}


def test_no_reader_proves_nothing() -> None:
    assert not second_reader_fails([])


def stores(fresh: str) -> Stores:
    """One letter a task, in order: n where its result went over a new connection, o over an old one."""
    return Stores({f"m{n}": letter == "n" for n, letter in enumerate(fresh)}, 1)


@pytest.mark.parametrize(
    ("fresh", "shared", "own"),
    [
        ("n" + 23 * "o", True, False),
        ("n" + 22 * "o" + "n", False, False),
        ("o" + 23 * "o", True, False),
        ("n" + 9 * "o" + 14 * "n", False, False),
        (8 * "noo", False, False),
        (24 * "n", False, True),
        (23 * "n" + "o", False, False),
        ("n", False, False),
        ("", False, False),
    ],
    ids=["one", "one more", "none new", "after ten", "each third", "each", "all but one", "one task", "none"],
)
def test_tasks_share_connections_or_each_connects(fresh: str, shared: bool, own: bool) -> None:
    judgement = tasks_share_connections(stores(fresh))
    assert bool(judgement) is shared
    assert bool(each_task_connects(stores(fresh))) is own
    assert judgement.evidence.startswith(
        f"of {len(fresh)} tasks, one after another, {fresh.count('n')} stored"
    )
    assert judgement.facts["results_over_a_new_connection"] == fresh.count("n")
