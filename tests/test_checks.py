"""The checks, on good and bad histories: short strings by hand, and random ones of hypothesis."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.model.history import Event, History
from poolproof.model.judgement import Judgement
from poolproof.subjects.delivery.checks import each_message_once
from poolproof.subjects.delivery.seen import Delivery
from poolproof.subjects.queues.checks import earlier_queue_first, served_in_turn
from poolproof.subjects.queues.seen import Fetches

KINDS = {"s": "started", "a": "ended", "f": "failed"}
ENOUGH = 1_000_000
"""Events a second that a check of histories must judge."""


def history(text: str) -> History:
    """`s1 a1` is task 1 started, then ended."""
    return History(tuple(Event(KINDS[word[0]], word[1:], at=n) for n, word in enumerate(text.split())))


# Delivery


def once(sent: Sequence[str], history: History, left: int) -> Judgement:
    return each_message_once(Delivery(tuple(sent), history, left, planned=1000))


@pytest.mark.parametrize(
    ("text", "left", "says"),
    [
        ("s1 a1", 0, "2 lost"),
        ("s1 a1 s2", 0, "2 started but not ended"),
        ("s1 a1 s2 a2 s2 a2", 0, "2 doubled"),
        ("s1 s2 s1 a1 a2", 0, "1 doubled"),
        ("s1 a1 s2 a2 s3 a3", 0, "3 invented"),
        ("s1 a1 s2 f2", 0, "2 started but not ended"),
        ("s1 a1 s2 a2", 3, "3 left in the broker"),
        ("", 2, "1, 2 lost; 2 left in the broker"),
    ],
)
def test_delivery_is_refuted_with_the_fault_named(text: str, left: int, says: str) -> None:
    judgement = once(("1", "2"), history(text), left)
    assert not judgement
    assert says in judgement.evidence


@pytest.mark.parametrize("text", ["s1 a1 s2 a2", "s1 s2 a2 a1", "s2 s1 a1 a2"])
def test_delivery_holds_in_any_order(text: str) -> None:
    assert once(("1", "2"), history(text), 0)


def test_the_number_of_messages_belongs_to_the_verdict() -> None:
    judgement = once([str(n) for n in range(265)], history(" ".join(f"s{n} a{n}" for n in range(265))), 0)
    assert judgement
    assert judgement.evidence == (
        "each message once: 265 sent of 1000 planned, 265 ended, none left; "
        "a fault in 1.1% of the messages or more is excluded"
    )


def test_the_numbers_of_a_delivery_are_facts() -> None:
    facts = once(("1", "2", "3"), history("s1 a1 s1 a1 s2"), 4).facts
    assert facts == {
        "sent_messages": 3,
        "wanted_messages": 1000,
        "left_messages": 4,
        "lost_messages": 1,
        "started_but_not_ended_messages": 1,
        "doubled_messages": 1,
        "invented_messages": 0,
    }
    assert once(("1", "2"), history("s1 a1 s2 a2"), 0).facts["excluded_share"] == pytest.approx(
        0.776, abs=0.01
    )


def test_the_fence_is_judged_and_not_counted_as_sent() -> None:
    fenced = Delivery(("1",), history("s1 a1 s2 a2"), 0, planned=1, fence=("2",))
    assert each_message_once(fenced)
    assert each_message_once(fenced).facts["sent_messages"] == 1
    assert "2 lost" in each_message_once(replace(fenced, history=history("s1 a1"))).evidence


def test_evidence_names_few_and_counts_the_rest() -> None:
    judgement = once([str(n) for n in range(1000)], history(""), 0)
    assert "0, 1, 2, 3, 4 and 995 more lost" in judgement.evidence


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[str], list[Event]]:
    """Some messages, each started and then ended, interleaved at random."""
    ids = [str(n) for n in range(draw(st.integers(1, 12)))]
    order = draw(st.permutations([task for task in ids for _ in range(2)]))
    seen: set[str] = set()
    events = []
    for at, task in enumerate(order):
        events.append(Event("ended" if task in seen else "started", task, at=at))
        seen.add(task)
    return ids, events


@given(deliveries(), st.data())
def test_one_event_dropped_refutes(delivery: tuple[list[str], list[Event]], data: st.DataObject) -> None:
    sent, events = delivery
    assert once(sent, History.of(events), 0)
    events.remove(data.draw(st.sampled_from(events)))
    assert not once(sent, History.of(events), 0)


@given(deliveries(), st.data())
def test_one_event_doubled_refutes(delivery: tuple[list[str], list[Event]], data: st.DataObject) -> None:
    sent, events = delivery
    doubled = data.draw(st.sampled_from(events))
    assert not once(sent, History.of([*events, doubled]), 0)


@given(deliveries(), st.sampled_from(["started", "ended"]))
def test_one_event_invented_refutes(delivery: tuple[list[str], list[Event]], kind: str) -> None:
    sent, events = delivery
    assert not once(sent, History.of([*events, Event(kind, "ghost", at=99)]), 0)


@given(deliveries(), st.data())
def test_two_events_swapped_change_nothing(
    delivery: tuple[list[str], list[Event]], data: st.DataObject
) -> None:
    """*Exactly once* does not depend on the order, so neither may the judgement."""
    sent, events = delivery
    one, other = data.draw(st.tuples(st.sampled_from(events), st.sampled_from(events)))
    moved = {one: one._replace(at=other.at), other: other._replace(at=one.at)}
    assert once(sent, History.of([moved.get(event, event) for event in events]), 0)


@given(deliveries(), st.data())
def test_one_event_renamed_refutes(delivery: tuple[list[str], list[Event]], data: st.DataObject) -> None:
    sent, events = delivery
    place = data.draw(st.integers(0, len(events) - 1))
    events[place] = events[place]._replace(task="another")
    assert not once(sent, History.of(events), 0)


def test_a_million_events_are_judged_in_a_second() -> None:
    ids = [f"m{n}" for n in range(100_000)]
    events = [Event(kind, task) for task in ids for kind in ("started", "ended")]
    history = History(tuple(events))
    # A busy machine costs processor time too, because processes evict each other from caches.
    fastest = min(_seconds(ids, history) for _ in range(5))
    number = len(events)
    assert number >= ENOUGH * fastest


def _seconds(ids: list[str], history: History) -> float:
    begun = time.process_time()
    judgement = once(ids, history, 0)
    seconds = time.process_time() - begun
    assert judgement.satisfied
    return seconds


# Queues

FILLED = {"b": 2, "a": 2, "r": 1}


def fetches(order: str) -> Fetches:
    return Fetches(FILLED, tuple(order), ("b,a,r",))


def test_queues_in_order() -> None:
    assert earlier_queue_first(fetches("bbaar"))


@given(st.permutations("bbaar"))
def test_any_other_order_refutes(order: list[str]) -> None:
    assert bool(earlier_queue_first(fetches("".join(order)))) == (order == list("bbaar"))


def test_what_was_added_to_the_first_queue_later_is_not_counted_on() -> None:
    judgement = earlier_queue_first(fetches("bbbbaabr"))
    assert judgement
    assert judgement.evidence.startswith(
        "8 fetches, of at least 5 planned, in the order of -Q: b 5, a 2, r 1"
    )
    assert not earlier_queue_first(fetches("bbbbara"))


def test_no_fetch_at_all_proves_nothing() -> None:
    assert not earlier_queue_first(fetches(""))


def test_the_first_wrong_fetch_is_named() -> None:
    judgement = earlier_queue_first(fetches("babar"))
    assert "fetch 2 was from a while b still held 1" in judgement.evidence
    assert judgement.facts == {"all_fetches": 5, "in_order_fetches": 1}


LONG = {"b": 9, "a": 3, "r": 3}


@pytest.mark.parametrize(
    ("order", "fair"),
    [("barbarbar", True), ("arbarbarbb", True), ("barbarbarbbb", True), ("bbbbaarrr", False),
     ("babrbarba", False), ("bababa", False), ("barbrabar", False), ("bar", False), ("", False)],
)  # fmt: skip
def test_served_in_turn(order: str, fair: bool) -> None:
    seen = Fetches(LONG, tuple(order), ("b,a,r",))
    assert bool(served_in_turn(seen)) is fair
    assert served_in_turn(seen).facts["all_fetches"] == len(order)
    assert not earlier_queue_first(seen)
    assert not served_in_turn(fetches("bbaar"))
