"""The results of each subject in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from poolproof.model.record import ClaimLine
from poolproof.model.verdict import ClaimVerdict
from poolproof.report.read.join import Joined
from poolproof.report.say.content import Link, Table, Text, columns
from poolproof.report.say.verdicts import named

VERDICTS: Sequence[ClaimVerdict] = (
    *("holds", "holds with defaults", "conditional"),
    *("refuted", "not seen", "inconclusive"),
)


def overview(joined: Joined) -> Table:
    """A row for each subject, with the number of claims by verdict; subjects link to their tables."""
    counts = {name: _counted(joined, claims) for name, claims in joined.subjects.items()}
    total = _counted(joined, joined.claims.values())
    shown = [verdict for verdict in VERDICTS if total[verdict]]
    rows = [_row((Link(name, to=(name,)),), count, shown) for name, count in counts.items()]
    return Table(columns("subject", "claims", *map(named, shown)), (*rows, _row(("all",), total, shown)))


def _counted(joined: Joined, claims: Iterable[ClaimLine]) -> Counter[ClaimVerdict]:
    return Counter(joined.judgement(claim.id).verdict for claim in claims)


def _row(name: Text, count: Counter[ClaimVerdict], shown: Iterable[ClaimVerdict]) -> tuple[Text, ...]:
    return name, (str(count.total()),), *((str(count[each] or ""),) for each in shown)
