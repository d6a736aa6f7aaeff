"""The record of a run: JSON Lines, one line an event, each on the disk before the next thing happens.

A run that is cut short keeps every finished line, and a reader knows by the missing footer that it was cut.
`results/schema.json` says what each line holds; `publish/reader.py` reads it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from probes.cells import Cell
from probes.errors import BadInput
from probes.verdict import (
    CellVerdict,
    Expectation,
    Outcome,
    Rule,
    TrialOutcome,
    excluded,
    exit_status,
    outcome,
)

if TYPE_CHECKING:
    from probes.claims import Claim, Expected

SCHEMA = 1
WHY = ("because", "instead", "since", "see")


class BrokerFacts(Protocol):
    """All that a record says of a broker; its URL, which may hold a password, is not among it."""

    @property
    def server(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def origin(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Header:
    """What has to be equal, or known, before two runs may be compared."""

    run: str
    environment: str
    tier: str
    seed: int
    versions: Mapping[str, str]
    machine: Mapping[str, str | int | float]
    rule: Rule
    claims: int
    cells: int
    partial: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """One worker lifetime put to one stimulus; `seconds` is its length, `margin` observed / limit."""

    n: int
    outcome: TrialOutcome
    witness: Mapping[str, Any]
    evidence: str
    seconds: float
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A cell's verdict and what a doubter needs: the trials, the evidence, the worker's command, the repeat.

    `evidence` is that of the first violated trial, else of the last; `reason` says why it is inconclusive.
    """

    cell: Cell
    verdict: CellVerdict
    outcomes: Sequence[TrialOutcome]
    evidence: str
    command: str
    repeat: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One timed cell: throughput in tasks a second with its median's interval, MiB, seconds, shares of 1.

    Numbers are None where the timed run did not prove itself right (`unique` differs from `n`).
    """

    probe: str
    cell: Cell
    n: int
    unique: int
    repetitions: int
    throughput: float | None
    throughput_low: float | None
    throughput_high: float | None
    p50_ms: float | None
    p99_ms: float | None
    ceiling: float
    ceiling_share: float | None
    pss_mib: float | None
    ready_s: float | None


class RecordWriter:
    """Appends to one new record and counts, so that the footer agrees with the lines above it."""

    def __init__(self, path: Path) -> None:
        """Create `path` and its folders; BadInput when that cannot be done or there is a record already."""
        self._path = path
        self._planned = self._cells = self._void = 0
        self._rule: Rule | None = None
        self._outcomes: list[Outcome | None] = []
        self._timed: list[bool] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise self._cannot("be created", error) from None

    def header(self, header: Header, broker: BrokerFacts) -> None:
        """The first line of the record."""
        facts = {**asdict(header), "rule": asdict(header.rule)}
        self._planned, self._rule = facts.pop("cells"), header.rule
        facts["planned"] = {"claims": facts.pop("claims"), "cells": self._planned}
        facts["broker"] = {"server": broker.server, "version": broker.version, "from": broker.origin}
        self._write("header", schema=SCHEMA, **facts)

    def claim(self, claim: Claim) -> None:
        """One line a claim that is put, before its trials."""
        sources = [{"document": source.document, "section": source.section} for source in claim.sources]
        self._write(
            "claim",
            id=claim.id,
            subject=claim.subject,
            says=claim.says,
            sources=sources,
            kind=claim.kind,
            pools=list(claim.pools),
            over=list(claim.over),
        )

    def trial(self, claim: str, cell: Cell, trial: Trial) -> None:
        """One line a trial, as soon as it is over; void ones too."""
        self._void += trial.outcome == "void"
        self._write("trial", claim=claim, cell=cell.id, **asdict(trial))

    def cell(self, claim: str, decided: Decided, expected: Expected) -> Outcome | None:
        """One line a cell that was run; returns its outcome, which the exit status will reflect."""
        assert self._rule is not None, "the header comes first"
        violated, void = (decided.outcomes.count(each) for each in ("violated", "void"))
        return self._decided(
            claim,
            decided.cell,
            verdict=decided.verdict,
            expected=expected.verdict,
            trials=len(decided.outcomes) - void,
            violated=violated,
            void=void,
            excluded_rate=excluded(decided.verdict, decided.outcomes, self._rule),
            reason=decided.reason,
            **_why(expected),
            evidence=decided.evidence,
            command=decided.command,
            repeat=decided.repeat,
        )

    def not_applicable(self, claim: str, cell: Cell, reason: str) -> None:
        """One line a cell that the plan names and that is not run, with the reason that the matrix gives."""
        nothing = dict.fromkeys(("excluded_rate", *WHY, "evidence", "command", "repeat"))
        counts = dict.fromkeys(("trials", "violated", "void"), 0)
        self._decided(claim, cell, verdict="n/a", expected="n/a", reason=reason, **counts, **nothing)

    def _decided(
        self, claim: str, cell: Cell, *, verdict: CellVerdict, expected: Expectation, **facts: Any
    ) -> Outcome | None:
        result = outcome(verdict, expected)
        judged = {"verdict": verdict, "expected": expected, "outcome": result}
        self._write("cell", claim=claim, cell=cell.id, axes=cell.axes(), **judged, **facts)
        self._cells += 1
        self._outcomes.append(result)
        return result

    def benchmark(self, benchmark: Benchmark) -> None:
        """One line a timed cell."""
        self._timed.append(benchmark.throughput is not None)
        facts = asdict(benchmark) | {"cell": benchmark.cell.id, "axes": benchmark.cell.axes()}
        self._write("benchmark", **facts)

    def footer(self, seconds: float, fault: bool = False) -> int:
        """The last line; returns the exit status of the run, which is the one that the line states."""
        missing = max(0, self._planned - self._cells)
        fault = fault or self._cells > self._planned
        status = exit_status(self._outcomes, missing, fault, self._timed)
        self._write(
            "footer",
            cells=self._cells,
            missing=missing,
            void=self._void,
            exit=status,
            seconds=round(seconds, 1),
        )
        os.close(self._fd)
        return status

    def _write(self, record: str, **facts: Any) -> None:
        text = json.dumps(
            {"record": record, **facts}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
        # A path that is no UTF-8 comes as lone surrogates, for which this is JSON's own escape as well.
        line = text.encode("utf-8", "backslashreplace") + b"\n"
        before = os.fstat(self._fd).st_size
        try:
            while line:
                line = line[os.write(self._fd, line) :]
        except OSError as error:
            os.ftruncate(self._fd, before)  # half a line would spoil the whole ones
            raise self._cannot("be written", error) from None

    def _cannot(self, what: str, error: OSError) -> BadInput:
        mend = "the lines written so far are kept; make room, or give another folder, and run again"
        if isinstance(error, FileExistsError):
            mend = "a record is never written twice; give another folder"
        return BadInput(f"{self._path}: cannot {what}: {error.strerror}; {mend}")


def _why(expected: Expected) -> dict[str, str | None]:
    """What is known of a refuted claim, beside each cell of it."""
    return {key: getattr(expected, key) if expected.verdict == "refuted" else None for key in WHY}
