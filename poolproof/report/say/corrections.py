"""What a document says that is not true: what is true instead, why, the evidence, and how to repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from poolproof.model.record import CellLine, ClaimLine
from poolproof.model.verdict import ClaimVerdict
from poolproof.report.read.join import Joined
from poolproof.report.say import deviations, runs
from poolproof.report.say.content import (
    Block,
    Code,
    Heading,
    Items,
    Page,
    Paragraph,
    Part,
    Quotation,
    Sign,
    Text,
    items,
    separated,
    written,
)
from poolproof.report.say.sources import sections, stated

OPEN: Sequence[ClaimVerdict] = ("inconclusive", "n/a")
UNSAID = "The document does not cover this:"
CLAIMS = "Each claim is a sentence of the document, in our words. We tested it on real workers."


def page(joined: Joined, document: str) -> Page:
    """The whole page of a document: the corrections, what holds, and what is open."""
    claims = stated(joined, document)
    undecided = [claim for claim in claims if joined.judgement(claim.id).verdict in OPEN]
    decided = [claim for claim in claims if claim not in undecided]
    wrong = [claim for claim in decided if _refuted(joined, claim, document)]
    unseen = [claim for claim in decided if joined.judgement(claim.id).verdict == "not seen"]
    right = [claim for claim in decided if claim not in unseen and not _all_refuted(joined, claim)]
    partly = [claim for claim in decided if claim not in (*wrong, *right, *unseen)]
    return (
        Heading(1, (f"Corrections to document {document}: ", *written(joined.documents[document].title))),
        *runs.warnings(joined),
        *runs.without(joined),
        Items(tuple(runs.facts(joined, claims))),
        Paragraph((f"{CLAIMS} {_counted(wrong, right, partly, unseen, undecided)}",)),
        *_listed("In short", (_short(joined, claim, document) for claim in wrong)),
        *([Heading(2, ("What the document says, and what is true",))] if wrong else []),
        *(block for claim in wrong for block in _correction(joined, claim, document)),
        *_listed("What holds", (_told(joined, claim) for claim in right)),
        *_listed(
            "What holds in the cases that the document covers", (_extent(joined, claim) for claim in partly)
        ),
        *_listed("What may happen, and was not seen", (_unseen(joined, claim) for claim in unseen)),
        *_listed("What is open", (_undecided(joined, claim) for claim in undecided)),
    )


def _counted(
    wrong: Sequence[ClaimLine],
    right: Sequence[ClaimLine],
    partly: Sequence[ClaimLine],
    unseen: Sequence[ClaimLine],
    undecided: Sequence[ClaimLine],
) -> str:
    total = len(wrong) + len(right) + len(partly) + len(unseen) + len(undecided)
    extent = f", {len(partly)} hold in the cases that the document covers" if partly else ""
    rest = f", {len(unseen)} may happen and were not seen" if unseen else ""
    rest += f", {len(undecided)} open" if undecided else ""
    return f"Of {total} claims {len(right)} hold{extent}, {len(wrong)} are to be corrected{rest}."


def _listed(heading: str, texts: Iterable[Text]) -> Iterable[Block]:
    for block in items(texts):
        yield Heading(2, (heading,))
        yield block


def _short(joined: Joined, claim: ClaimLine, document: str) -> Text:
    """What is true, in the sentences of the catalogue; without one, that the claim is not true."""
    so = _instead(_refuted(joined, claim, document)) or ("it is not true that: ", *written(claim.says))
    return _sign(joined, claim), " ", Code(claim.id), ": ", *so


def _instead(cells: Iterable[CellLine]) -> Text:
    return _each_once(cell.instead for cell in cells)


def _each_once(texts: Iterable[str | None]) -> Text:
    """Sentences of the catalogue, each of them once."""
    return separated((written(text) for text in dict.fromkeys(texts) if text), by=" ")


def _correction(joined: Joined, claim: ClaimLine, document: str) -> Iterable[Block]:
    """What the document says, in which sections, when it is true, and each way in which it is not."""
    yield Heading(3, (Code(claim.id),))
    yield Quotation(written(claim.says))
    if where := separated(map(written, sections(claim, document)), by="; "):
        yield Paragraph(("Sections: ", *where))
    yield Paragraph(_verdict(joined, claim))
    for cells in deviations.ways(_all_refuted(joined, claim)):
        if not _speaks_of(document, cells):
            yield Paragraph((UNSAID,))
        yield from deviations.account(joined, cells)


def _verdict(joined: Joined, claim: ClaimLine) -> Text:
    judgement = joined.judgement(claim.id)
    text = f"This {judgement.condition}." if judgement.condition else "This is refuted in every cell."
    with_defaults = " It holds with Celery's defaults." if judgement.with_defaults else ""
    return Sign(judgement.verdict), f" {text}{with_defaults}"


def _all_refuted(joined: Joined, claim: ClaimLine) -> list[CellLine]:
    return [cell for cell in joined.cells_of(claim.id) if cell.verdict == "refuted"]


def _refuted(joined: Joined, claim: ClaimLine, document: str) -> list[CellLine]:
    """The cells that the document is wrong about."""
    return [cell for cell in _all_refuted(joined, claim) if _speaks_of(document, [cell])]


def _speaks_of(document: str, cells: Iterable[CellLine]) -> bool:
    return any(document not in cell.beyond for cell in cells)


def _told(joined: Joined, claim: ClaimLine) -> Text:
    return _sign(joined, claim), " ", Code(claim.id), ": ", *written(claim.says)


def _extent(joined: Joined, claim: ClaimLine) -> Text:
    """That a claim holds in all that the document covers, and what is true of the rest."""
    return *_told(joined, claim), f" {UNSAID} ", *_instead(_all_refuted(joined, claim))


def _unseen(joined: Joined, claim: ClaimLine) -> Text:
    """What may happen, why it was not expected here, and the rate that the trials exclude."""
    cells = joined.cells_of(claim.id)
    why = _each_once(cell.because for cell in cells)
    rates = [cell.excluded_rate for cell in cells if cell.excluded_rate is not None]
    excluded = [f" (a rate of {max(rates):.0%} or more is excluded)"] if rates else []
    return *_told(joined, claim), *([" "] if why else []), *why, *excluded


def _undecided(joined: Joined, claim: ClaimLine) -> Text:
    """Why it could not be decided, or does not apply; without a reason, two runs contradict each other."""
    reasons = (cell.reason for cell in joined.cells_of(claim.id) if cell.reason)
    reason = written(next(reasons, "the runs contradict each other"))
    return *_told(joined, claim), " (", *reason, ")"


def _sign(joined: Joined, claim: ClaimLine) -> Part:
    return Sign(joined.judgement(claim.id).verdict)
