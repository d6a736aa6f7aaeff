"""The one notation in the texts that people write: a pair of backticks marks code."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def pieces(text: str) -> Iterable[tuple[str, bool]]:
    """The pieces of a text in their order, and whether each of them is code."""
    for n, piece in enumerate(_CODE.split(text)):
        if piece:
            yield piece, n % 2 == 1
