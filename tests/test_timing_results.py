"""The timings of a run in its record: one line for each probe and cell, and no number without a proof."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import jsonschema
import pytest

from poolproof.model.cells import Cell
from poolproof.model.header import BrokerLine, Header, PlannedCounts, RuleLine
from poolproof.model.record import Benchmark
from poolproof.model.verdict import Fixed
from poolproof.run.writer import RecordWriter
from poolproof.timing.plan import Slot
from poolproof.timing.results import BenchmarkResults
from poolproof.timing.sample import FIGURES
from tests.records import MACHINE, Facts, lines
from tests.test_timing import SAMPLE

CELL = Cell("prefork", 4, 1)
SLOTS = [Slot("io-sleep", CELL, repetition) for repetition in range(1, 6)]
NUMBERS = (*FIGURES, "intervals", "coverage", "delay_s", "noop_rate")


class Book:
    """The results of five repetitions of one cell, and the lines that it has written."""

    def __init__(self) -> None:
        self.lines: list[Benchmark] = []
        again = './toxw -e prefork-redis -- -k "{probe} and {cell}"'
        self.results = BenchmarkResults(SLOTS, 2, again, self.lines.append)

    def keep(self, *rates: float) -> None:
        waiting = replace(SAMPLE, delay_s=0.01, noop_rate=800.123)
        for slot, rate in zip(SLOTS, rates, strict=False):
            self.results.keep(slot, replace(waiting, throughput=rate), "celery")


def test_the_line_comes_at_the_last_repetition() -> None:
    book = Book()
    book.keep(1, 2, 3, 4)
    before = len(book.lines)
    book.results.keep(SLOTS[4], SAMPLE, "celery")
    assert (before, len(book.lines)) == (0, 1)


def test_the_line_has_medians_with_intervals() -> None:
    book = Book()
    book.keep(40, 60, 50, 90, 10)
    (line,) = book.lines
    assert (line.throughput, line.repetitions, line.planned) == (50, 5, 5)
    assert line.intervals
    assert line.intervals["throughput"] == (10.0, 90.0)
    assert line.intervals.keys() == set(FIGURES)
    assert (line.coverage, line.delay_s, line.noop_rate) == (0.9375, 0.01, 800.1)
    assert line.reason is None


def test_the_line_says_how_to_time_it_again() -> None:
    book = Book()
    book.keep(1, 2, 3, 4, 5)
    assert book.lines[0].repeat == './toxw -e prefork-redis -- -k "test_io_sleep and prefork-c4-p1"'
    assert book.lines[0].command == "celery"


@pytest.mark.parametrize("refused", range(5))
def test_one_repetition_without_proof_leaves_no_number(refused: int) -> None:
    book = Book()
    for n, slot in enumerate(SLOTS):
        if n == refused:
            book.results.refuse(slot, "no number: m7 lost", 100, 99, "celery")
        else:
            book.results.keep(slot, SAMPLE, "celery")
    (line,) = book.lines
    assert line.reason == f"repetition {refused + 1}: no number: m7 lost"
    assert (line.n, line.unique, line.repetitions) == (100, 99, 5)
    assert {asdict(line)[number] for number in NUMBERS} == {None}


def test_a_cut_run_keeps_what_was_timed_and_does_not_look_complete(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path / "record.jsonl")
    header = Header(
        run="r",
        environment="prefork-redis",
        tier="nightly",
        seed=1,
        versions={},
        broker=BrokerLine.of(Facts()),
        machine=MACHINE,
        rule=RuleLine.of(Fixed(1)),
        planned=PlannedCounts(claims=0, cells=0, benchmarks=1),
        partial=False,
    )
    writer.header(header)
    book = Book()
    book.keep(40, 60, 50)
    book.results.close()
    (line,) = book.lines
    assert (line.throughput, line.repetitions, line.planned, line.coverage) == (50, 3, 5, 0.75)
    writer.benchmark(line)
    assert writer.footer(1.0) == 1
    assert lines(tmp_path / "record.jsonl")[-1]["missing"] == 1


def test_what_was_never_begun_has_no_line() -> None:
    book = Book()
    book.results.close()
    assert not book.lines


def test_a_line_is_written_once() -> None:
    book = Book()
    book.keep(1, 2, 3, 4, 5)
    book.results.close()
    assert len(book.lines) == 1


def test_the_line_fits_the_schema_with_numbers_and_without(tmp_path: Path) -> None:
    schema = json.loads((Path(__file__).parent.parent / "results" / "schema.json").read_text())
    path = tmp_path / "record.jsonl"
    writer, timed, refused = RecordWriter(path), Book(), Book()
    timed.keep(1, 2, 3, 4, 5)
    for slot in SLOTS:
        refused.results.refuse(slot, "the worker did not become ready", 0, 0, "")
    for line in (*timed.lines, *refused.lines):
        writer.benchmark(line)
    for written in lines(path):
        jsonschema.validate(written, schema)
    assert Counter(line["throughput"] is None for line in lines(path)) == {True: 1, False: 1}
