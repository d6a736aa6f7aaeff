"""What signals do to a worker and to its children, and what becomes of the tasks."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.signals.checks import (
    ends_at_once,
    ends_in_order,
    ends_its_task_first,
    loses_none,
    loses_some,
    reads_it_again,
)
from poolproof.subjects.signals.stimulus import end_by
from poolproof.subjects.signals.stimulus_children import hang_up, strike_busy_child

INTERRUPTS = {"once": ("SIGINT",), "twice": ("SIGINT", "SIGINT")}


@pytest.mark.claim("signals.term-lets-tasks-end")
def test_term_lets_tasks_end(lab: Lab) -> None:
    """SIGTERM closes a worker gracefully: tasks that run end, no other is begun, and then the worker ends."""
    ending = end_by(lab, ("SIGTERM",))
    assert ends_in_order(ending)


@pytest.mark.claim("signals.int-ends-at-once")
def test_int_ends_at_once(lab: Lab) -> None:
    """SIGINT ends a worker at once, and its running tasks with it."""
    ending = end_by(lab, INTERRUPTS[lab.variant("sent")])
    assert ends_at_once(ending)


@pytest.mark.claim("signals.forced-end-stops-tasks")
def test_forced_end_stops_tasks(lab: Lab) -> None:
    """Told to end by force, as by SIGQUIT, a worker ends all of its processes at once, and their tasks."""
    ending = end_by(lab, ("SIGQUIT",))
    assert ends_at_once(ending)


@pytest.mark.claim("signals.graceful-end-loses-none")
def test_graceful_end_loses_none(lab: Lab) -> None:
    """A worker that is closed gracefully, by SIGTERM or SIGINT, loses no task."""
    ending = end_by(lab, (f"SIG{lab.variant('signal').upper()}",))
    assert loses_none(ending)


@pytest.mark.claim("signals.kill-may-lose-tasks")
def test_kill_may_lose_tasks(lab: Lab) -> None:
    """Killed by kill -9, a worker may lose tasks."""
    ending = end_by(lab, ("SIGKILL",))
    assert loses_some(ending)


@pytest.mark.claim("signals.term-lets-a-child-end-its-task")
def test_term_lets_a_child_end_its_task(lab: Lab) -> None:
    """SIGTERM closes a prefork child gracefully: it ends its task before it leaves."""
    struck = strike_busy_child(lab, "SIGTERM")
    assert ends_its_task_first(struck)


@pytest.mark.claim("signals.hup-reloads-configuration")
def test_hup_reloads_configuration(lab: Lab) -> None:
    """SIGHUP has the main process, or a prefork child that gets it, read its configuration again."""
    reading = hang_up(lab, lab.variant("target"))
    assert reads_it_again(reading)
