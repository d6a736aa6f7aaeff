"""The last lines of a run on the terminal: at most fifteen, none of them wider than it."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import shorten

from poolproof.report.render.escaping import printable
from poolproof.report.say.summary import Finding, Summary

WIDTH = 100
SHOWN = 5
"""How many findings are shown, two lines each; the table has them all."""
LABEL = len("evidence  ")


def lines(summary: Summary, folder: str) -> Iterable[str]:
    """The lines; `folder` is the run's folder as the user may type it."""
    yield _cut(summary.counts)
    for finding in summary.findings[:SHOWN]:
        yield from _two(finding)
    if len(summary.findings) > SHOWN:
        yield f"... and {len(summary.findings) - SHOWN} more, in the table"
    for label, name in summary.places.items():
        yield f"{label.ljust(LABEL)}{folder.rstrip('/')}/{name}"


def _two(finding: Finding) -> Iterable[str]:
    yield _cut(finding.what)
    yield _cut(finding.instead, indent="  ")


def _cut(text: str, indent: str = "") -> str:
    return indent + shorten(printable(text), WIDTH - len(indent), placeholder=" ...")
