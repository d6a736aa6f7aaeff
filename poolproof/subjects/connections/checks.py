"""Judges connections to Redis: who opened them and when, and who holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.connections.seen import Holdings, Opened, Run
from poolproof.subjects.loading.seen import Opening

MS = 1_000_000


@check
def connected_when_ready(opened: Opened, name: str) -> Judgement:
    """True when the main process had opened a connection of that name before it reported itself ready."""
    before = Counter(
        each.name for each in opened.opened if each.pid == opened.manager and each.at < opened.ready
    )
    later = next((each for each in opened.opened if each.name == name and each.at >= opened.ready), None)
    text = f"ready with {_counted(before)}"
    if later and not before[name]:
        who = "the main process" if later.pid == opened.manager else f"the child {later.pid}"
        text += (
            f"; the first called {name} was opened {(later.at - opened.ready) / MS:.0f} ms later, by {who}"
        )
    facts = {"connections_when_ready": before.total(), f"{name}_connections_when_ready": before[name]}
    return Judgement(opened.ready > 0 and before[name] > 0, text, facts=facts)


@check
def connected_when_needed(opened: Opened, name: str) -> Judgement:
    """True when none of that name was open at readiness, and each process that ran tasks opened its own.

    The first one of each process was opened after a task had begun there.
    """
    named = [each for each in opened.opened if each.name == name]
    early = [each for each in named if each.at < opened.ready]
    begun, first = _first(opened, lambda run: run.started), _first_openings(opened, name)
    right = {pid for pid, at in begun.items() if pid in first and first[pid].at > at}
    return Judgement(
        opened.ready > 0 and not early and bool(begun) and begun.keys() == first.keys() == right,
        f"{len(early)} called {name} were open when the worker was ready; {len(right)} of "
        f"{counted(len(begun), 'process', 'processes')} that ran tasks opened their first after a task began",
        facts={
            f"{name}_connections_when_ready": len(early),
            "processes_that_ran_tasks": len(begun),
            "processes_that_connected_after_a_task_began": len(right),
        },
    )


@check
def each_child_stores_itself(opened: Opened) -> Judgement:
    """True when each task ran in a child, and its result used a connection that this child opened."""
    there = {run.pid for run in opened.runs} & opened.children
    others = [run for run in opened.runs if run.pid not in opened.children or run.stored_by != run.pid]
    own = len(opened.runs) - len(others)
    text = (
        f"{counted(len(there), 'child', 'children')} ran {counted(len(opened.runs), 'task')}; "
        f"{counted(own, 'result')} went over a connection of the same child"
    )
    if others:
        by = f"the process {others[0].stored_by}'s" if others[0].stored_by else "none"
        text += f"; that of {others[0].task}, run by {others[0].pid}, went over {by}"
    facts = {"children_that_ran": len(there), "results": len(opened.runs), "results_over_its_own": own}
    return Judgement(bool(opened.runs) and not others, text, facts=facts)


@check
def each_child_connected(opened: Opened, name: str) -> Judgement:
    """True when every child has opened a connection of that name itself."""
    openers = _openers(opened, name)
    without = [pid for pid in opened.children if not openers[pid]]
    text, facts = _openers_text(opened, name), _openers_facts(opened, name)
    return Judgement(bool(opened.children) and not without, text, facts=facts)


@check
def manager_alone_connected(opened: Opened, name: str) -> Judgement:
    """True when only the manager opened connections of that name, although every child ran tasks."""
    ran = {run.pid for run in opened.runs}
    alone = _openers(opened, name).keys() == {opened.manager}
    text, facts = _openers_text(opened, name), _openers_facts(opened, name)
    return Judgement(alone and bool(ran) and ran == opened.children, text, facts=facts)


@check
def each_child_connected_first(opened: Opened) -> Judgement:
    """True when every child that ran a task had opened its own connection before its first task began."""
    first, begun = _first_openings(opened), _first(opened, lambda run: run.started)
    late = sorted(pid for pid, at in begun.items() if pid not in first or first[pid].at >= at)
    children = counted(len(begun), "child", "children")
    text = f"{len(begun) - len(late)} of {children} had a connection before the first task"
    if late:
        text += f"; the child {late[0]} opened {_opening(first.get(late[0]), begun[late[0]])}"
    facts = {"children_that_ran": len(begun), "children_connected_before_a_task": len(begun) - len(late)}
    return Judgement(bool(begun) and not late, text, facts=facts)


@check
def each_child_connected_after_a_task(opened: Opened) -> Judgement:
    """True when every child opened its first connection after it had ended its first task."""
    first, ended = _first_openings(opened), _first(opened, lambda run: run.ended)
    after = [pid for pid, at in ended.items() if pid in first and first[pid].at > at]
    return Judgement(
        bool(ended) and len(after) == len(ended) and ended.keys() == opened.children,
        f"{len(after)} of {counted(len(ended), 'child', 'children')} opened their first connection "
        "after a task had ended",
        facts={"children_that_ran": len(ended), "children_connected_after_a_task": len(after)},
    )


@check
def opened_by_one_process(opened: Opened) -> Judgement:
    """True when the main process opened every connection that existed while tasks ran."""
    others = [each for each in opened.opened if each.pid != opened.manager]
    text = f"{len(opened.opened) - len(others)} of {len(opened.opened)} connections are the main process's"
    if others:
        text += f"; one is of the process {others[0].pid}"
    text += f"; {counted(len(opened.runs), 'task')} ran meanwhile"
    facts = {
        "connections": len(opened.opened),
        "connections_of_others": len(others),
        "tasks": len(opened.runs),
    }
    return Judgement(bool(opened.opened) and bool(opened.runs) and not others, text, facts=facts)


@check
def held_by_no_other(holdings: Holdings) -> Judgement:
    """True when each connection that was used is held by the process that used it, and by no other."""
    shared = {pid: _sharers(holdings, pid, ports) for pid, ports in holdings.used.items()}
    gone = [pid for pid, ports in holdings.used.items() if not ports <= holdings.held.get(pid, frozenset())]
    text = "; ".join(
        _others(holdings, pid, len(ports), shared[pid]) for pid, ports in sorted(holdings.used.items())
    )
    text += "".join(f"; the child {pid} itself does not hold all that it used" for pid in gone)
    right = bool(holdings.used) and not gone and not any(shared.values())
    return Judgement(right, text, facts=_holdings_facts(holdings))


@check
def inherits_the_managers_connections(holdings: Holdings) -> Judgement:
    """True when each child that used a connection shares only the manager's connections to the broker."""
    managers = holdings.held.get(holdings.manager, frozenset())
    brokers = {port for port in managers if holdings.names.get(port) == "broker"}
    wrong = [pid for pid, ports in holdings.used.items() if not _inherits(holdings, pid, ports, brokers)]
    text = "; ".join(
        f"of the child {pid}'s {counted(len(ports), 'connection')} {len(ports & brokers)} are "
        f"the manager's to the broker, and {len(_own(holdings, pid, ports))} its own"
        for pid, ports in sorted(holdings.used.items())
    )
    text = text or "no child used a connection"
    return Judgement(bool(holdings.used) and not wrong, text, facts=_holdings_facts(holdings))


@check
def all_use_the_managers_connection(holdings: Holdings) -> Judgement:
    """True when several children use one and the same connection, which the manager holds as well."""
    ports = frozenset().union(*holdings.used.values())
    holders = {pid for pid, held in holdings.held.items() if ports <= held}
    several = len(holdings.used) > 1 and holdings.manager not in holdings.used
    return Judgement(
        several and len(ports) == 1 and holders >= {holdings.manager, *holdings.used},
        f"{counted(len(holdings.used), 'child', 'children')} used {counted(len(ports), 'connection')}; "
        f"the manager {'holds' if holdings.manager in holders else 'does not hold'} it",
        facts=_holdings_facts(holdings),
    )


@check
def held_by_the_manager(holdings: Holdings) -> Judgement:
    """True when only the main process used the connections that were used, and it holds them."""
    users = sorted(holdings.used)
    ports = frozenset().union(*holdings.used.values())
    held = ports <= holdings.held.get(holdings.manager, frozenset())
    who = ", ".join("the main process" if pid == holdings.manager else f"the process {pid}" for pid in users)
    return Judgement(
        users == [holdings.manager] and held,
        f"the database connection was used by {who or 'nobody'}; "
        f"the main process {'holds' if held else 'does not hold'} it",
        facts=_holdings_facts(holdings),
    )


def _first(opened: Opened, time: Callable[[Run], int]) -> dict[int, int]:
    """The first value of `time` among the runs of each process."""
    return {run.pid: time(run) for run in sorted(opened.runs, key=time, reverse=True)}


def _first_openings(opened: Opened, name: str = "") -> dict[int, Opening]:
    """The first connection, of that name or of any, that each process opened."""
    latest_first = sorted(opened.opened, key=lambda each: -each.at)
    return {each.pid: each for each in latest_first if name in ("", each.name)}


def _openers(opened: Opened, name: str) -> Counter[int]:
    return Counter(each.pid for each in opened.opened if each.name == name)


def _openers_text(opened: Opened, name: str) -> str:
    openers = _openers(opened, name)
    connected = sum(openers[pid] > 0 for pid in opened.children)
    return (
        f"{connected} of {counted(len(opened.children), 'child', 'children')} opened a connection "
        f"called {name}; the manager opened {openers[opened.manager] or 'none'}; "
        f"{counted(len(opened.runs), 'task')} ran"
    )


def _openers_facts(opened: Opened, name: str) -> dict[str, int | float]:
    openers = _openers(opened, name)
    return {
        "children": len(opened.children),
        f"children_connected_to_{name}": sum(openers[pid] > 0 for pid in opened.children),
        f"{name}_connections_of_the_manager": openers[opened.manager],
        "tasks": len(opened.runs),
    }


def _holdings_facts(holdings: Holdings) -> dict[str, int | float]:
    """How many processes used how many connections, and how many of these other processes hold as well."""
    own = sum(len(_own(holdings, pid, ports)) for pid, ports in holdings.used.items())
    return {
        "processes": len(holdings.used),
        "connections_used": len(frozenset().union(*holdings.used.values())),
        "connections_used_that_others_hold": sum(map(len, holdings.used.values())) - own,
    }


def _own(holdings: Holdings, user: int, ports: frozenset[int]) -> frozenset[int]:
    """The ports among these that no other process holds."""
    return ports - frozenset().union(*(held for pid, held in holdings.held.items() if pid != user))


def _inherits(holdings: Holdings, user: int, ports: frozenset[int], brokers: set[int]) -> bool:
    return bool(ports & brokers) and ports - brokers == _own(holdings, user, ports)


def _opening(opened: Opening | None, begun: int) -> str:
    """A child's first opening, and how long after the start of its first task it came."""
    if not opened:
        return "none at all"
    return f"its first, called {opened.name or 'nothing'}, {(opened.at - begun) / MS:.0f} ms later"


def _sharers(holdings: Holdings, user: int, ports: frozenset[int]) -> Counter[int]:
    """How many of these connections each process other than their user holds."""
    counts = {pid: len(ports & held) for pid, held in holdings.held.items() if pid != user}
    return Counter({pid: count for pid, count in counts.items() if count})


def _others(holdings: Holdings, user: int, count: int, sharers: Counter[int]) -> str:
    """Who else holds how many of `count` connections, which are all that this child uses."""
    if not sharers:
        none = "is" if count == 1 else "are"
        return f"the child {user}'s {counted(count, 'connection')} {none} held by no other process"
    who = {pid: "the manager" if pid == holdings.manager else f"the child {pid}" for pid in sorted(sharers)}
    if count == 1:
        return f"the child {user}'s 1 connection is also held by {conjoined(who.values())}"
    held = [f"{name} also holds {sharers[pid]}" for pid, name in who.items()]
    return f"of the child {user}'s {count} connections {conjoined(held)}"


def _counted(names: Counter[str]) -> str:
    parts = [f"{count} called {name or 'nothing'}" for name, count in sorted(names.items())]
    return f"connections of the main process: {', '.join(parts) or 'none'}"
