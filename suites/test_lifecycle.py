"""When a worker renews its processes, and what --max-tasks-per-child does in each pool."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.lifecycle.checks import (
    concurrency_changes_nothing,
    heeds_the_limit,
    leak_is_bounded,
    parameters_change_nothing,
    renewed_after_exactly,
)
from poolproof.subjects.lifecycle.stimulus import run_past_limit
from poolproof.subjects.lifecycle.stimulus_concurrency import compare_concurrencies
from probes.shared.printed import document_000


@pytest.mark.claim("lifecycle.child-renewed-after-n")
def test_child_renewed_after_n(lab: Lab) -> None:
    """A prefork child is replaced after it has run exactly as many tasks as --max-tasks-per-child says."""
    renewals = run_past_limit(lab, document_000.LIMIT)
    assert renewed_after_exactly(renewals)


@pytest.mark.claim("lifecycle.solo-partly-heeds-it")
def test_solo_partly_heeds_it(lab: Lab) -> None:
    """In solo --max-tasks-per-child is partly effective."""
    renewals = run_past_limit(lab, document_000.LIMIT)
    assert heeds_the_limit(renewals)


@pytest.mark.claim("lifecycle.solo-ignores-it")
def test_solo_ignores_it(lab: Lab) -> None:
    """In solo --max-tasks-per-child has no effect, whatever -c says: one process runs all tasks, one at a
    time.
    """
    renewals = run_past_limit(lab, document_000.LIMIT)
    assert parameters_change_nothing(renewals)


@pytest.mark.claim("lifecycle.solo-ignores-c")
def test_solo_ignores_c(lab: Lab) -> None:
    """In solo -c has no effect."""
    comparison = compare_concurrencies(lab)
    assert concurrency_changes_nothing(comparison)


@pytest.mark.claim("lifecycle.eventlet-renews")
def test_eventlet_renews(lab: Lab) -> None:
    """On an eventlet worker --max-tasks-per-child, which the recommended command contains, has an
    effect.
    """
    renewals = run_past_limit(lab, document_000.LIMIT)
    assert heeds_the_limit(renewals)


@pytest.mark.claim("lifecycle.frees-what-leaked")
def test_frees_what_leaked(lab: Lab) -> None:
    """--max-tasks-per-child limits how much memory a leaking task can accumulate in a process."""
    renewals = run_past_limit(lab, document_000.LIMIT)
    assert leak_is_bounded(renewals)
