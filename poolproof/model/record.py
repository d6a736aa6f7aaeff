"""The lines of a record, as values: one type a line, which the writer writes and the reader returns.

`results/schema.json` is written from them for programs of others. A field that earlier records do not have
has a default and the metadata LATER.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from msgspec import Meta

from poolproof.model.cells import Axes, Cell, Pool
from poolproof.model.header import LATER, Amount, Count, Filled, Header, Number, Share, Some
from poolproof.model.verdict import CellVerdict, Expectation, Kind, Outcome, TrialOutcome

UNIQUE = Meta(extra_json_schema={"uniqueItems": True})
SOME = Meta(min_length=1)


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A sentence of a section that no claim tests, and why."""

    sentence: Filled
    reason: Filled


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section of a document, and why nothing in it can be tested, if that is so."""

    name: Filled
    untestable: str | None
    left_out: tuple[LeftOutLine, ...] = field(default=(), metadata=LATER)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that is judged; each section is the source of a claim, or untestable."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9]+$(?!\n)")]
    title: Filled
    sections: Annotated[tuple[SectionLine, ...], SOME]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A section of a document that states a claim."""

    document: Filled
    section: str


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One sentence that a document states as true of Celery."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9]+(-[a-z0-9]+)*$(?!\n)")]
    subject: Filled
    says: Filled
    sources: Annotated[tuple[SourceLine, ...], SOME]
    kind: Kind
    pools: Annotated[tuple[Pool, ...], UNIQUE]
    over: Annotated[tuple[Filled, ...], UNIQUE]


@dataclass(frozen=True, slots=True)
class Trial:
    """One worker lifetime put to one stimulus; `seconds` is its length."""

    n: Annotated[Some, Meta(description="1 for the first of its cell.")]
    outcome: TrialOutcome
    witness: Annotated[Mapping[str, Any], Meta(description="Proof, by counts, that the thing was exercised.")]
    evidence: str
    seconds: Amount
    margin: Annotated[Number | None, Meta(description="observed / limit, of claims about time or size")] = (
        None
    )
    corrected: Annotated[
        bool | None,
        Meta(
            description="Whether the same observation shows what is expected to be true instead; "
            "null where nothing else is expected."
        ),
    ] = field(default=None, metadata=LATER)
    correction: Annotated[str | None, Meta(description="What it shows of that.")] = field(
        default=None, metadata=LATER
    )
    facts: Annotated[Mapping[str, Number], Meta(description="The numbers of the evidence, by name.")] = field(
        default_factory=dict, metadata=LATER
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine(Trial):
    """A trial, of which claim and in which cell."""

    claim: Filled
    cell: Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a run found in a cell: the verdict, and what it takes to doubt it.

    `evidence` is that of the first violated trial, else of the last.
    """

    verdict: CellVerdict
    reason: Annotated[str | None, Meta(description="Why it is n/a or inconclusive.")] = None
    evidence: str | None = ""
    correction: Annotated[
        str | None,
        Meta(description="What the same trial shows of `instead`; null where nothing else is expected."),
    ] = field(default=None, metadata=LATER)
    command: Annotated[str | None, Meta(description="The worker's command line.")] = ""
    repeat: Annotated[str | None, Meta(description="The command that runs this cell again.")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Found):
    """The same, as the run has it, with the outcomes of the trials."""

    cell: Cell
    outcomes: Sequence[TrialOutcome] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLine(Found):
    """The verdict of one cell of one claim, with what it takes to doubt it, and what was known of it."""

    claim: Filled
    cell: Filled
    axes: Axes
    expected: Expectation
    outcome: Outcome | None
    trials: Annotated[Count, Meta(description="Those that were not void.")]
    violated: Count
    void: Count
    excluded_rate: Annotated[
        Share | None,
        Meta(
            description="The violation rate that a verdict of holds excludes, "
            "or the rate at which what was not seen happens."
        ),
    ]
    because: str | None
    instead: str | None
    since: str | None
    see: str | None
    beyond: Annotated[
        tuple[Filled, ...],
        Meta(description="Documents that state the claim, and do not speak of what this cell varies."),
    ] = field(default=(), metadata=LATER)

    @property
    def at(self) -> Cell:
        """The cell itself."""
        return Cell.at(self.axes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One timed cell: medians over its repetitions.

    Numbers are null, and `reason` says why, where a repetition did not prove itself right.
    """

    probe: Filled
    n: Annotated[Count, Meta(description="Tasks sent in each repetition.")]
    unique: Annotated[Count, Meta(description="Tasks with a result, each once.")]
    repetitions: Annotated[Some, Meta(description="Those that were made.")]
    planned: Annotated[Some, Meta(description="Repetitions; fewer were made in a run that was cut.")]
    cores: Annotated[Some, Meta(description="That the worker may use.")]
    command: Annotated[str, Meta(description="The worker's command line.")]
    repeat: Annotated[Filled, Meta(description="The command that times this cell again.")]
    reason: Annotated[str | None, Meta(description="Why there is no number.")] = None
    throughput: Annotated[Amount | None, Meta(description="Tasks a second by the clock.")] = None
    p50_ms: Annotated[Amount | None, Meta(description="Of a task's own duration.")] = None
    p99_ms: Annotated[
        Amount | None, Meta(description="Null where n is less than 100, because it would be the slowest.")
    ] = None
    slowest_ms: Annotated[Amount | None, Meta(description="The longest duration.")] = field(
        default=None, metadata=LATER
    )
    ceiling: Annotated[
        Amount | None,
        Meta(
            description="Tasks a second: what can be in flight / delay, or the bare function's rate x cores."
        ),
    ] = None
    ceiling_share: Annotated[Amount | None, Meta(description="throughput / ceiling")] = None
    pss_mib: Annotated[
        Amount | None, Meta(description="Proportional set size of the worker's tree after the work.")
    ] = None
    ready_s: Annotated[Amount | None, Meta(description="From spawn to ready.")] = None
    intervals: Annotated[
        Mapping[str, tuple[Amount, Amount]] | None,
        Meta(
            description="Of each figure, the two values between which its median lies; "
            "null for one repetition."
        ),
    ] = None
    coverage: Annotated[
        Share | None,
        Meta(description="The probability with which an interval holds the median; null for one repetition."),
    ] = None
    delay_s: Annotated[Amount | None, Meta(description="How long a waiting task waits.")] = None
    noop_rate: Annotated[
        Amount | None,
        Meta(description="No-ops a second at this concurrency; the first repetition's chose the delay."),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark(Measured):
    """One timed cell, as the run has it."""

    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkLine(Measured):
    """One timed cell: medians over its repetitions, null where one did not prove itself right."""

    cell: Filled
    axes: Axes

    @property
    def at(self) -> Cell:
        """The cell itself."""
        return Cell.at(self.axes)


@dataclass(frozen=True, slots=True)
class Footer:
    """The proof that the run came to its end, and the exit status that it had."""

    cells: Count
    missing: Count
    void: Annotated[Count, Meta(description="Void trials, replaced ones included.")]
    exit: Count
    seconds: Amount


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
