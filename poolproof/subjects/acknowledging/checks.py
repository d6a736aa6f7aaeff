"""Judges by the ledger what happened to messages."""

from __future__ import annotations

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.acknowledging.seen import Aftermath


@check
def each_ran_once(aftermath: Aftermath) -> Judgement:
    """True when the task of every message was started once."""
    ran = aftermath.ledger.tasks("started once")
    return _judged(aftermath, bool(ran) and ran == _all(aftermath))


@check
def unacknowledged_ran_again(aftermath: Aftermath) -> Judgement:
    """True when every task whose message was not acknowledged started again, and all others started once."""
    return _again(aftermath, aftermath.unacknowledged)


@check
def interrupted_ran_again(aftermath: Aftermath) -> Judgement:
    """True when each begun and not acknowledged task started again, and all others started once."""
    return _again(aftermath, aftermath.unacknowledged & aftermath.begun)


@check
def left_unacknowledged(aftermath: Aftermath) -> Judgement:
    """True when each unacknowledged task that had not begun stayed so, and all others started once."""
    waited = aftermath.unacknowledged - aftermath.begun
    books = aftermath.ledger
    left, once = books.tasks("unacknowledged"), books.tasks("started once")
    return _judged(aftermath, bool(waited) and left == waited and once == _all(aftermath) - waited)


@check
def one_was_lost(aftermath: Aftermath) -> Judgement:
    """True when the first message was lost, and all others started once."""
    first = frozenset((aftermath.ledger.entries[0].task,))
    books = aftermath.ledger
    lost, ran = books.tasks("lost"), books.tasks("started once")
    return _judged(aftermath, lost == first and ran == _all(aftermath) - first)


def _again(aftermath: Aftermath, tasks: frozenset[str]) -> Judgement:
    books = aftermath.ledger
    again, once = books.tasks("started again"), books.tasks("started once")
    return _judged(aftermath, bool(tasks) and again == tasks and once == _all(aftermath) - tasks)


def _all(aftermath: Aftermath) -> frozenset[str]:
    return frozenset(entry.task for entry in aftermath.ledger.entries)


def _judged(aftermath: Aftermath, right: bool) -> Judgement:
    begun, held = aftermath.begun, aftermath.unacknowledged
    text = f"before the second worker came {len(begun)} had begun, and {len(held)} were unacknowledged"
    if held:
        text += f", {len(begun & held)} of those that had begun"
    facts = {"begun_messages": len(begun), "unacknowledged_before_messages": len(held)}
    return Judgement(right, f"{aftermath.ledger}; {text}", facts=facts | aftermath.ledger.facts())
