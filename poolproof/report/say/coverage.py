"""Every section of every document: the claims that it states, or why nothing in it can be tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import wrap

from poolproof.model.record import DocumentLine, SectionLine
from poolproof.report.read.join import Joined
from poolproof.report.render.markdown import WIDTH, Align, bullet, code, paragraph, prose, table, widths
from poolproof.report.say import runs
from poolproof.report.say.glyphs import GLYPHS, legend
from poolproof.report.say.sources import sections, stated

BORDERS = len("| ") + len(" | ")
LEAST = 30
"""Columns for the name of a section, however long the claims' ids are."""
NOTHING = "**no claim in these runs, and no reason**"
HEAD = ("section", "its claims, or why it has none")
LEGEND = """Each section of a document states claims, or it is said why nothing in it can be tested. Where
claims test a part of a section, its other sentences follow, each with the reason why no claim tests it. The
sign before a claim is its verdict over all cells of these runs: """


def page(joined: Joined) -> str:
    """The whole page: the documents in one table, then the sections of each."""
    parts = ["# What of the documents is tested\n", *runs.warnings(joined), *runs.without(joined)]
    parts += ["".join(map(bullet, runs.facts(joined))), paragraph(LEGEND + legend())]
    parts.append(_documents(joined))
    for document in joined.documents.values():
        parts.append(f"## {_title(document)}\n\n{_sections(joined, document)}")
    return "\n".join(parts)


def _title(document: DocumentLine) -> str:
    return f"{document.id}: {prose(document.title)}"


def _documents(joined: Joined) -> str:
    """How many sections of each document are tested, how many claims it states, what sentences are left."""
    head = ("document", "sections", "with claims", "untestable", "nothing", "claims", "omitted")
    align: list[Align] = ["right" for _ in head]
    align[0] = "left"
    return table(head, [_counted(joined, document) for document in joined.documents.values()], align)


def _counted(joined: Joined, document: DocumentLine) -> list[str]:
    claims = stated(joined, document.id)
    tested = {name for claim in claims for name in sections(claim, document.id)}
    kinds = Counter(
        "claims" if each.name in tested else "untestable" if each.untestable or each.left_out else "nothing"
        for each in document.sections
    )
    left_out = sum(len(each.left_out) for each in document.sections)
    counts = (kinds.total(), kinds["claims"], kinds["untestable"], kinds["nothing"], len(claims), left_out)
    return [_title(document), *(str(count or "") for count in counts)]


def _sections(joined: Joined, document: DocumentLine) -> str:
    """A table of a row a claim; what is longer than a terminal is wide goes on in the next row."""
    claims = {
        section.name: [
            f"{GLYPHS[joined.judgement(claim.id).verdict]} {code(claim.id)}"
            for claim in stated(joined, document.id)
            if section.name in sections(claim, document.id)
        ]
        for section in document.sections
    }
    _, widest = widths([("", ""), *(("", claim) for named in claims.values() for claim in named)])
    right = max(widest, len(NOTHING))
    left = max(LEAST, WIDTH - right - BORDERS)
    rows: list[Sequence[str]] = []
    for section in document.sections:
        reason = _wrapped(section.untestable, right) if section.untestable else []
        told = [*(claims[section.name] or reason), *_left_out(section, right)]
        rows += _side_by_side(_wrapped(section.name, left), told or [NOTHING])
    return table(HEAD, rows, ["left", "left"])


def _left_out(section: SectionLine, width: int) -> Iterable[str]:
    """Each sentence that no claim tests, and why."""
    for each in section.left_out:
        yield from _wrapped(f"{GLYPHS[None]} {each.sentence} ({each.reason})", width)


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(prose(text), width, break_on_hyphens=False)


def _side_by_side(left: Sequence[str], right: Sequence[str]) -> Iterable[Sequence[str]]:
    for n in range(max(len(left), len(right))):
        yield ["".join(left[n : n + 1]), "".join(right[n : n + 1])]
