"""Which documents state a claim, and which claims a document states."""

from __future__ import annotations

from collections.abc import Sequence

from poolproof.model.record import ClaimLine
from poolproof.report.read.join import Joined
from poolproof.report.say.content import Text, separated, written

NAMED = 2
"""Sections of a document that are named beside a claim; the coverage table has them all."""


def cited(claim: ClaimLine) -> Text:
    """The documents that state a claim, each with its first sections."""
    documents = dict.fromkeys(source.document for source in claim.sources)
    return separated((_cited(document, sections(claim, document)) for document in documents), by="; ")


def sections(claim: ClaimLine, document: str) -> list[str]:
    """The sections of a document that state a claim."""
    return [source.section for source in claim.sources if source.document == document]


def stated(joined: Joined, document: str) -> list[ClaimLine]:
    """The claims that a document states, in the order of the pages."""
    return [claim for claim in joined.claims.values() if sections(claim, document)]


def _cited(document: str, names: Sequence[str]) -> Text:
    more = [(f"{len(names) - NAMED} more",)] if len(names) > NAMED else []
    return separated([(f"document {document}",), *map(written, names[:NAMED]), *more])
