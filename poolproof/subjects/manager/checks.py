"""Judges what is left to the prefork manager: time limits, what runs, the results of the lost, the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from poolproof.model.judgement import Judgement, check
from poolproof.model.processes import Tree
from poolproof.model.words import counted
from poolproof.subjects.flow.checks_words import processes
from poolproof.subjects.manager.seen import End, Interruption, Monitored, Spoken

LIMIT, LOSS = "TimeLimitExceeded", "WorkerLostError"


@check
def ended_by_the_manager(ends: tuple[End, ...]) -> Judgement:
    """True when the child of every overdue task died, and the manager stored that its time was up."""
    return _all(ends, lambda end: end.died and _by_manager(end) and end.error == LIMIT, _end_told)


@check
def stored_by_a_child(ends: tuple[End, ...]) -> Judgement:
    """True when the result of each task was stored by a child, and not by the manager."""
    return _all(ends, lambda end: bool(end.stored) and _children(end.tree).issuperset(end.stored), _end_told)


@check
def lost_stored_by_the_manager(ends: tuple[End, ...]) -> Judgement:
    """True when each task's child died, and the manager alone stored that it was lost."""
    return _all(
        ends,
        lambda end: end.died and end.ran_in in _children(end.tree) and _by_manager(end) and end.error == LOSS,
        _end_told,
    )


@check
def interrupted_by_the_manager(interruptions: tuple[Interruption, ...]) -> Judgement:
    """True when it was the manager, and nobody else, that told each task that its soft time limit was up."""
    return _all(
        interruptions,
        lambda each: set(each.told_by) == {_manager(each.tree)} and each.ran_in in _children(each.tree),
        lambda each: (
            f"the task ran in {processes(each.tree, [each.ran_in])}; "
            f"that its time was up was signalled by {processes(each.tree, each.told_by)}"
        ),
    )


@check
def knew_what_ran(looks: tuple[Monitored, ...]) -> Judgement:
    """True when the manager named, each time, exactly the tasks that ran, each with its child."""

    def right(look: Monitored) -> bool:
        ran = {each.task: each.pid for each in look.running}
        told = {each.task: each.pid for each in look.told}
        return bool(ran) and told == ran and _children(look.tree).issuperset(ran.values())

    return _all(looks, right, _look_told)


@check
def logged_through_the_manager(spoken: tuple[Spoken, ...]) -> Judgement:
    """True when nothing that a task wrote to the log reached it while the manager stood still."""
    return Judgement(bool(spoken) and not any(each.line for each in spoken), _spoken_told(spoken))


@check
def logged_by_the_children(spoken: tuple[Spoken, ...]) -> Judgement:
    """True when each task's words stood in the log, under a child's name, while the manager stood still."""
    named = all(CHILD in each.line for each in spoken)
    return Judgement(bool(spoken) and named, _spoken_told(spoken))


T = TypeVar("T")
CHILD = "ForkPoolWorker-"
"""What the name of a prefork child begins with in the log."""


def _all(seen: Sequence[T], right: Callable[[T], bool], told: Callable[[T], str]) -> Judgement:
    """Whether each was right; the evidence tells of the first that was not, else of the last."""
    if not seen:
        return Judgement(False, "nothing was seen")
    wrong = [each for each in seen if not right(each)]
    count = f"{len(seen) - len(wrong)} of {len(seen)} so"
    return Judgement(not wrong, f"{count}; {told((wrong or list(seen)[-1:])[0])}")


def _manager(tree: Tree) -> int:
    return tree.manager.pid if tree.manager else 0


def _children(tree: Tree) -> set[int]:
    return {child.pid for child in tree.children}


def _by_manager(end: End) -> bool:
    return set(end.stored) == {_manager(end.tree)}


def _look_told(look: Monitored) -> str:
    ran = {each.task: each.pid for each in look.running}
    told = {each.task: each.pid for each in look.told}
    named = sum(task in ran for task in told)
    placed = sum(ran.get(task) == pid for task, pid in told.items())
    return (
        f"{counted(len(ran), 'task')} ran, in {processes(look.tree, ran.values())}; the manager named "
        f"{named} of them, {placed} with the process that ran it, and {len(told) - named} that did not run"
    )


def _spoken_told(spoken: Sequence[Spoken]) -> str:
    logged, stored = sum(bool(each.line) for each in spoken), sum(each.stored for each in spoken)
    named = sum(CHILD in each.line for each in spoken)
    return (
        f"while the manager was stopped by a signal, {logged} of {counted(len(spoken), 'task')} reached "
        f"the log with their words, {named} under a child's name, and {stored} results were stored"
    )


def _end_told(end: End) -> str:
    fate = "died" if end.died else "lived on"
    said = f"{end.status}{f' ({end.error})' if end.error else ''}" if end.status else "no result"
    ran, stored = processes(end.tree, [end.ran_in]), processes(end.tree, end.stored)
    return f"the task ran in {ran}, which {fate}; {said} was stored by {stored}"
