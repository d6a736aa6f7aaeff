"""A run in a few lines: the results, what is wrong, and where to read more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from poolproof.model.record import BenchmarkLine, CellLine
from poolproof.report.read.reader import Run
from poolproof.report.say.condensed import condensed
from poolproof.report.say.deviations import ways

EXPECTED = "document wrong"
TIMED = {True: "timed", False: "timed without a number"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as documented, or has no number: what, where, and what is true instead."""

    what: str
    instead: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts, the findings (urgent ones first), and the files of the run."""

    counts: str
    findings: tuple[Finding, ...]
    places: Mapping[str, str]


def summary(run: Run) -> Summary:
    """The summary of a run."""
    found = (
        *_deviations(run.cells, urgent=True),
        *_numberless(run.benchmarks),
        *_deviations(run.cells),
    )
    return Summary(_counts(run), found, _places(run))


def _counts(run: Run) -> str:
    """Outcomes by their number, and what was not done."""
    cells = Counter(cell.outcome or "n/a" for cell in run.cells)
    parts = [f"{count} {outcome}" for outcome, count in cells.most_common()]
    timed = Counter(line.throughput is not None for line in run.benchmarks)
    parts += [f"{timed[good]} {words}" for good, words in TIMED.items() if timed[good]]
    if run.missing:
        parts.append(f"{run.missing} of {run.planned} planned not done")
    return ", ".join(parts) or "nothing was decided"


def _deviations(cells: Sequence[CellLine], urgent: bool = False) -> Iterable[Finding]:
    """What deviates, where, and what is true instead: the urgent ones, or those that were expected."""
    for same in ways(cells):
        first = same[0]
        if (first.outcome != EXPECTED) == urgent:
            yield Finding(f"{first.outcome}: {first.claim} in {_where(same)}", _instead(first))


def _numberless(benchmarks: Sequence[BenchmarkLine]) -> Iterable[Finding]:
    """Where the timing of a probe gave no number, and why."""
    probes: dict[str, list[BenchmarkLine]] = {}
    for line in benchmarks:
        if line.throughput is None:
            probes.setdefault(line.probe, []).append(line)
    for probe, same in probes.items():
        yield Finding(f"no number: {probe} in {_where(same)}", str(same[0].reason))


def _where(cells: Sequence[CellLine] | Sequence[BenchmarkLine]) -> str:
    first, *rest = condensed(cell.axes for cell in cells)
    return f"{first} and {len(rest)} more" if rest else first


def _instead(cell: CellLine) -> str:
    match cell.outcome:
        case "regression" if cell.verdict == "not seen":
            return f"expected to be seen, was not: {cell.evidence}"
        case "regression":
            return f"expected to hold, refuted: {cell.evidence}"
        case "stale" if cell.expected == "not seen":
            return f"not expected to be seen, was; the catalogue says: {cell.because}"
        case "stale":
            return f"expected to be refuted, holds; the catalogue says: {cell.instead}"
        case "undecided":
            return f"not decided: {cell.reason}"
        case _:
            return f"true instead: {cell.instead}"


def _places(run: Run) -> Mapping[str, str]:
    """The names of the files in the run's folder; evidence is kept only where a cell deviates."""
    places = {"table": "tables.md", "record": run.path.name}
    return places | ({"evidence": "evidence/"} if (run.path.parent / "evidence").is_dir() else {})
