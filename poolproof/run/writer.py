"""The record of a run: JSON Lines, one line an event, each written to the disk before the next event.

A run that is cut short keeps every finished line, and a reader sees by the missing footer that it was cut.
`results/schema.json` says what each line holds; `poolproof/report/read/reader.py` reads it.
"""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from msgspec import convert, to_builtins

from poolproof.catalogue.claims import HOLDS, Claim, Expected
from poolproof.catalogue.documents import Document
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput
from poolproof.model.header import Header
from poolproof.model.record import (
    KINDS,
    Benchmark,
    BenchmarkLine,
    CellLine,
    ClaimLine,
    Decided,
    DocumentLine,
    Footer,
    Found,
    Line,
    Measured,
    Trial,
    TrialLine,
)
from poolproof.model.verdict import (
    DecisionRule,
    Kind,
    Outcome,
    excluded,
    exit_status,
    outcome,
)

KNOWN = {each.name for each in fields(CellLine)} & {*Expected.__struct_fields__} - {"verdict"}
"""The fields that a rule of the catalogue and the line of a cell have in common."""


class RecordWriter:
    """Appends to one new record and counts, so that the footer agrees with the lines above it."""

    def __init__(self, path: Path) -> None:
        """Create `path` and its folders; BadInput when that fails or a record already exists."""
        self._path = path
        self._planned = self._cells = self._void = 0
        self._benchmarks = self._complete = 0
        self._rule: DecisionRule | None = None
        self._outcomes: list[Outcome | None] = []
        self._kinds: dict[str, Kind] = {}
        self._timed: list[bool] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            again = "a record is never written twice; " if isinstance(error, FileExistsError) else ""
            raise self._cannot("be created", error, again + "give another folder with --results") from None

    def header(self, header: Header) -> None:
        """The first line of the record."""
        self._planned, self._benchmarks = header.planned.cells, header.planned.benchmarks
        self._rule = header.rule.rule()
        self._write(header)

    def document(self, document: Document) -> None:
        """One line for each judged document, so that a reader also learns what no claim tests."""
        self._write(convert(document, DocumentLine, from_attributes=True))

    def claim(self, claim: Claim) -> None:
        """One line for each tested claim, before its trials."""
        self._kinds[claim.id] = claim.kind
        self._write(convert(claim, ClaimLine, from_attributes=True))

    def trial(self, claim: str, cell: Cell, trial: Trial) -> None:
        """One line for each trial, as soon as it is over; also for void ones."""
        self._void += trial.outcome == "void"
        self._write(TrialLine(**_fields(Trial, trial), claim=claim, cell=cell.id))

    def cell(self, claim: str, decided: Decided, expected: Expected) -> Outcome | None:
        """One line for each planned cell, also n/a; returns the outcome, which determines the exit status."""
        assert self._rule is not None, "the header comes first"
        result = outcome(decided.verdict, expected.verdict)
        violated, void = (decided.outcomes.count(each) for each in ("violated", "void"))
        line = CellLine(
            claim=claim,
            cell=decided.cell.id,
            axes=decided.cell.axes(),
            expected=expected.verdict,
            outcome=result,
            trials=len(decided.outcomes) - void,
            violated=violated,
            void=void,
            excluded_rate=excluded(self._kinds[claim], decided.verdict, decided.outcomes, self._rule),
            **_fields(Found, decided),
            **_known(expected),
        )
        self._write(line)
        self._cells += 1
        self._outcomes.append(result)
        return result

    def benchmark(self, benchmark: Benchmark) -> None:
        """One line for each timed cell; with fewer repetitions than planned it counts as missing."""
        self._complete += benchmark.repetitions == benchmark.planned
        self._timed.append(benchmark.throughput is not None)
        cell = benchmark.cell
        self._write(BenchmarkLine(**_fields(Measured, benchmark), cell=cell.id, axes=cell.axes()))

    def footer(self, seconds: float, failed: bool = False) -> int:
        """The last line; returns the exit status of the run, which the line contains."""
        missing = max(0, self._planned - self._cells) + max(0, self._benchmarks - self._complete)
        failed = failed or self._cells > self._planned
        status = exit_status(self._outcomes, missing, failed, self._timed)
        self._write(Footer(self._cells, missing, self._void, status, round(seconds, 1)))
        os.close(self._fd)
        return status

    def _write(self, line: Line) -> None:
        facts = {"record": KINDS[type(line)], **to_builtins(line)}
        text = json.dumps(facts, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        # A path that is not UTF-8 has lone surrogates; for these, this is also JSON's own escape.
        rest = text.encode("utf-8", "backslashreplace") + b"\n"
        before = os.fstat(self._fd).st_size
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as error:
            os.ftruncate(self._fd, before)  # half a line would spoil the whole lines
            kept = "the lines written so far are kept; free some space, and run again"
            raise self._cannot("be written", error, kept) from None

    def _cannot(self, what: str, error: OSError, mend: str) -> BadInput:
        return BadInput(f"{self._path}: cannot {what}: {error.strerror}; {mend}")


def _fields(kind: type[Trial | Found | Measured], value: Trial | Decided | Benchmark) -> dict[str, Any]:
    """The fields that a value of the run and its line have in common: those of their base class."""
    return {each.name: getattr(value, each.name) for each in fields(kind)}


def _known(expected: Expected) -> dict[str, Any]:
    """What the catalogue knows about a cell in addition to its verdict, if that is refuted or not seen."""
    source = expected if expected.verdict in ("refuted", "not seen") else HOLDS
    known = {name: getattr(source, name) for name in KNOWN}
    return {name: None if value == "" else value for name, value in known.items()}
