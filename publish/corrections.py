"""What a document says and is not so: what is so instead, why, the evidence, and how to see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from probes.verdict import ClaimVerdict
from publish import deviations, runs
from publish.glyphs import GLYPHS
from publish.join import Joined
from publish.markdown import bullet, code, paragraph, prose
from publish.reader import Line
from publish.sources import sections, stated

WRONG: Sequence[ClaimVerdict] = ("refuted", "conditional")
RIGHT: Sequence[ClaimVerdict] = ("holds",)
OPEN: Sequence[ClaimVerdict] = ("inconclusive", "n/a")
CLAIMS = "Each claim says in our words what the document says, and was put to real workers."


def page(joined: Joined, document: str) -> str:
    """The whole page of a document: in short, the corrections, what holds, what is open."""
    claims = stated(joined, document)
    wrong, right, undecided = (_came_out(joined, claims, verdicts) for verdicts in (WRONG, RIGHT, OPEN))
    parts = [
        f"# Corrections to document {document}: {prose(joined.documents[document]['title'])}\n",
        *runs.warnings(joined),
        *runs.without(joined),
        "".join(map(bullet, runs.facts(joined))),
        paragraph(f"{CLAIMS} {_counted(wrong, right, undecided)}"),
        *_listed("In short", (_short(joined, claim) for claim in wrong)),
        *(["## What the document says, and what is so\n"] if wrong else []),
        *(_correction(joined, claim, document) for claim in wrong),
        *_listed("What holds", (_told(joined, claim) for claim in right)),
        *_listed("What is open", (_undecided(joined, claim) for claim in undecided)),
    ]
    return "\n".join(parts)


def _came_out(joined: Joined, claims: Iterable[Line], verdicts: Sequence[ClaimVerdict]) -> list[Line]:
    return [claim for claim in claims if joined.judgement(claim["id"]).verdict in verdicts]


def _counted(wrong: Sequence[Line], right: Sequence[Line], undecided: Sequence[Line]) -> str:
    total = len(wrong) + len(right) + len(undecided)
    rest = f", {len(undecided)} open" if undecided else ""
    return f"Of {total} claims {len(right)} hold, {len(wrong)} are to be corrected{rest}."


def _listed(heading: str, items: Iterable[str]) -> Iterable[str]:
    listed = "".join(map(bullet, items))
    if listed:
        yield f"## {heading}\n\n{listed}"


def _short(joined: Joined, claim: Line) -> str:
    """What is so, in the sentences of the catalogue; where nothing is known, that it is refuted."""
    so = dict.fromkeys(cell["instead"] for cell in _refuted(joined, claim) if cell["instead"])
    told = " ".join(map(prose, so)) or f"it is not so that: {prose(claim['says'])}"
    return f"{_glyph(joined, claim)} {code(claim['id'])}: {told}"


def _correction(joined: Joined, claim: Line, document: str) -> str:
    """What the document says and where, when it is so, and an account of each way in which it is not."""
    where = "; ".join(map(prose, sections(claim, document)))
    parts = [
        f"### {code(claim['id'])}\n",
        paragraph(prose(claim["says"]), "> ", "> "),
        *([paragraph(f"It says so in: {where}")] if where else []),
        paragraph(_verdict(joined, claim)),
        *(deviations.account(joined, cells) for cells in deviations.ways(_refuted(joined, claim))),
    ]
    return "\n".join(parts)


def _verdict(joined: Joined, claim: Line) -> str:
    judgement = joined.judgement(claim["id"])
    told = f"This {prose(judgement.condition)}." if judgement.condition else "This is refuted in every cell."
    return f"{GLYPHS[judgement.verdict]} {told}"


def _refuted(joined: Joined, claim: Line) -> list[Line]:
    return [cell for cell in _cells(joined, claim) if cell["verdict"] == "refuted"]


def _cells(joined: Joined, claim: Line) -> list[Line]:
    return [cell for cell in joined.cells if cell["claim"] == claim["id"]]


def _told(joined: Joined, claim: Line) -> str:
    return f"{_glyph(joined, claim)} {code(claim['id'])}: {prose(claim['says'])}"


def _undecided(joined: Joined, claim: Line) -> str:
    """Why it could not be decided, or does not apply; without a reason, two runs contradict each other."""
    reasons = (cell["reason"] for cell in _cells(joined, claim) if cell["reason"])
    reason = prose(next(reasons, "the runs contradict each other"))
    return f"{_told(joined, claim)} ({reason})"


def _glyph(joined: Joined, claim: Line) -> str:
    return GLYPHS[joined.judgement(claim["id"]).verdict]
