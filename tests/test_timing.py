"""The pure parts of the timings: when a number is refused, what is chosen, and how samples are summarised."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.model.history import Event, History
from poolproof.model.numbers import COVERAGE
from poolproof.timing import sizing as choice
from poolproof.timing.bare import rate
from poolproof.timing.proof import proof
from poolproof.timing.sample import Sample, facts, figures
from poolproof.timing.server import answer
from poolproof.timing.stats import coverage, middle, percentile
from probes.shared import load

SENT = ("m1", "m2", "m3")
DONE = dict.fromkeys(SENT, "SUCCESS")
SAMPLE = Sample(
    n=100,
    unique=100,
    throughput=50.0,
    p50_ms=10.0,
    p99_ms=12.0,
    slowest_ms=14.0,
    ceiling=200.0,
    pss_mib=60.0,
    ready_s=0.4,
)


def ran(tasks: str) -> History:
    """`s1 a1` is: m1 started, and ended."""
    kinds = {"s": "started", "a": "ended", "f": "failed"}
    return History.of(
        Event(kinds[word[0]], task=f"m{word[1:]}", at=at) for at, word in enumerate(tasks.split())
    )


WHOLE = "s1 s2 a1 s3 a2 a3"

REFUSED = {
    "lost": ("s1 a1 s3 a3", DONE, 0, 2, "of 3 sent, m2 lost"),
    "ended never": ("s1 a1 s2 s3 a3", DONE, 0, 2, "m2 started but not ended"),
    "failed": ("s1 a1 s2 f2 s3 a3", DONE | {"m2": "FAILURE"}, 0, 2,
        "m2 started but not ended; 1 with a result that is no success, such as m2"),
    "run twice": (WHOLE + " s2 a2", DONE, 0, 2, "m2 doubled"),
    "invented": (WHOLE + " s4 a4", DONE, 0, 3, "m4 invented"),
    "left in the broker": (WHOLE, DONE, 1, 3, "1 left in the broker"),
    "result missing": (WHOLE, {"m1": "SUCCESS", "m2": "SUCCESS"}, 0, 2, "1 without a result, such as m3"),
    "result no success": (WHOLE, DONE | {"m3": "FAILURE"}, 0, 2,
        "1 with a result that is no success, such as m3"),
    "result that nobody asked for": (WHOLE, DONE | {"m9": "SUCCESS"}, 0, 3,
        "1 with a result that nobody asked for, such as m9"),
    "nothing at all": ("", {}, 0, 0, "m1, m2, m3 lost; 3 without a result"),
}  # fmt: skip


def test_as_many_results_as_tasks_each_once_is_proof() -> None:
    seen = proof(SENT, ran(WHOLE), DONE, left=0)
    assert (seen.unique, seen.wrong) == (3, "")


@pytest.mark.parametrize(("tasks", "results", "left", "unique", "words"), REFUSED.values(), ids=REFUSED)
def test_no_proof(tasks: str, results: dict[str, str], left: int, unique: int, words: str) -> None:
    seen = proof(SENT, ran(tasks), results, left)
    assert seen.unique == unique
    assert words in seen.wrong
    assert "\n" not in seen.wrong


@given(st.lists(st.sampled_from(["s", "a", "x"]), max_size=12), st.integers(1, 4))
def test_proof_is_given_for_one_history_alone(words: list[str], tasks: int) -> None:
    """Only a message that started once, ended once and has one result is a proof."""
    sent = [f"m{n}" for n in range(tasks)]
    history = ran(" ".join(f"{word}{n % tasks}" for n, word in enumerate(words) if word != "x"))
    seen = proof(sent, history, dict.fromkeys(sent, "SUCCESS"), left=0)
    once = all(
        history.tasks(kind).count(task) == 1 and len(history.tasks(kind)) == tasks
        for kind in ("started", "ended")
        for task in sent
    )
    assert (not seen.wrong) == once
    assert once <= (seen.unique == tasks)


FLOATS = st.floats(0, 1e6)


@given(st.lists(FLOATS, min_size=1), st.floats(0.01, 1))
def test_percentile_is_the_least_value_that_enough_do_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    needed = share * len(values)
    assert found in values
    assert sum(value <= found for value in values) >= needed - 1e-9
    assert sum(value < found for value in values) < needed


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_percentiles_of_a_hundred(share: float, expected: int) -> None:
    values = list(range(1, 101))
    Random(1).shuffle(values)
    assert percentile(values, share) == expected


def test_percentile_of_few_is_their_greatest() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0


def test_median_and_interval_of_five_are_told_with_their_coverage() -> None:
    found = middle([5.0, 1.0, 100.0, 3.0, 2.0])
    assert (found.value, found.interval) == (3.0, (1.0, 100.0))
    assert coverage(5) == 0.9375


def test_a_single_repetition_has_no_interval() -> None:
    assert middle([7.0]).interval is None
    assert coverage(1) is None


@pytest.mark.parametrize(("n", "told"), [(2, 0.5), (3, 0.75), (4, 0.875)])
def test_too_few_repetitions_tell_how_little_they_cover(n: int, told: float) -> None:
    assert coverage(n) == told


def test_intervals_of_more_repetitions_leave_the_ends_out() -> None:
    assert middle([float(n) for n in range(20)]).interval == (5.0, 14.0)


@given(st.lists(FLOATS, min_size=2, max_size=40))
def test_the_interval_holds_the_median(values: list[float]) -> None:
    found = middle(values)
    assert found.interval
    assert min(values) <= found.interval[0] <= found.value <= found.interval[1] <= max(values)


@given(st.integers(5, 60))
def test_five_repetitions_or_more_cover_enough(n: int) -> None:
    assert COVERAGE <= (coverage(n) or 0) < 1


@pytest.mark.parametrize("n", [2, 5, 8, 15])
def test_the_interval_covers_as_often_as_it_says(n: int) -> None:
    """Of many samples of a skewed distribution, as durations are, whose median is ln 2."""
    random, rounds = Random(n), 4000
    held = 0
    for _ in range(rounds):
        low, high = middle([random.expovariate(1) for _ in range(n)]).interval or (0.0, 0.0)
        held += low <= math.log(2) <= high
    assert held / rounds == pytest.approx(coverage(n), abs=0.03)


@given(st.integers(1, 200), st.floats(0.2, 1e5), st.floats(0.001, 0.1), st.floats(1.5, 10))
def test_the_ceiling_of_waiting_goes_headroom_times_into_the_no_op_rate(
    in_flight: int, noop_rate: float, least: float, headroom: float
) -> None:
    chosen = choice.delay(in_flight, noop_rate, least, headroom)
    assert chosen >= least
    assert in_flight / chosen <= noop_rate / headroom * (1 + 1e-6)
    shorter = chosen - 1 / choice.STEPS
    assert chosen == least or in_flight / shorter > noop_rate / headroom * (1 - 1e-6)


@pytest.mark.parametrize(
    ("in_flight", "noop_rate", "delay"),
    [(1, 800.0, 0.01), (4, 800.0, 0.01), (4, 799.0, 0.011), (100, 250.0, 0.8), (1, 0.5, 4.0)],
)
def test_delays(in_flight: int, noop_rate: float, delay: float) -> None:
    assert choice.delay(in_flight, noop_rate, least=0.01, headroom=2) == delay


@given(st.integers(1, 200), st.floats(0.01, 1e5), st.floats(0.1, 10))
def test_tasks_are_whole_waves_and_a_few_at_least(at_once: int, rate: float, seconds: float) -> None:
    chosen = choice.tasks(at_once, rate, seconds)
    assert chosen % at_once == 0
    assert chosen >= choice.WAVES * at_once
    assert chosen == choice.WAVES * at_once or abs(chosen - rate * seconds) <= at_once / 2 + 1e-6


def test_a_cell_that_crawls_gets_a_few_tasks() -> None:
    assert choice.tasks(at_once=1, rate=0.5, seconds=1.0) == 3


def test_the_share_is_of_the_ceiling_of_the_same_run() -> None:
    assert SAMPLE.ceiling_share == 0.25
    assert str(SAMPLE) == "50.0/s, 25% of the ceiling"


def test_figures_are_medians_never_means() -> None:
    samples = [replace(SAMPLE, throughput=rate) for rate in (1.0, 2.0, 90.0)]
    assert figures(samples)["throughput"].value == 2.0
    assert figures(samples)["ceiling_share"].interval == (1 / 200, 90 / 200)


def test_a_computing_task_has_no_delay_and_a_waiting_one_has() -> None:
    assert facts(SAMPLE)["delay_s"] is facts(SAMPLE)["noop_rate"] is None
    waiting = facts(replace(SAMPLE, delay_s=0.8, noop_rate=250.123))
    assert (waiting["delay_s"], waiting["noop_rate"]) == (0.8, 250.1)


def test_the_bare_rate_is_that_of_one_core() -> None:
    assert 50 < rate(lambda: time.sleep(0.01), seconds=0.05) <= 100


def test_the_work_is_the_same_each_time() -> None:
    assert load.cpu_python() == load.cpu_python()
    assert load.cpu_nogil() == load.cpu_nogil()


def test_the_server_answers_after_the_delay_and_many_at_once() -> None:
    async def asked() -> float:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        begun = time.monotonic()
        async with server:
            lengths = await asyncio.gather(*(asyncio.to_thread(load.io_socket, port, 0.2) for _ in range(4)))
        assert lengths == [5] * 4
        return time.monotonic() - begun

    assert 0.2 <= asyncio.run(asked()) < 0.8
