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
    Kind,
    Outcome,
    Rule,
    TrialOutcome,
    excluded,
    exit_status,
    outcome,
)

if TYPE_CHECKING:
    from probes.claims import Claim, Expected
    from probes.documents import Document

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
    @property
    def image(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Header:
    """What has to be equal, or known, before two runs may be compared; `shard` is `2/5`, None for a whole."""

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
    shard: str | None = None
    benchmarks: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One worker lifetime put to one stimulus; `seconds` is its length, `margin` observed / limit.

    `corrected` says whether the same observation shows what is expected to be true instead, `correction`
    in which words; both are None where nothing else is expected.
    """

    n: int
    outcome: TrialOutcome
    witness: Mapping[str, Any]
    evidence: str
    seconds: float
    margin: float | None = None
    corrected: bool | None = None
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A cell's verdict and what a doubter needs: the trials, the evidence, the worker's command, the repeat.

    `evidence` is that of the first violated trial, else of the last; `reason` says why it is not decided.
    """

    cell: Cell
    verdict: CellVerdict
    outcomes: Sequence[TrialOutcome]
    evidence: str
    command: str
    repeat: str
    reason: str | None = None
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One timed cell: medians over its repetitions, in tasks a second, ms, MiB, seconds, shares of 1.

    `n` tasks a repetition, of which `unique` have one result each. Numbers are None, and `reason` says why,
    where a repetition did not prove itself right; `p99_ms` also where `n` is too small
    for one. `intervals` has the two values of each figure between which
    its median lies with the probability `coverage`. `delay_s` and `noop_rate` are those of waiting tasks.
    """

    probe: str
    cell: Cell
    n: int
    unique: int
    repetitions: int
    planned: int
    cores: int
    command: str
    repeat: str
    reason: str | None = None
    throughput: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    slowest_ms: float | None = None
    ceiling: float | None = None
    ceiling_share: float | None = None
    pss_mib: float | None = None
    ready_s: float | None = None
    intervals: Mapping[str, tuple[float, float]] | None = None
    coverage: float | None = None
    delay_s: float | None = None
    noop_rate: float | None = None


class RecordWriter:
    """Appends to one new record and counts, so that the footer agrees with the lines above it."""

    def __init__(self, path: Path) -> None:
        """Create `path` and its folders; BadInput when that cannot be done or there is a record already."""
        self._path = path
        self._planned = self._cells = self._void = 0
        self._benchmarks = self._complete = 0
        self._rule: Rule | None = None
        self._outcomes: list[Outcome | None] = []
        self._kinds: dict[str, Kind] = {}
        self._timed: list[bool] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            again = "a record is never written twice; " if isinstance(error, FileExistsError) else ""
            raise self._cannot("be created", error, again + "give another folder with --results") from None

    def header(self, header: Header, broker: BrokerFacts) -> None:
        """The first line of the record."""
        facts = {**asdict(header), "rule": asdict(header.rule)}
        self._planned, self._rule = facts.pop("cells"), header.rule
        self._benchmarks = facts.pop("benchmarks")
        facts["planned"] = {
            "claims": facts.pop("claims"), "cells": self._planned, "benchmarks": self._benchmarks
        }  # fmt: skip
        facts["broker"] = {
            "server": broker.server, "version": broker.version, "from": broker.origin, "image": broker.image
        }  # fmt: skip
        self._write("header", schema=SCHEMA, **facts)

    def document(self, document: Document) -> None:
        """One line a document that is judged, so that what no claim tests can be told as well."""
        self._write("document", **asdict(document))

    def claim(self, claim: Claim) -> None:
        """One line a claim that is put, before its trials."""
        self._kinds[claim.id] = claim.kind
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
        """One line a planned cell, n/a ones included; returns the outcome, which the exit status reflects."""
        assert self._rule is not None, "the header comes first"
        result = outcome(decided.verdict, expected.verdict)
        violated, void = (decided.outcomes.count(each) for each in ("violated", "void"))
        self._write(
            "cell",
            claim=claim,
            cell=decided.cell.id,
            axes=decided.cell.axes(),
            verdict=decided.verdict,
            expected=expected.verdict,
            outcome=result,
            trials=len(decided.outcomes) - void,
            violated=violated,
            void=void,
            excluded_rate=excluded(self._kinds[claim], decided.verdict, decided.outcomes, self._rule),
            reason=decided.reason,
            **_why(expected),
            beyond=expected.beyond,
            evidence=decided.evidence,
            correction=decided.correction,
            command=decided.command,
            repeat=decided.repeat,
        )
        self._cells += 1
        self._outcomes.append(result)
        return result

    def benchmark(self, benchmark: Benchmark) -> None:
        """One line a timed cell; with fewer repetitions than planned it counts as missing."""
        self._complete += benchmark.repetitions == benchmark.planned
        self._timed.append(benchmark.throughput is not None)
        facts = asdict(benchmark) | {"cell": benchmark.cell.id, "axes": benchmark.cell.axes()}
        self._write("benchmark", **facts)

    def footer(self, seconds: float, fault: bool = False) -> int:
        """The last line; returns the exit status of the run, which is the one that the line states."""
        missing = max(0, self._planned - self._cells) + max(0, self._benchmarks - self._complete)
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
            kept = "the lines written so far are kept; make room, and run again"
            raise self._cannot("be written", error, kept) from None

    def _cannot(self, what: str, error: OSError, mend: str) -> BadInput:
        return BadInput(f"{self._path}: cannot {what}: {error.strerror}; {mend}")


def _why(expected: Expected) -> dict[str, str | None]:
    """What is known of a claim that is refuted, or not seen, beside each cell of it."""
    known = expected.verdict in ("refuted", "not seen")
    return {key: (getattr(expected, key) or None) if known else None for key in WHY}
