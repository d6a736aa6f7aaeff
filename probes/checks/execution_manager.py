"""Judges what is left to the prefork manager: time limits, what runs, the results of the lost, the log."""

from __future__ import annotations

from probes.checks.execution_words import processes
from probes.checks.words import counted
from probes.judgement import Judgement, check
from probes.observations.execution import End, Interruption, Monitored, Spoken


@check
def ended_by_the_manager(end: End) -> Judgement:
    """True when the child of an overdue task died, and the manager stored that its time was up."""
    manager = end.tree.manager.pid if end.tree.manager else 0
    by_manager = set(end.stored) == {manager} and end.error == "TimeLimitExceeded"
    return Judgement(end.died and by_manager, _told(end))


@check
def interrupted_by_the_manager(interruption: Interruption) -> Judgement:
    """True when it was the manager, and nobody else, that told a task that its soft time limit was up."""
    tree, told_by = interruption.tree, interruption.told_by
    manager = tree.manager.pid if tree.manager else 0
    return Judgement(
        set(told_by) == {manager},
        f"the task ran in {processes(tree, [interruption.ran_in])}; "
        f"that its time was up was signalled by {processes(tree, told_by)}",
    )


@check
def knew_what_ran(monitored: Monitored) -> Judgement:
    """True when the manager named exactly the tasks that ran, each with the child in which it ran."""
    children = {child.pid for child in monitored.tree.children}
    ran = {each.task: each.pid for each in monitored.running}
    told = {each.task: each.pid for each in monitored.told}
    where = processes(monitored.tree, ran.values())
    named = sum(task in ran for task in told)
    placed = sum(ran.get(task) == pid for task, pid in told.items())
    return Judgement(
        bool(ran) and told == ran and children.issuperset(ran.values()),
        f"{counted(len(ran), 'task')} ran, in {where}; the manager named {named} of them, {placed} with the "
        f"process that ran it, and {len(told) - named} that did not run",
    )


@check
def stored_by_a_child(end: End) -> Judgement:
    """True when the result of the task was stored by a child, and not by the manager."""
    children = {child.pid for child in end.tree.children}
    return Judgement(bool(end.stored) and children.issuperset(end.stored), _told(end))


@check
def logged_through_the_manager(spoken: Spoken) -> Judgement:
    """True when what a task wrote to the log did not reach it while the manager stood still."""
    logged = "stood in the log" if spoken.logged else "did not reach the log"
    stored = "its result in Redis" if spoken.stored else "its result not in Redis"
    return Judgement(
        not spoken.logged,
        f"while the manager was stopped by a signal, what a task had written {logged}, and {stored}",
    )


def _told(end: End) -> str:
    fate = "died" if end.died else "lived on"
    said = f"{end.status}{f' ({end.error})' if end.error else ''}" if end.status else "no result"
    ran, stored = processes(end.tree, [end.ran_in]), processes(end.tree, end.stored)
    return f"the task ran in {ran}, which {fate}; {said} was stored by {stored}"
