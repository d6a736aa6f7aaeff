"""What came out of each subject, in one line each: the first minute's reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from probes.verdict import ClaimVerdict
from publish.glyphs import GLYPHS
from publish.join import Joined
from publish.markdown import Align, linked, prose, table
from publish.reader import Line

VERDICTS: Sequence[ClaimVerdict] = ("holds", "conditional", "refuted", "inconclusive")


def overview(joined: Joined) -> str:
    """A row a subject, with how many of its claims came out how; the subjects link to their tables."""
    head = ("subject", "claims", *(f"{GLYPHS[verdict]} {verdict}" for verdict in VERDICTS))
    align: list[Align] = ["right" for _ in head]
    align[0] = "left"
    body = [_row(joined, linked(prose(name), name), claims) for name, claims in joined.subjects.items()]
    return table(head, [*body, _row(joined, "all", joined.claims.values())], align)


def _row(joined: Joined, name: str, claims: Iterable[Line]) -> list[str]:
    verdicts = Counter(joined.judgement(claim["id"]).verdict for claim in claims)
    return [name, str(verdicts.total()), *(str(verdicts[each] or "") for each in VERDICTS)]
