"""How many messages a worker takes ahead of those that it can run."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.prefetch.checks import (
    next_is_at_hand,
    refilled_when_empty,
    takes_c_times_multiplier,
    takes_none_besides,
)
from poolproof.subjects.prefetch.checks_work import (
    brings_several,
    kept_by_children,
    switch_is_obeyed,
    waits_behind_it,
)
from poolproof.subjects.prefetch.stimulus import hold_ahead, hold_with_little
from poolproof.subjects.prefetch.stimulus_work import count_trips, find_ahead, give_switch, run_behind


@pytest.mark.claim("prefetch.takes-c-times-multiplier", shares=True, watched=True)
def test_takes_c_times_multiplier(lab: Lab, worker: Worker) -> None:
    """A busy worker has taken -c times worker_prefetch_multiplier messages off its queue, those that run
    included.
    """
    held = hold_ahead(lab, worker)
    assert takes_c_times_multiplier(held)


@pytest.mark.claim("prefetch.refilled-when-empty", shares=True, watched=True)
def test_refilled_when_empty(lab: Lab, worker: Worker) -> None:
    """While a worker holds messages that have not begun, the end of a task makes it take no more; it does
    when it holds none.
    """
    held = hold_ahead(lab, worker)
    assert refilled_when_empty(held)


@pytest.mark.claim("prefetch.next-is-at-hand", shares=True, watched=True)
def test_next_is_at_hand(lab: Lab, worker: Worker) -> None:
    """When a task ends, the message of the next one is in the worker already, so that no slot waits for
    Redis.
    """
    held = hold_ahead(lab, worker)
    assert next_is_at_hand(held)


@pytest.mark.claim("prefetch.fetched-when-a-slot-is-free", shares=True, watched=True)
def test_fetched_when_a_slot_is_free(lab: Lab, worker: Worker) -> None:
    """A message beyond those that run stays in its queue until a task has ended."""
    held = hold_ahead(lab, worker)
    assert takes_none_besides(held)


@pytest.mark.claim("prefetch.one-leaves-the-rest", watched=True)
def test_one_leaves_the_rest(lab: Lab) -> None:
    """With worker_prefetch_multiplier = 1 a busy worker holds no message that an idle one could run."""
    held = hold_with_little(lab, lab.variant("ahead"))
    assert takes_none_besides(held)


@pytest.mark.claim("prefetch.waits-behind-a-slow-task", shares=True)
def test_waits_behind_a_slow_task(lab: Lab, worker: Worker) -> None:
    """What a worker has taken ahead waits behind a slow task although another child is idle."""
    behind = run_behind(lab, worker)
    assert waits_behind_it(behind)


@pytest.mark.claim("prefetch.kept-by-children", shares=True)
def test_kept_by_children(lab: Lab, worker: Worker) -> None:
    """What a prefork worker has taken ahead is in the memory of its children."""
    kept = find_ahead(lab, worker)
    assert kept_by_children(kept)


@pytest.mark.claim("prefetch.saves-round-trips", shares=True, wired=True)
def test_saves_round_trips(lab: Lab, worker: Worker) -> None:
    """Taking messages ahead saves round trips to Redis: one request brings several."""
    trips = count_trips(lab, worker)
    assert brings_several(trips)


@pytest.mark.claim("prefetch.switch-sets-it")
def test_switch_sets_it(lab: Lab) -> None:
    """--prefetch-multiplier sets the multiplier, which is 4 without it."""
    switched = give_switch(lab, lab.variant("switch"))
    assert switch_is_obeyed(switched)
