"""How long tasks take in a pool and beside solo, what they cost, and whether they compute in parallel."""

import pytest

from probes.checks.performance import (
    each_has_a_processor,
    solo_is_slower,
    solo_is_slower_undisturbed,
    takes_as_long,
    takes_times_one,
    takes_turns,
    talks_more,
    waits_together,
)
from probes.lab import Lab
from probes.stimuli.racing import compute_at_once, race_solo, run_alone, run_heats


@pytest.mark.claim("performance.c1-prefork-like-solo")
def test_prefork_at_c1_is_like_solo(lab: Lab) -> None:
    """The same waiting tasks take a prefork worker with -c 1 as long as a solo worker."""
    race = race_solo(lab, "io_sleep", 0.05, count=8, laps=3)
    assert takes_as_long(race)


@pytest.mark.claim("performance.n-tasks-take-n-times-one")
def test_n_tasks_take_n_times_one(lab: Lab) -> None:
    """A number of waiting tasks takes solo, and prefork with -c 1, that number of times as long as one."""
    lap = run_alone(lab, "io_sleep", 0.1, count=15)
    assert takes_times_one(lap)


@pytest.mark.claim("performance.solo-is-slower-than-prefork")
def test_solo_is_slower_than_prefork(lab: Lab) -> None:
    """Solo performs worse than prefork: the same waiting tasks take it longer."""
    race = race_solo(lab, "io_sleep", 0.05, count=8, laps=3)
    assert solo_is_slower(race)


@pytest.mark.claim("performance.solo-is-slowest")
def test_solo_is_slowest(lab: Lab) -> None:
    """Solo performs worst of all: the same tasks take it longer than threads, eventlet or gevent, too."""
    heats = run_heats(lab, lab.variant("work"), count=6, heats=3)
    assert solo_is_slower_undisturbed(heats)


@pytest.mark.claim("performance.prefork-has-overhead")
def test_prefork_has_overhead(lab: Lab) -> None:
    """Prefork pays for talking to its processes: a task takes reads and writes that solo's does not."""
    race = race_solo(lab, "noop", count=20, laps=3)
    assert talks_more(race)


@pytest.mark.claim("performance.prefork-is-parallel")
def test_prefork_is_parallel(lab: Lab) -> None:
    """Prefork runs tasks truly in parallel, no child waiting for another."""
    stretches = compute_at_once(lab, seconds=0.3)
    assert each_has_a_processor(stretches)


@pytest.mark.claim("performance.green-is-not-parallel")
def test_green_is_not_parallel(lab: Lab) -> None:
    """Eventlet and gevent tasks take turns in one thread, and never compute in parallel."""
    stretches = compute_at_once(lab, seconds=0.1)
    assert takes_turns(stretches)


@pytest.mark.claim("performance.green-waits-together")
def test_green_waits_together(lab: Lab) -> None:
    """Ten tasks that wait take an eventlet or gevent worker about as long as one: they wait together."""
    lap = run_alone(lab, "io_sleep", 1.0, count=10)
    assert waits_together(lap)
