"""Judges how much memory workers use, and which pages of a prefork child are shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from poolproof.model.judgement import Judgement, check
from poolproof.model.regions import Region
from poolproof.model.words import counted
from poolproof.subjects.memory.seen import ChildrenPages, Code, Weight, Weights

MORE = 1.15
"""The factor from which on we say "more", where the pages of files count as well.

Solo weighed from 42.2 to 44.5 MiB in twenty runs, because more or fewer other processes shared its files: a
difference of 5%, of which this is three times as much. The ratio of two workers that were weighed beside each
other varied by 2%.
"""
TIE = 1.004
"""How much more than the least still counts as the least, where pages of files do not count.

Six starts of solo weighed from 39.41 to 39.43 MiB without files, by 0.05% differently; threads, the lightest
of the other pools, weighed 1.2% more.
"""
WHOLE = 0.9
"""The part of a solo worker's memory that a child must use to count as a whole process."""
HALF = (0.25, 0.75)
"""The range that counts as about half of a process."""
INHERITED = 0.25
"""The part of a child's own memory that must be shared, to call it inherited.

A third or more is shared after a few dozen tasks; the more tasks, the more pages a child has written to.
"""
STRAY = 0.01
"""The part that may be shared where nothing is inherited: what a library shares on purpose."""


@check
def needs_more(weights: Weights) -> Judgement:
    """True when the worker uses at least MORE times the memory of the solo worker; the margin is of that."""
    ratio = weights.worker.mib / weights.solo.mib
    text = f"{weights.worker}, {weights.solo}: {ratio:.2f} times as much, wanted {MORE} or more"
    return Judgement(ratio >= MORE, text, ratio / MORE, _pss(weights))


@check
def solo_needs_least(weights: Weights) -> Judgement:
    """True when the solo worker uses at most TIE times the memory of the other, at rest and at work.

    The margin is of the larger of the two ratios.
    """
    pairs = ((weights.solo, weights.worker), (weights.solo_at_work, weights.worker_at_work))
    (rest, work), ratio = _ratios(pairs), max(_ratios(pairs))
    text = (
        f"{weights.solo}, {weights.worker}; without files {weights.solo.own:.2f} and "
        f"{weights.worker.own:.2f} MiB: {rest:.3f} of it, and {work:.3f} while tasks ran; "
        f"{TIE} or less allowed"
    )
    facts = {
        "worker_own_mib": weights.worker.own,
        "solo_own_mib": weights.solo.own,
        "worker_at_work_own_mib": weights.worker_at_work.own,
        "solo_at_work_own_mib": weights.solo_at_work.own,
    }
    return Judgement(ratio <= TIE, text, ratio / TIE, facts)


def _ratios(pairs: Iterable[tuple[Weight, Weight]]) -> list[float]:
    return [one.own / other.own for one, other in pairs]


def _pss(weights: Weights) -> dict[str, float]:
    return {
        "worker_pss_mib": weights.worker.mib,
        "solo_pss_mib": weights.solo.mib,
        "worker_processes": weights.worker.processes,
    }


@check
def weighs_whole_processes(weights: Weights, children: int) -> Judgement:
    """True when each child adds at least WHOLE of a solo worker's memory; the margin is of that."""
    share, text = _added(weights, children)
    facts = _pss(weights) | {"of_a_process_each_child_share": share}
    return Judgement(share >= WHOLE, f"{text}, wanted {WHOLE} or more", share / WHOLE, facts)


@check
def weighs_half_a_process(weights: Weights, children: int) -> Judgement:
    """True when each child adds about HALF of a solo worker's memory; the margin is of the most."""
    share, text = _added(weights, children)
    least, most = HALF
    facts = _pss(weights) | {"of_a_process_each_child_share": share}
    return Judgement(least <= share <= most, f"{text}, wanted {least} to {most}", share / most, facts)


@check
def shares_by_fork(pages: ChildrenPages) -> Judgement:
    """True when each child shares INHERITED of its pages that come from no file; the margin is of that.

    Only a fork makes such pages shared, and they stay shared until one of the processes writes to them.
    """
    parts = {pid: _inherited(mapped) for pid, mapped in pages.children.items()}
    shares = [shared / whole if whole else 0.0 for shared, whole in parts.values()]
    text = "; ".join(
        f"child {pid}: {shared / 1024:.1f} of its {whole / 1024:.1f} MiB of objects are shared"
        for pid, (shared, whole) in parts.items()
    )
    least = min(shares, default=0.0)
    facts = {"children": len(parts), "least_inherited_share": least}
    return Judgement(least >= INHERITED, text or "no child was looked at", least / INHERITED, facts)


@check
def shares_files_alone(pages: ChildrenPages) -> Judgement:
    """True when each child shares pages of files, and at most STRAY of the pages that come from no file."""
    parts = {pid: _inherited(mapped) for pid, mapped in pages.children.items()}
    most = max((shared / whole if whole else 1.0 for shared, whole in parts.values()), default=1.0)
    files = min((_files(mapped) for mapped in pages.children.values()), default=0)
    text = (
        f"of {counted(len(parts), 'child', 'children')} each shares {files / 1024:.1f} MiB of files or more, "
        f"and {most:.3f} of its objects or less, {STRAY} allowed"
    )
    facts = {"children": len(parts), "most_inherited_share": most, "least_shared_files_mib": files / 1024}
    return Judgement(files > 0 and most <= STRAY, text, most / STRAY, facts)


@check
def code_is_read_only(found: Sequence[Code]) -> Judgement:
    """True when every child has the code that it runs in a mapping to which it cannot write."""
    text = "; ".join(
        f"the child {code.pid} has it at {code.address:#x}, {_where(code.region)}" for code in found
    )
    held = bool(found) and all(map(_read_only, found))
    facts = {"children": len(found), "read_only_children": sum(map(_read_only, found))}
    return Judgement(held, text or "no child recorded where its code is", facts=facts)


@check
def code_is_written_to(found: Sequence[Code]) -> Judgement:
    """True when every child has Python code where it can write and did, and machine code where it cannot."""
    own = all(
        code.region is not None
        and code.region.writable
        and code.region.anonymous
        and code.region.private > 0
        and code.machine
        and not any(region.writable for region in code.machine)
        for code in found
    )
    text = "; ".join(
        f"the child {code.pid} has it {_where(code.region)}, of which {_private(code)} KiB are its own, and "
        f"machine code in {counted(len(code.machine), 'mapping')} of files, "
        f"{sum(region.writable for region in code.machine)} of them writable"
        for code in found
    )
    facts = {"children": len(found), "least_written_kib": min(map(_private, found), default=0)}
    return Judgement(bool(found) and own, text or "no child recorded where its code is", facts=facts)


def _read_only(code: Code) -> bool:
    return code.region is not None and not code.region.writable


def _added(weights: Weights, children: int) -> tuple[float, str]:
    """The part of a whole process that each child adds, and the same in words."""
    each = (weights.worker.mib - weights.solo.mib) / children
    share = each / weights.solo.mib
    who = "the child" if children == 1 else f"each of {children} children"
    text = f"{weights.worker}, {weights.solo}: {who} adds {each:.1f} MiB, {share:.2f} of a whole process"
    return share, text


def _files(mapped: Iterable[Region]) -> int:
    """Shared KiB of the pages that come from files."""
    return sum(region.shared for region in mapped if not region.anonymous)


def _private(code: Code) -> int:
    return code.region.private if code.region else 0


def _inherited(mapped: Iterable[Region]) -> tuple[int, int]:
    """Shared KiB, and all KiB, of the pages that come from no file."""
    own = [region for region in mapped if region.anonymous]
    shared = sum(region.shared for region in own)
    return shared, shared + sum(region.private for region in own)


def _where(region: Region | None) -> str:
    if region is None:
        return "in no mapping"
    return f"in {region.path or 'a mapping without a file'} ({region.permissions})"
