"""The example project: how it starts, which child runs what, and where a call goes."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.cli.checks import each_serves_its_queues
from poolproof.subjects.cli.stimulus import type_lines
from poolproof.subjects.messages.checks import named_by_its_module, put_into_basic
from poolproof.subjects.messages.stimulus import round_trip
from poolproof.subjects.walkthrough.checks import a_child_for_each_kind, loaded_then_forked, serves_its_queue
from poolproof.subjects.walkthrough.stimulus_project import distribute_tasks, watch_project_start
from poolproof.subjects.walkthrough.stimulus_queues import put_into_queue
from probes.shared.printed import document_003


@pytest.mark.claim("walkthrough.loads-then-forks", watched=True)
def test_loads_then_forks(lab: Lab) -> None:
    """With --concurrency=4 the main process loads celery_app and its basic, advanced and realworld tasks,
    in this order, and then forks four children.
    """
    start = watch_project_start(lab)
    assert loaded_then_forked(start, document_003.MODULES, children=4)


@pytest.mark.claim("walkthrough.one-child-a-module")
def test_one_child_a_module(lab: Lab) -> None:
    """Of four children the first runs add, the second multiply, the third the advanced and the fourth the
    realworld tasks.
    """
    distribution = distribute_tasks(lab)
    assert a_child_for_each_kind(distribution, [name for name, _, _ in document_003.KINDS])


@pytest.mark.claim("walkthrough.delay-goes-to-basic", wired=True)
def test_delay_goes_to_basic(lab: Lab) -> None:
    """add.delay(3, 5) puts its message into the queue basic."""
    exchange = round_trip(lab)
    assert put_into_basic(exchange)


@pytest.mark.claim("walkthrough.task-named-by-module", wired=True)
def test_task_named_by_module(lab: Lab) -> None:
    """The task add of tasks/basic_tasks.py is called tasks.basic_tasks.add."""
    exchange = round_trip(lab)
    assert named_by_its_module(exchange)


@pytest.mark.claim("walkthrough.three-queues-served", wired=True)
def test_three_queues_served(lab: Lab) -> None:
    """With --queues=basic,advanced,realworld one worker serves all three queues."""
    typed = type_lines(lab, [document_003.PROJECT])
    assert each_serves_its_queues(typed)


@pytest.mark.claim("walkthrough.diagrams-serve-basic", wired=True)
def test_diagrams_serve_basic(lab: Lab) -> None:
    """The worker that a diagram's command starts, which names no queue, takes the task of add.delay(3, 5)
    out of the queue basic.
    """
    service = put_into_queue(lab, document_003.BASIC)
    assert serves_its_queue(service)
