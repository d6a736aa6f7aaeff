"""Every section of every document: the claims that it states, or why nothing in it can be tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from poolproof.model.record import DocumentLine, SectionLine
from poolproof.report.read.join import Joined
from poolproof.report.say import runs
from poolproof.report.say.content import (
    Block,
    Code,
    Group,
    Groups,
    Heading,
    Items,
    Page,
    Paragraph,
    Sign,
    Strong,
    Table,
    Text,
    columns,
    written,
)
from poolproof.report.say.sources import sections, stated
from poolproof.report.say.verdicts import legend

NOTHING: Text = (Strong("no claim in these runs, and no reason"),)
HEAD = ("section", "its claims, or why it has none")
COUNTED = ("document", "sections", "with claims", "untestable", "neither", "claims", "omitted")
LEGEND = """Each section of a document has claims, or a reason why nothing in it can be tested. Sentences
that no claim tests follow, each with its reason. The sign before a claim is its verdict over all cells of
these runs: """


def page(joined: Joined) -> Page:
    """The whole page: the documents in one table, then the sections of each."""
    return (
        Heading(1, ("What is tested of each document",)),
        *runs.warnings(joined),
        *runs.without(joined),
        Items(tuple(runs.facts(joined))),
        Paragraph((LEGEND, *legend())),
        _documents(joined),
        *(block for document in joined.documents.values() for block in _sections(joined, document)),
    )


def _title(document: DocumentLine) -> Text:
    return f"{document.id}: ", *written(document.title)


def _documents(joined: Joined) -> Table:
    """How many sections of each document are tested, its claims, and the sentences that no claim tests."""
    return Table(columns(*COUNTED), tuple(_counted(joined, each) for each in joined.documents.values()))


def _counted(joined: Joined, document: DocumentLine) -> tuple[Text, ...]:
    claims = stated(joined, document.id)
    tested = {name for claim in claims for name in sections(claim, document.id)}
    kinds = Counter(
        "claims" if each.name in tested else "untestable" if each.untestable or each.left_out else "nothing"
        for each in document.sections
    )
    left_out = sum(len(each.left_out) for each in document.sections)
    counts = (kinds.total(), kinds["claims"], kinds["untestable"], kinds["nothing"], len(claims), left_out)
    return _title(document), *((str(count or ""),) for count in counts)


def _sections(joined: Joined, document: DocumentLine) -> Iterable[Block]:
    """Each section with its claims, or its reason, and with each sentence that no claim tests."""
    yield Heading(2, _title(document))
    groups = (
        Group(written(section.name), tuple(_told(joined, document, section)) or (NOTHING,))
        for section in document.sections
    )
    yield Groups(*HEAD, tuple(groups))


def _told(joined: Joined, document: DocumentLine, section: SectionLine) -> Iterable[Text]:
    claims = [claim for claim in stated(joined, document.id) if section.name in sections(claim, document.id)]
    for claim in claims:
        yield Sign(joined.judgement(claim.id).verdict), " ", Code(claim.id)
    if section.untestable and not claims:
        yield written(section.untestable)
    for each in section.left_out:
        yield Sign(None), " ", *written(f"{each.sentence} ({each.reason})")
