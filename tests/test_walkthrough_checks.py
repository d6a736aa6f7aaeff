"""The checks of the walkthrough, on good and bad observations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.walkthrough.checks import (
    a_child_for_each_kind,
    a_child_runs_several_modules,
    loaded_then_forked,
    loads_the_application_alone,
    serves_celery_alone,
    serves_its_queue,
)
from poolproof.subjects.walkthrough.seen import Distribution, ModuleLoad, ProjectStart, QueueService

MODULES = ("celery_app", "tasks.basic_tasks")
GOOD = ProjectStart(
    100, (ModuleLoad(MODULES[0], 100, 1), ModuleLoad(MODULES[1], 100, 2)), (3, 4), 2, ("SUCCESS",)
)


def test_loaded_then_forked() -> None:
    judgement = loaded_then_forked(GOOD, MODULES, 2)
    assert judgement
    assert judgement.facts == {"loaded_modules": 2, "forks": 2, "children": 2}
    assert judgement.evidence == (
        "process 100 loaded celery_app, tasks.basic_tasks; forks: 2, children: 2; add came to SUCCESS"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(GOOD, children=3),
        replace(GOOD, forks=(3,)),
        replace(GOOD, forks=(3, 4, 5), children=3),
        replace(GOOD, loads=GOOD.loads[::-1]),
        replace(GOOD, loads=GOOD.loads[:1]),
        replace(GOOD, loads=(*GOOD.loads, ModuleLoad(MODULES[0], 101, 5))),
        replace(GOOD, loads=(GOOD.loads[0], ModuleLoad(MODULES[1], 100, 9))),
        replace(GOOD, loads=(GOOD.loads[0], ModuleLoad(MODULES[1], 101, 2))),
    ],
    ids=["a child more", "a fork less", "three", "backwards", "one alone", "again", "late", "elsewhere"],
)
def test_started_otherwise(other: ProjectStart) -> None:
    assert not loaded_then_forked(other, MODULES, 2)


ALONE = replace(GOOD, loads=GOOD.loads[:1], answers=("FAILURE (NotRegistered)",))


def test_loads_the_application_alone() -> None:
    judgement = loads_the_application_alone(ALONE, MODULES, 2)
    assert judgement
    assert "add came to FAILURE (NotRegistered)" in judgement.evidence
    assert not loaded_then_forked(ALONE, MODULES, 2)


@pytest.mark.parametrize(
    "other",
    [
        GOOD,
        replace(ALONE, answers=("SUCCESS",)),
        replace(ALONE, answers=("FAILURE (NotRegistered)", "SUCCESS")),
        replace(ALONE, answers=("FAILURE (TypeError)",)),
        replace(ALONE, forks=(3,)),
        replace(ALONE, loads=()),
        replace(ALONE, loads=(ModuleLoad(MODULES[0], 101, 1),)),
        replace(ALONE, loads=(ModuleLoad(MODULES[0], 100, 9),)),
    ],
    ids=["all", "it knows", "it learns", "another fault", "a fork less", "nothing", "elsewhere", "late"],
)
def test_any_other_start_does_not_load_the_application_alone(other: ProjectStart) -> None:
    assert not loads_the_application_alone(other, MODULES, 2)


A, B = "tasks.a.one", "tasks.b.two"


def distribution(*ran: tuple[str, int]) -> Distribution:
    return Distribution((101, 102), 2, ran)


def test_a_child_for_each_kind() -> None:
    documented = distribution((A, 101), (B, 102), (A, 101), (B, 102))
    judgement = a_child_for_each_kind(documented, (A, B))
    assert judgement
    assert judgement.evidence == f"of 2 children, {A}: 2 in child 1; {B}: 2 in child 2"
    assert not a_child_runs_several_modules(documented, (A, B))


@pytest.mark.parametrize(
    ("ran", "several"),
    [
        (((A, 101), (A, 101), (B, 101), (B, 101)), True),
        (((A, 101), (A, 102), (B, 102), (B, 102)), True),
        (((A, 102), (A, 102), (B, 101), (B, 101)), False),
        (((A, 101), (A, 101), (B, 101)), False),
        (((A, 100), (A, 100), (B, 100), (B, 100)), False),
        ((), False),
    ],
    ids=["all in one", "most in one", "the other way round", "one is missing", "in the manager", "none"],
)
def test_a_child_runs_several_modules(ran: tuple[tuple[str, int], ...], several: bool) -> None:
    judgement = a_child_runs_several_modules(distribution(*ran), (A, B))
    assert bool(judgement) is several
    assert judgement.facts["ran_tasks"] == len(ran)
    assert not a_child_for_each_kind(distribution(*ran), (A, B))


def test_two_tasks_of_one_module_are_not_several_modules() -> None:
    both = distribution(
        ("tasks.a.one", 101), ("tasks.a.two", 101), ("tasks.a.one", 101), ("tasks.a.two", 101)
    )
    assert not a_child_runs_several_modules(both, ("tasks.a.one", "tasks.a.two"))


@pytest.mark.parametrize(
    "ran",
    [
        (("a", 101), ("b", 101)),
        (("a", 101), ("a", 102), ("b", 102)),
        (("a", 101), ("b", 100)),
        (("a", 102), ("b", 101)),
        (("a", 101),),
        (),
    ],
    ids=["two kinds in one", "one kind in two", "in the manager", "the other way round", "one kind", "none"],
)
def test_distributed_otherwise(ran: tuple[tuple[str, int], ...]) -> None:
    assert not a_child_for_each_kind(Distribution((101, 102), 1, ran), ("a", "b"))


@pytest.mark.parametrize(
    ("fetched_from", "ran", "basic", "celery"),
    [
        (("basic",), 12, True, False),
        (("celery", "basic"), 12, True, False),
        (("celery",), 0, False, True),
        (("basic",), 0, False, False),
        (("basic",), 10, False, False),
        (("celery",), 12, False, False),
        (("celery", "other"), 0, False, False),
        ((), 0, False, False),
    ],
)
def test_serves_its_queue(fetched_from: tuple[str, ...], ran: int, basic: bool, celery: bool) -> None:
    seen = QueueService("celery worker", "basic", fetched_from, 12, ran)
    assert bool(serves_its_queue(seen)) is basic
    assert bool(serves_celery_alone(seen)) is celery
    assert f"ran {ran} of 12 tasks in basic" in serves_its_queue(seen).evidence
    assert serves_its_queue(seen).facts == {"fetched_from_queues": len(fetched_from), "ran_tasks": ran}


def test_no_task_sent_proves_nothing_of_a_queue() -> None:
    assert not serves_its_queue(QueueService("celery worker", "basic", ("basic",), 0, 0))
    assert not serves_celery_alone(QueueService("celery worker", "basic", ("celery",), 0, 0))
