"""What a worker's memory costs, and which of it prefork's children share."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.memory.checks import (
    code_is_read_only,
    needs_more,
    shares_by_fork,
    solo_needs_least,
    weighs_whole_processes,
)
from poolproof.subjects.memory.stimulus import find_code, look_at_pages, weigh_beside_solo


@pytest.mark.claim("memory.prefork-needs-more-than-solo")
def test_prefork_needs_more_than_solo(lab: Lab) -> None:
    """A prefork worker needs more memory than a solo worker, even with -c 1."""
    weights = weigh_beside_solo(lab)
    assert needs_more(weights)


@pytest.mark.claim("memory.solo-needs-least")
def test_solo_needs_least(lab: Lab) -> None:
    """No pool needs less memory than solo."""
    weights = weigh_beside_solo(lab)
    assert solo_needs_least(weights)


@pytest.mark.claim("memory.each-child-costs-a-whole-process")
def test_each_child_costs_a_whole_process(lab: Lab) -> None:
    """Each prefork process has memory of its own, independent of the others: a child costs as much as a
    process that shares none.
    """
    weights = weigh_beside_solo(lab)
    assert weighs_whole_processes(weights, children=lab.cell.concurrency)


@pytest.mark.claim("memory.code-shared-by-fork")
def test_code_is_shared_by_fork(lab: Lab) -> None:
    """Prefork children share what the manager has loaded, by copy on write."""
    pages = look_at_pages(lab)
    assert shares_by_fork(pages)


@pytest.mark.claim("memory.shared-code-is-read-only", shares=True)
def test_shared_code_is_read_only(lab: Lab, worker: Worker) -> None:
    """The code that a prefork child inherits is read-only."""
    found = find_code(lab, worker)
    assert code_is_read_only(found)
