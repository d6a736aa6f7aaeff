"""The verdicts, in the words of legends and heads."""

from __future__ import annotations

from collections.abc import Sequence

from poolproof.model.verdict import ClaimVerdict
from poolproof.report.say.content import Sign, Text, separated

ORDER: Sequence[ClaimVerdict | None] = (
    *("holds", "holds with defaults", "refuted", "conditional"),
    *("not seen", "inconclusive", "n/a", None),
)


def word(verdict: ClaimVerdict | None) -> str:
    """A verdict in words."""
    return {"holds with defaults": "with defaults", None: "not run"}.get(verdict, str(verdict))


def named(verdict: ClaimVerdict | None) -> Text:
    """A verdict's sign with its words."""
    return Sign(verdict), f" {word(verdict)}"


def legend() -> Text:
    """What each sign stands for, in one line."""
    return *separated(map(named, ORDER)), "."
