"""Checks the lines of a record against each other, once each of them fits the schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from poolproof.model.header import Header
from poolproof.model.numbers import LEAST_FOR_P99
from poolproof.model.record import (
    KINDS,
    BenchmarkLine,
    CellLine,
    ClaimLine,
    DocumentLine,
    Footer,
    Line,
    TrialLine,
)
from poolproof.model.verdict import INSTRUMENT_FAILED, exit_status, outcome
from poolproof.report.read.bad_records import (
    Contradiction,
    Doubled,
    InstrumentFailed,
    MissingCell,
    TwoRuns,
    UnknownClaim,
)

FIGURES = ("throughput", "p50_ms", "ceiling", "ceiling_share", "pss_mib", "ready_s")
"""The figures that every timed cell with a number has."""


def check_lines(path: Path, lines: Sequence[Line]) -> None:
    """One run, in order, nothing twice, nothing about a claim that was not introduced."""
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines, 1):
        place = f"{path}: line {number}"
        if number > 1 and (isinstance(line, Header) or isinstance(lines[number - 2], Footer)):
            raise TwoRuns(f"{place}: a second run begins; a record holds one, split the file")
        if not (identity := _identity(line)):
            continue
        identity = KINDS[type(line)], *identity
        if identity in seen:
            raise Doubled(
                f"{place}: {' '.join(identity)} is there twice; a record is not edited, run it again"
            )
        seen.add(identity)
        if isinstance(line, TrialLine | CellLine) and ("claim", line.claim) not in seen:
            raise UnknownClaim(f"{place}: {line.claim} has no claim line before it; run it again")


def _identity(line: Line) -> tuple[str, ...]:
    """The key that no two lines of a kind may share; a header and a footer have none."""
    match line:
        case DocumentLine() | ClaimLine():
            return (line.id,)
        case TrialLine():
            return line.claim, line.cell, str(line.n)
        case CellLine():
            return line.claim, line.cell
        case BenchmarkLine():
            return line.probe, line.cell
        case _:
            return ()


def check_rule(path: Path, header: Header) -> None:
    """The rule can decide something."""
    try:
        header.rule.rule()
    except ValueError as error:
        raise Contradiction(f"{path}: rule: {error}; run it again") from None


def check_sources(path: Path, documents: Mapping[str, DocumentLine], claims: Mapping[str, ClaimLine]) -> None:
    """A claim's source is a section of its document, if the record has that document."""
    for document, line in documents.items():
        names = [section.name for section in line.sections]
        for claim in claims.values():
            for source in claim.sources:
                if source.document == document and source.section not in names:
                    where = f"{path}: claim {claim.id}: section {source.section!r}"
                    raise Contradiction(f"{where}: document {document} has none such; run it again")


def check_cells(path: Path, trials: Sequence[TrialLine], cells: Sequence[CellLine]) -> None:
    """Each cell agrees with its trials, and its outcome with its verdict."""
    counts = Counter((trial.claim, trial.cell, trial.outcome) for trial in trials)
    for cell in cells:
        satisfied, violated, void = (
            counts[cell.claim, cell.cell, each] for each in ("satisfied", "violated", "void")
        )
        place = f"{path}: cell {cell.cell} of {cell.claim}"
        _agree(f"{place}: trials", cell.trials, satisfied + violated)
        _agree(f"{place}: violated", cell.violated, violated)
        _agree(f"{place}: void", cell.void, void)
        _agree(f"{place}: outcome", cell.outcome, _outcome(place, cell))
        if cell.expected != "refuted" and cell.instead:
            raise Contradiction(
                f"{place}: instead: is there, though it is not known to be refuted; run it again"
            )
        if cell.verdict == "refuted" and not violated:
            raise Contradiction(f"{place}: verdict: refuted without a violated trial; run it again")
        if cell.verdict == "holds" and not satisfied:
            raise Contradiction(f"{place}: verdict: holds without a satisfied trial; run it again")
        if cell.verdict == "not seen" and satisfied:
            raise Contradiction(f"{place}: verdict: not seen, though a trial saw it; run it again")


def check_benchmarks(path: Path, benchmarks: Sequence[BenchmarkLine]) -> None:
    """A timed cell has numbers only if each of its tasks had one result, and then it has all of them."""
    for line in benchmarks:
        if line.throughput is None:
            continue
        place = f"{path}: benchmark {line.probe} on {line.cell}"
        if line.unique != line.n:
            wrong = f"is there, though {line.unique} of {line.n} tasks have one result"
            raise Contradiction(f"{place}: throughput: {wrong}; run it again")
        waits = ("delay_s", "noop_rate") if line.delay_s is not None else ()
        # Earlier records have no `slowest_ms`.
        tail = "slowest_ms" if line.n < LEAST_FOR_P99 and line.slowest_ms is not None else "p99_ms"
        for figure in (*FIGURES, tail, *waits):
            if not (value := getattr(line, figure)):
                raise Contradiction(f"{place}: {figure}: is {value}, though it was timed; run it again")


def check_end(
    path: Path,
    header: Header,
    claims: Mapping[str, ClaimLine],
    trials: Sequence[TrialLine],
    cells: Sequence[CellLine],
    benchmarks: Sequence[BenchmarkLine],
    footer: Footer,
) -> None:
    """Everything planned exists, the footer agrees with the lines, and the instrument did not fail."""
    planned = asdict(header.planned)
    if footer.exit >= INSTRUMENT_FAILED:
        raise InstrumentFailed(f"{path}: exit {footer.exit}: the instrument failed; see the run's output")
    complete = [line for line in benchmarks if line.repetitions == line.planned]
    for what, lines in (("cells", cells), ("claims", claims), ("benchmarks", complete)):
        if len(lines) < planned[what]:
            gone = f"{planned[what] - len(lines)} of {planned[what]} planned {what} are missing"
            raise MissingCell(f"{path}: {gone}; run it to its end, or see the rest with --unfinished")
        _agree(f"{path}: planned {what}", planned[what], len(lines))
    _agree(f"{path}: footer: cells", footer.cells, len(cells))
    _agree(f"{path}: footer: missing", footer.missing, 0)
    _agree(f"{path}: footer: void", footer.void, sum(trial.outcome == "void" for trial in trials))
    timed = [benchmark.throughput is not None for benchmark in benchmarks]
    status = exit_status((cell.outcome for cell in cells), timed=timed)
    _agree(f"{path}: footer: exit", footer.exit, status)


def _outcome(place: str, cell: CellLine) -> str | None:
    try:
        return outcome(cell.verdict, cell.expected)
    except ValueError as error:
        raise Contradiction(f"{place}: {error}; run it again") from None


def _agree(place: str, stated: object, seen: object) -> None:
    if stated != seen:
        raise Contradiction(f"{place}: says {stated}, the other lines say {seen}; run it again")
