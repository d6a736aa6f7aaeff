"""Where the documents are wrong, or we were: what is true instead, why, how it was seen, how to see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from textwrap import wrap

from poolproof.model.record import CellLine
from poolproof.report.read.join import Joined
from poolproof.report.render.markdown import WIDTH, block, code, paragraph, prose
from poolproof.report.say.condensed import condensed
from poolproof.report.say.sources import cited

ORDER = ("regression", "stale", "undecided", "document wrong")
"""The urgent ones first."""
GROUPS_NAMED = 8
LABEL = 10


def section(joined: Joined) -> str:
    """One entry for each way in which a claim deviates; empty when none does."""
    entries = [_entry(joined, cells) for cells in ways(joined.cells)]
    return "\n".join(["## Deviations from the documents\n", *entries]) if entries else ""


def ways(cells: Iterable[CellLine]) -> Iterable[Sequence[CellLine]]:
    """The cells that deviate, those together that do so in the same way, and the urgent ones first."""
    deviating = sorted((cell for cell in cells if cell.outcome in ORDER), key=_way)
    return (list(same) for _, same in groupby(deviating, key=_way))


def _way(cell: CellLine) -> tuple[int, str, str, str]:
    """Cells that deviate in the same way share an entry."""
    return ORDER.index(str(cell.outcome)), cell.claim, cell.because or "", cell.instead or ""


def headings(joined: Joined) -> Mapping[str, str]:
    """The heading of each claim that deviates, of its most urgent entry where it has several."""
    found: dict[str, str] = {}
    for cells in ways(joined.cells):
        found.setdefault(cells[0].claim, _heading(cells[0]))
    return found


def account(joined: Joined, cells: Sequence[CellLine]) -> str:
    """Of cells that deviate in the same way: what is true, why, where, how it was seen, how to see it."""
    parts = [*_explained(cells[0]), _where(joined, cells)]
    return "\n".join([*map(paragraph, parts), block(_shown(cells[0]))])


def _entry(joined: Joined, cells: Sequence[CellLine]) -> str:
    claim = joined.claims[cells[0].claim]
    said = paragraph(f"{prose(claim.says)} ({cited(claim)})", "> ", "> ")
    return "\n".join([f"### {_heading(cells[0])}\n", said, account(joined, cells)])


def _heading(cell: CellLine) -> str:
    return f"{code(cell.claim)}: {cell.outcome}"


def _explained(cell: CellLine) -> Iterable[str]:
    """The outcome in sentences."""
    if cell.outcome == "regression" and cell.verdict == "not seen":
        yield "It was expected to be seen and was not: Celery changed, or these trials are too few."
    elif cell.outcome == "regression":
        yield "It was expected to hold and is refuted: Celery changed, or the expectation is too wide."
    elif cell.outcome == "undecided":
        yield f"It could not be decided: {prose(cell.reason or '')}"
    elif cell.outcome == "stale" and cell.expected == "not seen":
        yield f"It was not expected to be seen and was. It was said that: {prose(cell.because or '')}"
    elif cell.outcome == "stale":
        yield "It was expected to be refuted and holds: Celery changed, or the expectation is wrong."
    if cell.instead:
        was = "True instead, so it was said" if cell.outcome == "stale" else "True instead"
        yield f"{was}: {prose(cell.instead)}"
        yield f"Why: {prose(cell.because or '')}"
        yield f"Since when: {prose(cell.since or '')}. Source: {prose(cell.see or '')}"


def _where(joined: Joined, cells: Sequence[CellLine]) -> str:
    decided = {each.cell for each in joined.cells_of(cells[0].claim) if each.outcome}
    here = {cell.cell for cell in cells}  # a static cell is in the run of every pool
    names = condensed(cell.axes for cell in cells)
    named = ", ".join(map(code, names[:GROUPS_NAMED]))
    seen = "The first of them" if len(here) > 1 else "There"
    more = ", ..." if len(names) > GROUPS_NAMED else ""
    return f"In {len(here)} of {len(decided)} cells: {named}{more}. {seen}:"


def _shown(cell: CellLine) -> Iterable[str]:
    """The evidence of one cell, that of what is true instead, the worker's command, and its repetition."""
    yield from _labelled("evidence", cell.evidence or "none")
    if cell.correction:
        yield from _labelled("instead", cell.correction)
    for label, text in (("worker", cell.command), ("repeat", cell.repeat)):
        if text:
            yield label.ljust(LABEL) + text


def _labelled(label: str, text: str) -> Iterable[str]:
    first, *others = wrap(text, WIDTH - LABEL, break_long_words=False, break_on_hyphens=False) or ["none"]
    yield label.ljust(LABEL) + first
    yield from (" " * LABEL + line for line in others)
