"""The estimate counts the trials that the loop will run, and is one line."""

from __future__ import annotations

import pytest

from poolproof.catalogue.estimate import LIFETIME, Estimate, Planned, estimate, spoken
from poolproof.model.cells import Cell
from poolproof.model.sequential import Sequential
from poolproof.model.verdict import Fixed

NIGHTLY = Sequential(p0=0.01, p1=0.5, alpha=0.05, beta=0.05)
CLEAN = 5
"""Trials that decide a cell by this rule when none is violated: (0.5 / 0.99)**5 is below 0.05 / 0.95."""
CELL = Cell("prefork", 2, 4)


def test_a_fixed_number_of_trials_is_made_in_each_cell() -> None:
    planned = [Planned("always", "holds", n) for n in range(4)]
    assert estimate(planned, Fixed(3), 15) == Estimate(cells=4, trials=12, lifetimes=12, streams=0)


def test_the_sequential_test_makes_as_many_as_decide_a_clean_cell() -> None:
    assert estimate([Planned("always", "holds", 1)], NIGHTLY, 120).trials == CLEAN


def test_what_is_expected_to_be_refuted_is_decided_sooner() -> None:
    assert Planned("never", "refuted", 1).trials(NIGHTLY) == 1
    assert Planned("always", "refuted", 1).trials(Sequential(0.1, 0.5, 0.05, 0.05)) == 2


def test_claims_that_share_lifetimes_cost_as_many_as_the_longest_of_them() -> None:
    planned = [
        Planned("always", "holds", CELL),
        Planned("always", "refuted", CELL),
        Planned("always", "holds", 7),
    ]
    found = estimate(planned, NIGHTLY, 120)
    assert found.trials == 2 * CLEAN + 1
    assert found.lifetimes == 2 * CLEAN


def test_a_static_claim_is_asked_once_and_needs_no_worker() -> None:
    found = estimate([Planned("static", "holds", 1)], NIGHTLY, 120)
    assert (found.cells, found.trials, found.lifetimes) == (1, 1, 0)


def test_nothing_costs_nothing() -> None:
    assert estimate([], NIGHTLY, 120) == Estimate(0, 0, 0, 0)


def test_it_is_one_line_with_its_numbers() -> None:
    line = str(Estimate(cells=114, trials=530, lifetimes=450, streams=2400))
    assert LIFETIME == 2
    assert line == "114 cells, 530 trials at least: about 15 min, or up to 55 min where streams are slow"


def test_where_nothing_streams_nothing_is_said_of_it() -> None:
    assert str(Estimate(9, 45, 45, streams=0)) == "9 cells, 45 trials at least: about 2 min"


def test_each_trial_of_a_stream_may_take_all_its_time() -> None:
    planned = [Planned("always", "holds", 1, streams=True), Planned("always", "holds", 2)]
    assert estimate(planned, Fixed(3), 24).streams == 3 * 24


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (89, "89 s"), (90, "2 min"), (600, "10 min"), (5370, "1 h 30 min"), (9000, "2 h 30 min")],
)
def test_a_length_of_time_is_said_no_more_exactly_than_it_is_known(seconds: float, said: str) -> None:
    assert spoken(seconds) == said
