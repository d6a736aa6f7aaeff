"""Judges which tasks share the globals of a module, and whether NumPy, processes and threads work in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.isolation.seen import Calculations, Counts, HelperAnswers

SEVERAL = 2
"""With fewer children, none could see what another one does to a global."""


@check
def each_child_counts_alone(counts: Counts) -> Judgement:
    """True when each child (of several if possible) counted only its own tasks, and the manager none."""
    by_child: dict[int, list[int]] = {}
    for count in counts.counted:
        by_child.setdefault(count.pid, []).append(count.value)
    alone = [values == list(range(1, len(values) + 1)) for values in by_child.values()]
    in_manager = [count.value for count in counts.in_manager if count.pid == counts.manager]
    seen = "; ".join(f"child {pid} counted {_listed(values)}" for pid, values in sorted(by_child.items()))
    several = len(by_child) >= min(SEVERAL, counts.slots)
    facts = {"counted_tasks": len(counts.counted), "counting_processes": len(by_child)}
    return Judgement(
        counts.complete and several and all(alone) and in_manager == [0] and counts.manager not in by_child,
        f"the manager has {_listed(in_manager)}; {seen}{_lost(counts)}",
        facts=facts | {"counting_alone_processes": sum(alone)},
    )


@check
def all_count_together(counts: Counts) -> Judgement:
    """True when each task found the value that the one before had left, and the main process has the sum."""
    values = [count.value for count in counts.counted]
    in_manager = [count.value for count in counts.in_manager]
    together = values == list(range(1, len(values) + 1)) and in_manager == [len(values)]
    return Judgement(counts.complete and together, _one_process(counts), facts=_count_facts(counts))


@check
def each_task_counts_alone(counts: Counts) -> Judgement:
    """True when each task, in the one process, found the global's first value."""
    alone = {(count.pid, count.value) for count in counts.counted} == {(counts.manager, 1)}
    return Judgement(counts.complete and alone, _one_process(counts), facts=_count_facts(counts))


def _count_facts(counts: Counts) -> Mapping[str, int]:
    highest = max((count.value for count in counts.counted), default=0)
    return {"counted_tasks": len(counts.counted), "highest_count": highest}


def _one_process(counts: Counts) -> str:
    values = [count.value for count in counts.counted]
    main = _listed([count.value for count in counts.in_manager])
    return f"{len(values)} tasks counted {_listed(values)}; the main process has {main}{_lost(counts)}"


def _lost(counts: Counts) -> str:
    return "" if counts.complete else f"; of {counts.sent} tasks {counts.right} have the right result"


def _listed(values: list[int]) -> str:
    shown = ", ".join(str(value) for value in values[:8])
    return f"{shown}, … {values[-1]}" if len(values) > 8 else shown or "nothing"


@check
def calculating_goes_wrong(calculations: Calculations) -> Judgement:
    """True when a process died, or a task that began to calculate did not end or was wrong."""
    return Judgement(not _began_well(calculations), _found(calculations), facts=_numbers(calculations))


@check
def all_calculated(calculations: Calculations) -> Judgement:
    """True when each task found the right result and has it stored, and no process died."""
    right = 0 < calculations.sent == calculations.started == calculations.stored
    return Judgement(right and _began_well(calculations), _found(calculations), facts=_numbers(calculations))


def _began_well(calculations: Calculations) -> bool:
    """Whether the tasks that began were right and ended; one that never began says nothing about NumPy."""
    right = calculations.results == (calculations.wanted,) * calculations.started
    return right and not calculations.unended and not calculations.dead and calculations.exit_status is None


def _numbers(calculations: Calculations) -> Mapping[str, int]:
    return {
        "began_tasks": calculations.started,
        "right_tasks": calculations.results.count(calculations.wanted),
        "unended_tasks": calculations.unended,
        "dead_processes": len(calculations.dead),
    }


def _found(calculations: Calculations) -> str:
    right = calculations.results.count(calculations.wanted)
    unended = f"{calculations.unended} did not end; " if calculations.unended else ""
    dead = len(calculations.dead)
    died = f"{counted(dead, 'process', 'processes')} died" if dead else "no process died"
    return (
        f"of {calculations.sent} tasks, {calculations.started} began, {right} solved and multiplied rightly, "
        f"{calculations.stored} have that as their result; {unended}{died}"
    )


@check
def some_not_helped(answers: HelperAnswers) -> Judgement:
    """True when a task found that it can never get an answer from its helper."""
    return Judgement(bool(answers.refused), _helped(answers), facts=_helped_facts(answers))


@check
def all_helped(answers: HelperAnswers) -> Judgement:
    """True when every task got an answer from its helper, and has it as its result."""
    right = 0 < answers.sent == answers.answered == answers.stored
    return Judgement(right and not answers.refused, _helped(answers), facts=_helped_facts(answers))


def _helped_facts(answers: HelperAnswers) -> Mapping[str, int]:
    return {"answered_tasks": answers.answered, "refused_tasks": len(answers.refused)}


def _helped(answers: HelperAnswers) -> str:
    waiting = answers.sent - answers.answered - len(answers.refused)
    why = "".join(f"; {count} failed: {what}" for what, count in Counter(answers.refused).items())
    hung = f"; {waiting} did not end" if waiting else ""
    lost = answers.answered - answers.stored
    unstored = f"; {lost} without that result" if lost else ""
    return (
        f"{answers.answered} of {answers.sent} tasks got an answer from {answers.helper}{unstored}{why}{hung}"
    )
