"""What a document says and is not so: what is so instead, why, the evidence, and how to see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from poolproof.model.record import CellLine, ClaimLine
from poolproof.model.verdict import ClaimVerdict
from poolproof.report.read.join import Joined
from poolproof.report.render.markdown import bullet, code, paragraph, prose
from poolproof.report.say import deviations, runs
from poolproof.report.say.glyphs import GLYPHS
from poolproof.report.say.sources import sections, stated

OPEN: Sequence[ClaimVerdict] = ("inconclusive", "n/a")
UNSAID = "The document does not speak of this:"
CLAIMS = "Each claim says in our words what the document says, and was put to real workers."


def page(joined: Joined, document: str) -> str:
    """The whole page of a document: in short, the corrections, what holds and how far, what is open."""
    claims = stated(joined, document)
    undecided = [claim for claim in claims if joined.judgement(claim.id).verdict in OPEN]
    decided = [claim for claim in claims if claim not in undecided]
    wrong = [claim for claim in decided if _refuted(joined, claim, document)]
    unseen = [claim for claim in decided if joined.judgement(claim.id).verdict == "not seen"]
    right = [claim for claim in decided if claim not in unseen and not _all_refuted(joined, claim)]
    partly = [claim for claim in decided if claim not in (*wrong, *right, *unseen)]
    parts = [
        f"# Corrections to document {document}: {prose(joined.documents[document].title)}\n",
        *runs.warnings(joined),
        *runs.without(joined),
        "".join(map(bullet, runs.facts(joined, claims))),
        paragraph(f"{CLAIMS} {_counted(wrong, right, partly, unseen, undecided)}"),
        *_listed("In short", (_short(joined, claim, document) for claim in wrong)),
        *(["## What the document says, and what is so\n"] if wrong else []),
        *(_correction(joined, claim, document) for claim in wrong),
        *_listed("What holds", (_told(joined, claim) for claim in right)),
        *_listed("What holds as far as the document goes", (_extent(joined, claim) for claim in partly)),
        *_listed("What may be, and was not seen", (_unseen(joined, claim) for claim in unseen)),
        *_listed("What is open", (_undecided(joined, claim) for claim in undecided)),
    ]
    return "\n".join(parts)


def _counted(
    wrong: Sequence[ClaimLine],
    right: Sequence[ClaimLine],
    partly: Sequence[ClaimLine],
    unseen: Sequence[ClaimLine],
    undecided: Sequence[ClaimLine],
) -> str:
    total = len(wrong) + len(right) + len(partly) + len(unseen) + len(undecided)
    extent = f", {len(partly)} hold as far as the document goes" if partly else ""
    rest = f", {len(unseen)} may be and were not seen" if unseen else ""
    rest += f", {len(undecided)} open" if undecided else ""
    return f"Of {total} claims {len(right)} hold{extent}, {len(wrong)} are to be corrected{rest}."


def _listed(heading: str, items: Iterable[str]) -> Iterable[str]:
    listed = "".join(map(bullet, items))
    if listed:
        yield f"## {heading}\n\n{listed}"


def _short(joined: Joined, claim: ClaimLine, document: str) -> str:
    """What is so, in the sentences of the catalogue; where nothing is known, that it is refuted."""
    so = _instead(_refuted(joined, claim, document)) or f"it is not so that: {prose(claim.says)}"
    return f"{_glyph(joined, claim)} {code(claim.id)}: {so}"


def _instead(cells: Iterable[CellLine]) -> str:
    return " ".join(dict.fromkeys(prose(cell.instead) for cell in cells if cell.instead))


def _correction(joined: Joined, claim: ClaimLine, document: str) -> str:
    """What the document says and where, when it is so, and an account of each way in which it is not."""
    where = "; ".join(map(prose, sections(claim, document)))
    parts = [
        f"### {code(claim.id)}\n",
        paragraph(prose(claim.says), "> ", "> "),
        *([paragraph(f"It says so in: {where}")] if where else []),
        paragraph(_verdict(joined, claim)),
        *(_way(joined, cells, document) for cells in deviations.ways(_all_refuted(joined, claim))),
    ]
    return "\n".join(parts)


def _way(joined: Joined, cells: Sequence[CellLine], document: str) -> str:
    """One way in which the claim deviates, and whether the document speaks of it."""
    text = deviations.account(joined, cells)
    return text if _speaks_of(document, cells) else f"{paragraph(UNSAID)}\n{text}"


def _verdict(joined: Joined, claim: ClaimLine) -> str:
    judgement = joined.judgement(claim.id)
    text = f"This {prose(judgement.condition)}." if judgement.condition else "This is refuted in every cell."
    with_defaults = " It holds with Celery's defaults." if judgement.with_defaults else ""
    return f"{GLYPHS[judgement.verdict]} {text}{with_defaults}"


def _all_refuted(joined: Joined, claim: ClaimLine) -> list[CellLine]:
    return [cell for cell in joined.cells_of(claim.id) if cell.verdict == "refuted"]


def _refuted(joined: Joined, claim: ClaimLine, document: str) -> list[CellLine]:
    """The cells that the document is wrong about."""
    return [cell for cell in _all_refuted(joined, claim) if _speaks_of(document, [cell])]


def _speaks_of(document: str, cells: Iterable[CellLine]) -> bool:
    return any(document not in cell.beyond for cell in cells)


def _told(joined: Joined, claim: ClaimLine) -> str:
    return f"{_glyph(joined, claim)} {code(claim.id)}: {prose(claim.says)}"


def _extent(joined: Joined, claim: ClaimLine) -> str:
    """What holds of all that the document speaks of, and what of the rest."""
    return f"{_told(joined, claim)} {UNSAID} {_instead(_all_refuted(joined, claim))}"


def _unseen(joined: Joined, claim: ClaimLine) -> str:
    """A claim of what may happen, why it was not expected here, and the rate that the trials exclude."""
    cells = joined.cells_of(claim.id)
    why = " ".join(dict.fromkeys(prose(cell.because) for cell in cells if cell.because))
    rates = [cell.excluded_rate for cell in cells if cell.excluded_rate is not None]
    excluded = f" (a rate of {max(rates):.0%} or more is excluded)" if rates else ""
    return f"{_told(joined, claim)} {why}".rstrip() + excluded


def _undecided(joined: Joined, claim: ClaimLine) -> str:
    """Why it could not be decided, or does not apply; without a reason, two runs contradict each other."""
    reasons = (cell.reason for cell in joined.cells_of(claim.id) if cell.reason)
    reason = prose(next(reasons, "the runs contradict each other"))
    return f"{_told(joined, claim)} ({reason})"


def _glyph(joined: Joined, claim: ClaimLine) -> str:
    return GLYPHS[joined.judgement(claim.id).verdict]
