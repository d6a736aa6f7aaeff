"""The check of threads, with process trees good and bad, by hand."""

from __future__ import annotations

import pytest

from probes.checks.topology import single_threaded_processes
from probes.observations.processes import Process, Tree


def tree(*threads: int) -> Tree:
    """A manager and children with so many threads each."""
    manager, *children = (Process(pid, 1, tuple(range(many))) for pid, many in enumerate(threads, 100))
    return Tree(manager, tuple(children))


def test_single_threaded_processes() -> None:
    judgement = single_threaded_processes([("before", tree(1, 1, 1)), ("during", tree(1, 1, 1))])
    assert judgement
    assert judgement.evidence.startswith("before: threads of each process [1, 1, 1]; during")


@pytest.mark.parametrize("wrong", [tree(2, 1, 1), tree(1, 1, 2), tree(1), Tree(None)], ids=str)
def test_one_thread_more_or_no_child_refutes_it(wrong: Tree) -> None:
    assert not single_threaded_processes([("before", tree(1, 1, 1)), ("during", wrong)])
