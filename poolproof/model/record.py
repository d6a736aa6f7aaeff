"""The lines of a record, as values: one type a line, which the writer writes and the reader returns.

`results/schema.json` says the same for programs of others; a test compares the two. A field with a default
is one that earlier records do not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from poolproof.model.cells import Axes, Cell
from poolproof.model.header import Header, Number
from poolproof.model.verdict import CellVerdict, Expectation, Kind, Outcome, TrialOutcome


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A sentence of a section that no claim tests, and why."""

    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section of a document, and why nothing in it can be tested, if that is so."""

    name: str
    untestable: str | None
    left_out: tuple[LeftOutLine, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that is judged."""

    id: str
    title: str
    sections: tuple[SectionLine, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A section of a document that states a claim."""

    document: str
    section: str


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One sentence that a document states as true of Celery."""

    id: str
    subject: str
    says: str
    sources: tuple[SourceLine, ...]
    kind: Kind
    pools: tuple[str, ...]
    over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One worker lifetime put to one stimulus; `seconds` is its length, `margin` observed / limit.

    `corrected` says whether the same observation shows what is expected to be true instead, `correction`
    in which words; both are None where nothing else is expected. `facts` are the judgement's numbers.
    """

    n: int
    outcome: TrialOutcome
    witness: Mapping[str, Any]
    evidence: str
    seconds: Number
    margin: Number | None = None
    corrected: bool | None = None
    correction: str | None = None
    facts: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine(Trial):
    """A trial, of which claim and in which cell."""

    claim: str
    cell: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLine:
    """The verdict of one cell of one claim, with what it takes to doubt it.

    `trials` are those that were not void. `beyond` names the documents that state the claim and do not speak
    of what this cell varies. Records of an earlier Poolproof have no `beyond` and no `correction`.
    """

    claim: str
    cell: str
    axes: Axes
    verdict: CellVerdict
    expected: Expectation
    outcome: Outcome | None
    trials: int
    violated: int
    void: int
    excluded_rate: Number | None
    reason: str | None
    because: str | None
    instead: str | None
    since: str | None
    see: str | None
    beyond: tuple[str, ...] = ()
    evidence: str | None
    correction: str | None = None
    command: str | None
    repeat: str | None

    @property
    def at(self) -> Cell:
        """The cell itself."""
        return Cell.at(self.axes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured of a timed cell: medians over its repetitions.

    They are in tasks a second, ms, MiB, seconds and shares of 1, of `n` tasks a repetition, of which `unique`
    have one result each. Numbers are None, and `reason` says why, where a repetition did not prove itself
    right; `p99_ms` also where `n` is too small for one. `intervals` has the two values of each figure between
    which its median lies with the probability `coverage`. `delay_s` and `noop_rate` are of waiting tasks.
    """

    probe: str
    n: int
    unique: int
    repetitions: int
    planned: int
    cores: int
    command: str
    repeat: str
    reason: str | None = None
    throughput: Number | None = None
    p50_ms: Number | None = None
    p99_ms: Number | None = None
    slowest_ms: Number | None = None
    ceiling: Number | None = None
    ceiling_share: Number | None = None
    pss_mib: Number | None = None
    ready_s: Number | None = None
    intervals: Mapping[str, tuple[Number, Number]] | None = None
    coverage: Number | None = None
    delay_s: Number | None = None
    noop_rate: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark(Measured):
    """One timed cell, as the run has it."""

    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkLine(Measured):
    """One timed cell, as the record has it."""

    cell: str
    axes: Axes

    @property
    def at(self) -> Cell:
        """The cell itself."""
        return Cell.at(self.axes)


@dataclass(frozen=True, slots=True)
class Footer:
    """The proof that the run came to its end, and the exit status that it had."""

    cells: int
    missing: int
    void: int
    exit: int
    seconds: Number


Line = Header | DocumentLine | ClaimLine | TrialLine | CellLine | BenchmarkLine | Footer
LINES: Mapping[str, type[Line]] = {
    "header": Header,
    "document": DocumentLine,
    "claim": ClaimLine,
    "trial": TrialLine,
    "cell": CellLine,
    "benchmark": BenchmarkLine,
    "footer": Footer,
}
"""The type of a line by what its field `record` says."""
KINDS: Mapping[type[Line], str] = {line: record for record, line in LINES.items()}
