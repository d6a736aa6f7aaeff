"""Judges how the example project starts, which child runs which task, and which queue is served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.walkthrough.seen import Distribution, ProjectStart, QueueService

NOT_REGISTERED = ("FAILURE (NotRegistered)",)


@check
def loaded_then_forked(start: ProjectStart, modules: Sequence[str], children: int) -> Judgement:
    """True when the manager alone loaded the modules, in this order, and then forked so many children."""
    right = _loaded_then_forked(start, modules, children)
    return Judgement(right, _start_evidence(start), facts=_start_facts(start))


@check
def loads_the_application_alone(start: ProjectStart, modules: Sequence[str], children: int) -> Judgement:
    """True when it loaded the first of the modules alone, then forked, and knew no task of the others."""
    right = _loaded_then_forked(start, modules[:1], children) and start.answers == NOT_REGISTERED
    return Judgement(right, _start_evidence(start), facts=_start_facts(start))


def _loaded_then_forked(start: ProjectStart, modules: Sequence[str], children: int) -> bool:
    in_order = [each.module for each in start.loads] == list(modules)
    here = all(each.pid == start.manager for each in start.loads)
    first = min(start.forks, default=0)
    early = all(each.at <= first for each in start.loads)
    return in_order and here and early and len(start.forks) == start.children == children


def _start_facts(start: ProjectStart) -> Mapping[str, int]:
    return {"loaded_modules": len(start.loads), "forks": len(start.forks), "children": start.children}


def _start_evidence(start: ProjectStart) -> str:
    first = min(start.forks, default=0)
    elsewhere = sorted({each.pid for each in start.loads} - {start.manager})
    late = [each.module for each in start.loads if each.at > first]
    return (
        f"process {start.manager} loaded {', '.join(each.module for each in start.loads)}; "
        f"forks: {len(start.forks)}, children: {start.children}; "
        f"add came to {' and '.join(start.answers)}"
        f"{f'; loaded after the first fork: {late}' if late else ''}"
        f"{f'; loaded in other processes as well: {elsewhere}' if elsewhere else ''}"
    )


@check
def a_child_for_each_kind(distribution: Distribution, kinds: Sequence[str]) -> Judgement:
    """True when the first child ran all tasks of the first kind and no others, the second of the second."""
    places = _places(distribution, kinds)
    expected = [{child: distribution.each} for child in distribution.children]
    right = bool(kinds) and [dict(places[kind]) for kind in kinds] == expected
    return Judgement(right, _places_evidence(distribution, kinds), facts=_places_facts(distribution))


@check
def a_child_runs_several_modules(distribution: Distribution, kinds: Sequence[str]) -> Judgement:
    """True when the children ran all tasks, and some one child ran tasks of several modules."""
    places = _places(distribution, kinds)
    all_ran = all(places[kind].total() == distribution.each for kind in kinds)
    in_children = {pid for _, pid in distribution.ran} <= set(distribution.children)
    right = all_ran and in_children and _most_modules(distribution) > 1
    return Judgement(right, _places_evidence(distribution, kinds), facts=_places_facts(distribution))


def _places(distribution: Distribution, kinds: Sequence[str]) -> dict[str, Counter[int]]:
    """How many tasks of each kind each process ran."""
    return {kind: Counter(pid for name, pid in distribution.ran if name == kind) for kind in kinds}


def _most_modules(distribution: Distribution) -> int:
    """Of how many modules one process ran tasks, at the most."""
    pairs = {(pid, name.rpartition(".")[0]) for name, pid in distribution.ran}
    return max(Counter(pid for pid, _ in pairs).values(), default=0)


def _places_facts(distribution: Distribution) -> Mapping[str, int]:
    return {
        "ran_tasks": len(distribution.ran),
        "children": len(distribution.children),
        "most_in_one_child_modules": _most_modules(distribution),
    }


def _places_evidence(distribution: Distribution, kinds: Sequence[str]) -> str:
    number = {pid: n for n, pid in enumerate(distribution.children, start=1)}

    def listed(places: Counter[int]) -> str:
        return ", ".join(f"{count} in child {number.get(pid, pid)}" for pid, count in places.most_common())

    by_kind = _places(distribution, kinds).items()
    text = "; ".join(f"{kind}: {listed(places) or 'nowhere'}" for kind, places in by_kind)
    return f"of {len(number)} children, {text}"


@check
def serves_its_queue(service: QueueService) -> Judgement:
    """True when the worker fetched from the queue and ran every task in it."""
    right = 0 < service.sent == service.ran and service.queue in service.fetched_from
    return Judgement(right, _service_evidence(service), facts=_service_facts(service))


@check
def serves_celery_alone(service: QueueService) -> Judgement:
    """True when the worker fetched from the queue `celery` and no other, and left the tasks in theirs."""
    right = service.fetched_from == ("celery",) and service.sent > 0 == service.ran
    return Judgement(right, _service_evidence(service), facts=_service_facts(service))


def _service_facts(service: QueueService) -> Mapping[str, int]:
    return {"fetched_from_queues": len(service.fetched_from), "ran_tasks": service.ran}


def _service_evidence(service: QueueService) -> str:
    return (
        f"the worker of `{service.line}` asked Redis for {', '.join(service.fetched_from) or 'no queue'}; "
        f"it ran {service.ran} of {service.sent} tasks in {service.queue}"
    )
