"""The ledger of messages: each has one fate, with its reason, and the checks that read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.model.history import Event
from poolproof.model.ledger import FATES, Ledger, Traces
from poolproof.subjects.acknowledging.checks import (
    each_ran_once,
    interrupted_ran_again,
    left_unacknowledged,
    one_was_lost,
    unacknowledged_ran_again,
)
from poolproof.subjects.acknowledging.seen import Aftermath

TRACES = Traces(
    waiting={"waits", "once"},
    unacknowledged={"taken", "again"},
    answers={"answered": "FAILURE", "once": "SUCCESS"},
)
SENT = ("once", "again", "waits", "taken", "answered", "gone")


def ran(*tasks: str) -> list[Event]:
    return [Event(kind, task) for task in tasks for kind in ("started", "ended")]


def books(sent: str, *tasks: str) -> Ledger:
    """The ledger of messages of one letter each, of which these ran."""
    return Ledger.of(sent, ran(*tasks), Traces())


def test_each_message_has_one_fate() -> None:
    ledger = Ledger.of(SENT, ran("once", "again", "again"), TRACES)
    fates = ("started once", "started again", "waiting", "unacknowledged", "answered without a start", "lost")
    assert tuple(entry.fate for entry in ledger.entries) == fates == FATES
    assert ledger.tasks("lost", "waiting") == {"gone", "waits"}
    assert ledger.facts() == {f"{fate.replace(' ', '_')}_messages": 1 for fate in FATES}
    assert sum(ledger.facts().values()) == len(SENT)


def test_what_did_not_simply_run_is_named_with_its_reason() -> None:
    text = str(Ledger.of(SENT, ran("once", "again", "again"), TRACES))
    assert text.startswith("6 sent, 1 started once, 1 started again (again: started 2 and finished 2 times)")
    assert text.endswith("1 lost (gone: in no queue, not unacknowledged, never started, no result)")


def test_many_are_only_counted() -> None:
    assert "7 lost (a, b, c, d, e and 2 more: in no queue" in str(books("abcdefg"))


def test_a_start_without_an_end_is_a_run() -> None:
    (entry,) = Ledger.of(["a"], [Event("started", "a")], Traces()).entries
    assert (entry.fate, entry.reason) == ("started once", "started 1 and finished 0 times")


def after(ledger: Ledger, begun: str = "", unacknowledged: str = "") -> Aftermath:
    return Aftermath(ledger, frozenset(begun), frozenset(unacknowledged))


def test_each_ran_once() -> None:
    assert each_ran_once(after(books("ab", "a", "b")))
    assert not each_ran_once(after(books("ab", "a")))
    assert not each_ran_once(after(books("ab", "a", "b", "b")))
    assert not each_ran_once(after(books("")))


def test_what_ran_again() -> None:
    all_again = after(books("ab", "a", "b", "a", "b"), begun="a", unacknowledged="ab")
    assert unacknowledged_ran_again(all_again)
    assert not interrupted_ran_again(all_again)
    one_again = replace(all_again, ledger=books("ab", "a", "a", "b"))
    assert interrupted_ran_again(one_again)
    assert not unacknowledged_ran_again(one_again)
    assert not unacknowledged_ran_again(after(books("ab", "a", "b")))


def test_what_was_left() -> None:
    traces = Traces(unacknowledged={"b"})
    left = Aftermath(Ledger.of("abc", ran("a", "c"), traces), frozenset("a"), frozenset("ab"))
    assert left_unacknowledged(left)
    assert not left_unacknowledged(replace(left, begun=frozenset("ab")))
    assert not left_unacknowledged(replace(left, ledger=Ledger.of("abc", ran("a", "a", "c"), traces)))
    assert not left_unacknowledged(replace(left, ledger=books("abc", "a", "b", "c")))


@pytest.mark.parametrize(
    ("tasks", "right"), [("bc", True), ("abc", False), ("b", False), ("ac", False), ("bcc", False)]
)
def test_the_first_was_lost(tasks: str, right: bool) -> None:
    assert bool(one_was_lost(after(books("abc", *tasks)))) is right
