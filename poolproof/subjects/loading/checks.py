"""Judges how a worker starts: which process loads its modules, and in which order it starts its parts."""

from __future__ import annotations

from collections import Counter

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.loading.seen import Handlers, Start

ENDING = frozenset({"SIGINT", "SIGTERM", "SIGQUIT"})
"""The signals with which an operator ends a worker."""
OWN = frozenset({"SIGTERM", "SIGQUIT", "SIGHUP", "SIGUSR1"})
"""The signals for which billiard gives a prefork child handlers."""
POOL = ("forking", "pool-started")
MS = 1_000_000


@check
def loaded_once_by_the_manager(start: Start) -> Judgement:
    """True when the task modules were loaded once, by the main process, and before it made its pool."""
    loads = [event for event in start.history.events if event.kind == "loaded"]
    pool = _pool_begun(start)
    right = [event for event in loads if event.pid == start.manager and event.at < pool]
    late = sum(event.at >= pool for event in loads)
    return Judgement(
        pool > 0 and len(loads) == len(right) == 1,
        f"task modules were loaded {counted(len(loads), 'time')}, "
        f"by {_processes(start, Counter(event.pid for event in loads))}; {late} after the pool was begun",
        facts={"loads": len(loads), "late_loads": late},
    )


@check
def no_child_loads(start: Start) -> Judgement:
    """True when no child executed the task modules, which their manager had loaded."""
    loads = Counter(event.pid for event in start.history.events if event.kind == "loaded")
    loading = start.children & loads.keys()
    return Judgement(
        bool(start.children) and start.manager in loads and not loading,
        f"{len(loading)} of {counted(len(start.children), 'child', 'children')} loaded the task modules; "
        f"loaded by {_processes(start, loads)}",
        facts={"children": len(start.children), "loading_children": len(loading)},
    )


@check
def each_child_loads(start: Start) -> Judgement:
    """True when every child executed the task modules, which its manager had loaded as well."""
    loads = Counter(event.pid for event in start.history.events if event.kind == "loaded")
    loading = start.children & loads.keys()
    return Judgement(
        bool(start.children) and start.manager in loads and loading == start.children,
        f"{len(loading)} of {counted(len(start.children), 'child', 'children')} loaded the task modules; "
        f"loaded by {_processes(start, loads)}",
        facts={"children": len(start.children), "loading_children": len(loading)},
    )


@check
def broker_before_pool(start: Start) -> Judgement:
    """True when the main process had opened a connection to the broker before it made its pool."""
    pool, first = _pool_begun(start), _connected(start)
    if not pool or not first:
        return Judgement(False, f"{'no connection to the broker' if pool else 'no pool'} was seen")
    order = "before" if first < pool else "after"
    return Judgement(
        first < pool,
        f"the broker was first connected to {abs(first - pool) / MS:.0f} ms {order} the pool was begun",
        facts={"from_pool_to_broker_ms": (first - pool) / MS},
    )


@check
def pool_before_broker(start: Start) -> Judgement:
    """True when the pool was made before the main process opened its first connection to the broker."""
    made = next((event.at for event in start.history.events if event.kind == "pool-started"), 0)
    first = _connected(start)
    if not made or not first:
        return Judgement(False, f"{'no connection to the broker' if made else 'no pool'} was seen")
    order = "after" if first > made else "before"
    return Judgement(
        first > made,
        f"the broker was first connected to {abs(first - made) / MS:.0f} ms {order} the pool was made",
        facts={"from_pool_to_broker_ms": (first - made) / MS},
    )


@check
def handlers_before_pool(start: Start) -> Judgement:
    """True when the main process had handlers for all ending signals when it began its pool."""
    begun = next((event for event in start.history.events if event.kind in POOL), None)
    if not begun:
        return Judgement(False, "no pool was seen")
    handled = frozenset(begun.note.split())
    return Judgement(
        begun.pid == start.manager and handled >= ENDING,
        f"as its pool was begun, the main process {begun.pid} had handlers for {_named(handled)}"
        f"{_lacking(handled)}",
        facts={"handled_signals": len(handled)},
    )


@check
def children_handle_none(children: tuple[Handlers, ...]) -> Judgement:
    """True when no child has a handler for any signal."""
    seen = "; ".join(f"child {child.pid} has handlers for {_named(child.handled)}" for child in children)
    handling = sum(bool(child.handled) for child in children)
    facts = {"children": len(children), "handling_children": handling}
    return Judgement(bool(children) and not handling, seen or "no child was seen", facts=facts)


@check
def children_handle_their_own(children: tuple[Handlers, ...]) -> Judgement:
    """True when each child has handlers for TERM, QUIT, HUP and USR1, and ignores INT."""
    right = [child for child in children if child.handled >= OWN and "SIGINT" in child.ignored]
    seen = "; ".join(
        f"child {child.pid} has handlers for {_named(child.handled)} and ignores {_named(child.ignored)}"
        for child in children
    )
    facts = {"children": len(children), "right_children": len(right)}
    satisfied = bool(children) and len(right) == len(children)
    return Judgement(satisfied, seen or "no child was seen", facts=facts)


@check
def handles_ending_signals(handlers: Handlers) -> Judgement:
    """True when a process has handlers for all signals by which an operator ends a worker."""
    return Judgement(
        handlers.handled >= ENDING,
        f"the main process {handlers.pid} has handlers for {_named(handlers.handled)}"
        f"{_lacking(handlers.handled)}",
        facts={"handled_signals": len(handlers.handled)},
    )


def _named(handled: frozenset[str]) -> str:
    return ", ".join(sorted(handled)) or "no signal"


def _lacking(handled: frozenset[str]) -> str:
    missing = ENDING - handled
    return f", and none for {_named(missing)}" if missing else ""


def _pool_begun(start: Start) -> int:
    """When the pool was begun: at its first fork, otherwise when it was made; 0 when it never was."""
    return next((event.at for event in start.history.events if event.kind in POOL), 0)


def _connected(start: Start) -> int:
    """When the main process first used a connection to the broker; 0 when it never did."""
    return min(
        (each.at for each in start.opened if (each.pid, each.name) == (start.manager, "broker")), default=0
    )


def _processes(start: Start, loads: Counter[int]) -> str:
    """Which processes loaded, in words: `the manager 100, the process 101 (2 times)`."""
    names = [
        f"the {'manager' if pid == start.manager else 'child' if pid in start.children else 'process'} {pid}"
        + (f" ({count} times)" if count > 1 else "")
        for pid, count in sorted(loads.items())
    ]
    return ", ".join(names) or "no process"
