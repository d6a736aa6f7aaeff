"""Judges where each step of a task happens in a green pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.flow.seen import Flow, Link

SHAPE: Mapping[str, str] = {
    "fetched": "over one connection for all",
    "received": "one greenlet for all",
    "run": "a greenlet of its own",
    "decoded": "where it was received, and again where it ran",
    "encoded": "where it ran",
    "stored": "over a connection of its own",
    "acknowledged": "over another connection than it was fetched",
}
"""Where each step of a task happens in a green pool; always in one process and one thread.

The relay sees which connection a command used, but not which greenlet sent it.
"""


@check
def green_flow(flow: Flow) -> Judgement:
    """True when every step of every task happened where `SHAPE` says, which is the same for both pools."""
    seen = _shape(flow)
    wrong = {step: place for step, place in seen.items() if SHAPE[step] != place}
    text = ", ".join(f"{step}: {place}" for step, place in (wrong or seen).items())
    whole = bool(flow.courses) and not flow.unfinished
    count = f"{len(flow.courses)} of {len(flow.sent) or len(flow.courses)} tasks"
    facts = {"tasks_ended": len(flow.courses), "steps_otherwise": len(wrong)}
    return Judgement(whole and not wrong, f"{count}, {text}", facts=facts)


def _shape(flow: Flow) -> dict[str, str]:
    """Where each step happened: as in `SHAPE` if that is true of every task."""
    receivers = {course.received.greenlet for course in flow.courses}
    main = {(flow.tree.manager.pid, flow.tree.manager.pid)} if flow.tree.manager else set()
    places = {(place.pid, place.thread) for each in flow.courses for place in (each.received, each.started)}
    runners = {course.started.greenlet for course in flow.courses}
    together = places == main and len(receivers) == 1
    scattered = f"{counted(len(receivers), 'greenlet')}, {counted(len(places), 'thread')}"
    twice = all(set(each.decoded) == {each.received, each.started} for each in flow.courses)
    encoded = all(set(each.encoded) == {each.started} for each in flow.courses)
    return {
        "received": SHAPE["received"] if together else scattered,
        "run": SHAPE["run"] if not runners & receivers else "the greenlet that received it",
        "decoded": SHAPE["decoded"] if twice else "elsewhere",
        "encoded": SHAPE["encoded"] if encoded else "elsewhere",
        **_over_the_wire(flow),
    }


def _over_the_wire(flow: Flow) -> dict[str, str]:
    """Which connections the steps used that the relay sees, in the same way."""
    fetching = {link for course in flow.courses for link in course.over("fetched")}
    storing = [link for course in flow.courses for link in course.over("stored")]
    answering = {link for course in flow.courses for link in course.over("acknowledged")}
    once = all(
        len(course.over(step)) == len(getattr(course, step)) == 1
        for course in flow.courses
        for step in ("fetched", "stored", "acknowledged")
    )
    used = fetching.union(storing, answering)
    here = once and {link.pid for link in used} == {course.started.pid for course in flow.courses}
    right = {
        "fetched": here and len(fetching) == 1 and _of("broker", fetching),
        "stored": here and len(set(storing)) == len(storing) and _of("backend", storing),
        "acknowledged": here and not answering & fetching and _of("broker", answering),
    }
    return {step: SHAPE[step] if so else "otherwise" for step, so in right.items()}


def _of(client: str, links: Iterable[Link]) -> bool:
    return {link.client for link in links} == {client}
