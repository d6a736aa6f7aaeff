"""The tables of timings: shares before rates, each with its interval, and no number that was not proved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from poolproof.model.cells import Cell
from poolproof.model.numbers import LEAST_FOR_P99
from poolproof.model.record import Benchmark
from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.say import timings
from poolproof.report.say.figures import Figure, rate, share, short, span
from poolproof.report.say.page import page
from poolproof.report.say.timed import WORKLOADS, known, timed
from poolproof.timing.plan import PROBES
from poolproof.timing.stats import percentile
from tests.markdown import shown
from tests.records import CONCURRENCIES, Line, rewrite
from tests.timings import Times, runs

CELL = Cell("prefork", 2, 4)


def joined(folder: Path, times: Times, **rest: Any) -> Joined:
    return join([read(path) for path in runs(folder, times, **rest)])


@pytest.fixture
def one(tmp_path: Path) -> Joined:
    return joined(tmp_path, Times(), pools=["prefork"])


def row(text: str, cell: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {cell} "))
    return [column.strip() for column in line.split("|")[1:-1]]


def test_every_probe_has_a_table_in_the_order_of_the_plan(one: Joined) -> None:
    text = shown(timings.section(one))
    heads = [line for line in text.splitlines() if line.startswith("### ")]
    assert heads == [f"### {WORKLOADS[probe]}: `{probe}`" for probe in PROBES]


def test_a_row_has_share_and_rate_with_intervals_and_what_they_cost(one: Joined) -> None:
    line = next(line for line in one.benchmarks if line.cell == CELL.id and line.probe == "cpu-python")
    assert line.intervals
    (low, high), n = line.intervals["throughput"], line.n
    assert row(shown(timings.section(one)), CELL.id) == [
        CELL.id,
        "96% (95–98)",
        f"{line.throughput:.0f} ({low:.0f}–{high:.0f})",
        f"{line.p50_ms:.1f}",
        f"p99 {line.p99_ms:.1f}",
        f"{line.pss_mib:.0f}",
        f"{line.ready_s:.1f} s",
        f"5×{n}",
        "-",
    ]


def test_rows_go_by_pool_concurrency_and_prefetch_no_limit_last(tmp_path: Path) -> None:
    text = shown(timings.section(joined(tmp_path, Times(probes=["io-sleep"]), pools=["solo", "prefork"])))
    cells = [line.split()[1] for line in text.splitlines() if line.startswith(("| prefork", "| solo"))]
    assert cells == [
        f"{pool}-c{concurrency}-p{prefetch}"
        for pool in ("prefork", "solo")
        for concurrency in CONCURRENCIES[pool]
        for prefetch in (1, 4, 0)
    ]


def test_it_says_how_to_read_it_in_front(one: Joined) -> None:
    text = " ".join(shown(timings.section(one)).split())
    assert "Medians over 5 fresh workers per cell" in text
    assert "with 94% probability" in text
    assert "Read the direction of a difference, not the rates" in text


def test_one_look_is_said_to_be_one_and_has_no_interval(tmp_path: Path) -> None:
    text = shown(timings.section(joined(tmp_path, Times(repetitions=1), pools=["prefork"])))
    assert "Each cell was timed once" in text
    assert row(text, CELL.id)[1] == "96%"
    assert "–" not in text


def test_what_was_not_proved_has_no_number_and_a_reason(tmp_path: Path) -> None:
    def spoil(line: Benchmark) -> Benchmark:
        if line.cell != CELL:
            return line
        return replace(line, throughput=None, ceiling_share=None, unique=line.n - 1, reason="m7 | lost")

    text = shown(timings.section(joined(tmp_path, Times(spoil=spoil), pools=["prefork"])))
    assert row(text, CELL.id)[1:3] == ["no number", "·"]
    assert f"- `{CELL.id}`: m7 | lost\n" in text


@pytest.mark.parametrize(
    ("n", "tail"), [(99, "max 151"), (100, "p99 141")], ids=["too-few-for-p99", "just-enough"]
)
def test_of_too_few_tasks_there_is_no_percentile(n: int, tail: str, tmp_path: Path) -> None:
    def spoil(line: Benchmark) -> Benchmark:
        return replace(line, n=n, unique=n, p99_ms=141.0 if n >= LEAST_FOR_P99 else None, slowest_ms=151.0)

    assert (
        row(shown(timings.section(joined(tmp_path, Times(spoil=spoil), pools=["prefork"]))), CELL.id)[4]
        == tail
    )


def test_the_p99_of_an_earlier_record_is_called_what_it_is(tmp_path: Path) -> None:
    def earlier(lines: list[Line]) -> None:
        for line in lines:
            if line["record"] == "benchmark":
                line.update(n=36, unique=36, p99_ms=152.0)
                del line["slowest_ms"]

    path = rewrite(runs(tmp_path, Times(), pools=["prefork"])[0], earlier)
    assert row(shown(timings.section(join([read(path)]))), CELL.id)[4] == "max 152"


def test_a_99th_percentile_is_not_the_slowest() -> None:
    assert percentile(range(LEAST_FOR_P99), 0.99) < LEAST_FOR_P99 - 1
    assert percentile(range(LEAST_FOR_P99 - 1), 0.99) == LEAST_FOR_P99 - 2


def test_repetitions_that_differ_are_counted_as_they_are(tmp_path: Path) -> None:
    def cut(lines: list[Line]) -> None:
        next(line for line in lines if line["record"] == "benchmark")["repetitions"] = 2

    path = rewrite(runs(tmp_path, Times(), pools=["prefork"])[0], cut)
    text = shown(page(join([read(path, unfinished=True)])))
    assert "Medians over 2 to 5 fresh workers per cell" in text
    assert "36 cells, each 2 to 5 times" in text
    assert "**Unfinished:** 1 of 45 planned cells are missing" in text


def test_the_plot_stands_where_it_is_said_to_lie(one: Joined) -> None:
    assert "](<my plots/t.svg>)\n" in shown(timings.section(one, "my plots/t.svg"))
    assert "![" not in shown(timings.section(one))


def test_a_probe_that_nobody_described_comes_last_under_its_own_name(tmp_path: Path) -> None:
    text = shown(timings.section(joined(tmp_path, Times(probes=["zipping", "io-sleep"]), pools=["solo"])))
    assert text.index("`io-sleep`") < text.index("### zipping: `zipping`")


def test_gain_is_throughput_over_one_bare_call_at_a_time(one: Joined) -> None:
    for probe, slots in (("cpu-python", 2), ("io-sleep", 4)):
        cell = timed(one, probe)[-1]
        assert cell.at_most == pytest.approx(slots)
        throughput, ceiling = known(cell.line.throughput), known(cell.line.ceiling)
        assert cell.gain.value == pytest.approx(throughput * cell.at_most / ceiling, rel=1e-6)


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (short(0.974), "0.97"),
        (short(9.996), "10.0"),
        (short(81.23), "81.2"),
        (short(1240.4), "1240"),
        (short(0), "0"),
        (share(Figure(0.812)), "81%"),
        (share(Figure(0.812, (0.788, 0.834))), "81% (79–83)"),
        (rate(Figure(99.31, (97.9, 101.26))), "99.3 (97.9–101.3)"),
        (rate(Figure(812.4)), "812"),
        (span([Figure(1.9, (1.85, 1.92)), Figure(1.8, (1.7, 1.9))]), "1.70–1.92"),
        (span([Figure(81.2)]), "81.2–81.2"),
    ],
)
def test_figures_are_short(shown: str, text: str) -> None:
    assert shown == text


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        pytest.param(Figure(1, (1, 2)), Figure(3, (3, 4)), True, id="below"),
        pytest.param(Figure(3, (3, 4)), Figure(1, (1, 2)), True, id="above"),
        pytest.param(Figure(1, (1, 2)), Figure(2, (2, 3)), False, id="touching"),
        pytest.param(Figure(1, (0, 9)), Figure(2, (2, 3)), False, id="around"),
        pytest.param(Figure(1), Figure(2), True, id="points"),
    ],
)
def test_apart(one: Figure, other: Figure, apart: bool) -> None:
    assert one.apart(other) is apart
