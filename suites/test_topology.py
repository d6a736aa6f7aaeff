"""How many processes and threads a worker has."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.topology.checks import (
    manager_and_children,
    no_child,
    one_process_one_thread,
    single_threaded_processes,
)
from poolproof.subjects.topology.stimulus import watch_tasks


@pytest.mark.claim("topology.solo-single-process-and-thread", shares=True)
def test_solo_is_one_process_with_one_thread(lab: Lab, worker: Worker) -> None:
    """A solo worker is one process with one thread, whatever -c says, before, during and after tasks."""
    watch = watch_tasks(lab, worker)
    assert one_process_one_thread(watch)


@pytest.mark.claim("topology.prefork-manager-and-n-children", shares=True)
def test_prefork_is_a_manager_and_n_children(lab: Lab, worker: Worker) -> None:
    """A prefork worker is a manager and exactly -c child processes: two processes with -c 1."""
    watch = watch_tasks(lab, worker)
    assert manager_and_children(watch, children=lab.cell.concurrency)


@pytest.mark.claim("topology.prefork-processes-single-threaded", shares=True)
def test_prefork_processes_are_single_threaded(lab: Lab, worker: Worker) -> None:
    """Each process of a prefork worker that serves Redis, the manager and every child, has one thread."""
    watch = watch_tasks(lab, worker)
    assert single_threaded_processes(watch)


@pytest.mark.claim("topology.green-worker-single-threaded", shares=True)
def test_green_worker_is_single_threaded(lab: Lab, worker: Worker) -> None:
    """An eventlet or gevent worker is one process with one thread, its main thread."""
    watch = watch_tasks(lab, worker)
    assert one_process_one_thread(watch)


@pytest.mark.claim("topology.no-child-process", shares=True)
def test_no_child_process(lab: Lab, worker: Worker) -> None:
    """A worker with an eventlet, gevent or threads pool has no child process, whatever -c says."""
    watch = watch_tasks(lab, worker)
    assert no_child(watch)
