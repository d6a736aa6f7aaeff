"""What is lost by a crash in each pool, by the verdicts of the claims about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from poolproof.model.cells import POOLS
from poolproof.model.verdict import ClaimVerdict, claim_verdict
from poolproof.report.read.join import Joined
from poolproof.report.say.content import Block, Code, Heading, Paragraph, Sign, Table, Text, columns

WAY = "crash"
"""The axis of the ways to crash."""
CONTAINED = "crashes.child-crash-is-contained"
ENDS_CHILD = "crashes.crash-ends-its-child"
ENDS_WORKER = "crashes.crash-ends-the-worker"
MAY_END_WORKER = "crashes.crash-may-end-the-worker"
WORDS: Mapping[str, Text] = {
    "raise": ("exception",),
    "memoryerror": (Code("MemoryError"),),
    "sys_exit": (Code("sys.exit()"),),
    "exit": (Code("os._exit()"),),
    "segv": ("SIGSEGV",),
    "kill": ("SIGKILL or OOM killer",),
}
"""How an engineer names the ways to crash, in the order of the table."""
COSTS: Mapping[str, Mapping[ClaimVerdict, str]] = {
    CONTAINED: {"refuted": "the worker"},
    ENDS_CHILD: {"holds": "the child", "refuted": "the task"},
    ENDS_WORKER: {"holds": "the worker", "refuted": "the task"},
    MAY_END_WORKER: {"holds": "the worker", "not seen": "the task"},
}
"""What is lost, by the verdict of a claim; the first claim that has an entry decides."""
OPEN: Mapping[ClaimVerdict, Text] = {
    "conditional": ("differs",),
    "inconclusive": (Sign("inconclusive"),),
}
NOT_RUN: Text = (Sign(None),)
HEADING: Text = ("What a crash costs",)
LEGEND: Text = (
    "What is lost when a task crashes: only the task, the child that ran it, or the whole worker (",
    Sign(None),
    " was not run). Where there is no child process, SIGKILL ends the worker.",
)


def section(joined: Joined) -> Iterable[Block]:
    """A row for each way to crash, a column for each pool; nothing when no claim about it was tested."""
    ways = list(dict.fromkeys([*WORDS, *_ways(joined)]))
    pools = [pool for pool in POOLS if any(_cost(joined, pool, way) != NOT_RUN for way in ways)]
    rows = {way: [_cost(joined, pool, way) for pool in pools] for way in ways}
    filled = [(_word(way), *costs) for way, costs in rows.items() if set(costs) - {NOT_RUN}]
    if filled:
        yield Heading(2, HEADING)
        yield Table(columns("", *pools, others="left"), tuple(filled))
        yield Paragraph(LEGEND)


def shows(joined: Joined, claim: str) -> bool:
    """Whether the table shows where a claim holds, so that no sentence is needed."""
    return claim in COSTS and any(WAY in cell.axes for cell in joined.cells_of(claim))


def _ways(joined: Joined) -> list[str]:
    return [way for cell in joined.cells for axis, way in cell.at.variants if axis == WAY]


def _word(way: str) -> Text:
    return WORDS.get(way) or (way,)


def _cost(joined: Joined, pool: str, way: str) -> Text:
    for claim, words in COSTS.items():
        cells = {
            cell: verdict
            for cell, verdict in joined.verdicts(claim).items()
            if cell.pool == pool and dict(cell.variants).get(WAY) == way
        }
        if not cells:
            continue
        verdict = claim_verdict(cells).verdict
        if verdict in words:
            return (words[verdict],)
        if verdict in OPEN:
            return OPEN[verdict]
    return NOT_RUN
