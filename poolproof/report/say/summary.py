"""The last lines of a run on the terminal: what came out, what is wrong, and where to read on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import shorten

from poolproof.model.record import BenchmarkLine, CellLine
from poolproof.report.read.reader import Run
from poolproof.report.render.markdown import printable
from poolproof.report.say.condensed import condensed
from poolproof.report.say.deviations import ways

WIDTH = 100
TOLD = 5
"""Deviations, two lines each; the table has them all."""
EXPECTED = "document wrong"
TIMED = {True: "timed", False: "timed in vain"}
LABEL = len("evidence  ")


def lines(run: Run, folder_shown: str) -> list[str]:
    """At most fifteen lines of 100 columns; `folder_shown` is the run's folder as the user may type it."""
    found = [*_deviations(run.cells, urgent=True), *_numberless(run.benchmarks), *_deviations(run.cells)]
    told = [_cut(line) for pair in found[:TOLD] for line in pair]
    if len(found) > TOLD:
        told.append(f"... and {len(found) - TOLD} more, in the table")
    return [_cut(_counts(run)), *told, *_places(run, folder_shown)]


def _counts(run: Run) -> str:
    """Outcomes by their number, and what was not done."""
    cells = Counter(cell.outcome or "n/a" for cell in run.cells)
    parts = [f"{count} {outcome}" for outcome, count in cells.most_common()]
    timed = Counter(line.throughput is not None for line in run.benchmarks)
    parts += [f"{timed[good]} {words}" for good, words in TIMED.items() if timed[good]]
    if run.missing:
        parts.append(f"{run.missing} of {run.planned} planned not done")
    return ", ".join(parts) or "nothing was decided"


def _deviations(cells: Sequence[CellLine], urgent: bool = False) -> Iterable[tuple[str, str]]:
    """What deviates and where, and what is so instead: the urgent, or those that were expected."""
    for same in ways(cells):
        first = same[0]
        if (first.outcome != EXPECTED) == urgent:
            yield f"{first.outcome}: {first.claim} in {_where(same)}", f"  {_instead(first)}"


def _numberless(benchmarks: Sequence[BenchmarkLine]) -> Iterable[tuple[str, str]]:
    """Where the timing of a probe did not prove itself right, and why."""
    probes: dict[str, list[BenchmarkLine]] = {}
    for line in benchmarks:
        if line.throughput is None:
            probes.setdefault(line.probe, []).append(line)
    for probe, same in probes.items():
        yield f"no number: {probe} in {_where(same)}", f"  {same[0].reason}"


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
            return f"not expected to be seen, was; it was said that: {cell.because}"
        case "stale":
            return f"expected to be refuted, holds; it was said that: {cell.instead}"
        case "undecided":
            return f"not decided: {cell.reason}"
        case _:
            return f"true instead: {cell.instead}"


def _places(run: Run, folder: str) -> Iterable[str]:
    known = {"table": "tables.md", "record": run.path.name, "evidence": "evidence/"}
    for label, name in known.items():
        if label != "evidence" or (run.path.parent / name).is_dir():
            yield f"{label.ljust(LABEL)}{folder.rstrip('/')}/{name}"


def _cut(text: str) -> str:
    indent = text[: len(text) - len(text.lstrip())]
    return indent + shorten(printable(text), WIDTH - len(indent), placeholder=" ...")
