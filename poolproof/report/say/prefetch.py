"""The effect of the prefetch multiplier on throughput: each value beside Celery's own, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from poolproof.report.read.join import Joined
from poolproof.report.say.content import series
from poolproof.report.say.timed import DEFAULT_PREFETCH, Timed, probes, timed

LOST = 0.5
"""A cell below this share of the default's throughput is named separately."""
LIMITLESS = 0
Pair = tuple[Timed, Timed]


def effect(joined: Joined) -> Iterable[str]:
    """One line, where several multipliers were timed: in how many cells they differ from the default."""
    pairs = [pair for probe in probes(joined) for pair in _beside_the_default(timed(joined, probe))]
    if not pairs:
        return
    others = series([*dict.fromkeys(_word(cell) for cell, _ in pairs)])
    differ = [pair for pair in pairs if pair[0].gain.apart(pair[1].gain)]
    alike = f"{len(pairs) - len(differ)} of {len(pairs)} cells"
    text = f"Prefetch {others}: no difference from {DEFAULT_PREFETCH} in {alike}"
    near = [_ratio(pair) for pair in differ if _ratio(pair) >= LOST]
    if near:
        text += (
            f"; in {len(near)} the throughput is {min(near):.2f}–{max(near):.2f}× that of {DEFAULT_PREFETCH}"
        )
    yield "; ".join([text, *_lost([pair for pair in differ if _ratio(pair) < LOST])])


def _lost(pairs: Sequence[Pair]) -> Iterable[str]:
    for word in dict.fromkeys(_word(cell) for cell, _ in pairs):
        found = {
            f"{pair[0].pool} -c {pair[0].concurrency}": _ratio(pair)
            for pair in pairs
            if _word(pair[0]) == word
        }
        yield f"with {word}, at most {max(found.values()):.2f}× in {series([*found])}"


def _beside_the_default(cells: Iterable[Timed]) -> Iterable[Pair]:
    """Each cell with another multiplier, and the same cell with the default, where both can be compared."""
    cells = [cell for cell in cells if cell.comparable]
    usual = {(cell.pool, cell.concurrency): cell for cell in cells if cell.prefetch == DEFAULT_PREFETCH}
    for cell in cells:
        beside = usual.get((cell.pool, cell.concurrency))
        if beside and cell is not beside:
            yield cell, beside


def _ratio(pair: Pair) -> float:
    return pair[0].gain.value / pair[1].gain.value


def _word(cell: Timed) -> str:
    return "no limit" if cell.prefetch == LIMITLESS else str(cell.prefetch)
