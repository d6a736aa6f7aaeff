"""The checks of loading, on good and bad starts."""

from __future__ import annotations

import pytest

from poolproof.model.history import Event, History
from poolproof.subjects.loading.checks import (
    broker_before_pool,
    children_handle_none,
    children_handle_their_own,
    each_child_loads,
    handlers_before_pool,
    handles_ending_signals,
    loaded_once_by_the_manager,
    no_child_loads,
    pool_before_broker,
)
from poolproof.subjects.loading.seen import Handlers, Opening, Start

MANAGER, CHILD = 100, 101
POOL = 500
"""When the pool is begun."""


def start(*events: Event, opened: tuple[Opening, ...] = ()) -> Start:
    """A prefork worker with one child, whose pool was begun, and what else happened to it."""
    pool = (Event("forking", pid=MANAGER, at=POOL), Event("pool-started", pid=MANAGER, at=POOL + 9))
    return Start(MANAGER, frozenset({CHILD}), History.of((*events, *pool)), opened)


def loaded(pid: int = MANAGER, at: int = POOL - 1) -> Event:
    return Event("loaded", pid=pid, at=at)


def test_loaded_once_by_the_manager() -> None:
    judgement = loaded_once_by_the_manager(start(loaded()))
    assert judgement
    assert (
        judgement.evidence
        == "task modules were loaded 1 time, by the manager 100; 0 after the pool was begun"
    )
    assert judgement.facts == {"loads": 1, "late_loads": 0}


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ((), "0 times, by no process"),
        ((loaded(), loaded()), "2 times, by the manager 100 (2 times)"),
        ((loaded(), loaded(CHILD)), "2 times, by the manager 100, the child 101"),
        ((loaded(CHILD),), "1 time, by the child 101"),
        ((loaded(at=POOL + 1),), "1 after the pool was begun"),
    ],
    ids=["never", "twice", "by both", "by the child alone", "late"],
)
def test_any_other_loading_refutes_loaded_once(events: tuple[Event, ...], says: str) -> None:
    judgement = loaded_once_by_the_manager(start(*events))
    assert not judgement
    assert says in judgement.evidence


def test_loading_with_no_pool_proves_nothing() -> None:
    assert not loaded_once_by_the_manager(Start(MANAGER, frozenset(), History.of([loaded()]), ()))


def test_no_child_loads() -> None:
    assert no_child_loads(start(loaded()))


@pytest.mark.parametrize(
    ("events", "says"),
    [((loaded(), loaded(CHILD)), "1 of 1 child loaded"), ((), "loaded by no process")],
    ids=["a child does", "nobody does"],
)
def test_a_loading_child_refutes_no_child_loads(events: tuple[Event, ...], says: str) -> None:
    judgement = no_child_loads(start(*events))
    assert not judgement
    assert says in judgement.evidence


def test_each_child_loads() -> None:
    assert each_child_loads(start(loaded(), loaded(CHILD)))
    assert not each_child_loads(start(loaded()))
    assert not each_child_loads(start(loaded(CHILD)))
    assert not each_child_loads(Start(MANAGER, frozenset(), History.of([loaded()]), ()))


def test_pool_before_broker() -> None:
    judgement = pool_before_broker(start(opened=(Opening(MANAGER, 1, "broker", POOL + 8_000_009),)))
    assert judgement
    assert judgement.evidence == "the broker was first connected to 8 ms after the pool was made"
    assert judgement.facts["from_pool_to_broker_ms"] == 8.0


@pytest.mark.parametrize(
    "opened",
    [
        (Opening(MANAGER, 1, "broker", POOL - 1), Opening(MANAGER, 2, "broker", POOL + 10)),
        (Opening(MANAGER, 1, "broker", POOL + 8),),
        (Opening(CHILD, 1, "broker", POOL + 10),),
        (),
    ],
    ids=["before the pool", "before the pool was made", "another process's", "none"],
)
def test_not_pool_before_broker(opened: tuple[Opening, ...]) -> None:
    assert not pool_before_broker(start(opened=opened))


def test_broker_before_pool() -> None:
    judgement = broker_before_pool(
        start(opened=(Opening(MANAGER, 1, "broker", POOL - 1), Opening(MANAGER, 2, "broker", POOL + 1)))
    )
    assert judgement
    assert "before the pool was begun" in judgement.evidence


@pytest.mark.parametrize(
    ("opened", "says"),
    [
        ((Opening(MANAGER, 1, "broker", POOL + 8_000_000),), "8 ms after the pool was begun"),
        ((Opening(MANAGER, 1, "backend", POOL - 1),), "no connection to the broker"),
        ((Opening(CHILD, 1, "broker", POOL - 1),), "no connection to the broker"),
    ],
    ids=["after the pool", "another client's", "another process's"],
)
def test_any_other_first_connection_refutes(opened: tuple[Opening, ...], says: str) -> None:
    judgement = broker_before_pool(start(opened=opened))
    assert not judgement
    assert says in judgement.evidence


def test_handles_ending_signals() -> None:
    judgement = handles_ending_signals(Handlers(100, frozenset({"SIGINT", "SIGTERM", "SIGQUIT", "SIGHUP"})))
    assert judgement
    assert judgement.evidence.endswith("SIGHUP, SIGINT, SIGQUIT, SIGTERM")


def test_one_signal_without_a_handler_refutes() -> None:
    judgement = handles_ending_signals(Handlers(100, frozenset({"SIGINT", "SIGTERM"})))
    assert not judgement
    assert judgement.evidence.endswith("none for SIGQUIT")


def test_children_handle_none() -> None:
    judgement = children_handle_none((Handlers(101, frozenset()), Handlers(102, frozenset())))
    assert judgement
    assert judgement.evidence == (
        "child 101 has handlers for no signal; child 102 has handlers for no signal"
    )


@pytest.mark.parametrize(
    ("children", "says"),
    [
        ((), "no child was seen"),
        (
            (Handlers(101, frozenset()), Handlers(102, frozenset({"SIGUSR1", "SIGTERM"}))),
            "child 102 has handlers for SIGTERM, SIGUSR1",
        ),
    ],
    ids=["no child", "one of two handles some"],
)
def test_any_handler_of_a_child_refutes(children: tuple[Handlers, ...], says: str) -> None:
    judgement = children_handle_none(children)
    assert not judgement
    assert judgement.evidence.endswith(says)


OWN = Handlers(101, frozenset({"SIGTERM", "SIGQUIT", "SIGHUP", "SIGUSR1"}), frozenset({"SIGINT"}))


def test_children_handle_their_own() -> None:
    assert children_handle_their_own((OWN, OWN))


@pytest.mark.parametrize(
    "children",
    [
        (),
        (OWN, Handlers(102, frozenset({"SIGTERM"}), frozenset({"SIGINT"}))),
        (OWN, Handlers(102, OWN.handled)),
    ],
    ids=["no child", "one handles less", "one does not ignore INT"],
)
def test_not_children_handle_their_own(children: tuple[Handlers, ...]) -> None:
    assert not children_handle_their_own(children)


def begun(note: str, pid: int = MANAGER) -> Start:
    """A worker whose pool was begun when it handled these signals, and made when it handled all."""
    late = Event("pool-started", pid=MANAGER, at=POOL + 9, note="SIGINT SIGQUIT SIGTERM")
    return Start(MANAGER, frozenset(), History.of((Event("forking", pid=pid, at=POOL, note=note), late)), ())


def test_handlers_before_pool() -> None:
    judgement = handlers_before_pool(begun("SIGINT SIGQUIT SIGTERM"))
    assert judgement
    assert judgement.evidence == (
        "as its pool was begun, the main process 100 had handlers for SIGINT, SIGQUIT, SIGTERM"
    )


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (begun("SIGINT"), "handlers for SIGINT, and none for SIGQUIT, SIGTERM"),
        (begun(""), "handlers for no signal, and none for SIGINT, SIGQUIT, SIGTERM"),
        (Start(MANAGER, frozenset(), History.of(()), ()), "no pool was seen"),
    ],
    ids=["some", "none yet", "no pool"],
)
def test_handlers_that_come_after_the_pool_refute(start: Start, says: str) -> None:
    judgement = handlers_before_pool(start)
    assert not judgement
    assert judgement.evidence.endswith(says)


def test_a_pool_that_another_process_begins_is_not_the_main_processs() -> None:
    assert not handlers_before_pool(begun("SIGINT SIGQUIT SIGTERM", CHILD))
