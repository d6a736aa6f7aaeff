"""What greenlets do beside one another in the eventlet and gevent pools."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.flow.stimulus import follow_tasks
from poolproof.subjects.greenlets.checks import green_flow
from poolproof.subjects.greenlets.checks_switching import (
    ended_by_its_limit,
    greenlets_serve_again,
    in_greenlets_of_their_own,
    no_other_ran,
    on_the_main_stack,
    one_greenlet_a_name,
    others_ran,
)
from poolproof.subjects.greenlets.stimulus import compute_beside, overrun, serve_again, tick_beside
from poolproof.subjects.installed.checks import built_on_its_library
from poolproof.subjects.installed.stimulus import read_pool


@pytest.mark.claim("greenlets.switches-while-it-waits", shares=True)
def test_switches_while_it_waits(lab: Lab, worker: Worker) -> None:
    """While a task of a green pool waits, for a timer, the network or a file, other greenlets run."""
    beside = tick_beside(lab, lab.variant("wait"))
    assert others_ran(beside)


@pytest.mark.claim("greenlets.cpu-task-blocks-the-others", shares=True)
def test_cpu_task_blocks_the_others(lab: Lab, worker: Worker) -> None:
    """While a task of a green pool computes, no other greenlet runs."""
    beside = compute_beside(lab, lab.variant("cpu"))
    assert no_other_ran(beside)


@pytest.mark.claim("greenlets.gil-is-the-limit", shares=True)
def test_gil_is_the_limit(lab: Lab, worker: Worker) -> None:
    """Because of the GIL a green pool does not suit tasks that compute: a computation that releases the GIL
    lets other greenlets run.
    """
    beside = compute_beside(lab, "nogil")
    assert others_ran(beside)


@pytest.mark.claim("greenlets.slots-are-reused", shares=True)
def test_slots_are_reused(lab: Lab, worker: Worker) -> None:
    """The pool is -c greenlets, each of which takes and runs task after task."""
    greenlets = serve_again(lab, worker)
    assert greenlets_serve_again(greenlets)


@pytest.mark.claim("greenlets.a-greenlet-for-each-name", shares=True)
def test_a_greenlet_for_each_name(lab: Lab, worker: Worker) -> None:
    """Each greenlet of the pool runs the tasks of one name."""
    greenlets = serve_again(lab, worker)
    assert one_greenlet_a_name(greenlets)


@pytest.mark.claim("greenlets.uses-greenlet", shares=True)
def test_uses_greenlet(lab: Lab, worker: Worker) -> None:
    """The tasks of eventlet and of gevent run in greenlets of the library greenlet."""
    greenlets = serve_again(lab, worker)
    assert in_greenlets_of_their_own(greenlets)


@pytest.mark.claim("greenlets.one-stack-for-all", shares=True)
def test_one_stack_for_all(lab: Lab, worker: Worker) -> None:
    """The greenlets of a worker share the stack of its main process: each runs on that of the main thread."""
    greenlets = serve_again(lab, worker)
    assert on_the_main_stack(greenlets)


@pytest.mark.claim("greenlets.flow-is-the-same", shares=True, wired=True, watched=True)
def test_flow_is_the_same(lab: Lab, worker: Worker) -> None:
    """Each step of a task happens in the same place in eventlet and gevent."""
    flow = follow_tasks(lab, worker)
    assert green_flow(flow)


@pytest.mark.claim("greenlets.time-limits-are-the-same", shares=True)
def test_time_limits_are_the_same(lab: Lab, worker: Worker) -> None:
    """A task that exceeds its hard time limit is ended, in eventlet as in gevent."""
    outcome = overrun(lab)
    assert ended_by_its_limit(outcome)


@pytest.mark.claim("greenlets.libraries")
def test_libraries(lab: Lab) -> None:
    """The eventlet and gevent pools are built on the libraries of their names, which Celery does not install
    itself.
    """
    library = lab.variant("library")
    basis = read_pool(lab, library)
    assert built_on_its_library(basis, library)
