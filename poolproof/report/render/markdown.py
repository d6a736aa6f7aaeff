"""Pages as Markdown that reads well in a terminal and on GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import wrap

from poolproof.report.render import tables
from poolproof.report.render.escaping import harmless, inline
from poolproof.report.render.tables import WIDTH
from poolproof.report.say.content import (
    Block,
    Evidence,
    Fact,
    Groups,
    Heading,
    Image,
    Items,
    Page,
    Paragraph,
    Quotation,
    Table,
)

_BLOCK = r"""(?x: [-+*](?=\s|$) | -{2,}(?=\s|$) | :-+ | \#{1,6}(?=\s|$) | [<>|] | =+(?=\s|$) | `{3} | ~{3}
    | (?:[*_]\s?){3} | \d{1,9}[.)](?=\s|$) )"""
"""What at the beginning of a line would be an item, a heading, a rule, a table, or live HTML."""
_BEGINS = re.compile(_BLOCK)
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)")
"""A code span. Nothing in it can be escaped, so it is not broken before what would begin a block."""
_BREAK = re.compile(rf"\ (?={_BLOCK})")
_KEPT = "\0"
LABEL = 10
"""Columns of the label before a line of evidence."""


def rendered(page: Page) -> str:
    """The whole page, with a blank line between its blocks."""
    shared = tables.families(page)
    return "\n".join(_block(block, shared) for block in page)


def _block(block: Block, shared: tables.Widths) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {inline(text)}\n"
        case Paragraph(text):
            return _wrapped(inline(text))
        case Quotation(text):
            return _wrapped(inline(text), "> ", "> ")
        case Items(items):
            return "".join(_wrapped(inline(item), "- ", "  ") for item in items)
        case Table():
            return tables.table(block, shared)
        case Groups():
            return tables.groups(block)
        case Evidence(facts):
            return _fenced(line for fact in facts for line in _lines(fact))
        case Image(shows, path):
            return f"![{inline((shows,))}](<{path}>)\n"


def _wrapped(text: str, first: str = "", then: str = "") -> str:
    """Running text, wrapped; `first` goes before its first line, `then` before the others."""
    kept = _SPAN.sub(lambda span: _BREAK.sub(_KEPT, span[0]), text)
    lines = wrap(kept, WIDTH - len(then), break_long_words=False, break_on_hyphens=False) or [""]
    first_line, *others = (_harmless_start(line).replace(_KEPT, " ") for line in lines)
    return "\n".join([first + first_line, *(then + line for line in others)]) + "\n"


def _harmless_start(line: str) -> str:
    """A line of running text, escaped where it would begin a block of another kind."""
    begun = _BEGINS.match(line)
    digits = len(line) - len(line.lstrip("0123456789"))
    return f"{line[:digits]}\\{line[digits:]}" if begun else line


def _fenced(lines: Iterable[str]) -> str:
    """Lines as they are, blanks included, in a fence longer than any that they hold."""
    body = "\n".join(map(harmless, lines))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return f"{fence}text\n{body}\n{fence}\n"


def _lines(fact: Fact) -> Iterable[str]:
    """The label, and its text in one column beside it; a command as it is."""
    if fact.command:
        yield fact.label.ljust(LABEL) + fact.text
        return
    first, *others = wrap(fact.text, WIDTH - LABEL, break_long_words=False, break_on_hyphens=False) or [
        "none"
    ]
    yield fact.label.ljust(LABEL) + first
    yield from (" " * LABEL + line for line in others)
