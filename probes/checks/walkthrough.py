"""Judges how the example project starts and shares out its tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from probes.judgement import Judgement, check
from probes.observations.walkthrough import Asked, Opening, Shared


@check
def loaded_then_forked(opening: Opening, modules: Sequence[str], children: int) -> Judgement:
    """True when the manager alone loaded the modules, in this order, and then forked so many children."""
    order = [each.module for each in opening.loaded]
    elsewhere = sorted({each.pid for each in opening.loaded} - {opening.manager})
    first = min(opening.forks, default=0)
    late = [each.module for each in opening.loaded if each.at > first]
    right = order == list(modules) and not elsewhere and not late
    return Judgement(
        right and len(opening.forks) == opening.children == children,
        f"process {opening.manager} loaded {', '.join(order)}; forks: {len(opening.forks)}, "
        f"children: {opening.children}; add came to {opening.answer}"
        f"{f'; loaded after the first fork: {late}' if late else ''}"
        f"{f'; loaded in other processes as well: {elsewhere}' if elsewhere else ''}",
    )


@check
def a_child_for_each_kind(shared: Shared, kinds: Sequence[str]) -> Judgement:
    """True when the first child ran the tasks of the first kind alone, the second those of the second."""
    places = {kind: Counter(pid for name, pid in shared.ran if name == kind) for kind in kinds}
    right = [list(counted) for counted in places.values()] == [[child] for child in shared.children]
    number = {pid: n for n, pid in enumerate(shared.children, start=1)}

    def told(counted: Counter[int]) -> str:
        return ", ".join(f"{count} in child {number.get(pid, pid)}" for pid, count in counted.most_common())

    said = "; ".join(f"{kind}: {told(counted) or 'nowhere'}" for kind, counted in places.items())
    return Judgement(bool(kinds) and right, f"of {len(number)} children, {said}")


@check
def serves_its_queue(asked: Asked) -> Judgement:
    """True when the worker asked for the queue and ran the task that lay in it."""
    return Judgement(
        asked.served and asked.queue in asked.asked,
        f"the worker of `{asked.line}` asked Redis for {', '.join(asked.asked) or 'no queue'}; "
        f"the task in {asked.queue} was {'run' if asked.served else 'left there'}",
    )
