"""The checks of greenlets and of what is installed, on good and bad observations."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from poolproof.lab.lab import Lab
from poolproof.model.processes import Process, Tree
from poolproof.subjects.flow.seen import Course, Flow, Link, Place
from poolproof.subjects.greenlets.checks import green_flow
from poolproof.subjects.installed.checks import built_on_its_library, names_exist
from poolproof.subjects.installed.seen import Basis, Names
from poolproof.subjects.installed.stimulus import look_up, read_pool

WORKER = 100
CONSUMER = 7


FETCHING, ANSWERING = Link(WORKER, 1, "broker"), Link(WORKER, 2, "broker")


def links(stored: Link, answered: Link = ANSWERING, fetched: Link = FETCHING) -> tuple[tuple[str, Link], ...]:
    return ("fetched", fetched), ("stored", stored), ("acknowledged", answered)


def course(task: str, greenlet: int) -> Course:
    """A task of a green pool, as every step should be."""
    there, here = Place(WORKER, WORKER, CONSUMER), Place(WORKER, WORKER, greenlet)
    by = (WORKER,)
    return Course(
        task, by, there, here, by, 0, 9, (there, here), (here,), by,
        links=links(Link(WORKER, 10 + greenlet, "backend")),
    )  # fmt: skip


def flow(*courses: Course) -> Flow:
    """Of a worker without children."""
    return Flow(Tree(Process(WORKER, 1, (WORKER,))), courses, ())


def test_green_flow() -> None:
    judgement = green_flow(flow(course("1", 1), course("2", 2)))
    assert judgement
    assert judgement.evidence.startswith("2 of 2 tasks, received: one greenlet for all")
    assert judgement.facts == {"tasks_ended": 2, "steps_otherwise": 0}


def test_a_task_that_never_ends_is_no_flow() -> None:
    assert not green_flow(replace(flow(course("1", 1)), sent=("1", "2")))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (replace(course("2", 2), received=Place(WORKER, WORKER, 2)), "2 greenlets, 1 thread"),
        (replace(course("2", 2), started=Place(WORKER, 105, 2)), "1 greenlet, 2 threads"),
        (course("2", CONSUMER), "run: the greenlet that received it"),
        (replace(course("2", 2), stored=(900, WORKER)), "stored: otherwise"),
        (replace(course("2", 2), fetched=(), links=links(FETCHING)[1:]), "fetched: otherwise"),
        (replace(course("2", 2), links=links(Link(900, 12, "backend"))), "stored: otherwise"),
        (replace(course("2", 2), links=links(Link(WORKER, 11, "backend"))), "stored: otherwise"),
        (replace(course("2", 2), links=links(Link(WORKER, 12, "broker"))), "stored: otherwise"),
        (
            replace(course("2", 2), links=links(Link(WORKER, 12, "backend"), answered=FETCHING)),
            "acknowledged: otherwise",
        ),
        (
            replace(course("2", 2), links=links(Link(WORKER, 12, "backend"), fetched=ANSWERING)),
            "fetched: otherwise",
        ),
        (replace(course("2", 2), decoded=(Place(WORKER, WORKER, 2),)), "decoded: elsewhere"),
        (replace(course("2", 2), encoded=(Place(WORKER, WORKER, CONSUMER),)), "encoded: elsewhere"),
    ],
)
def test_one_step_elsewhere_is_another_flow(wrong: Course, says: str) -> None:
    judgement = green_flow(flow(course("1", 1), wrong))
    assert not judgement
    assert says in judgement.evidence


def test_no_task_is_no_flow() -> None:
    assert not green_flow(flow())


# What is installed


def test_names_exist() -> None:
    assert names_exist(Names(("a.b:c",), ()))
    assert not names_exist(Names(("a.b:c",), ("a.b:d",)))
    assert not names_exist(Names((), ()))


BASIS = Basis(
    "celery.concurrency.eventlet",
    frozenset({"eventlet", "kombu"}),
    frozenset({"kombu"}),
    (("eventlet", 'eventlet>=0.32.0; extra == "eventlet"'),),
)


def test_built_on_its_library() -> None:
    assert built_on_its_library(BASIS, "eventlet")


@pytest.mark.parametrize(
    "basis",
    [
        replace(BASIS, imports=frozenset({"kombu"})),
        replace(BASIS, required=frozenset({"kombu", "eventlet"})),
        replace(BASIS, extras=()),
    ],
)
def test_not_built_on_its_library(basis: Basis) -> None:
    assert not built_on_its_library(basis, "eventlet")


@dataclass
class Notebook:
    """Stands for a lab of which only the witness is used."""

    proof: dict[str, int] = field(default_factory=dict)

    def witness(self, **seen: int) -> None:
        self.proof.update(seen)


def test_look_up_tells_names_apart_and_sees_its_control() -> None:
    notebook = Notebook()
    module = "poolproof.subjects.installed.seen"
    names = look_up(
        cast(Lab, notebook),
        f"{module}:Basis.imports",
        f"{module}:Basis.exports",
        known=f"{module}:Basis.module",
    )
    assert names == Names((f"{module}:Basis.imports",), (f"{module}:Basis.exports",))
    assert notebook.proof == {"known_name_found": 1, "made_up_name_missing": 1}


def test_a_known_name_that_is_missing_is_no_witness() -> None:
    notebook = Notebook()
    look_up(cast(Lab, notebook), known="poolproof.subjects.installed.seen:Nothing.module")
    assert not notebook.proof["known_name_found"]


def test_read_pool_needs_no_library() -> None:
    notebook = Notebook()
    basis = read_pool(cast(Lab, notebook), "gevent")
    assert "gevent" in basis.imports
    assert all(notebook.proof.values())
