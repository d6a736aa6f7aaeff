"""The checks of who opens connections and when, on good and bad openings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.connections.checks import (
    connected_when_needed,
    connected_when_ready,
    each_child_connected,
    each_child_connected_after_a_task,
    each_child_connected_first,
    each_child_stores_itself,
    manager_alone_connected,
    opened_by_one_process,
)
from poolproof.subjects.connections.seen import Opened, Run
from poolproof.subjects.loading.seen import Opening

MANAGER, ONE, TWO = 100, 101, 102
READY, BEGUN, ENDED = 500, 600, 700
"""When the worker reports that it is ready, and when each process begins and ends its first task."""
LATER = READY + 8_000_000


def opening(pid: int = MANAGER, name: str = "backend", at: int = READY - 1) -> Opening:
    return Opening(pid, 40000 + pid, name, at)


def run(pid: int, task: str = "m1", at: int = BEGUN, stored_by: int = -1) -> Run:
    return Run(task, pid, at, at + ENDED - BEGUN, pid if stored_by < 0 else stored_by)


def opened(*openings: Opening, runs: tuple[Run, ...] = (run(ONE), run(TWO)), ready: int = READY) -> Opened:
    return Opened(MANAGER, frozenset({ONE, TWO}), ready, openings, runs)


# Who opened one, and when


def test_connected_when_ready() -> None:
    judgement = connected_when_ready(opened(opening(), opening(name="broker")), "backend")
    assert judgement
    assert judgement.evidence.endswith("1 called backend, 1 called broker")


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (opening(at=LATER), "was opened 8 ms later, by the main process"),
        (opening(ONE, at=LATER), "was opened 8 ms later, by the child 101"),
        (opening(ONE), "ready with connections of the main process: none"),
        (opening(name="broker"), "1 called broker"),
    ],
    ids=["later", "later and by a child", "by a child", "by another name"],
)
def test_any_other_opening_refutes_connected_when_ready(other: Opening, says: str) -> None:
    judgement = connected_when_ready(opened(other), "backend")
    assert not judgement
    assert says in judgement.evidence


def test_what_was_never_ready_proves_nothing() -> None:
    assert not connected_when_ready(opened(opening(), ready=0), "backend")
    assert not connected_when_needed(opened(opening(ONE, at=BEGUN + 1), ready=0), "backend")


NEEDED = opened(opening(name="broker"), opening(ONE, at=BEGUN + 1), opening(TWO, at=BEGUN + 1))


def test_connected_when_needed() -> None:
    judgement = connected_when_needed(NEEDED, "backend")
    assert judgement
    assert judgement.evidence == (
        "0 called backend were open when the worker was ready; "
        "2 of 2 processes that ran tasks opened their first after a task began"
    )
    assert not connected_when_ready(NEEDED, "backend")


@pytest.mark.parametrize(
    "openings",
    [
        (*NEEDED.opened, opening()),
        (*NEEDED.opened, opening(ONE)),
        (*NEEDED.opened, opening(at=BEGUN + 1)),
        (opening(ONE, at=BEGUN + 1), opening(TWO, at=BEGUN - 1)),
        (opening(ONE, at=BEGUN + 1),),
        (),
    ],
    ids=["the manager early", "a child early", "the manager late", "before its task", "one without", "none"],
)
def test_any_other_opening_is_not_by_need(openings: tuple[Opening, ...]) -> None:
    assert not connected_when_needed(opened(*openings), "backend")


def test_no_task_shows_no_need() -> None:
    assert not connected_when_needed(opened(runs=()), "backend")


def test_each_child_stores_itself() -> None:
    judgement = each_child_stores_itself(opened(runs=(run(ONE), run(TWO), run(ONE, "m2"))))
    assert judgement
    assert judgement.evidence == "2 children ran 3 tasks; 3 results went over a connection of the same child"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (run(ONE, "m9", stored_by=MANAGER), "that of m9, run by 101, went over the process 100's"),
        (run(ONE, "m9", stored_by=TWO), "that of m9, run by 101, went over the process 102's"),
        (run(ONE, "m9", stored_by=0), "that of m9, run by 101, went over none"),
        (run(MANAGER, "m9"), "that of m9, run by 100, went over the process 100's"),
    ],
    ids=["the manager's", "a sibling's", "nobody's", "run by the manager"],
)
def test_one_result_that_went_otherwise_refutes_that_each_child_stores(other: Run, says: str) -> None:
    judgement = each_child_stores_itself(opened(runs=(run(ONE), run(TWO), *(run(ONE),) * 10, other)))
    assert not judgement
    assert judgement.evidence.endswith(says)


def test_each_child_connected() -> None:
    seen = opened(opening(name="broker"), opening(ONE, "broker"), opening(TWO, "broker"))
    assert each_child_connected(seen, "broker")
    assert not manager_alone_connected(seen, "broker")


@pytest.mark.parametrize(
    ("openings", "alone", "says"),
    [
        ((opening(), opening(ONE), opening(ONE)), False, "1 of 2 children"),
        ((opening(), opening(ONE), opening(TWO, "broker")), False, "1 of 2 children"),
        ((opening(),), True, "0 of 2 children opened a connection called backend; the manager opened 1"),
        ((opening(), opening(TWO, "broker")), True, "0 of 2 children"),
        ((), False, "the manager opened none"),
    ],
    ids=["one child twice", "another client's", "the manager's", "by another name", "nobody's"],
)
def test_one_child_without_refutes_each_child_connected(
    openings: tuple[Opening, ...], alone: bool, says: str
) -> None:
    seen = opened(*openings)
    judgement = each_child_connected(seen, "backend")
    assert not judgement
    assert says in judgement.evidence
    assert bool(manager_alone_connected(seen, "backend")) is alone


def test_a_child_that_ran_nothing_does_not_show_that_the_manager_alone_connects() -> None:
    assert not manager_alone_connected(opened(opening(), runs=(run(ONE),)), "backend")
    assert not manager_alone_connected(opened(opening(), runs=()), "backend")


def test_no_child_proves_nothing() -> None:
    assert not each_child_connected(replace(opened(opening()), children=frozenset()), "backend")
    assert not each_child_connected_after_a_task(opened(opening(), runs=()))


AGAIN = (run(ONE), run(TWO), run(ONE, at=BEGUN + 50), run(TWO, at=BEGUN + 50))


def test_each_child_connected_first() -> None:
    seen = opened(opening(), opening(ONE), opening(TWO), opening(TWO, at=BEGUN + 10), runs=AGAIN)
    judgement = each_child_connected_first(seen)
    assert judgement
    assert judgement.evidence == "2 of 2 children had a connection before the first task"
    assert not each_child_connected_after_a_task(seen)


@pytest.mark.parametrize(
    ("openings", "says"),
    [
        ((opening(TWO, at=BEGUN + 7_000_000),), "the child 102 opened its first, called backend, 7 ms later"),
        ((opening(TWO, at=BEGUN + 10),), "1 of 2 children had a connection before"),
        ((opening(),), "the child 102 opened none at all"),
    ],
    ids=["later", "between its tasks", "its manager"],
)
def test_a_task_before_a_connection_refutes_connected_first(openings: tuple[Opening, ...], says: str) -> None:
    judgement = each_child_connected_first(opened(opening(ONE), *openings, runs=AGAIN))
    assert not judgement
    assert says in judgement.evidence


def test_children_without_tasks_prove_nothing_of_what_came_first() -> None:
    assert not each_child_connected_first(opened(opening(ONE), runs=()))


def test_each_child_connected_after_a_task() -> None:
    seen = opened(opening(), opening(ONE, at=ENDED + 1), opening(TWO, at=ENDED + 1), runs=AGAIN)
    judgement = each_child_connected_after_a_task(seen)
    assert judgement
    assert judgement.evidence == "2 of 2 children opened their first connection after a task had ended"
    assert judgement.facts == {"children_that_ran": 2, "children_connected_after_a_task": 2}


@pytest.mark.parametrize(
    "two",
    [
        (),
        (opening(TWO, at=BEGUN + 1),),
        (opening(TWO, at=BEGUN - 1),),
        (opening(TWO), opening(TWO, at=ENDED + 1)),
    ],
    ids=["none", "in its task", "before its task", "early and late"],
)
def test_any_other_first_connection_did_not_come_after_a_task(two: tuple[Opening, ...]) -> None:
    assert not each_child_connected_after_a_task(opened(opening(ONE, at=ENDED + 1), *two, runs=AGAIN))


def test_opened_by_one_process() -> None:
    judgement = opened_by_one_process(opened(opening(), opening(name="broker")))
    assert judgement
    assert judgement.evidence == "2 of 2 connections are the main process's; 2 tasks ran meanwhile"


def test_one_of_another_process_refutes_opened_by_one_process() -> None:
    judgement = opened_by_one_process(opened(opening(), opening(ONE)))
    assert not judgement
    assert "one is of the process 101" in judgement.evidence


def test_no_connection_and_no_task_prove_nothing() -> None:
    assert not opened_by_one_process(opened())
    assert not opened_by_one_process(opened(opening(), runs=()))
