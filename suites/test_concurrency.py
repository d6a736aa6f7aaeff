"""How many tasks run at once, and in which order."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.concurrency.checks import (
    concurrency_is,
    exactly_at_once,
    one_after_another,
    waited_together,
)
from poolproof.subjects.concurrency.stimulus import compare_concurrency, overlap_tasks, sleep_together


@pytest.mark.claim("concurrency.exactly-c-at-once", shares=True)
def test_exactly_c_at_once(lab: Lab, worker: Worker) -> None:
    """While enough tasks wait, exactly -c tasks run at the same time, so that a higher -c runs more
    of them.
    """
    overlap = overlap_tasks(lab, worker)
    assert exactly_at_once(overlap, count=lab.cell.concurrency)


@pytest.mark.claim("concurrency.switch-makes-it-green")
def test_switch_makes_it_green(lab: Lab) -> None:
    """An eventlet or gevent worker that is started with --pool on its command line lets its tasks wait at
    the same time.
    """
    overlap = sleep_together(lab, lab.variant("chosen"))
    assert waited_together(overlap)


@pytest.mark.claim("concurrency.one-after-another", shares=True)
def test_one_after_another(lab: Lab, worker: Worker) -> None:
    """A solo worker, whatever its -c, and a prefork worker with -c 1 run their tasks one after another,
    in the order of sending.
    """
    overlap = overlap_tasks(lab, worker)
    assert one_after_another(overlap)


@pytest.mark.claim("concurrency.solo-concurrency-is-zero")
def test_solo_concurrency_is_zero(lab: Lab) -> None:
    """The concurrency of a solo worker is 0, and that of prefork with -c 1 is 1."""
    solo, prefork = compare_concurrency(lab)
    assert concurrency_is(0, solo, prefork)
