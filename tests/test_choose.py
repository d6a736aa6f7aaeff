"""The choice names a best pool only where the intervals tell it from the others, and fits a screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from probes.cells import Cell
from probes.record import Benchmark
from probes.timing.plan import PROBES
from probes.verdict import Fixed
from publish import choose
from publish.join import Joined, join
from publish.page import page
from publish.reader import read
from tests.records import ALL
from tests.timings import CHILD, WORKER, Times, runs

SCREEN = (30, 100)


def joined(folder: Path, times: Times, **rest: Any) -> Joined:
    return join([read(path) for path in runs(folder, times, **rest)])


def given_shares(shares: dict[str, tuple[float, float, float]]) -> Times:
    """Timings of one probe at one cell a pool, whose share of the ceiling and its interval are these."""

    def spoil(line: Benchmark) -> Benchmark:
        low, median, high = shares[line.cell.id]
        return replace(line, ceiling_share=median, intervals={"ceiling_share": (low, high)})

    return Times(prefetches=(4,), probes=["cpu-python"], spoil=spoil, cells=frozenset(shares))


def test_it_fits_a_screen(tmp_path: Path) -> None:
    for number, times in enumerate((Times(), Times(repetitions=1, prefetches=(4,)))):
        lines = choose.section(joined(tmp_path / str(number), times)).splitlines()
        assert len(lines) <= SCREEN[0]
        assert max(map(len, lines)) <= SCREEN[1]


def test_each_workload_has_its_answer_and_its_rows(tmp_path: Path) -> None:
    text = choose.section(joined(tmp_path, Times()))
    assert "- CPU-bound, pure Python: **prefork -c 2**, 1.8" in text
    assert "without the GIL: prefork -c 2 or threads -c 2, 1.8" in text
    assert [text.count(f"| `{probe}` ") for probe in PROBES] == [1] * len(PROBES)
    assert "| **1.91×** 185/s |" in text
    assert "× 10 ms |" in text
    assert text.count("\n| no-op ") == 1
    assert " 1600/s |" in text
    assert text.count("**") == 2 * 2


def test_a_pool_is_the_best_if_no_interval_reaches_its_own(tmp_path: Path) -> None:
    shares = {"prefork-c2-p4": (0.94, 0.95, 0.96), "solo-c1-p4": (0.91, 0.92, 0.93)}
    text = choose.section(joined(tmp_path, given_shares(shares), pools=["prefork", "solo"]))
    assert "**prefork -c 2**, 1.88–1.92×; next solo, 1.84×\n" in text
    assert "**1.90×**" in text


def test_intervals_that_touch_tell_nothing_apart(tmp_path: Path) -> None:
    shares = {"prefork-c2-p4": (0.93, 0.95, 0.96), "solo-c1-p4": (0.91, 0.92, 0.93)}
    text = choose.section(joined(tmp_path, given_shares(shares), pools=["prefork", "solo"]))
    assert "prefork -c 2 or solo, 1.82–1.92×\n" in text
    assert "**" not in text


def test_more_concurrency_is_not_taken_without_need(tmp_path: Path) -> None:
    shares = {
        "prefork-c1-p4": (0.48, 0.49, 0.50),
        "prefork-c2-p4": (0.90, 0.92, 0.95),
        "prefork-c4-p4": (0.94, 0.96, 0.97),
        "solo-c1-p4": (0.47, 0.48, 0.49),
    }
    text = choose.section(joined(tmp_path, given_shares(shares), pools=["prefork", "solo"]))
    assert " c2, " in text


def test_pools_are_compared_by_what_they_do_at_once_not_by_rates_at_different_delays(tmp_path: Path) -> None:
    """At c100 the delay is longer, so that ten times the waiting may come to the same rate."""
    times = Times(probes=["io-sleep"], prefetches=(4,), cells=frozenset({"gevent-c10-p4", "threads-c4-p4"}))
    text = choose.section(joined(tmp_path, times, pools=["threads", "gevent"]))
    assert "**gevent -c 10**, 9." in text
    assert "next threads -c 4, 3." in text


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        pytest.param(
            (0.2, 0.1), "eventlet -c 10 or gevent -c 10, 7.60–8.40×\n", id="the-faster-waited-longer"
        ),
        pytest.param(
            (0.1, 0.2), "**gevent -c 10**, 8.20–8.40×; next eventlet -c 10, 7.70×\n", id="and-shorter"
        ),
    ],
)
def test_a_longer_wait_makes_no_pool_the_best(waits: tuple[float, float], told: str, tmp_path: Path) -> None:
    shares = {"gevent-c10-p4": (0.82, 0.83, 0.84), "eventlet-c10-p4": (0.76, 0.77, 0.78)}
    delays = dict(zip(shares, waits, strict=True))

    def spoil(line: Benchmark) -> Benchmark:
        low, median, high = shares[line.cell.id]
        delay, within = delays[line.cell.id], {"ceiling_share": (low, high)}
        return replace(line, ceiling_share=median, intervals=within, delay_s=delay, ceiling=10 / delay)

    times = Times(prefetches=(4,), probes=["io-sleep"], spoil=spoil, cells=frozenset(shares))
    assert told in choose.section(joined(tmp_path, times, pools=["eventlet", "gevent"]))


def test_what_the_prefetch_multiplier_does_is_said_with_the_cells_that_it_ruins(tmp_path: Path) -> None:
    def spoil(line: Benchmark) -> Benchmark:
        factor = {("gevent", 1, 1): 0.01, ("gevent", 10, 0): 1.2}.get(
            (line.cell.pool, line.cell.concurrency, line.cell.prefetch), 1
        )
        return replace(line, ceiling_share=0.5 * factor, intervals={"ceiling_share": (0.5 * factor,) * 2})

    times = Times(probes=["io-sleep"], spoil=spoil)
    text = choose.section(joined(tmp_path, times, pools=["solo", "gevent"]))
    told = (
        "Prefetch 1 and no limit give 1.00–1.20× the throughput of 4; but with 1, gevent -c 1 come to 0.01×"
    )
    assert f"- {told} -" in " ".join(text.split())


def test_one_multiplier_alone_says_nothing_of_prefetch(tmp_path: Path) -> None:
    assert "Prefetch" not in choose.section(joined(tmp_path, Times(prefetches=(4,))))


def test_after_one_look_no_pool_is_the_best(tmp_path: Path) -> None:
    text = choose.section(joined(tmp_path, Times(repetitions=1)))
    assert "- One look at each cell, without interval, so no pool is called the best\n" in text
    assert "**" not in text
    assert "next" not in text


def test_what_a_crash_costs_is_what_the_claims_came_to(tmp_path: Path) -> None:
    text = choose.section(joined(tmp_path, Times()))
    told = "- A crash costs prefork the child alone; solo, threads, eventlet and gevent the whole worker\n"
    assert told in text


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("refuted", "solo less than the worker"), ("inconclusive", "solo what could not be decided")],
)
def test_a_crash_that_costs_something_else(verdict: str, words: str, tmp_path: Path) -> None:
    run = joined(tmp_path, Times(), pools=["prefork", "solo"])
    for cell in run.runs[1].cells:
        cell["verdict"] = verdict  # type: ignore[index]
    assert f"- A crash costs prefork the child alone; {words}\n" in choose.section(run)


def test_a_crash_whose_kinds_differ_in_what_they_cost(tmp_path: Path) -> None:
    run = joined(tmp_path, Times(), pools=["prefork", "solo"])
    cells = [cell for cell in run.runs[1].cells if cell["claim"] == "crashes.crash-ends-the-worker"]
    cells[0]["verdict"] = "refuted"  # type: ignore[index]
    told = "prefork the child alone; solo the whole worker iff prefetch != 1, otherwise less"
    assert f"- A crash costs {told}\n" in choose.section(run)


def test_without_claims_about_crashes_nothing_is_said_of_them(tmp_path: Path) -> None:
    assert "crash" not in choose.section(joined(tmp_path, Times(), claims=[]))


def test_a_cell_without_a_number_is_no_choice(tmp_path: Path) -> None:
    def spoil(line: Benchmark) -> Benchmark:
        if line.cell != Cell("prefork", 2, 4):
            return line
        return replace(line, throughput=None, ceiling_share=None, reason="2 lost", unique=line.n - 2)

    assert " c4, " in choose.section(joined(tmp_path, Times(probes=["cpu-python"], spoil=spoil)))


@pytest.mark.parametrize(
    ("times", "pools", "words"),
    [
        pytest.param(Times(probes=()), ALL, "Nothing was timed:", id="no-timings"),
        pytest.param(Times(), ["solo"], "One pool alone was timed: ", id="one-pool"),
        pytest.param(Times(prefetches=(1,)), ALL, "No two pools have numbers", id="no-default-prefetch"),
    ],
)
def test_what_is_left_out_is_left_out_in_one_line(
    times: Times, pools: list[str], words: str, tmp_path: Path
) -> None:
    text = page(joined(tmp_path, times, pools=pools))
    assert "## Choose" not in text
    assert len([line for line in text.splitlines() if line.startswith(words)]) == 1
    assert ("## Timings" in text) == bool(times.probes)


def test_the_parts_come_in_the_order_of_the_reader(tmp_path: Path) -> None:
    text = page(joined(tmp_path, Times(), rule=Fixed(2)))
    order = ["## Choose", "## What holds", "## Timings", "## What each claim says"]
    assert sorted(order, key=text.index) == order


def test_the_claims_about_crashes_are_those_of_the_catalogue() -> None:
    catalogue = (Path(__file__).parent.parent / "suites" / "claims" / "crashes.toml").read_text()
    for claim in choose.COSTS:
        assert f'id = "{claim}"' in catalogue
    assert {CHILD.id, WORKER.id} == choose.COSTS.keys()
