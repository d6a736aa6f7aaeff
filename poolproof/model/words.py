"""Counts and lists of words, for evidence that reads well with one item and with many."""

from __future__ import annotations

from collections.abc import Iterable


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 task`, `2 tasks`, `2 children` where the plural is given."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def conjoined(words: Iterable[str]) -> str:
    """A list of words as in a sentence: `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
