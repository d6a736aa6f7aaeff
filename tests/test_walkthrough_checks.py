"""The checks of the walkthrough, with observations good and bad, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from probes.checks.walkthrough import a_child_for_each_kind, loaded_then_forked, serves_its_queue
from probes.observations.walkthrough import Asked, Loaded, Opening, Shared

MODULES = ("celery_app", "tasks.basic_tasks")
GOOD = Opening(100, (Loaded(MODULES[0], 100, 1), Loaded(MODULES[1], 100, 2)), (3, 4), 2, "SUCCESS")


def test_loaded_then_forked() -> None:
    judgement = loaded_then_forked(GOOD, MODULES, 2)
    assert judgement
    assert judgement.evidence == (
        "process 100 loaded celery_app, tasks.basic_tasks; forks: 2, children: 2; add came to SUCCESS"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(GOOD, children=3),
        replace(GOOD, forks=(3,)),
        replace(GOOD, forks=(3, 4, 5), children=3),
        replace(GOOD, loaded=GOOD.loaded[::-1]),
        replace(GOOD, loaded=GOOD.loaded[:1]),
        replace(GOOD, loaded=(*GOOD.loaded, Loaded(MODULES[0], 101, 5))),
        replace(GOOD, loaded=(GOOD.loaded[0], Loaded(MODULES[1], 100, 9))),
        replace(GOOD, loaded=(GOOD.loaded[0], Loaded(MODULES[1], 101, 2))),
    ],
    ids=["a child more", "a fork less", "three", "backwards", "one alone", "again", "late", "elsewhere"],
)
def test_started_otherwise(other: Opening) -> None:
    assert not loaded_then_forked(other, MODULES, 2)


def test_a_child_for_each_kind() -> None:
    judgement = a_child_for_each_kind(Shared((101, 102), (("a", 101), ("b", 102), ("a", 101))), ("a", "b"))
    assert judgement
    assert judgement.evidence == "of 2 children, a: 2 in child 1; b: 1 in child 2"


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
def test_shared_out_otherwise(ran: tuple[tuple[str, int], ...]) -> None:
    assert not a_child_for_each_kind(Shared((101, 102), ran), ("a", "b"))


@pytest.mark.parametrize(
    ("asked", "served", "so"),
    [(("basic",), True, True), (("celery", "basic"), True, True), (("celery",), False, False),
     (("basic",), False, False), (("celery",), True, False), ((), False, False)],
)  # fmt: skip
def test_serves_its_queue(asked: tuple[str, ...], served: bool, so: bool) -> None:
    judgement = serves_its_queue(Asked("celery worker", "basic", asked, served))
    assert bool(judgement) is so
    assert ("was run" in judgement.evidence) is served
