"""Which memory tasks share, and which libraries work after a fork."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.isolation.checks import (
    all_calculated,
    all_count_together,
    all_helped,
    calculating_goes_wrong,
    each_child_counts_alone,
    some_not_helped,
)
from poolproof.subjects.isolation.stimulus import ask_for_help, calculate_with_numpy, count_in_every_slot


@pytest.mark.claim("isolation.child-globals-are-its-own", shares=True)
def test_child_globals_are_its_own(lab: Lab, worker: Worker) -> None:
    """A global that a task changes in one prefork child is unchanged in the other children and in the
    manager.
    """
    counts = count_in_every_slot(lab, worker)
    assert each_child_counts_alone(counts)


@pytest.mark.claim("isolation.tasks-share-globals", shares=True)
def test_tasks_share_globals(lab: Lab, worker: Worker) -> None:
    """In solo, eventlet and gevent all tasks see the same globals, those of the one process."""
    counts = count_in_every_slot(lab, worker, lab.variant("kind"))
    assert all_count_together(counts)


@pytest.mark.claim("isolation.numpy-crashes-prefork")
def test_numpy_crashes_prefork(lab: Lab) -> None:
    """Prefork may have multi-process trouble with NumPy: if the manager used NumPy before it forked, some
    tasks that multiply and solve with it in children crash, hang or give wrong results.
    """
    calculations = calculate_with_numpy(lab)
    assert calculating_goes_wrong(calculations)


@pytest.mark.claim("isolation.numpy-works-in-solo")
def test_numpy_works_in_solo(lab: Lab) -> None:
    """In solo, tasks that compute with NumPy work."""
    calculations = calculate_with_numpy(lab)
    assert all_calculated(calculations)


@pytest.mark.claim("isolation.prefork-may-have-process-problems")
def test_prefork_may_have_process_problems(lab: Lab) -> None:
    """Prefork may have multi-process problems: for instance, a task gets no answer from a process that it
    starts, or from a thread that its module started when it was loaded.
    """
    answers = ask_for_help(lab, lab.variant("helper"))
    assert some_not_helped(answers)


@pytest.mark.claim("isolation.solo-has-no-process-problems")
def test_solo_has_no_process_problems(lab: Lab) -> None:
    """Solo has no multi-process problems: a task gets its answer from a process that it starts, and from a
    thread that its module started when it was loaded.
    """
    answers = ask_for_help(lab, lab.variant("helper"))
    assert all_helped(answers)
