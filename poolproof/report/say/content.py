"""The content of a page, as values: one renderer makes Markdown of them, another could make more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from poolproof.model.verdict import ClaimVerdict
from poolproof.report.read.notation import pieces

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Code:
    """A name, a command or a setting, as it is typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that a reader must not miss."""

    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign of a verdict; the sign of None means that nothing was run."""

    verdict: ClaimVerdict | None


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a heading of the same page."""

    text: str
    to: Text


Part = str | Code | Strong | Sign | Link
Text = tuple[Part, ...]
"""One line of text; a `str` in it is plain, whatever it holds."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of the page (level 1) or of a part of it."""

    level: int
    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Text


@dataclass(frozen=True, slots=True)
class Quotation:
    """Running text that a claim says, and not the page."""

    text: Text


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    head: Text
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are columns; tables of one family have columns of equal width."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    family: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The items that belong to one name."""

    name: Text
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Names with the items of each, under one head."""

    name: str
    items: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of evidence; a command has to stay in one line, so that it can be copied."""

    label: str
    text: str
    command: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen, and the commands that show it again."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a file of its own."""

    shows: str
    path: str


Block = Heading | Paragraph | Quotation | Items | Table | Groups | Evidence | Image
Page = tuple[Block, ...]


def written(text: str) -> Text:
    """Text that people wrote into a catalogue or a message: the parts that they marked as code are code."""
    return tuple(Code(piece) if is_code else piece for piece, is_code in pieces(text))


def separated(texts: Iterable[Text], by: str = ", ") -> Text:
    """Texts with a separator between them."""
    return tuple(part for n, text in enumerate(texts) for part in ((by, *text) if n else text))


def series(words: Sequence[str]) -> str:
    """A list of words as in a sentence: `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def columns(*heads: Text | str, first: Align = "left", others: Align = "right") -> tuple[Column, ...]:
    """Columns that are all aligned alike except the first."""
    texts = [(head,) if isinstance(head, str) else head for head in heads]
    return tuple(Column(text, others if n else first) for n, text in enumerate(texts))


def items(texts: Iterable[Text]) -> Iterable[Items]:
    """A list, if there are items."""
    if listed := tuple(texts):
        yield Items(listed)
