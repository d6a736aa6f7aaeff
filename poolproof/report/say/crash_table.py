"""What a crash costs in each pool, by the verdicts of the claims about it."""

from __future__ import annotations

from collections.abc import Mapping

from poolproof.model.cells import POOLS
from poolproof.model.verdict import ClaimVerdict, claim_verdict
from poolproof.report.read.join import Joined
from poolproof.report.render.markdown import Align, paragraph, prose, table

CONTAINED = "crashes.child-crash-is-contained"
ENDS_CHILD = "crashes.crash-ends-its-child"
ENDS_WORKER = "crashes.crash-ends-the-worker"
MAY_END_WORKER = "crashes.crash-may-end-the-worker"
WORDS: Mapping[str, str] = {
    "raise": "exception",
    "memoryerror": "`MemoryError`",
    "sys_exit": "`sys.exit()`",
    "exit": "`os._exit()`",
    "segv": "SIGSEGV",
    "kill": "SIGKILL or OOM killer",
}
"""How an engineer names the ways to crash, in the order of the table."""
COSTS: Mapping[str, Mapping[ClaimVerdict, str]] = {
    CONTAINED: {"refuted": "the worker"},
    ENDS_CHILD: {"holds": "the child", "refuted": "the task"},
    ENDS_WORKER: {"holds": "the worker", "refuted": "the task"},
    MAY_END_WORKER: {"holds": "the worker", "not seen": "the task"},
}
"""What a crash costs where a claim came out so; the first claim that says it counts."""
OPEN: Mapping[ClaimVerdict, str] = {"conditional": "differs", "inconclusive": "?"}
NOT_RUN = "·"
LEGEND = """What is lost when a task crashes: the task alone, the child that ran it, or the whole worker; ·
was not run. SIGKILL ends the process to which it is sent: where there is no child, that is the worker."""


def section(joined: Joined) -> str:
    """A row for each way to crash, a column a pool; empty when no claim about it was put."""
    ways = list(dict.fromkeys([*WORDS, *_ways(joined)]))
    pools = [pool for pool in POOLS if any(_cost(joined, pool, way) != NOT_RUN for way in ways)]
    rows = [[_word(way), *(_cost(joined, pool, way) for pool in pools)] for way in ways]
    told = [row for row in rows if set(row[1:]) - {NOT_RUN}]
    if not told:
        return ""
    align: list[Align] = ["left" for _ in ("", *pools)]
    return "\n".join(["## What a crash costs\n", table(["", *pools], told, align), paragraph(LEGEND)])


def _ways(joined: Joined) -> list[str]:
    return [way for cell in joined.cells for axis, way in cell.at.variants if axis == "crash"]


def _word(way: str) -> str:
    return WORDS.get(way) or prose(way)


def _cost(joined: Joined, pool: str, way: str) -> str:
    for claim, words in COSTS.items():
        cells = {
            cell: verdict
            for cell, verdict in joined.verdicts(claim).items()
            if cell.pool == pool and dict(cell.variants).get("crash") == way
        }
        if cells and (cost := {**OPEN, **words}.get(claim_verdict(cells).verdict)):
            return cost
    return NOT_RUN
