"""What came out of each subject, in one line each: the first minute's reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from poolproof.model.record import ClaimLine
from poolproof.model.verdict import ClaimVerdict
from poolproof.report.read.join import Joined
from poolproof.report.render.markdown import Align, linked, prose, table
from poolproof.report.say.glyphs import GLYPHS, word

VERDICTS: Sequence[ClaimVerdict] = (
    *("holds", "holds with defaults", "conditional"),
    *("refuted", "not seen", "inconclusive"),
)


def overview(joined: Joined) -> str:
    """A row a subject, with how many of its claims came out how; the subjects link to their tables."""
    counts = {name: _counted(joined, claims) for name, claims in joined.subjects.items()}
    total = _counted(joined, joined.claims.values())
    shown = [verdict for verdict in VERDICTS if total[verdict]]
    head = ("subject", "claims", *(f"{GLYPHS[verdict]} {word(verdict)}" for verdict in shown))
    align: list[Align] = ["right" for _ in head]
    align[0] = "left"
    body = [_row(linked(prose(name), name), count, shown) for name, count in counts.items()]
    return table(head, [*body, _row("all", total, shown)], align)


def _counted(joined: Joined, claims: Iterable[ClaimLine]) -> Counter[ClaimVerdict]:
    return Counter(joined.judgement(claim.id).verdict for claim in claims)


def _row(name: str, count: Counter[ClaimVerdict], shown: Iterable[ClaimVerdict]) -> list[str]:
    return [name, str(count.total()), *(str(count[each] or "") for each in shown)]
