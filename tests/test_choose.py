"""The choice compares pools at equal concurrency, and gives an order only where intervals do not overlap."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from poolproof.model.cells import Cell
from poolproof.model.record import Benchmark
from poolproof.model.verdict import Fixed
from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.say import choose
from poolproof.report.say.page import page
from tests.markdown import shown
from tests.records import ALL
from tests.timings import Times, runs

SCREEN = (45, 100)
BOTH = ["prefork", "threads"]


def joined(folder: Path, times: Times, **rest: Any) -> Joined:
    return join([read(path) for path in runs(folder, times, **rest)])


def given_shares(shares: dict[str, tuple[float, float, float]]) -> Times:
    """Timings of one probe in these cells, whose share of the ceiling and its interval are these."""

    def spoil(line: Benchmark) -> Benchmark:
        low, median, high = shares[line.cell.id]
        return replace(line, ceiling_share=median, intervals={"ceiling_share": (low, high)})

    return Times(prefetches=(4,), probes=["cpu-python"], spoil=spoil, cells=frozenset(shares))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_it_fits_a_screen(tmp_path: Path) -> None:
    for number, times in enumerate((Times(), Times(repetitions=1, prefetches=(4,)))):
        lines = shown(choose.section(joined(tmp_path / str(number), times))).splitlines()
        assert len(lines) <= SCREEN[0]
        assert max(map(len, lines)) <= SCREEN[1]


def test_each_workload_has_a_row_for_each_concurrency_that_two_pools_have(tmp_path: Path) -> None:
    text = shown(choose.section(joined(tmp_path, Times())))
    assert "- CPU-bound, pure Python: **prefork** at -c 2 and 4" in text
    freed = "releases the GIL (hashing, NumPy): **threads** at -c 10 and 100; no order at -c 1, 2 and 4"
    assert freed in flat(text)
    for probe in ("cpu-python", "io-sleep"):
        rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith(f"| `{probe}` ")]
        assert rows == [f"`{probe}` -c {concurrency}" for concurrency in (1, 2, 4, 10, 100)]
    assert "% 10 ms |" in text


def test_pools_are_compared_at_equal_concurrency_alone(tmp_path: Path) -> None:
    """gevent at -c 100 runs far more at once than threads at -c 4; that is no difference of the pools."""
    cells = frozenset({"gevent-c100-p4", "threads-c4-p4"})
    times = Times(prefetches=(4,), cells=cells)
    assert [*choose.section(joined(tmp_path, times, pools=["threads", "gevent"]))] == []


def test_a_pool_is_ahead_if_no_interval_reaches_its_own(tmp_path: Path) -> None:
    shares = {"prefork-c2-p4": (0.94, 0.95, 0.96), "threads-c2-p4": (0.91, 0.92, 0.93)}
    text = shown(choose.section(joined(tmp_path, given_shares(shares), pools=BOTH)))
    assert "pure Python: **prefork** at -c 2\n" in text


def test_intervals_that_touch_tell_nothing_apart(tmp_path: Path) -> None:
    shares = {"prefork-c2-p4": (0.93, 0.95, 0.96), "threads-c2-p4": (0.91, 0.92, 0.93)}
    text = shown(choose.section(joined(tmp_path, given_shares(shares), pools=BOTH)))
    assert "pure Python: no order at -c 2\n" in text
    assert "**" not in text


def test_of_the_pools_behind_no_order_is_given(tmp_path: Path) -> None:
    shares = {
        "prefork-c1-p4": (0.48, 0.49, 0.50),
        "solo-c1-p4": (0.31, 0.32, 0.33),
        "threads-c1-p4": (0.21, 0.22, 0.23),
    }
    text = shown(choose.section(joined(tmp_path, given_shares(shares), pools=["prefork", "solo", "threads"])))
    assert "pure Python: **prefork** at -c 1\n" in text


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        pytest.param(
            (0.2, 0.1),
            "- IO-bound, a timer: no order at -c 10 -",
            id="the-faster-waited-longer",
        ),
        pytest.param((0.1, 0.2), "- IO-bound, a timer: **gevent** at -c 10 -", id="and-shorter"),
    ],
)
def test_a_longer_wait_puts_no_pool_ahead(waits: tuple[float, float], told: str, tmp_path: Path) -> None:
    shares = {"gevent-c10-p4": (0.82, 0.83, 0.84), "eventlet-c10-p4": (0.76, 0.77, 0.78)}
    delays = dict(zip(shares, waits, strict=True))

    def spoil(line: Benchmark) -> Benchmark:
        low, median, high = shares[line.cell.id]
        delay = delays[line.cell.id]
        within = {"ceiling_share": (low, high), "noop_rate": (700.0, 800.0)}
        return replace(line, ceiling_share=median, intervals=within, delay_s=delay, ceiling=10 / delay)

    times = Times(prefetches=(4,), probes=["io-sleep"], spoil=spoil, cells=frozenset(shares))
    assert told in flat(shown(choose.section(joined(tmp_path, times, pools=["eventlet", "gevent"]))))


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        (
            {"solo": (500, 540), "threads": (530, 610)},
            "no order at -c 1",
        ),
        ({"solo": (500, 540), "threads": (550, 610)}, "**threads** at -c 1"),
    ],
)
def test_what_a_task_costs_is_an_order_only_where_the_intervals_part(
    rates: dict[str, tuple[float, float]], told: str, tmp_path: Path
) -> None:
    def spoil(line: Benchmark) -> Benchmark:
        low, high = rates[line.cell.pool]
        within = {**(line.intervals or {}), "noop_rate": (low, high)}
        return replace(line, noop_rate=(low + high) / 2, intervals=within)

    text = shown(
        choose.section(joined(tmp_path, Times(probes=["io-sleep"], spoil=spoil), pools=["solo", "threads"]))
    )
    assert f"- Tasks that do nothing: {told}\n" in text
    low, high = rates["solo"]
    assert f" {2000 / (low + high):.2f} ms |" in text


def test_what_the_prefetch_multiplier_does_is_said_with_the_cells_that_it_ruins(tmp_path: Path) -> None:
    def spoil(line: Benchmark) -> Benchmark:
        factor = {("gevent", 1, 1): 0.01, ("gevent", 10, 0): 1.2}.get(
            (line.cell.pool, line.cell.concurrency, line.cell.prefetch), 1
        )
        return replace(line, ceiling_share=0.5 * factor, intervals={"ceiling_share": (0.5 * factor,) * 2})

    times = Times(probes=["io-sleep"], spoil=spoil)
    text = flat(shown(choose.section(joined(tmp_path, times, pools=["solo", "gevent"]))))
    told = (
        "Prefetch 1 and no limit: no difference from 4 in 6 of 8 cells; in 1 the throughput is 1.20–1.20× "
        "that of 4; with 1, at most 0.01× in gevent -c 1"
    )
    assert f"- {told} |" in text


def test_one_multiplier_alone_says_nothing_of_prefetch(tmp_path: Path) -> None:
    assert "Prefetch" not in shown(choose.section(joined(tmp_path, Times(prefetches=(4,)))))


def few(line: Benchmark) -> Benchmark:
    return replace(line, n=19, unique=19)


@pytest.mark.parametrize(
    "times", [Times(repetitions=1), Times(repetitions=4), Times(spoil=few)], ids=["one", "four", "few-tasks"]
)
def test_after_too_few_looks_there_is_no_order(times: Times, tmp_path: Path) -> None:
    text = shown(choose.section(joined(tmp_path, times)))
    told = "- Each cell was timed too few times to order the pools\n"
    assert told in text
    assert not [word for word in ("**", "others", "Prefetch", "do nothing:") if word in text]


def test_a_cell_without_a_number_is_no_choice(tmp_path: Path) -> None:
    def spoil(line: Benchmark) -> Benchmark:
        if line.cell != Cell("prefork", 2, 4):
            return line
        return replace(line, throughput=None, ceiling_share=None, reason="2 lost", unique=line.n - 2)

    text = shown(choose.section(joined(tmp_path, Times(probes=["cpu-python"], spoil=spoil))))
    assert "| `cpu-python` -c 2 " not in text
    assert "| `cpu-python` -c 4 " in text


@pytest.mark.parametrize(
    ("times", "pools", "words"),
    [
        pytest.param(Times(probes=()), ALL, "Nothing was timed, ", id="no-timings"),
        pytest.param(Times(), ["solo"], "Only one pool was timed, ", id="one-pool"),
        pytest.param(Times(prefetches=(1,)), ALL, "No two pools have numbers", id="no-default-prefetch"),
    ],
)
def test_what_is_left_out_is_left_out_in_one_line(
    times: Times, pools: list[str], words: str, tmp_path: Path
) -> None:
    text = shown(page(joined(tmp_path, times, pools=pools)))
    assert "## Choose" not in text
    assert len([line for line in text.splitlines() if line.startswith(words)]) == 1
    assert ("## Timings" in text) == bool(times.probes)


def test_the_parts_come_in_the_order_of_the_reader(tmp_path: Path) -> None:
    text = shown(page(joined(tmp_path, Times(), rule=Fixed(2))))
    order = ["## Choose", "## What holds", "## Timings", "## What each claim says"]
    assert sorted(order, key=text.index) == order
