"""What prefork's manager does."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.flow.checks_steps import (
    only_manages,
)
from poolproof.subjects.flow.stimulus import follow_tasks
from poolproof.subjects.manager.checks import (
    ended_by_the_manager,
    interrupted_by_the_manager,
    knew_what_ran,
    logged_through_the_manager,
    stored_by_a_child,
)
from poolproof.subjects.manager.stimulus_ends import see_ends
from poolproof.subjects.manager.stimulus_logging import log_while_the_manager_stands
from poolproof.subjects.manager.stimulus_monitoring import ask_what_runs, see_interrupted


@pytest.mark.claim("manager.manager-only-manages", shares=True, wired=True, watched=True)
def test_manager_only_manages(lab: Lab, worker: Worker) -> None:
    """The prefork manager only manages its children: it fetches and decodes no task."""
    flow = follow_tasks(lab, worker)
    assert only_manages(flow)


@pytest.mark.claim("manager.manager-stores-no-result", wired=True)
def test_manager_stores_no_result(lab: Lab) -> None:
    """The result of a prefork task is stored by a child, and not by the manager."""
    ends = see_ends(lab, lab.variant("outcome"))
    assert stored_by_a_child(ends)


@pytest.mark.claim("manager.manager-enforces-time-limits", wired=True)
def test_manager_enforces_time_limits(lab: Lab) -> None:
    """The prefork manager ends the child of a task that exceeds its hard time limit, and stores
    TimeLimitExceeded as the result.
    """
    ends = see_ends(lab, "overdue", words=("--time-limit=1",))
    assert ended_by_the_manager(ends)


@pytest.mark.claim("manager.manager-keeps-the-time")
def test_manager_keeps_the_time(lab: Lab) -> None:
    """The prefork manager, and not the child, measures the time of a task, and interrupts the task at its
    soft time limit.
    """
    interruptions = see_interrupted(lab)
    assert interrupted_by_the_manager(interruptions)


@pytest.mark.claim("manager.manager-knows-what-runs", shares=True)
def test_manager_knows_what_runs(lab: Lab, worker: Worker) -> None:
    """The prefork manager monitors the execution of tasks: it names exactly the tasks that run, each with
    the child that runs it.
    """
    looks = ask_what_runs(lab, worker)
    assert knew_what_ran(looks)


@pytest.mark.claim("manager.log-goes-through-the-manager")
def test_log_goes_through_the_manager(lab: Lab) -> None:
    """The prefork manager collects what its children log, and writes it to the log."""
    logged = log_while_the_manager_stands(lab)
    assert logged_through_the_manager(logged)
