"""A verdict as one sign, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping

from poolproof.model.verdict import ClaimVerdict

SIGNS: Mapping[ClaimVerdict | None, str] = {
    "holds": "✓",
    "holds with defaults": "✓*",
    "refuted": "✗",
    "conditional": "◐",
    "not seen": "○",
    "inconclusive": "?",
    "n/a": "-",
    None: "·",
}
PLAIN = str.maketrans({"✓": "+", "✗": "x", "◐": "~", "○": "o", "·": ".", "×": "x", "–": "-", "÷": "/"})
"""One ASCII sign for each of ours, so that tables stay straight; the legend uses the same signs."""


def shown_in(encoding: str, text: str) -> str:
    """The text in signs that a terminal of that encoding can show; ours become ASCII where it cannot."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(PLAIN)
    return text
