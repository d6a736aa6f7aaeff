"""Judges the work of the prefork manager: time limits, what runs, the results of lost children, the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from poolproof.model.judgement import Judgement, check
from poolproof.model.processes import Tree
from poolproof.model.words import counted
from poolproof.subjects.flow.checks_words import processes
from poolproof.subjects.manager.seen import End, Interruption, Logged, Monitored

LIMIT, LOSS = "TimeLimitExceeded", "WorkerLostError"


@check
def ended_by_the_manager(ends: tuple[End, ...]) -> Judgement:
    """True when the child of every overdue task died, and the manager stored TimeLimitExceeded for it."""
    return _all(ends, lambda end: end.died and _by_manager(end) and end.error == LIMIT, _end_text)


@check
def stored_by_a_child(ends: tuple[End, ...]) -> Judgement:
    """True when the result of each task was stored by a child, and not by the manager."""
    return _all(ends, lambda end: bool(end.stored) and _children(end.tree).issuperset(end.stored), _end_text)


@check
def lost_stored_by_the_manager(ends: tuple[End, ...]) -> Judgement:
    """True when each task's child died, and the manager alone stored that it was lost."""
    return _all(
        ends,
        lambda end: end.died and end.ran_in in _children(end.tree) and _by_manager(end) and end.error == LOSS,
        _end_text,
    )


@check
def interrupted_by_the_manager(interruptions: tuple[Interruption, ...]) -> Judgement:
    """True when the manager, and no other process, sent each task the signal of its soft time limit."""
    return _all(
        interruptions,
        lambda each: set(each.signalled_by) == {_manager(each.tree)} and each.ran_in in _children(each.tree),
        lambda each: (
            f"the task ran in {processes(each.tree, [each.ran_in])}; "
            f"the signal of its time limit was sent by {processes(each.tree, each.signalled_by)}"
        ),
    )


@check
def knew_what_ran(looks: tuple[Monitored, ...]) -> Judgement:
    """True when the manager named, each time, exactly the tasks that ran, each with its child."""

    def right(look: Monitored) -> bool:
        ran = {each.task: each.pid for each in look.running}
        named = {each.task: each.pid for each in look.named}
        return bool(ran) and named == ran and _children(look.tree).issuperset(ran.values())

    return _all(looks, right, _look_text, "looks")


@check
def logged_through_the_manager(logged: tuple[Logged, ...]) -> Judgement:
    """True when no text that a task logged reached the log while the manager was stopped."""
    right = bool(logged) and not any(each.line for each in logged)
    return Judgement(right, _logged_text(logged), facts=_logged_facts(logged))


@check
def logged_by_the_children(logged: tuple[Logged, ...]) -> Judgement:
    """True when the log had each task's text, under a child's name, while the manager was stopped."""
    right = bool(logged) and all(CHILD in each.line for each in logged)
    return Judgement(right, _logged_text(logged), facts=_logged_facts(logged))


T = TypeVar("T")
CHILD = "ForkPoolWorker-"
"""The prefix of the name of a prefork child in the log."""


def _all(
    seen: Sequence[T],
    right: Callable[[T], bool],
    text: Callable[[T], str],
    name: str = "tasks",
) -> Judgement:
    """Whether each was right; the evidence describes the first wrong one, otherwise the last."""
    if not seen:
        return Judgement(False, "nothing was seen")
    wrong = [each for each in seen if not right(each)]
    count = f"{len(seen) - len(wrong)} of {len(seen)} so"
    return Judgement(
        not wrong,
        f"{count}; {text((wrong or list(seen)[-1:])[0])}",
        facts={name: len(seen), f"{name}_otherwise": len(wrong)},
    )


def _manager(tree: Tree) -> int:
    return tree.manager.pid if tree.manager else 0


def _children(tree: Tree) -> set[int]:
    return {child.pid for child in tree.children}


def _by_manager(end: End) -> bool:
    return set(end.stored) == {_manager(end.tree)}


def _look_text(look: Monitored) -> str:
    ran = {each.task: each.pid for each in look.running}
    active = {each.task: each.pid for each in look.named}
    named = sum(task in ran for task in active)
    placed = sum(ran.get(task) == pid for task, pid in active.items())
    return (
        f"{counted(len(ran), 'task')} ran, in {processes(look.tree, ran.values())}; the manager named "
        f"{named} of them, {placed} with the process that ran it, and {len(active) - named} that did not run"
    )


def _logged_facts(logged: Sequence[Logged]) -> dict[str, int | float]:
    return {
        "tasks": len(logged),
        "texts_in_the_log": sum(bool(each.line) for each in logged),
        "texts_in_the_log_by_a_child": sum(CHILD in each.line for each in logged),
        "results_stored": sum(each.stored for each in logged),
    }


def _logged_text(logged: Sequence[Logged]) -> str:
    count = _logged_facts(logged)
    return (
        f"while the manager was stopped by a signal, the log got the texts of {count['texts_in_the_log']} of "
        f"{counted(len(logged), 'task')}, {count['texts_in_the_log_by_a_child']} under a child's name, "
        f"and {count['results_stored']} results were stored"
    )


def _end_text(end: End) -> str:
    fate = "died" if end.died else "lived on"
    result = f"{end.status}{f' ({end.error})' if end.error else ''}" if end.status else "no result"
    ran, stored = processes(end.tree, [end.ran_in]), processes(end.tree, end.stored)
    return f"the task ran in {ran}, which {fate}; {result} was stored by {stored}"
