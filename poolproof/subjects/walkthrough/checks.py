"""Judges how the example project starts and shares out its tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.walkthrough.seen import Asked, Opening, Shared

NOT_REGISTERED = ("FAILURE (NotRegistered)",)


@check
def loaded_then_forked(opening: Opening, modules: Sequence[str], children: int) -> Judgement:
    """True when the manager alone loaded the modules, in this order, and then forked so many children."""
    return Judgement(_loaded_then_forked(opening, modules, children), _told_of_start(opening))


@check
def loads_the_application_alone(opening: Opening, modules: Sequence[str], children: int) -> Judgement:
    """True when it loaded the first of the modules alone, then forked, and knew no task of the others."""
    right = _loaded_then_forked(opening, modules[:1], children)
    return Judgement(right and opening.answers == NOT_REGISTERED, _told_of_start(opening))


def _loaded_then_forked(opening: Opening, modules: Sequence[str], children: int) -> bool:
    in_order = [each.module for each in opening.loaded] == list(modules)
    here = all(each.pid == opening.manager for each in opening.loaded)
    first = min(opening.forks, default=0)
    early = all(each.at <= first for each in opening.loaded)
    return in_order and here and early and len(opening.forks) == opening.children == children


def _told_of_start(opening: Opening) -> str:
    first = min(opening.forks, default=0)
    elsewhere = sorted({each.pid for each in opening.loaded} - {opening.manager})
    late = [each.module for each in opening.loaded if each.at > first]
    return (
        f"process {opening.manager} loaded {', '.join(each.module for each in opening.loaded)}; "
        f"forks: {len(opening.forks)}, children: {opening.children}; "
        f"add came to {' and '.join(opening.answers)}"
        f"{f'; loaded after the first fork: {late}' if late else ''}"
        f"{f'; loaded in other processes as well: {elsewhere}' if elsewhere else ''}"
    )


@check
def a_child_for_each_kind(shared: Shared, kinds: Sequence[str]) -> Judgement:
    """True when the first child ran all tasks of the first kind and no others, the second of the second."""
    places = _places(shared, kinds)
    right = [dict(places[kind]) for kind in kinds] == [{child: shared.each} for child in shared.children]
    return Judgement(bool(kinds) and right, _told_of_sharing(shared, kinds))


@check
def a_child_runs_several_modules(shared: Shared, kinds: Sequence[str]) -> Judgement:
    """True when the children ran all tasks, and some one child ran tasks of several modules."""
    places = _places(shared, kinds)
    all_ran = all(places[kind].total() == shared.each for kind in kinds)
    in_children = {pid for _, pid in shared.ran} <= set(shared.children)
    modules = {
        pid: {name.rpartition(".")[0] for name, at in shared.ran if at == pid} for _, pid in shared.ran
    }
    several = any(len(each) > 1 for each in modules.values())
    return Judgement(all_ran and in_children and several, _told_of_sharing(shared, kinds))


def _places(shared: Shared, kinds: Sequence[str]) -> dict[str, Counter[int]]:
    """How many tasks of each kind each process ran."""
    return {kind: Counter(pid for name, pid in shared.ran if name == kind) for kind in kinds}


def _told_of_sharing(shared: Shared, kinds: Sequence[str]) -> str:
    number = {pid: n for n, pid in enumerate(shared.children, start=1)}

    def told(places: Counter[int]) -> str:
        return ", ".join(f"{count} in child {number.get(pid, pid)}" for pid, count in places.most_common())

    said = "; ".join(f"{kind}: {told(each) or 'nowhere'}" for kind, each in _places(shared, kinds).items())
    return f"of {len(number)} children, {said}"


@check
def serves_its_queue(asked: Asked) -> Judgement:
    """True when the worker asked for the queue and ran every task that lay in it."""
    return Judgement(0 < asked.sent == asked.ran and asked.queue in asked.asked, _told_of(asked))


@check
def serves_celery_alone(asked: Asked) -> Judgement:
    """True when the worker asked for the queue `celery` and no other, and left the tasks where they were."""
    return Judgement(asked.asked == ("celery",) and asked.sent > 0 == asked.ran, _told_of(asked))


def _told_of(asked: Asked) -> str:
    return (
        f"the worker of `{asked.line}` asked Redis for {', '.join(asked.asked) or 'no queue'}; "
        f"it ran {asked.ran} of {asked.sent} tasks in {asked.queue}"
    )
