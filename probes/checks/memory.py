"""Judges what workers weigh, and whose the pages of a prefork child are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from probes.judgement import Judgement, check
from probes.observations.memory import Code, Family, Region, Weights

MORE = 1.15
"""What `more` means: three times the 5% of TIE.

Solo weighed from 42.2 to 44.5 MiB in twenty runs, by 5% differently, for more or fewer other processes shared
its files. Two workers that were weighed beside each other had the same ratio in all runs to 2%.
"""
TIE = 1.05
"""How much more than the least still counts as the least: what two starts of one worker may differ by."""
WHOLE = 0.9
"""The part of a solo worker that a child must weigh to count as a whole process of its own."""
INHERITED = 0.1
"""The part of a child's own memory that must be shared, to call it inherited: far above stray pages."""


@check
def needs_more(weights: Weights) -> Judgement:
    """True when the worker weighs at least MORE times what the solo worker does; the margin is of that."""
    ratio = weights.worker.mib / weights.solo.mib
    told = f"{weights.worker}, {weights.solo}: {ratio:.2f} times as much, wanted {MORE} or more"
    return Judgement(ratio >= MORE, told, ratio / MORE)


@check
def solo_needs_least(weights: Weights) -> Judgement:
    """True when the solo worker weighs at most TIE times what the other does; the margin is of that."""
    ratio = weights.solo.mib / weights.worker.mib
    told = f"{weights.solo}, {weights.worker}: {ratio:.2f} of it, {TIE} or less allowed"
    return Judgement(ratio <= TIE, told, ratio / TIE)


@check
def weighs_whole_processes(weights: Weights, children: int) -> Judgement:
    """True when each child adds at least WHOLE of a solo worker's weight to one; the margin is of that."""
    each = (weights.worker.mib - weights.solo.mib) / children
    share = each / weights.solo.mib
    who = "the child" if children == 1 else f"each of {children} children"
    told = (
        f"{weights.worker}, {weights.solo}: {who} adds {each:.1f} MiB, "
        f"{share:.2f} of a whole process, wanted {WHOLE} or more"
    )
    return Judgement(share >= WHOLE, told, share / WHOLE)


@check
def shares_by_fork(family: Family) -> Judgement:
    """True when INHERITED of what each child holds in memory without a file is shared; the margin is of that.

    Such pages come to be shared by a fork alone, and stay so until one of the processes writes to them.
    """
    parts = {pid: _inherited(mapped) for pid, mapped in family.children.items()}
    shares = [shared / whole if whole else 0.0 for shared, whole in parts.values()]
    told = "; ".join(
        f"child {pid}: {shared / 1024:.1f} of its {whole / 1024:.1f} MiB of objects are shared"
        for pid, (shared, whole) in parts.items()
    )
    least = min(shares, default=0.0)
    return Judgement(least >= INHERITED, told or "no child was looked at", least / INHERITED)


@check
def code_is_read_only(found: Sequence[Code]) -> Judgement:
    """True when every child has the code that it runs in a mapping that it may not write to."""
    told = "; ".join(
        f"the child {code.pid} has it at {code.address:#x}, {_where(code.region)}" for code in found
    )
    held = bool(found) and all(code.region is not None and not code.region.writable for code in found)
    return Judgement(held, told or "no child told where its code lies")


def _inherited(mapped: Iterable[Region]) -> tuple[int, int]:
    """Shared KiB, and all KiB, of the pages that no file is the source of."""
    own = [region for region in mapped if region.anonymous]
    shared = sum(region.shared for region in own)
    return shared, shared + sum(region.private for region in own)


def _where(region: Region | None) -> str:
    if region is None:
        return "in no mapping"
    return f"in {region.path or 'a mapping without a file'} ({region.permissions})"
