"""Judges what is left to the prefork manager: time limits, the results of the lost, the log."""

from __future__ import annotations

from probes.checks.execution_words import processes
from probes.judgement import Judgement, check
from probes.observations.execution import End, Spoken


@check
def ended_by_the_manager(end: End) -> Judgement:
    """True when the child of an overdue task died, and the manager stored that its time was up."""
    manager = end.tree.manager.pid if end.tree.manager else 0
    by_manager = set(end.stored) == {manager} and end.error == "TimeLimitExceeded"
    return Judgement(end.died and by_manager, _told(end))


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
