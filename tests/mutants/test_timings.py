"""A worker that loses, repeats or ignores messages gets no number in a timing, and a correct one does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from poolproof.host.broker import BrokerRequest
from poolproof.host.waiting import impatient
from poolproof.lab.lab import Setup
from poolproof.lab.site import open_site
from poolproof.model.cells import Cell
from poolproof.model.errors import Void
from poolproof.model.record import Benchmark
from poolproof.timing.plan import Slot
from poolproof.timing.results import BenchmarkResults
from poolproof.timing.session import TimingSession
from poolproof.timing.timed_case import TimedCase
from poolproof.timing.timings import Timings
from suites.test_timing import test_io_sleep as time_io_sleep
from tests.claims_in_suites import MATRIX

SLOT = Slot("io-sleep", Cell("threads", 2, 4), 1)
REFUSED = {
    "loses-every-tenth": "m10 lost",
    "runs-every-tenth-twice": "m10 doubled",
    "null-worker": "m1, m2 lost",
}


class StopWatch:
    """A clock as simple as can be."""

    seconds = 0.0

    def pedantic(self, target: Callable[[], None], *, teardown: Callable[[], None], **_: Any) -> None:
        begun = time.perf_counter()
        target()
        self.seconds = time.perf_counter() - begun
        teardown()


def ask(case: TimedCase) -> float:
    clock = StopWatch()
    time_io_sleep(case, clock)
    return clock.seconds


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[Callable[..., list[Benchmark]]]:
    """Times one slot on a worker with these mutants; returns the values for the record."""
    label, request = f"timings-{os.getpid()}", BrokerRequest()
    with open_site(label, request, messages=100, seconds=30) as site, impatient(3):

        def put(*mutants: str) -> list[Benchmark]:
            found: list[Benchmark] = []
            session = TimingSession(site, MATRIX, 0.3, Setup(mutants))
            results = BenchmarkResults([SLOT], session.cores, "{probe} {cell}", found.append)
            with closing(Timings(session, results, tmp_path / "evidence")) as timings:
                timings.put(SLOT, ask)
            return found

        yield put


def test_a_sound_worker_gets_a_number(timed: Callable[..., list[Benchmark]]) -> None:
    (line,) = timed()
    assert line.n == line.unique
    assert line.throughput
    assert line.ceiling_share
    assert 0 < line.ceiling_share <= 1


@pytest.mark.parametrize(("mutant", "words"), REFUSED.items(), ids=REFUSED)
def test_a_broken_worker_gets_none(mutant: str, words: str, timed: Callable[..., list[Benchmark]]) -> None:
    with pytest.raises(Void, match=f"^no number: .*{words}"):
        timed(mutant)
