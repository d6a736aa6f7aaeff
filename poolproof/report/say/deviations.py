"""Where a document, or our expectation, is wrong: what is true, why, the evidence, how to repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from poolproof.model.record import CellLine
from poolproof.report.read.join import Joined
from poolproof.report.say.condensed import condensed
from poolproof.report.say.content import (
    Block,
    Code,
    Evidence,
    Fact,
    Heading,
    Paragraph,
    Quotation,
    Text,
    separated,
    written,
)
from poolproof.report.say.sources import cited

ORDER = ("regression", "stale", "undecided", "document wrong")
"""The urgent ones first."""
GROUPS_NAMED = 8


def section(joined: Joined) -> Iterable[Block]:
    """One entry for each way in which a claim deviates; nothing when none does."""
    entries = [block for cells in ways(joined.cells) for block in _entry(joined, cells)]
    if entries:
        yield Heading(2, ("Deviations from the documents",))
        yield from entries


def ways(cells: Iterable[CellLine]) -> Iterable[Sequence[CellLine]]:
    """The cells that deviate, grouped by the way in which they do, the urgent ones first."""
    deviating = sorted((cell for cell in cells if cell.outcome in ORDER), key=_way)
    return (list(same) for _, same in groupby(deviating, key=_way))


def _way(cell: CellLine) -> tuple[int, str, str, str]:
    """Cells that deviate in the same way share an entry."""
    return ORDER.index(str(cell.outcome)), cell.claim, cell.because or "", cell.instead or ""


def headings(joined: Joined) -> Mapping[str, Text]:
    """The heading of each claim that deviates; of several, the most urgent."""
    found: dict[str, Text] = {}
    for cells in ways(joined.cells):
        found.setdefault(cells[0].claim, _heading(cells[0]))
    return found


def account(joined: Joined, cells: Sequence[CellLine]) -> Iterable[Block]:
    """What is true of such a group, why, in which cells, the evidence, and how to repeat it."""
    yield from map(Paragraph, _explained(cells[0]))
    yield Paragraph(_where(joined, cells))
    yield Evidence(tuple(_seen(cells[0])))


def _entry(joined: Joined, cells: Sequence[CellLine]) -> Iterable[Block]:
    claim = joined.claims[cells[0].claim]
    yield Heading(3, _heading(cells[0]))
    yield Quotation((*written(claim.says), " (", *cited(claim), ")"))
    yield from account(joined, cells)


def _heading(cell: CellLine) -> Text:
    return Code(cell.claim), f": {cell.outcome}"


def _explained(cell: CellLine) -> Iterable[Text]:
    """The outcome in sentences."""
    yield from _outcome(cell)
    if cell.instead:
        was = "True instead, says the catalogue" if cell.outcome == "stale" else "True instead"
        yield f"{was}: ", *written(cell.instead)
        yield "Why: ", *written(cell.because or "")
        yield "Since when: ", *written(cell.since or ""), ". Source: ", *written(cell.see or "")


def _outcome(cell: CellLine) -> Iterable[Text]:
    """How the outcome differs from what was expected."""
    match cell.outcome:
        case "regression" if cell.verdict == "not seen":
            yield ("It was expected to be seen and was not: Celery changed, or these trials are too few.",)
        case "regression":
            yield ("It was expected to hold and is refuted: Celery changed, or the expectation is too wide.",)
        case "undecided":
            yield "It could not be decided: ", *written(cell.reason or "")
        case "stale" if cell.expected == "not seen":
            yield (
                "It was not expected to be seen, and was seen. The catalogue says: ",
                *written(cell.because or ""),
            )
        case "stale":
            yield ("It was expected to be refuted and holds: Celery changed, or the expectation is wrong.",)


def _where(joined: Joined, cells: Sequence[CellLine]) -> Text:
    decided = {each.cell for each in joined.cells_of(cells[0].claim) if each.outcome}
    here = {cell.cell for cell in cells}  # a static cell is in the run of every pool
    names = condensed(cell.axes for cell in cells)
    named = separated((Code(name),) for name in names[:GROUPS_NAMED])
    seen = "Evidence of the first" if len(here) > 1 else "Evidence"
    more = ", ..." if len(names) > GROUPS_NAMED else ""
    return f"In {len(here)} of {len(decided)} cells: ", *named, f"{more}. {seen}:"


def _seen(cell: CellLine) -> Iterable[Fact]:
    """The evidence of one cell, that of the correction, the worker's command, and how to repeat it."""
    yield Fact("evidence", cell.evidence or "none")
    if cell.correction:
        yield Fact("instead", cell.correction)
    for label, text in (("worker", cell.command), ("repeat", cell.repeat)):
        if text:
            yield Fact(label, text, command=True)
