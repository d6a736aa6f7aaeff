"""The checks of connections, with openings and holdings good and bad, by hand."""

from __future__ import annotations

import pytest

from probes.checks.connections import (
    connected_when_ready,
    each_child_connected,
    each_child_connected_first,
    held_by_no_other,
    held_by_the_manager,
    opened_by_one_process,
    second_reader_fails,
    tasks_share_connections,
    tasks_use_one,
)
from probes.history import Event, History
from probes.observations.connections import Holdings, Readers, Stores, Uses
from probes.observations.loading import Opening, Start

MANAGER, ONE, TWO = 100, 101, 102
READY = 500
"""When the worker says that it is ready."""


def start(*opened: Opening, children: frozenset[int] = frozenset()) -> Start:
    return Start(MANAGER, children, History.of([Event("ready", pid=MANAGER, at=READY)]), opened)


def opening(pid: int = MANAGER, name: str = "backend", at: int = READY - 1) -> Opening:
    return Opening(pid, 40000 + pid, name, at)


# Who opened one, and when


def test_connected_when_ready() -> None:
    judgement = connected_when_ready(start(opening(), opening(name="broker")), "backend")
    assert judgement
    assert judgement.evidence.endswith("1 called backend, 1 called broker")


@pytest.mark.parametrize(
    ("opened", "says"),
    [
        (opening(at=READY + 8_000_000), "was opened 8 ms later, by the main process"),
        (opening(ONE, at=READY + 8_000_000), "was opened 8 ms later, by the child 101"),
        (opening(ONE), "ready with connections of the main process: none"),
        (opening(name="broker"), "1 called broker"),
    ],
    ids=["later", "later and by a child", "by a child", "by another name"],
)
def test_any_other_opening_refutes_connected_when_ready(opened: Opening, says: str) -> None:
    judgement = connected_when_ready(start(opened), "backend")
    assert not judgement
    assert says in judgement.evidence


def test_what_was_never_ready_proves_nothing() -> None:
    assert not connected_when_ready(Start(MANAGER, frozenset(), History.of([]), (opening(),)), "backend")


def test_each_child_connected() -> None:
    opened = start(opening(ONE), opening(TWO), children=frozenset({ONE, TWO}))
    assert each_child_connected(opened, "backend")


@pytest.mark.parametrize(
    ("opened", "says"),
    [
        ((opening(ONE), opening(ONE)), "1 of 2 children"),
        ((opening(ONE), opening(TWO, "broker")), "1 of 2 children"),
        ((opening(),), "0 of 2 children opened a connection called backend; the manager opened 1"),
    ],
    ids=["one child twice", "another client's", "the manager's"],
)
def test_one_child_without_refutes_each_child_connected(opened: tuple[Opening, ...], says: str) -> None:
    judgement = each_child_connected(start(*opened, children=frozenset({ONE, TWO})), "backend")
    assert not judgement
    assert says in judgement.evidence


def test_no_child_proves_nothing() -> None:
    assert not each_child_connected(start(opening()), "backend")


BEGUN = 600
"""When the children of a start with tasks begin their first."""


def start_with_tasks(*opened: Opening) -> Start:
    """Both children begin a task, and then a second one."""
    events = [Event("started", pid=pid, at=at) for pid in (ONE, TWO) for at in (BEGUN, BEGUN + 50)]
    return Start(MANAGER, frozenset({ONE, TWO}), History.of(events), opened)


def test_each_child_connected_first() -> None:
    opened = (opening(), opening(ONE), opening(TWO), opening(TWO, at=BEGUN + 10))
    judgement = each_child_connected_first(start_with_tasks(*opened))
    assert judgement
    assert judgement.evidence == "2 of 2 children had a connection before the first task"


@pytest.mark.parametrize(
    ("opened", "says"),
    [
        ((opening(TWO, at=BEGUN + 7_000_000),), "the child 102 opened its first, called backend, 7 ms later"),
        ((opening(TWO, at=BEGUN + 10),), "1 of 2 children had a connection before"),
        ((opening(),), "the child 102 opened none at all"),
    ],
    ids=["later", "between its tasks", "its manager"],
)
def test_a_task_before_a_connection_refutes_connected_first(opened: tuple[Opening, ...], says: str) -> None:
    judgement = each_child_connected_first(start_with_tasks(opening(ONE), *opened))
    assert not judgement
    assert says in judgement.evidence


def test_children_without_tasks_prove_nothing_of_what_came_first() -> None:
    assert not each_child_connected_first(start(opening(ONE), children=frozenset({ONE})))


def test_opened_by_one_process() -> None:
    judgement = opened_by_one_process(start(opening(), opening(name="broker")))
    assert judgement
    assert judgement.evidence == "2 of 2 connections are the main process's"


def test_one_of_another_process_refutes_opened_by_one_process() -> None:
    judgement = opened_by_one_process(start(opening(), opening(ONE)))
    assert not judgement
    assert judgement.evidence.endswith("one is of the process 101")


def test_no_connection_at_all_proves_nothing() -> None:
    assert not opened_by_one_process(start())


# Who holds one, who uses one


def holdings(asked: dict[int, set[int]], **held: set[int]) -> Holdings:
    """What the manager and two children hold, by their names here."""
    pids = {"manager": MANAGER, "one": ONE, "two": TWO}
    return Holdings(
        MANAGER,
        {pids[name]: frozenset(ports) for name, ports in held.items()},
        {pid: frozenset(ports) for pid, ports in asked.items()},
    )


def test_held_by_no_other() -> None:
    judgement = held_by_no_other(holdings({ONE: {1}, TWO: {2}}, manager={9}, one={1}, two={2}))
    assert judgement
    assert judgement.evidence == (
        "the child 101's 1 connection is held by no other process; "
        "the child 102's 1 connection is held by no other process"
    )


@pytest.mark.parametrize(
    ("held", "says"),
    [
        (
            {"manager": {1, 2}, "one": {1}, "two": {2}},
            "the child 101's 1 connection is also held by the manager",
        ),
        ({"one": {1, 2}, "two": {2}}, "the child 102's 1 connection is also held by the child 101"),
        ({"one": {1}}, "; the child 102 itself does not hold all that it used"),
    ],
    ids=["by the manager", "by a sibling", "not by its user"],
)
def test_any_other_holding_refutes_held_by_no_other(held: dict[str, set[int]], says: str) -> None:
    judgement = held_by_no_other(holdings({ONE: {1}, TWO: {2}}, **held))
    assert not judgement
    assert says in judgement.evidence


def test_those_who_share_are_told() -> None:
    judgement = held_by_no_other(
        holdings({ONE: {1}, TWO: {2, 3}}, manager={1, 2, 3}, one={1, 2}, two={1, 2, 3})
    )
    assert judgement.evidence == (
        "the child 101's 1 connection is also held by the manager and the child 102; "
        "of the child 102's 2 connections the manager also holds 2 and the child 101 also holds 1"
    )
    judgement = held_by_no_other(holdings({TWO: {2, 3}}, manager={1}, two={2, 3}))
    assert judgement.evidence == "the child 102's 2 connections are held by no other process"


def test_nothing_asked_about_proves_nothing() -> None:
    assert not held_by_no_other(holdings({}, manager={1}))


def test_held_by_the_manager() -> None:
    assert held_by_the_manager(holdings({MANAGER: {1}}, manager={1, 9}))


@pytest.mark.parametrize(
    ("asked", "manager", "says"),
    [
        ({ONE: {1}}, {1}, "was used by the process 101; the main process holds it"),
        ({MANAGER: {1}, ONE: {1}}, {1}, "was used by the main process, the process 101"),
        ({MANAGER: {1}}, {9}, "the main process does not hold it"),
        ({}, {1}, "was used by nobody"),
    ],
    ids=["used by another", "by another as well", "held by another", "by nobody"],
)
def test_any_other_use_refutes_held_by_the_manager(
    asked: dict[int, set[int]], manager: set[int], says: str
) -> None:
    judgement = held_by_the_manager(holdings(asked, manager=manager, one={1}))
    assert not judgement
    assert says in judgement.evidence


def uses(*ports: int) -> Uses:
    return Uses("in_task", {f"m{n}": port for n, port in enumerate(ports)})


def test_tasks_use_one() -> None:
    judgement = tasks_use_one(uses(1, 1, 1))
    assert judgement
    assert judgement.evidence == "3 tasks used 1 connection: the first to ask was alone"


@pytest.mark.parametrize("ports", [(1, 2, 2), (1, 1, 2), (1,)], ids=["the first", "the last", "one task"])
def test_another_connection_refutes_the_use_of_one(ports: tuple[int, ...]) -> None:
    assert not tasks_use_one(uses(*ports))


def test_second_reader_fails() -> None:
    judgement = second_reader_fails(Readers("a", "RuntimeError, Second simultaneous read"))
    assert judgement
    assert (
        "failed with RuntimeError, Second simultaneous read; the first one then read 'a'"
        in judgement.evidence
    )


@pytest.mark.parametrize(
    "readers", [Readers("a", ""), Readers("", "RuntimeError, no")], ids=["both wait", "the first fails, too"]
)
def test_any_other_end_refutes_second_reader_fails(readers: Readers) -> None:
    assert not second_reader_fails(readers)


def stores(*connections: int) -> Stores:
    return Stores({f"m{n}": port for n, port in enumerate(connections)}, frozenset({connections[-1]}))


def test_tasks_share_connections() -> None:
    judgement = tasks_share_connections(stores(1, 1, 1, 1))
    assert judgement
    assert judgement.evidence.endswith("over 1 connection; still open afterwards: 1")


@pytest.mark.parametrize(
    "connections", [(1, 2, 3, 4), (1, 2, 3, 1), (1,)], ids=["each its own", "most", "one"]
)
def test_a_connection_for_most_tasks_refutes_sharing(connections: tuple[int, ...]) -> None:
    assert not tasks_share_connections(stores(*connections))


def test_now_and_then_a_new_connection_is_sharing() -> None:
    assert tasks_share_connections(stores(1, 1, 2, 2))
