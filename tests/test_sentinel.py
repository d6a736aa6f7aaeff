"""A pause is noticed while it lasts, and does not affect the next trial."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest

import poolproof.host.sentinel as sentinel_module
from poolproof.host.sentinel import Sentinel


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that changes only when it is set."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(sentinel_module, "_now", lambda: clock.now)
    return clock


@pytest.fixture
def silent(clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sentinel]:
    """A sentinel that is kept from ticking."""
    monkeypatch.setattr(sentinel_module, "TICK", 600.0)
    with closing(Sentinel()) as sentinel:
        yield sentinel


def test_a_gap_counts_before_it_has_ended(clock: SimpleNamespace, silent: Sentinel) -> None:
    clock.now += 7
    assert silent.longest_gap == 7


def test_a_trial_is_not_charged_with_what_was_before_it(clock: SimpleNamespace, silent: Sentinel) -> None:
    clock.now += 7
    silent.begin()
    assert silent.longest_gap == 0
    clock.now += 2
    assert silent.longest_gap == 2
