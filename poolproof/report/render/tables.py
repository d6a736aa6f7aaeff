"""Tables with straight edges, in a terminal and on GitHub."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import wrap

from poolproof.report.render.escaping import inline
from poolproof.report.say.content import Align, Block, Groups, Table, Text

WIDTH = 98
"""Columns of a page; terminals have at least 100."""
BORDERS = len("| ") + len(" | ")
NAMES, ITEMS = 30, 40
"""The least columns for the names of groups, and for the items of a group."""

Row = Sequence[str]
Widths = Mapping[str, Sequence[int]]


def families(blocks: Iterable[Block]) -> Widths:
    """The widths of columns that the tables of a family share."""
    found: dict[str, list[Row]] = {}
    for block in blocks:
        if isinstance(block, Table) and block.family:
            found.setdefault(block.family, []).extend(_cells(block))
    return {family: _widths(rows) for family, rows in found.items()}


def table(block: Table, shared: Widths) -> str:
    """A table, as wide as the others of its family."""
    rows = _cells(block)
    return _drawn(rows, [column.align for column in block.columns], shared.get(block.family) or _widths(rows))


def groups(block: Groups) -> str:
    """A table with one row per item; a text that is too wide continues in the next row."""
    kept = [item for group in block.groups for item in group.items if not _may_be_wrapped(item)]
    right = max([ITEMS, *(_width(inline(item)) for item in kept)])
    left = max(NAMES, WIDTH - right - BORDERS)
    rows = [[block.name, block.items]]
    for group in block.groups:
        lines = [line for item in group.items for line in _lines(item, right)]
        rows += _side_by_side(wrap(inline(group.name), left, break_on_hyphens=False), lines)
    cells = [[_in_cell(cell) for cell in row] for row in rows]
    return _drawn(cells, ["left", "left"], _widths(cells))


def _lines(item: Text, width: int) -> list[str]:
    return wrap(inline(item), width, break_on_hyphens=False) if _may_be_wrapped(item) else [inline(item)]


def _may_be_wrapped(item: Text) -> bool:
    """Whether the item has words, and not only names."""
    return any(isinstance(part, str) and part.strip() for part in item)


def _side_by_side(left: Sequence[str], right: Sequence[str]) -> Iterable[list[str]]:
    for n in range(max(len(left), len(right))):
        yield ["".join(left[n : n + 1]), "".join(right[n : n + 1])]


def _cells(block: Table) -> list[Row]:
    heads = tuple(column.head for column in block.columns)
    return [[_in_cell(inline(cell)) for cell in row] for row in (heads, *block.rows)]


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _widths(rows: Iterable[Row]) -> list[int]:
    """The width that each column needs; GitHub needs at least three."""
    return [max(3, *sizes) for sizes in zip(*(map(_width, row) for row in rows), strict=True)]


def _drawn(rows: Sequence[Row], align: Sequence[Align], widths: Sequence[int]) -> str:
    ruler = [_RULERS[side](width) for side, width in zip(align, widths, strict=True)]
    padded = [[_pad(*each) for each in zip(row, widths, align, strict=True)] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in (padded[0], ruler, *padded[1:])) + "\n"


def _width(text: str) -> int:
    """Columns in a terminal: wide East Asian characters take two, combining ones none."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text
    )


def _pad(text: str, width: int, align: Align) -> str:
    room = width - _width(text)
    left = {"left": 0, "center": room // 2, "right": room}[align]
    return " " * left + text + " " * (room - left)


_RULERS: dict[Align, Callable[[int], str]] = {
    "left": lambda width: "-" * width,
    "center": lambda width: f":{'-' * (width - 2)}:",
    "right": lambda width: f"{'-' * (width - 1)}:",
}
