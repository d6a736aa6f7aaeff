"""Judges how many messages a worker takes in addition to those that it can run."""

from __future__ import annotations

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.prefetch.seen import Held


@check
def takes_c_times_multiplier(held: Held) -> Judgement:
    """True when the messages that a busy worker has taken, those that run included, are -c x multiplier."""
    return _taken(held, held.before.taken == held.limit)


@check
def takes_so_many_besides(held: Held) -> Judgement:
    """True when a busy worker has taken -c x multiplier messages besides those that run."""
    return _taken(held, held.before.taken == held.before.running + held.limit)


@check
def takes_one_besides(held: Held) -> Judgement:
    """True when a busy worker has taken one message besides those that run, though more were waiting."""
    return _taken(held, held.ahead == 1 and held.left > 0)


@check
def takes_none_besides(held: Held) -> Judgement:
    """True when a busy worker has taken no message besides those that run, though more were waiting."""
    return _taken(held, held.ahead == 0 and held.left > 0)


@check
def takes_all(held: Held) -> Judgement:
    """True when a busy worker has taken every message that there was, more than it can run."""
    return _taken(held, held.left == 0 and held.ahead > 0)


@check
def refilled_when_empty(held: Held) -> Judgement:
    """True when the end of a task made the worker take messages only if it held none that had not begun."""
    return _refill(held, _more(held) > 0 if held.ahead == 0 else _more(held) == 0)


@check
def refilled_one_for_one(held: Held) -> Judgement:
    """True when the end of one task made the worker take one message, though it held others ahead."""
    return _refill(held, _more(held) == 1 and held.ahead > 0)


@check
def next_is_at_hand(held: Held) -> Judgement:
    """True when the worker had received the message of the next task before a slot became free for it."""
    return _next(held, 0 < held.received < held.ended < held.begun)


@check
def next_is_fetched_first(held: Held) -> Judgement:
    """True when the worker received the message of the next task only after a slot had become free for it."""
    return _next(held, 0 < held.ended < held.received < held.begun)


def _taken(held: Held, right: bool) -> Judgement:
    before, cell = held.before, held.cell
    of = f"-c {cell.concurrency} and multiplier {cell.prefetch} give {held.limit}"
    text = (
        f"{of}; {counted(before.taken, 'message')} taken and {held.left} left in the queue: "
        f"{before.running} run, {held.ahead} wait in the worker; {before.unacknowledged} are unacknowledged"
    )
    facts = {"taken_messages": before.taken, "running_tasks": before.running, "ahead_messages": held.ahead}
    return Judgement(right, text, facts=facts | {"unacknowledged_messages": before.unacknowledged})


def _more(held: Held) -> int:
    return held.after.taken - held.before.taken


def _refill(held: Held, right: bool) -> Judgement:
    more = _more(held)
    text = (
        f"with {counted(held.ahead, 'message')} ahead, the end of one task made the worker take {more} more"
    )
    return Judgement(
        right and held.left > 0, text, facts={"ahead_messages": held.ahead, "refilled_messages": more}
    )


def _next(held: Held, right: bool) -> Judgement:
    if not held.received:
        return Judgement(False, "no task began after the first one had ended")
    ahead, gap = (held.ended - held.received) / 1e6, (held.begun - held.ended) / 1e6
    when = f"{ahead:.0f} ms before" if ahead > 0 else f"{-ahead:.0f} ms after"
    text = (
        f"the next task's message was received {when} a task ended; the task itself began {gap:.0f} ms after"
    )
    return Judgement(right, text, facts={"gap_ms": round(gap, 3)})
