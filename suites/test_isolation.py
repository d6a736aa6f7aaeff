"""Which memory tasks share, and what a fork does to the libraries that they use."""

import pytest

from probes.checks.isolation import (
    all_calculated,
    all_count_together,
    all_helped,
    calculating_goes_wrong,
    each_child_counts_alone,
    none_helped,
)
from probes.lab import Lab
from probes.stimuli.isolation import ask_a_thread, calculate_with_numpy, count_in_every_slot, start_processes
from probes.worker import Worker


@pytest.mark.claim("isolation.child-globals-are-its-own")
def test_child_globals_are_its_own(lab: Lab, worker: Worker) -> None:
    """A global that a task changes in one child is unchanged in the other children and in the manager."""
    counts = count_in_every_slot(lab, worker)
    assert each_child_counts_alone(counts)


@pytest.mark.claim("isolation.tasks-share-globals")
def test_tasks_share_globals(lab: Lab, worker: Worker) -> None:
    """In solo, eventlet and gevent all tasks see the same globals, those of the one process."""
    counts = count_in_every_slot(lab, worker, lab.variant("kind"))
    assert all_count_together(counts)


@pytest.mark.claim("isolation.numpy-crashes-prefork")
def test_numpy_crashes_prefork(lab: Lab) -> None:
    """In prefork, tasks that multiply and solve with NumPy crash, hang or go wrong."""
    computing = calculate_with_numpy(lab)
    assert calculating_goes_wrong(computing)


@pytest.mark.claim("isolation.numpy-works-in-solo")
def test_numpy_works_in_solo(lab: Lab) -> None:
    """In solo, tasks that compute with NumPy work."""
    computing = calculate_with_numpy(lab)
    assert all_calculated(computing)


@pytest.mark.claim("isolation.starting-processes-fails-in-prefork")
def test_starting_processes_fails_in_prefork(lab: Lab) -> None:
    """A prefork task that starts a process with multiprocessing, as some libraries do, fails."""
    helping = start_processes(lab)
    assert none_helped(helping)


@pytest.mark.claim("isolation.starting-processes-works-in-solo")
def test_starting_processes_works_in_solo(lab: Lab) -> None:
    """In solo, a task can start a process with multiprocessing."""
    helping = start_processes(lab)
    assert all_helped(helping)


@pytest.mark.claim("isolation.threads-are-lost-in-prefork")
def test_threads_are_lost_in_prefork(lab: Lab) -> None:
    """A prefork task gets no answer from a thread that its module started as it was loaded."""
    helping = ask_a_thread(lab)
    assert none_helped(helping)


@pytest.mark.claim("isolation.threads-are-kept-in-solo")
def test_threads_are_kept_in_solo(lab: Lab) -> None:
    """In solo, a task gets its answer from a thread that its module started as it was loaded."""
    helping = ask_a_thread(lab)
    assert all_helped(helping)
