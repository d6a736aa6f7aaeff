"""Where a task runs, and which process does the steps before and after it."""

import pytest

from probes.checks.execution import (
    each_child_asks,
    fetched_where_it_runs,
    in_a_child,
    in_a_greenlet_of_its_own,
    in_the_main_thread,
    stored_where_it_runs,
)
from probes.lab import Lab
from probes.stimuli.flow import follow_tasks
from probes.worker import Worker


@pytest.mark.claim("execution.prefork-task-runs-in-a-child", watched=True)
def test_prefork_task_runs_in_a_child(lab: Lab, worker: Worker) -> None:
    """A prefork task runs in a child process, never in the manager."""
    flow = follow_tasks(lab, worker)
    assert in_a_child(flow)


@pytest.mark.claim("execution.solo-task-runs-in-the-main-thread", watched=True)
def test_solo_task_runs_in_the_main_thread(lab: Lab, worker: Worker) -> None:
    """A solo task runs in the only process, in its main thread."""
    flow = follow_tasks(lab, worker)
    assert in_the_main_thread(flow)


@pytest.mark.claim("execution.green-task-runs-in-a-greenlet", watched=True)
def test_green_task_runs_in_a_greenlet(lab: Lab, worker: Worker) -> None:
    """An eventlet or gevent task runs in a greenlet of its own, in the one process and its main thread."""
    flow = follow_tasks(lab, worker)
    assert in_a_greenlet_of_its_own(flow)


@pytest.mark.claim("execution.fetched-where-it-runs", wired=True, watched=True)
def test_fetched_where_it_runs(lab: Lab, worker: Worker) -> None:
    """The process, and in green pools the greenlet, that runs a task has itself fetched its message."""
    flow = follow_tasks(lab, worker)
    assert fetched_where_it_runs(flow)


@pytest.mark.claim("execution.result-stored-where-it-runs", wired=True, watched=True)
def test_result_stored_where_it_runs(lab: Lab, worker: Worker) -> None:
    """The process that runs a task stores its result in Redis itself."""
    flow = follow_tasks(lab, worker)
    assert stored_where_it_runs(flow)


@pytest.mark.claim("execution.children-connect-on-their-own", wired=True, watched=True)
def test_children_connect_on_their_own(lab: Lab, worker: Worker) -> None:
    """Each prefork child has a connection of its own to Redis and takes messages over it."""
    flow = follow_tasks(lab, worker)
    assert each_child_asks(flow)
