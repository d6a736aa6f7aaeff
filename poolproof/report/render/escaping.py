"""Text as Markdown: the text of a record never becomes markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

from poolproof.report.render.signs import SIGNS
from poolproof.report.say.content import Code, Link, Part, Sign, Strong, Text

UNSAID = ("Cc", "Cf", "Cs", "Zl", "Zp")


def inline(text: Text) -> str:
    """One line of Markdown."""
    return "".join(map(_marked, _joined(text))).strip()


def anchor(heading: Text) -> str:
    """GitHub's anchor of a heading, so that a link can lead to it."""
    return re.sub(r"[^\w\- ]", "", inline(heading).lower()).replace(" ", "-")


def printable(text: str) -> str:
    """One line, single spaces, and no character that could move the cursor of a terminal."""
    return _one_line(text).strip()


def harmless(text: str) -> str:
    """The text with control characters, and those that UTF-8 cannot encode, spelled out."""
    return "".join(_spelled(char) if unicodedata.category(char) in UNSAID else char for char in text)


def _joined(text: Text) -> Iterable[Part]:
    """The parts, plain neighbours as one: what an underscore means depends on what is beside it."""
    for is_plain, parts in groupby(text, lambda part: isinstance(part, str)):
        if is_plain:
            yield "".join(map(str, parts))
        else:
            yield from parts


def _marked(part: Part) -> str:
    match part:
        case Code(text):
            return _code(text)
        case Strong(text):
            return f"**{_plain(text)}**"
        case Sign(verdict):
            return SIGNS[verdict]
        case Link(text, to):
            return f"[{_plain(text)}](#{anchor(to)})"
        case str():
            return _plain(part)


def _code(text: str) -> str:
    """A code span, of two backticks at the most: three would begin a block."""
    text = re.sub("``+", lambda run: r"\x60" * len(run[0]), printable(text)) or " "
    fence = "``" if "`" in text else "`"
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _plain(text: str) -> str:
    """Plain text, with a backslash before what Markdown would take for markup."""
    return re.sub(r"([\\`*<\[\]~]|&(?=[#\w])|(?<!\w)_|_(?!\w))", r"\\\1", _one_line(text))


def _one_line(text: str) -> str:
    return harmless(re.sub(r"\s+", " ", text))


def _spelled(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
