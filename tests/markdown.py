"""Renders blocks as Markdown, and reads tables back, as GitHub and a terminal do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from poolproof.report.render.markdown import rendered
from poolproof.report.say.content import Block


def shown(blocks: Iterable[Block]) -> str:
    """The blocks in Markdown."""
    return rendered(tuple(blocks))


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all the tables by their first cell."""
    split = [cells(line) for line in text.splitlines() if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in split}


def cells(line: str) -> list[str]:
    """Split a row as GitHub does: at each pipe that has no backslash before it."""
    inside = re.split(r"(?<!\\)\|", line)[1:-1]
    return [cell.strip().replace("\\|", "|") for cell in inside]


def columns(line: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in line
    )
