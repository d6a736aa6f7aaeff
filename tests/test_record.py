"""The record: every line fits the schema and is on the disk at once, and no line has a password."""

from __future__ import annotations

import json
import os
import resource
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poolproof.catalogue.claims import HOLDS, Expected
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput
from poolproof.model.header import BrokerLine, Header, PlannedCounts, RuleLine
from poolproof.model.record import Decided, Trial
from poolproof.model.sequential import Sequential
from poolproof.model.verdict import Fixed
from poolproof.run.writer import RecordWriter
from tests.records import DOCUMENTS, MACHINE, ONCE, STARVES, Draft, Facts, benchmark, lines

SCHEMA = json.loads((Path(__file__).parent.parent / "results" / "schema.json").read_text())
CELL = Cell("prefork", 1, 4)
WALD = Sequential(p0=0.01, p1=0.5, alpha=0.05, beta=0.05)


def header(cells: int = 1) -> Header:
    return Header(
        run="2026-11-21T02:00:00Z-prefork-redis",
        environment="prefork-redis",
        tier="smoke",
        seed=421337,
        versions={"python": "3.13.1", "celery": "5.7.0", "kombu": "5.7.0"},
        broker=BrokerLine.of(Facts()),
        machine=MACHINE,
        rule=RuleLine.of(Fixed(1)),
        planned=PlannedCounts(claims=1, cells=cells, benchmarks=0),
        partial=False,
    )


def decided(letters: str = "s", **more: str) -> Decided:
    outcomes = [{"s": "satisfied", "v": "violated", "0": "void"}[letter] for letter in letters]
    verdict = "refuted" if "v" in letters else "holds" if "s" in letters else "inconclusive"
    words = {"evidence": "seen", "command": "celery worker", "repeat": "tox", **more}
    return Decided(cell=CELL, verdict=verdict, outcomes=outcomes, **words)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "record.jsonl"


@pytest.fixture
def writer(path: Path) -> RecordWriter:
    writer = RecordWriter(path)
    writer.header(header())
    writer.claim(ONCE)
    return writer


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("pool", ["prefork", "solo", "gevent"])
@pytest.mark.parametrize("rule", [Fixed(1), WALD], ids=["smoke", "nightly"])
def test_every_line_fits_the_schema(tmp_path: Path, pool: str, rule: Fixed | Sequential) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    written = lines(Draft(pool, rule=rule, documents=DOCUMENTS).write(tmp_path))
    assert set(Counter(line["record"] for line in written)) == set(SCHEMA["$defs"]) & {
        "header",
        "document",
        "claim",
        "trial",
        "cell",
        "benchmark",
        "footer",
    }
    for line in written:
        validator.validate(line)


def test_void_inconclusive_and_inapplicable_lines_fit_the_schema(path: Path, writer: RecordWriter) -> None:
    writer.trial(ONCE.id, CELL, Trial(1, "void", {}, "no broker", 10.0, margin=1.2))
    writer.cell(ONCE.id, decided("000", reason="no broker"), HOLDS)
    left_out = Decided(cell=Cell("solo", 4, 4), verdict="n/a", reason="solo has no concurrency")
    writer.cell(ONCE.id, left_out, Expected("n/a", because="solo has no concurrency"))
    writer.benchmark(benchmark(CELL, throughput=None))
    writer.footer(1.0)
    for line in lines(path):
        jsonschema.validate(line, SCHEMA)


def test_documents_stand_behind_the_header_with_every_section(tmp_path: Path) -> None:
    _, first, second, *_ = lines(Draft(documents=DOCUMENTS).write(tmp_path))
    assert (first["record"], first["id"], first["title"]) == ("document", "000", "Pools | compared")
    assert second["sections"] == [
        {"name": "1. Advice", "untestable": "advice", "left_out": []},
        {"name": "2. Speed", "untestable": None, "left_out": []},
        {
            "name": "3. Ease",
            "untestable": None,
            "left_out": [{"sentence": "prefork is easy to use", "reason": "taste"}],
        },
    ]


def test_each_line_is_on_the_disk_before_the_call_returns(path: Path, writer: RecordWriter) -> None:
    for n in range(1, 4):
        writer.trial(ONCE.id, CELL, Trial(n, "satisfied", {"n": 1}, "seen", 0.5))
        assert [line["n"] for line in lines(path) if line["record"] == "trial"] == list(range(1, n + 1))


def test_a_broker_url_with_a_password_never_gets_in(tmp_path: Path) -> None:
    content = Draft().write(tmp_path).read_text()
    assert "s3cret" in Facts().url
    assert "s3cret" not in content
    assert "redis://" not in content


def test_the_cell_line_counts_its_trials_and_says_what_is_true_instead(
    path: Path, writer: RecordWriter
) -> None:
    assert writer.cell(ONCE.id, decided("0v"), STARVES) == "document wrong"
    cell = lines(path)[-1]
    assert (cell["trials"], cell["violated"], cell["void"]) == (1, 1, 1)
    assert cell["axes"] == {"pool": "prefork", "concurrency": 1, "prefetch": 4}
    assert cell["instead"] == STARVES.instead
    assert cell["excluded_rate"] is None


def test_a_cell_that_holds_says_what_it_excludes_and_explains_nothing(
    path: Path, writer: RecordWriter
) -> None:
    writer.cell(ONCE.id, decided("s"), HOLDS)
    cell = lines(path)[-1]
    assert cell["excluded_rate"] == pytest.approx(0.95)
    assert cell["because"] is cell["instead"] is cell["reason"] is None


@pytest.mark.parametrize(
    ("expected", "letters", "status"),
    [(HOLDS, "s", 0), (STARVES, "v", 0), (HOLDS, "v", 1), (STARVES, "s", 1), (HOLDS, "000", 1)],
    ids=["as-documented", "document-wrong", "regression", "stale", "undecided"],
)
def test_footer_and_exit_status_agree(
    path: Path, writer: RecordWriter, expected: Expected, letters: str, status: int
) -> None:
    writer.cell(ONCE.id, decided(letters, reason="?"), expected)
    assert writer.footer(1.26) == status
    footer = lines(path)[-1]
    assert footer == {"record": "footer", "cells": 1, "missing": 0, "void": 0, "exit": status, "seconds": 1.3}


def test_a_planned_cell_that_is_not_written_is_missing(path: Path, writer: RecordWriter) -> None:
    assert writer.footer(1.0) == 1
    assert lines(path)[-1]["missing"] == 1


def test_a_fault_of_the_instrument_is_in_the_footer(path: Path, writer: RecordWriter) -> None:
    writer.cell(ONCE.id, decided(), HOLDS)
    assert writer.footer(1.0, failed=True) == lines(path)[-1]["exit"] == 2


def test_more_cells_than_planned_are_a_fault_of_the_instrument(path: Path, writer: RecordWriter) -> None:
    writer.cell(ONCE.id, decided(), HOLDS)
    writer.cell(ONCE.id, decided(), HOLDS)
    assert writer.footer(1.0) == 2


def test_a_timed_cell_that_did_not_prove_itself_right_fails_the_run(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path / "record.jsonl")
    writer.header(header(cells=0))
    writer.benchmark(benchmark(CELL))
    writer.benchmark(benchmark(Cell("prefork", 2, 4), throughput=None))
    assert writer.footer(1.0) == 1


@given(evidence=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_evidence_comes_back_as_it_was(path: Path, evidence: str) -> None:
    path.unlink(missing_ok=True)
    RecordWriter(path).trial(ONCE.id, CELL, Trial(1, "satisfied", {"n": 1}, evidence, 0.5))
    (line,) = path.read_bytes().splitlines()
    assert json.loads(line)["evidence"] == evidence


def test_a_path_that_is_no_utf_8_comes_back_as_it_was(path: Path) -> None:
    evidence = os.fsdecode(b"/caf\xe9")
    RecordWriter(path).trial(ONCE.id, CELL, Trial(1, "satisfied", {"n": 1}, evidence, 0.5))
    assert json.loads(path.read_bytes())["evidence"] == evidence


def test_a_record_is_never_written_over(path: Path, writer: RecordWriter) -> None:
    with pytest.raises(
        BadInput, match=r"record\.jsonl: cannot be created: File exists; .* give another folder"
    ):
        RecordWriter(path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(BadInput, match=r"record\.jsonl: cannot be created: ") as caught:
        RecordWriter(tmp_path / "run" / "record.jsonl")
    assert "\n" not in str(caught.value)


@pytest.fixture
def little_room() -> Iterator[None]:
    """Files of this process may not grow beyond 2,000 bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.usefixtures("little_room")
def test_a_full_disk_is_one_line_and_spoils_no_finished_one(path: Path, writer: RecordWriter) -> None:
    def write_on() -> None:
        for n in range(1, 100):
            writer.trial(ONCE.id, CELL, Trial(n, "satisfied", {"n": 1}, "seen " * 20, 0.5))

    with pytest.raises(BadInput, match=r"record\.jsonl: cannot be written: .* free some space") as caught:
        write_on()
    assert "\n" not in str(caught.value)
    kept = lines(path)
    assert path.read_bytes().endswith(b"}\n")
    assert [line["n"] for line in kept if line["record"] == "trial"] == list(range(1, len(kept) - 1))
