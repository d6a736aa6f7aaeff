"""Markdown that is at home in a terminal and on GitHub: tables with straight edges, text that stays text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from textwrap import wrap
from typing import Literal

WIDTH = 98
"""Columns of running text; terminals have 100 at the least."""

_BLOCK = r"""(?x: [-+*](?=\s|$) | -{2,}(?=\s|$) | :-+ | \#{1,6}(?=\s|$) | [<>|] | =+(?=\s|$) | `{3} | ~{3}
    | (?:[*_]\s?){3} | \d{1,9}[.)](?=\s|$) )"""
"""What at the beginning of a line would be an item, a heading, a rule, a table, or live HTML."""
_BEGINS = re.compile(_BLOCK)
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)")
"""A code span. Nothing in it can be escaped, so it is not broken before what would begin a block."""
_BREAK = re.compile(rf"\ (?={_BLOCK})")
_KEPT = "\0"
UNSAID = ("Cc", "Cf", "Cs", "Zl", "Zp")

Align = Literal["left", "center", "right"]
Row = Sequence[str]


def table(head: Row, rows: Iterable[Row], align: Sequence[Align], at_least: Sequence[int] = ()) -> str:
    """A table; its cells hold Markdown already (see `prose` and `code`), `at_least` widens its columns."""
    lines = [[_in_cell(cell) for cell in row] for row in (head, *rows)]
    widths = [max(sizes) for sizes in zip(*(map(_width, line) for line in lines), strict=True)]
    widths = [max(3, *pair) for pair in zip(widths, at_least or widths, strict=True)]
    ruler = [_RULERS[side](width) for side, width in zip(align, widths, strict=True)]
    padded = [[_pad(*each) for each in zip(line, widths, align, strict=True)] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in (padded[0], ruler, *padded[1:])) + "\n"


def widths(rows: Iterable[Row]) -> list[int]:
    """The width that each column needs, so that several tables can share it."""
    return [
        max(sizes) for sizes in zip(*([_width(_in_cell(cell)) for cell in row] for row in rows), strict=True)
    ]


def prose(text: str) -> str:
    """Text of a record on one line, what Markdown would take for markup made harmless; `code` stays code."""
    pieces = re.split(r"((?<!`)`[^`]+`(?!`))", printable(text))
    return "".join(piece if n % 2 else _escaped(piece) for n, piece in enumerate(pieces))


def series(words: Iterable[str]) -> str:
    """Words in a row, as a sentence has them: `a, b and c`."""
    *most, last = map(prose, words)
    return f"{', '.join(most)} and {last}" if most else last


def code(text: str) -> str:
    """Text of a record as a code span, of two backticks at the most: three would begin a block."""
    text = re.sub("``+", lambda run: r"\x60" * len(run[0]), printable(text)) or " "
    fence = "``" if "`" in text else "`"
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def linked(text: str, heading: str) -> str:
    """A link to a heading of the same page, whose anchor GitHub makes of its text; both are Markdown."""
    anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    return f"[{text}](#{anchor})"


def block(lines: Iterable[str], language: str = "text") -> str:
    """Lines as they are, blanks included, in a fence longer than any that they hold."""
    body = "\n".join(map(_harmless, lines))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return f"{fence}{language}\n{body}\n{fence}\n"


def paragraph(text: str, first: str = "", then: str = "") -> str:
    """Running text, wrapped; `first` goes before its first line, `then` before the others."""
    kept = _SPAN.sub(lambda span: _BREAK.sub(_KEPT, span[0]), text)
    lines = wrap(kept, WIDTH - len(then), break_long_words=False, break_on_hyphens=False) or [""]
    first_line, *others = (_plain(line).replace(_KEPT, " ") for line in lines)
    return "\n".join([first + first_line, *(then + line for line in others)]) + "\n"


def _plain(line: str) -> str:
    """A line of running text, escaped where it would begin a block of another kind."""
    begun = _BEGINS.match(line)
    digits = len(line) - len(line.lstrip("0123456789"))
    return f"{line[:digits]}\\{line[digits:]}" if begun else line


def bullet(text: str) -> str:
    """One item of a list, wrapped."""
    return paragraph(text, "- ", "  ")


def printable(text: str) -> str:
    """One line, single blanks, and nothing that could move the cursor of a terminal."""
    return _harmless(re.sub(r"\s+", " ", text).strip())


def _harmless(text: str) -> str:
    """Control characters, and what UTF-8 cannot say, spelled out."""
    return "".join(_spelled(char) if unicodedata.category(char) in UNSAID else char for char in text)


def _spelled(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*<\[\]~]|&(?=[#\w])|(?<!\w)_|_(?!\w))", r"\\\1", text)


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


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
