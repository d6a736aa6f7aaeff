"""What holds where: claims x pools for several environments, claims x concurrencies for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from poolproof.model.cells import POOLS, STATIC, Cell
from poolproof.model.record import ClaimLine
from poolproof.model.verdict import CellVerdict, claim_verdict
from poolproof.report.read.join import Joined
from poolproof.report.say import crash_table, deviations, streams
from poolproof.report.say.content import (
    Block,
    Code,
    Column,
    Heading,
    Items,
    Link,
    Paragraph,
    Sign,
    Table,
    Text,
    items,
    separated,
    written,
)
from poolproof.report.say.overview import overview
from poolproof.report.say.sources import cited
from poolproof.report.say.verdicts import legend

FLAGGED = ("regression", "stale")
TOLD = {"refuted": "is refuted", "inconclusive": "could not be decided", "not seen": "was not seen"}
"""The words for a claim that has no condition."""
WITH_DEFAULTS: Text = (Sign("holds"), " with defaults")
Verdicts = Mapping[Cell, CellVerdict]


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of a table: their heads, and how a claim's verdicts fill them."""

    heads: tuple[str, ...]
    fill: Callable[[ClaimLine, Verdicts], Iterable[Text]]


def section(joined: Joined) -> Iterable[Block]:
    """How many claims hold, then a table for each subject with its conditions; nothing without claims."""
    if not joined.claims:
        return
    grid = _pools(joined) if len(joined.runs) > 1 else _concurrencies(joined)
    columns = _columns(grid)
    yield Heading(2, ("What holds",))
    yield Paragraph(legend())
    yield Paragraph(_reading(joined))
    yield overview(joined)
    entries = deviations.headings(joined)
    for subject, claims in joined.subjects.items():
        yield Heading(3, (subject,))
        yield Table(columns, tuple(_row(joined, grid, claim) for claim in claims), family="claims")
        yield from items(_conditions(joined, claims))
        yield from _instead(claims, entries)


def glossary(joined: Joined) -> Iterable[Block]:
    """Every claim in words, with the documents that state it; nothing without claims."""
    if joined.claims:
        yield Heading(2, ("What each claim says",))
        yield Items(
            tuple(
                (Code(claim.id), ": ", *written(claim.says), " (", *cited(claim), ")")
                for claim in joined.claims.values()
            )
        )


def _columns(grid: Grid) -> tuple[Column, ...]:
    middle = (Column((head,), "center") for head in grid.heads)
    return Column(("claim",)), *middle, Column(("all",))


def _row(joined: Joined, grid: Grid, claim: ClaimLine) -> tuple[Text, ...]:
    verdicts = joined.verdicts(claim.id)
    outcomes = {cell.outcome for cell in joined.cells_of(claim.id)}
    flags = [flag for flag in FLAGGED if flag in outcomes]
    overall = (*_overall(verdicts), f" {', '.join(flags)}") if flags else _overall(verdicts)
    return (Code(_slug(claim)),), *grid.fill(claim, verdicts), overall


def _slug(claim: ClaimLine) -> str:
    return claim.id.partition(".")[2]


def _sign(verdicts: Verdicts) -> Text:
    return (Sign(claim_verdict(verdicts).verdict if verdicts else None),)


def _overall(verdicts: Verdicts) -> Text:
    return WITH_DEFAULTS if verdicts and claim_verdict(verdicts).with_defaults else _sign(verdicts)


def _pools(joined: Joined) -> Grid:
    """A column for each pool, with the verdict over its cells."""
    ran = {cell.at.pool for cell in joined.cells}
    pools = tuple(pool for pool in POOLS if pool in ran)

    def fill(claim: ClaimLine, verdicts: Verdicts) -> Iterable[Text]:
        for pool in pools:
            of_pool = {cell: verdict for cell, verdict in verdicts.items() if cell.pool == pool}
            yield (Sign("n/a"),) if pool not in claim.pools else _sign(of_pool)

    return Grid(pools, fill)


def _concurrencies(joined: Joined) -> Grid:
    """A column for each concurrency, with a sign for each of its cells where they differ."""
    cells = [line.at for line in joined.cells]
    known = sorted({cell.concurrency for cell in cells if cell.pool != STATIC.pool})

    def fill(_: ClaimLine, verdicts: Verdicts) -> Iterable[Text]:
        for concurrency in known:
            here = [verdict for cell, verdict in verdicts.items() if _at(cell, concurrency)]
            shown = here if len(set(here)) > 1 else here[:1]
            yield tuple(map(Sign, shown)) or (Sign(None),)

    return Grid(tuple(f"c{concurrency}" for concurrency in known), fill)


def _at(cell: Cell, concurrency: int) -> bool:
    return cell.pool != STATIC.pool and cell.concurrency == concurrency


def _conditions(joined: Joined, claims: Sequence[ClaimLine]) -> Iterable[Text]:
    """Where each claim holds that does not hold everywhere, and how many messages it was tested with."""
    for claim in claims:
        if text := [*_condition(joined, claim)]:
            yield Code(_slug(claim)), " ", *separated(text, by="; ")


def _condition(joined: Joined, claim: ClaimLine) -> Iterable[Text]:
    judgement = joined.judgement(claim.id)
    if judgement.verdict == "conditional" and crash_table.shows(joined, claim.id):
        yield "depends on the ", Link("way to crash", to=crash_table.HEADING)
    elif text := judgement.condition or TOLD.get(judgement.verdict):
        yield (*WITH_DEFAULTS, f": {text}") if judgement.with_defaults else (text,)
    if rests_on := streams.length(joined, claim.id):
        yield "rests on ", *rests_on


def _instead(claims: Sequence[ClaimLine], entries: Mapping[str, Text]) -> Iterable[Paragraph]:
    """A link to the first deviation of a subject; its others follow it."""
    found = [heading for claim, heading in entries.items() if any(claim == each.id for each in claims)]
    if found:
        yield Paragraph(("What is true instead: ", Link("deviations", to=found[0])))


def _reading(joined: Joined) -> Text:
    """How to read the tables, and on how many trials a sign is based."""
    many = len(joined.runs) > 1
    columns = "a pool" if many else "a concurrency; where its cells differ, it has a sign for each"
    # A static claim has the same result each time, so one trial decides it.
    left = [cell for cell in joined.cells if joined.claims[cell.claim].kind != "static"]
    rates = [cell.excluded_rate for cell in left if cell.excluded_rate is not None]
    if joined.header.rule.trials == 1:
        rests_on = " rests on one trial per cell, which did not violate the claim."
    elif rates:
        rests_on = (
            f" excludes a violation rate of {_span(rates)} or more at {_confidence(joined)} confidence."
        )
    else:
        return (f"A column is {columns}.",)
    return f"A column is {columns}. A ", Sign("holds"), rests_on


def _span(rates: Sequence[float]) -> str:
    low, high = f"{min(rates):.0%}", f"{max(rates):.0%}"
    return low if low == high else f"{low} to {high}"


def _confidence(joined: Joined) -> str:
    return f"{joined.header.rule.rule().confidence:.0%}"
