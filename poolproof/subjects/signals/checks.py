"""Judges what signals do to a worker and its tasks."""

from __future__ import annotations

import signal
from collections.abc import Mapping

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.signals.seen import Ending, Reading, Struck

LOST = "WorkerLostError"


@check
def ends_in_order(ending: Ending) -> Judgement:
    """True when every running task ended, no other was begun, and the worker then ended."""
    right = not ending.unended and not ending.begun_after and ending.exit_status is not None
    return Judgement(right and not ending.ended_while_running, _told(ending), facts=_facts(ending))


@check
def ends_at_once(ending: Ending) -> Judgement:
    """True when the worker ended while its tasks ran, and none of them ended."""
    right = ending.ended_while_running and set(ending.unended) == set(ending.running)
    return Judgement(right, _told(ending), facts=_facts(ending))


@check
def ends_after_those_in_hand(ending: Ending) -> Judgement:
    """True when the running tasks ended, and some that had been fetched, and no other was begun."""
    more = ending.begun_after
    right = not ending.unended and bool(more) and more <= ending.ended and more.issubset(ending.behind)
    return Judgement(right and ending.exit_status is not None, _told(ending), facts=_facts(ending))


@check
def waits_all_the_same(ending: Ending) -> Judgement:
    """True when the worker lived as long as a task ran, each running task ended, and no other was begun."""
    return Judgement(
        not ending.unended and not ending.begun_after and not ending.ended_while_running,
        _told(ending),
        facts=_facts(ending),
    )


@check
def loses_none(ending: Ending) -> Judgement:
    """True when the worker ended, and each task has ended, or its message is still in the broker."""
    right = ending.exit_status is not None and not ending.lost
    return Judgement(right, _told(ending), facts=_facts(ending))


@check
def loses_some(ending: Ending) -> Judgement:
    """True when the worker ended, and a task did not end whose message is gone."""
    right = ending.exit_status is not None and bool(ending.lost)
    return Judgement(right, _told(ending), facts=_facts(ending))


@check
def ends_its_task_first(struck: Struck) -> Judgement:
    """True when the child's task ended normally, and the child then ended and was replaced."""
    right = struck.task_ended and struck.result == "SUCCESS" and not struck.gone_at_gate
    return Judgement(right and struck.gone and struck.replaced, _struck_told(struck))


@check
def takes_its_task_along(struck: Struck) -> Judgement:
    """True when the child ended while its task ran, which is stored as lost, and was replaced."""
    right = not struck.task_ended and struck.gone_at_gate and struck.error == LOST
    return Judgement(right and struck.replaced, _struck_told(struck))


@check
def reads_it_again(reading: Reading) -> Judgement:
    """True when the process that got the signal is alive, and has read the file's new content."""
    right = reading.lives and reading.read[-1:] == reading.written[1:]
    return Judgement(right, _reading_told(reading))


@check
def ends_for_good(reading: Reading) -> Judgement:
    """True when the main process ended, and has not read the file again."""
    right = not reading.lives and reading.read == reading.written[:1] and not reading.whole
    return Judgement(right, _reading_told(reading))


@check
def leaves_instead(reading: Reading) -> Judgement:
    """True when the process ended without reading the file again, and another one replaced it."""
    right = not reading.lives and reading.written[1] not in reading.read and reading.whole
    return Judgement(right, _reading_told(reading))


def _struck_told(struck: Struck) -> str:
    left = "left while its task ran" if struck.gone_at_gate else "left when its task was done"
    return (
        f"after {struck.signal} a busy child {left if struck.gone else 'stayed'}"
        f"{' and was replaced' if struck.gone and struck.replaced else ''}; its task "
        f"{'ended' if struck.task_ended else 'did not end'}, and {struck.result or 'nothing'}"
        f"{f' ({struck.error})' if struck.error else ''} is stored as its result"
    )


def _reading_told(reading: Reading) -> str:
    who = "the child" if reading.target == "child" else "the main process"
    read = conjoined(map(str, reading.read)) if reading.read else "nothing"
    return (
        f"the file held {reading.written[0]} at the start and {reading.written[1]} at SIGHUP; {who} has read "
        f"{read}, and {'lives on under its pid' if reading.lives else 'left'}; "
        f"{'no' if reading.whole else 'a'} child is missing"
    )


def _told(ending: Ending) -> str:
    ended, running = len(ending.running) - len(ending.unended), counted(len(ending.running), "running task")
    when = "while they ran" if ending.ended_while_running else "after them"
    gone = f"the worker ended {when}, {_status(ending.exit_status)}"
    return (
        f"after {conjoined(ending.signals)}: of {running} {ended} ended; "
        f"{len(ending.begun_after)} more were begun; "
        f"{'the worker did not end' if ending.exit_status is None else gone}; of "
        f"{counted(len(ending.sent), 'task')} {len(ending.kept)} are in the broker and "
        f"{len(ending.lost)} are lost"
    )


def _status(status: int | None) -> str:
    if status is None or status >= 0:
        return f"with exit status {status}"
    return f"killed by {signal.Signals(-status).name}"


def _facts(ending: Ending) -> Mapping[str, int]:
    facts = {
        "running_tasks": len(ending.running),
        "running_ended_tasks": len(ending.running) - len(ending.unended),
        "begun_after_tasks": len(ending.begun_after),
        "kept_messages": len(ending.kept),
        "lost_tasks": len(ending.lost),
    }
    return facts if ending.exit_status is None else {**facts, "exit_status": ending.exit_status}
