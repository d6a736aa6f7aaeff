"""Puts the shards of a run together: all of them, each once, and all of one making."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import Any

from poolproof.report.read.bad_records import BadRecord, Doubled, MissingCell, NotComparable
from poolproof.report.read.facts import check_equal
from poolproof.report.read.reader import Line, Run

ADDED = ("cells", "missing", "void", "seconds")
"""What a run's footer counts."""
AXES = ("pool", "concurrency", "prefetch")


def merged(runs: Iterable[Run]) -> list[Run]:
    """Whole runs as they are, and one for each environment that was run in shards.

    BadRecord, by its subclass and with the field, where shards are missing, doubled or not comparable.
    """
    groups: dict[str, list[Run]] = {}
    whole = []
    for run in runs:
        if run.header["shard"] is None:
            whole.append(run)
        else:
            groups.setdefault(run.environment, []).append(run)
    return [*whole, *(_merge(group) for group in groups.values())]


def newest(runs: Sequence[Run]) -> tuple[list[Run], list[BadRecord]]:
    """The newest run of each environment, be it whole or in shards, and why shards were passed over."""
    kept: dict[str, Run] = {}
    passed: list[BadRecord] = []
    for group in _makings(runs):
        try:
            (run,) = merged(group)
        except BadRecord as error:
            passed.append(error)
            continue
        rival = kept.get(run.environment)
        if rival is None or rival.header["run"] < run.header["run"]:
            kept[run.environment] = run
    return [kept[name] for name in sorted(kept)], passed


def _makings(runs: Iterable[Run]) -> Iterable[list[Run]]:
    """Runs that could be shards of one: equal in environment and in the number of shards."""
    groups: dict[tuple[str, int], list[Run]] = {}
    for run in runs:
        of = _number(run)[1] if run.header["shard"] else 0
        groups.setdefault((run.environment, of), []).append(run)
    return groups.values()


def _number(run: Run) -> tuple[int, int]:
    number, of = map(int, str(run.header["shard"]).split("/"))
    return number, of


def _merge(shards: Sequence[Run]) -> Run:
    ordered = sorted(shards, key=_number)
    _check_numbers(ordered)
    for shard in ordered[1:]:
        check_equal(ordered[0], shard, "seed")
    _check_cells(ordered)
    claims = {name: claim for shard in ordered for name, claim in shard.claims.items()}
    return Run(
        path=ordered[0].path,
        header=_header(ordered, len(claims)),
        documents=ordered[0].documents,
        claims=claims,
        trials=list(chain.from_iterable(shard.trials for shard in ordered)),
        cells=sorted(chain.from_iterable(shard.cells for shard in ordered), key=_place),
        benchmarks=sorted(chain.from_iterable(shard.benchmarks for shard in ordered), key=_place),
        footer=_footer([shard.footer for shard in ordered if shard.footer is not None]),
    )


def _check_numbers(ordered: Sequence[Run]) -> None:
    first, of = ordered[0], _number(ordered[0])[1]
    for one, other in pairwise(ordered):
        if _number(other)[1] != of:
            raise NotComparable(
                f"{other.path}: shard is {other.header['shard']}, in {first.path} it is "
                f"{first.header['shard']}; give the shards of one run"
            )
        if _number(one) == _number(other):
            raise Doubled(f"{other.path}: shard {other.header['shard']} is there twice; leave out {one.path}")
    missing = sorted({*range(1, of + 1)} - {_number(run)[0] for run in ordered})
    if missing:
        names = ", ".join(f"{number}/{of}" for number in missing)
        raise MissingCell(f"{first.path}: shard {names} of {first.environment} is missing; give all {of}")


def _check_cells(ordered: Sequence[Run]) -> None:
    """A cell that two shards decided means that they had not one plan."""
    homes: dict[tuple[str, str], Run] = {}
    for shard in ordered:
        for cell in shard.cells:
            earlier = homes.setdefault((cell["claim"], cell["cell"]), shard)
            if earlier is not shard:
                raise Doubled(
                    f"{shard.path}: cell {cell['cell']} of {cell['claim']} is in {earlier.path} too; "
                    "run all shards with the same matrix and catalogue"
                )


def _place(line: Line) -> tuple[object, ...]:
    """Where a cell stands, whichever shard it was in: tables tell cells by their order."""
    pool, concurrency, prefetch = (line["axes"][axis] for axis in AXES)
    variants = [value for axis, value in line["axes"].items() if axis not in AXES]
    # A prefetch of 0 is no limit.
    return line.get("claim", ""), pool, concurrency, prefetch or float("inf"), variants


def _header(ordered: Sequence[Run], claims: int) -> Line:
    planned: dict[str, int] = {}
    for shard in ordered:
        for what, count in shard.header["planned"].items():
            planned[what] = planned.get(what, 0) + count
    names = ", ".join(str(shard.header["run"]) for shard in ordered)
    return {
        **ordered[0].header,
        "run": names,
        "shard": None,
        "planned": {**planned, "claims": claims},
    }


def _footer(footers: Sequence[Line]) -> Line:
    counted: dict[str, Any] = {field: sum(footer[field] for footer in footers) for field in ADDED}
    return {**footers[0], **counted, "exit": max(footer["exit"] for footer in footers)}
