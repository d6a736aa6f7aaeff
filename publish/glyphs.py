"""A verdict as one sign, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping

from probes.verdict import ClaimVerdict

GLYPHS: Mapping[ClaimVerdict | None, str] = {
    "holds": "✓",
    "refuted": "✗",
    "conditional": "◐",
    "not seen": "○",
    "inconclusive": "?",
    "n/a": "-",
    None: "·",
}


def legend() -> str:
    """What each sign stands for, in one line."""
    return ", ".join(f"{glyph} {verdict or 'not run'}" for verdict, glyph in GLYPHS.items()) + "."
