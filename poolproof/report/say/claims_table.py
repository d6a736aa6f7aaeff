"""What holds where: claims x pools for several environments, claims x concurrencies for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from poolproof.model.cells import POOLS, STATIC, Cell
from poolproof.model.record import ClaimLine
from poolproof.model.verdict import CellVerdict, claim_verdict
from poolproof.report.read.join import Joined
from poolproof.report.render.markdown import Align, bullet, code, linked, paragraph, prose, table, widths
from poolproof.report.say import deviations, streams
from poolproof.report.say.glyphs import GLYPHS, legend
from poolproof.report.say.overview import overview
from poolproof.report.say.sources import cited

FLAGGED = ("regression", "stale")
TOLD = {"refuted": "is refuted", "inconclusive": "could not be decided", "not seen": "was not seen"}
"""What is said of a claim that has no condition."""
WITH_DEFAULTS = "✓ with defaults"
Verdicts = Mapping[Cell, CellVerdict]


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of a table: their heads, and how a claim's verdicts fill them."""

    heads: tuple[str, ...]
    fill: Callable[[ClaimLine, Verdicts], Iterable[str]]


def section(joined: Joined) -> str:
    """How many claims hold, then a table a subject, conditions below each; empty when nothing was claimed."""
    if not joined.claims:
        return ""
    grid = _pools(joined) if len(joined.runs) > 1 else _concurrencies(joined)
    rows = {name: _row(joined, grid, claim) for name, claim in joined.claims.items()}
    head = ("claim", *grid.heads, "all")
    align: list[Align] = ["center" for _ in head]
    align[0] = align[-1] = "left"
    shared = widths([head, *rows.values()])
    parts = [f"## What holds\n\n{_legend(joined)}", overview(joined)]
    entries = deviations.headings(joined)
    for subject, claims in joined.subjects.items():
        body = table(head, (rows[claim.id] for claim in claims), align, shared)
        parts.append(f"### {prose(subject)}\n\n{body}")
        parts += [*_conditions(joined, claims), *_instead(claims, entries)]
    return "\n".join(parts)


def glossary(joined: Joined) -> str:
    """Every claim in words, with the documents that state it; empty when nothing was claimed."""
    items = (f"{code(claim.id)}: {prose(claim.says)} ({cited(claim)})" for claim in joined.claims.values())
    listed = "".join(map(bullet, items))
    return f"## What each claim says\n\n{listed}" if listed else ""


def _row(joined: Joined, grid: Grid, claim: ClaimLine) -> list[str]:
    verdicts = joined.verdicts(claim.id)
    outcomes = {cell.outcome for cell in joined.cells_of(claim.id)}
    flags = [flag for flag in FLAGGED if flag in outcomes]
    overall = " ".join([_overall(verdicts), ", ".join(flags)]).strip()
    return [code(_slug(claim)), *grid.fill(claim, verdicts), overall]


def _slug(claim: ClaimLine) -> str:
    return claim.id.partition(".")[2]


def _glyph(verdicts: Verdicts) -> str:
    return GLYPHS[claim_verdict(verdicts).verdict if verdicts else None]


def _overall(verdicts: Verdicts) -> str:
    return WITH_DEFAULTS if verdicts and claim_verdict(verdicts).with_defaults else _glyph(verdicts)


def _pools(joined: Joined) -> Grid:
    """A column a pool, with the verdict over the cells of it."""
    ran = {cell.at.pool for cell in joined.cells}
    pools = tuple(pool for pool in POOLS if pool in ran)

    def fill(claim: ClaimLine, verdicts: Verdicts) -> Iterable[str]:
        for pool in pools:
            of_pool = {cell: verdict for cell, verdict in verdicts.items() if cell.pool == pool}
            yield GLYPHS["n/a"] if pool not in claim.pools else _glyph(of_pool)

    return Grid(pools, fill)


def _concurrencies(joined: Joined) -> Grid:
    """A column a concurrency; a glyph each for its prefetch multipliers and variants where they differ."""
    cells = [line.at for line in joined.cells]
    known = sorted({cell.concurrency for cell in cells if cell.pool != STATIC.pool})

    def fill(_: ClaimLine, verdicts: Verdicts) -> Iterable[str]:
        for concurrency in known:
            glyphs = [GLYPHS[verdict] for cell, verdict in verdicts.items() if _at(cell, concurrency)]
            yield "".join(glyphs if len(set(glyphs)) > 1 else glyphs[:1]) or GLYPHS[None]

    return Grid(tuple(f"c{concurrency}" for concurrency in known), fill)


def _at(cell: Cell, concurrency: int) -> bool:
    return cell.pool != STATIC.pool and cell.concurrency == concurrency


def _conditions(joined: Joined, claims: Sequence[ClaimLine]) -> list[str]:
    """Of each claim that does not simply hold, where it does; of a stream, how long it was."""
    told = {_slug(claim): [*_condition(joined, claim)] for claim in claims}
    items = [bullet(f"{code(slug)} {'; '.join(parts)}") for slug, parts in told.items() if parts]
    return ["".join(items)] if items else []


def _condition(joined: Joined, claim: ClaimLine) -> Iterable[str]:
    judgement = joined.judgement(claim.id)
    if told := judgement.condition or TOLD.get(judgement.verdict):
        yield f"{WITH_DEFAULTS}: {prose(told)}" if judgement.with_defaults else prose(told)
    if rests_on := streams.length(joined, claim.id):
        yield f"rests on {rests_on}"


def _instead(claims: Sequence[ClaimLine], entries: Mapping[str, str]) -> list[str]:
    """A link to the first deviation of a subject, below which its others stand."""
    found = [heading for claim, heading in entries.items() if any(claim == each.id for each in claims)]
    return [f"What is true instead: {linked('deviations', found[0])}\n"] if found else []


def _legend(joined: Joined) -> str:
    many = len(joined.runs) > 1
    columns = "a pool" if many else "a concurrency; where its cells differ, it has a glyph for each"
    parts = [f"A column is {columns}."]
    # Nothing of a static claim is left to chance: one look at it excludes whatever it can.
    left = [cell for cell in joined.cells if joined.claims[cell.claim].kind != "static"]
    rates = [cell.excluded_rate for cell in left if cell.excluded_rate is not None]
    if joined.header.rule.trials == 1:
        parts.append("A ✓ rests on one look: it was not violated that once.")
    elif rates:
        parts.append(f"A ✓ excludes a violation rate of {_span(rates)} at {_confidence(joined)} confidence.")
    return f"{legend()}\n\n{paragraph(' '.join(parts))}"


def _span(rates: Sequence[float]) -> str:
    low, high = f"{min(rates):.0%}", f"{max(rates):.0%}"
    return low if low == high else f"{low} to {high}"


def _confidence(joined: Joined) -> str:
    return f"{joined.header.rule.rule().confidence:.0%}"
