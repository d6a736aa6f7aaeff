"""Which pool, -c and prefetch for which work: the answer on one screen, each pool where it does best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from probes.cells import POOLS
from probes.verdict import claim_verdict
from publish.figures import short, span
from publish.join import Joined
from publish.markdown import Align, bullet, code, paragraph, series, table
from publish.prefetch import effect
from publish.timed import DEFAULT_PREFETCH, Timed, at_default, beats, probes, timed, workload

COSTS: Mapping[str, dict[str, str]] = {
    "crashes.child-crash-is-contained": {
        "holds": "the child alone",
        "refuted": "more than the child",
        "conditional": "the child alone {condition}, otherwise more",
        "inconclusive": "what could not be decided",
    },
    "crashes.crash-ends-the-worker": {
        "holds": "the whole worker",
        "refuted": "less than the worker",
        "conditional": "the whole worker {condition}, otherwise less",
        "inconclusive": "what could not be decided",
    },
}
"""What a crash costs where a claim came out so."""
NOTHING = "·"
TWO = 2
MILLI = 1000
LEGEND = f"""× is times the bare function, run one at a time: first throughput, beside it tasks/s or how
long a task waits (longer where more wait at once: compare ×, not rates), then durations. Each pool stands at
the least concurrency as good as its best, at prefetch {DEFAULT_PREFETCH}; those joined by "or" cannot be told
apart. A no-op does nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The pools that were timed with one probe, each at its best cell, in the order of the pools."""

    probe: str
    rivals: Sequence[Timed]

    @property
    def waits(self) -> bool:
        """Whether its tasks wait, rather than compute."""
        return any(cell.line["delay_s"] is not None for cell in self.rivals)

    @property
    def ranked(self) -> list[Timed]:
        """The fastest first."""
        return sorted(self.rivals, key=lambda cell: -cell.gain.value)

    @property
    def first(self) -> list[Timed]:
        """The fastest and those that cannot be told from it, in the order of pools; none after one look."""
        if any(cell.one_look for cell in self.rivals):
            return []
        return [cell for cell in self.rivals if not beats(self.ranked[0], cell)]

    def at(self, pool: str) -> Timed | None:
        """The best cell of a pool; None where it has none."""
        return next((cell for cell in self.rivals if cell.pool == pool), None)


def section(joined: Joined) -> str:
    """One line a workload, one on crashes, and the table; empty where there are no two pools."""
    choices = [Choice(probe, _rivals(joined, probe)) for probe in probes(joined)]
    choices = [choice for choice in choices if len(choice.rivals) >= TWO]
    if not choices:
        return ""
    said = "".join(map(bullet, (*_answers(choices), *effect(joined), *_crashes(joined))))
    return "\n".join(["## Choose\n", said, _table(choices), paragraph(LEGEND)])


def _rivals(joined: Joined, probe: str) -> list[Timed]:
    cells = at_default(timed(joined, probe))
    return [_best(of_pool) for pool in POOLS if (of_pool := [cell for cell in cells if cell.pool == pool])]


def _best(cells: Sequence[Timed]) -> Timed:
    """The least concurrency that cannot be told from the fastest: more of it would only cost memory."""
    fastest = max(cells, key=lambda cell: cell.gain.value)
    return min((cell for cell in cells if not beats(fastest, cell)), key=lambda cell: cell.concurrency)


def _answers(choices: Sequence[Choice]) -> Iterable[str]:
    """The best pool of each workload; one line where nothing was looked at twice."""
    if not any(choice.first for choice in choices):
        yield "One look at each cell, without interval, so no pool is called the best"
    else:
        yield from map(_answer, choices)


def _answer(choice: Choice) -> str:
    asked, first = workload(choice.probe), choice.first
    if not first:
        return f"{asked}: one look, without interval, so no pool is called the best"
    best = " or ".join(_at(cell) for cell in first)
    told = f"{best if len(first) > 1 else f'**{best}**'}, {span(cell.gain for cell in first)}×"
    rest = [cell for cell in choice.ranked if cell not in first]
    return f"{asked}: {told}" + (f"; next {_at(rest[0])}, {short(rest[0].gain.value)}×" if rest else "")


def _at(cell: Timed) -> str:
    """As one would type it; solo heeds no -c."""
    return cell.pool if cell.pool == "solo" else f"{cell.pool} -c {cell.concurrency}"


def _crashes(joined: Joined) -> Iterable[str]:
    """What a crash costs in each pool, by the verdicts of the claims about it; nothing if none was put."""
    costs: dict[str, list[str]] = {}
    for pool in POOLS:
        for claim, words in COSTS.items():
            cells = {cell: verdict for cell, verdict in joined.verdicts(claim).items() if cell.pool == pool}
            judged = claim_verdict(cells)
            if judged.verdict != "n/a":
                condition = (judged.condition or "").removeprefix("holds ")
                cost = words[judged.verdict].format(condition=condition)
                costs.setdefault(cost, []).append(pool)
    if costs:
        told = "; ".join(f"{series(pools)} {cost}" for cost, pools in costs.items())
        yield f"A crash costs {told}"


def _table(choices: Sequence[Choice]) -> str:
    pools = [pool for pool in POOLS if any(choice.at(pool) for choice in choices)]
    align: list[Align] = ["right" for _ in ("", *pools)]
    align[0] = "left"
    body = [row for choice in choices for row in _rows(choice, pools)]
    body += [_noops(choice, pools) for choice in choices if choice.waits][:1]
    return table(["", *pools], body, align)


def _rows(choice: Choice, pools: Sequence[str]) -> Iterable[list[str]]:
    cells = [choice.at(pool) for pool in pools]
    best = choice.first if len(choice.first) == 1 else []
    yield [code(choice.probe), *(_speed(cell, cell in best) if cell else NOTHING for cell in cells)]
    for label, shown in ROWS.items():
        yield [label, *(shown(cell) if cell else NOTHING for cell in cells)]


def _speed(cell: Timed, best: bool) -> str:
    gain = f"{short(cell.gain.value)}×"
    return f"{f'**{gain}**' if best else gain} {_rate_or_wait(cell)}"


def _rate_or_wait(cell: Timed) -> str:
    delay = cell.line["delay_s"]
    if delay is None:
        return f"{short(cell.line['throughput'])}/s"
    return f"{delay:.2f} s" if delay >= 1 else f"{delay * MILLI:.0f} ms"


def _noops(choice: Choice, pools: Sequence[str]) -> list[str]:
    """How many tasks a second a pool gets through if they do nothing: what it costs to handle one."""
    cells = [choice.at(pool) for pool in pools]
    return ["no-op", *(f"{short(cell.line['noop_rate'])}/s" if cell else NOTHING for cell in cells)]


def _durations(cell: Timed) -> str:
    return "/".join(short(cell.line[name] / cell.alone_ms) for name in ("p50_ms", "p99_ms")) + "×"


def _costs(cell: Timed) -> str:
    return f"c{cell.concurrency}, {cell.line['pss_mib']:.0f}, {cell.line['ready_s']:.1f}"


ROWS = {"p50/p99": _durations, "at, MiB, ready s": _costs}
"""What is told of each workload below its throughput."""
