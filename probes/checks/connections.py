"""Judges connections to Redis: who opened them and when, who holds them, who uses one together."""

from __future__ import annotations

from collections import Counter

from probes.checks.words import conjoined, counted
from probes.judgement import Judgement, check
from probes.observations.connections import Holdings, Readers, Stores, Uses
from probes.observations.loading import Opening, Start

MS = 1_000_000
HOW = {
    "in_task": "the first to ask was alone",
    "at_once": "all asked before it was open",
    "at_import": "it was opened as a module was loaded",
    "in_thread": "each thread was to open its own",
}
"""How the application's connection came to be opened, by the variants of the claims."""


@check
def connected_when_ready(start: Start, name: str) -> Judgement:
    """True when the main process had opened a connection of that name before it said that it was ready."""
    ready = next((event.at for event in start.history.events if event.kind == "ready"), 0)
    before = Counter(each.name for each in start.opened if each.pid == start.manager and each.at < ready)
    later = next((each for each in start.opened if each.name == name and each.at >= ready), None)
    told = f"ready with {_counted(before)}"
    if later and not before[name]:
        who = "the main process" if later.pid == start.manager else f"the child {later.pid}"
        told += f"; the first called {name} was opened {(later.at - ready) / MS:.0f} ms later, by {who}"
    return Judgement(ready > 0 and before[name] > 0, told)


@check
def each_child_connected(start: Start, name: str) -> Judgement:
    """True when every child has opened a connection of that name itself."""
    by_child = Counter(each.pid for each in start.opened if each.name == name)
    without = [pid for pid in start.children if not by_child[pid]]
    others = by_child[start.manager]
    return Judgement(
        bool(start.children) and not without,
        f"{len(start.children) - len(without)} of {counted(len(start.children), 'child', 'children')} opened "
        f"a connection called {name}; the manager opened {others or 'none'}",
    )


@check
def each_child_connected_first(start: Start) -> Judgement:
    """True when every child that ran a task had opened a connection itself before it began its first."""
    opened = {each.pid: each for each in sorted(start.opened, key=lambda each: -each.at)}
    begun = {
        event.pid: event.at
        for event in reversed(start.history.events)
        if event.kind == "started" and event.pid in start.children
    }
    late = sorted(pid for pid, at in begun.items() if pid not in opened or opened[pid].at >= at)
    children = counted(len(begun), "child", "children")
    told = f"{len(begun) - len(late)} of {children} had a connection before the first task"
    if late:
        told += f"; the child {late[0]} opened {_opening(opened.get(late[0]), begun[late[0]])}"
    return Judgement(bool(begun) and not late, told)


@check
def opened_by_one_process(start: Start) -> Judgement:
    """True when the main process opened every connection that there was."""
    others = [each for each in start.opened if each.pid != start.manager]
    told = f"{len(start.opened) - len(others)} of {len(start.opened)} connections are the main process's"
    if others:
        told += f"; one is of the process {others[0].pid}"
    return Judgement(bool(start.opened) and not others, told)


@check
def held_by_no_other(holdings: Holdings) -> Judgement:
    """True when each connection that is asked about is held by the process that uses it, and by no other."""
    shared = {pid: _sharers(holdings, pid, ports) for pid, ports in holdings.asked.items()}
    gone = [pid for pid, ports in holdings.asked.items() if not ports <= holdings.held.get(pid, frozenset())]
    told = "; ".join(
        _others(holdings, pid, len(ports), shared[pid]) for pid, ports in sorted(holdings.asked.items())
    )
    told += "".join(f"; the child {pid} itself does not hold all that it used" for pid in gone)
    return Judgement(bool(holdings.asked) and not gone and not any(shared.values()), told)


@check
def held_by_the_manager(holdings: Holdings) -> Judgement:
    """True when the connections that are asked about are used by the main process alone, which holds them."""
    users = sorted(holdings.asked)
    ports = frozenset().union(*holdings.asked.values())
    held = ports <= holdings.held.get(holdings.manager, frozenset())
    who = ", ".join("the main process" if pid == holdings.manager else f"the process {pid}" for pid in users)
    return Judgement(
        users == [holdings.manager] and held,
        f"the database connection was used by {who or 'nobody'}; "
        f"the main process {'holds' if held else 'does not hold'} it",
    )


@check
def tasks_use_one(uses: Uses) -> Judgement:
    """True when all tasks, of which there were several, used the same connection."""
    connections = set(uses.ports.values())
    return Judgement(
        len(uses.ports) > 1 and len(connections) == 1,
        f"{len(uses.ports)} tasks used {counted(len(connections), 'connection')}: {HOW[uses.opened]}",
    )


@check
def second_reader_fails(readers: Readers) -> Judgement:
    """True when the second of two that waited to read one connection failed, and the first could read."""
    told = f"failed with {readers.refused}" if readers.refused else "waited for its turn"
    return Judgement(
        bool(readers.read and readers.refused),
        f"while one greenlet waited to read a connection, a second one that would read it {told}; "
        f"the first one then read {readers.read!r}",
    )


@check
def tasks_share_connections(stores: Stores) -> Judgement:
    """True when results were stored over at most half as many connections as there were tasks."""
    connections = set(stores.connections.values())
    return Judgement(
        0 < 2 * len(connections) <= len(stores.connections),
        f"{len(stores.connections)} tasks, one after another, stored their results over "
        f"{counted(len(connections), 'connection')}; still open afterwards: {len(stores.left)}",
    )


def _opening(opened: Opening | None, begun: int) -> str:
    """A child's first opening, told from the begin of its first task on."""
    if not opened:
        return "none at all"
    return f"its first, called {opened.name or 'nothing'}, {(opened.at - begun) / MS:.0f} ms later"


def _sharers(holdings: Holdings, user: int, ports: frozenset[int]) -> Counter[int]:
    """How many of these connections each process but their user holds."""
    counts = {pid: len(ports & held) for pid, held in holdings.held.items() if pid != user}
    return Counter({pid: count for pid, count in counts.items() if count})


def _others(holdings: Holdings, user: int, count: int, sharers: Counter[int]) -> str:
    """Of `count` connections, all of the child that uses them, who else holds how many."""
    if not sharers:
        none = "is" if count == 1 else "are"
        return f"the child {user}'s {counted(count, 'connection')} {none} held by no other process"
    who = {pid: "the manager" if pid == holdings.manager else f"the child {pid}" for pid in sorted(sharers)}
    if count == 1:
        return f"the child {user}'s 1 connection is also held by {conjoined(who.values())}"
    held = [f"{name} also holds {sharers[pid]}" for pid, name in who.items()]
    return f"of the child {user}'s {count} connections {conjoined(held)}"


def _counted(names: Counter[str]) -> str:
    told = [f"{count} called {name or 'nothing'}" for name, count in sorted(names.items())]
    return f"connections of the main process: {', '.join(told) or 'none'}"
