"""Which memory tasks share, and what a fork does to the libraries that they use."""

import pytest

from probes.checks.isolation import all_count_together, all_multiplied, child_dies, each_child_counts_alone
from probes.lab import Lab
from probes.stimuli.isolation import count_in_every_slot, multiply_with_numpy
from probes.worker import Worker


@pytest.mark.claim("isolation.child-globals-are-its-own")
def test_child_globals_are_its_own(lab: Lab, worker: Worker) -> None:
    """A global that a task changes in one child is unchanged in the other children and in the manager."""
    counts = count_in_every_slot(lab, worker)
    assert each_child_counts_alone(counts)


@pytest.mark.claim("isolation.tasks-share-globals")
def test_tasks_share_globals(lab: Lab, worker: Worker) -> None:
    """In solo, eventlet and gevent all tasks see the same globals, those of the one process."""
    counts = count_in_every_slot(lab, worker)
    assert all_count_together(counts)


@pytest.mark.claim("isolation.numpy-crashes-prefork")
def test_numpy_crashes_prefork(lab: Lab) -> None:
    """A prefork child whose task computes with NumPy dies of it."""
    computing = multiply_with_numpy(lab)
    assert child_dies(computing)


@pytest.mark.claim("isolation.numpy-works-in-solo")
def test_numpy_works_in_solo(lab: Lab) -> None:
    """In solo, tasks that compute with NumPy work."""
    computing = multiply_with_numpy(lab)
    assert all_multiplied(computing)
