"""The checks of which processes hold a connection, on good and bad holdings."""

from __future__ import annotations

import pytest

from poolproof.subjects.connections.checks import (
    all_use_the_managers_connection,
    held_by_no_other,
    held_by_the_manager,
    inherits_the_managers_connections,
)
from poolproof.subjects.connections.seen import Holdings

MANAGER, ONE, TWO = 100, 101, 102

NAMES = {1: "backend", 2: "backend", 8: "broker", 9: "broker"}


def holdings(used: dict[int, set[int]], **held: set[int]) -> Holdings:
    """The connections of the manager and two children, by short names."""
    pids = {"manager": MANAGER, "one": ONE, "two": TWO}
    return Holdings(
        MANAGER,
        {pids[name]: frozenset(ports) for name, ports in held.items()},
        {pid: frozenset(ports) for pid, ports in used.items()},
        NAMES,
    )


def test_held_by_no_other() -> None:
    judgement = held_by_no_other(holdings({ONE: {1}, TWO: {2}}, manager={9}, one={1}, two={2}))
    assert judgement
    assert judgement.evidence == (
        "the child 101's 1 connection is held by no other process; "
        "the child 102's 1 connection is held by no other process"
    )


@pytest.mark.parametrize(
    ("held", "says"),
    [
        (
            {"manager": {1, 2}, "one": {1}, "two": {2}},
            "the child 101's 1 connection is also held by the manager",
        ),
        ({"one": {1, 2}, "two": {2}}, "the child 102's 1 connection is also held by the child 101"),
        ({"one": {1}}, "; the child 102 itself does not hold all that it used"),
    ],
    ids=["by the manager", "by a sibling", "not by its user"],
)
def test_any_other_holding_refutes_held_by_no_other(held: dict[str, set[int]], says: str) -> None:
    judgement = held_by_no_other(holdings({ONE: {1}, TWO: {2}}, **held))
    assert not judgement
    assert says in judgement.evidence


def test_processes_that_share_are_named() -> None:
    judgement = held_by_no_other(
        holdings({ONE: {1}, TWO: {2, 3}}, manager={1, 2, 3}, one={1, 2}, two={1, 2, 3})
    )
    assert judgement.evidence == (
        "the child 101's 1 connection is also held by the manager and the child 102; "
        "of the child 102's 2 connections the manager also holds 2 and the child 101 also holds 1"
    )
    judgement = held_by_no_other(holdings({TWO: {2, 3}}, manager={1}, two={2, 3}))
    assert judgement.evidence == "the child 102's 2 connections are held by no other process"


def test_nothing_asked_about_proves_nothing() -> None:
    assert not held_by_no_other(holdings({}, manager={1}))


def test_held_by_the_manager() -> None:
    assert held_by_the_manager(holdings({MANAGER: {1}}, manager={1, 9}))


@pytest.mark.parametrize(
    ("used", "manager", "says"),
    [
        ({ONE: {1}}, {1}, "was used by the process 101; the main process holds it"),
        ({MANAGER: {1}, ONE: {1}}, {1}, "was used by the main process, the process 101"),
        ({MANAGER: {1}}, {9}, "the main process does not hold it"),
        ({}, {1}, "was used by nobody"),
    ],
    ids=["used by another", "by another as well", "held by another", "by nobody"],
)
def test_any_other_use_refutes_held_by_the_manager(
    used: dict[int, set[int]], manager: set[int], says: str
) -> None:
    judgement = held_by_the_manager(holdings(used, manager=manager, one={1}))
    assert not judgement
    assert says in judgement.evidence


INHERITED = {"manager": {8, 9}, "one": {1, 8, 9}, "two": {2, 8, 9}}


def test_inherits_the_managers_connections() -> None:
    seen = holdings({ONE: {1, 8, 9}, TWO: {2, 8, 9}}, **INHERITED)
    judgement = inherits_the_managers_connections(seen)
    assert judgement
    assert judgement.evidence.startswith(
        "of the child 101's 3 connections 2 are the manager's to the broker, and 1 its own; of the child 102"
    )
    assert judgement.facts == {
        "processes": 2,
        "connections_used": 4,
        "connections_used_that_others_hold": 4,
    }
    assert not held_by_no_other(seen)


@pytest.mark.parametrize(
    ("used", "held"),
    [
        ({ONE: {1}}, {"manager": {8, 9}, "one": {1}}),
        ({ONE: {1, 8}}, {"manager": {9}, "one": {1, 8}, "two": {8}}),
        ({ONE: {1, 8}}, {"manager": {8, 1}, "one": {1, 8}}),
        ({ONE: {1, 8}}, {"manager": {8}, "one": {1, 8}, "two": {1}}),
        ({ONE: {1, 8}, TWO: {2}}, {"manager": {8}, "one": {1, 8}, "two": {2}}),
        ({}, {"manager": {8}}),
    ],
    ids=[
        "its own alone",
        "a sibling's",
        "the manager's to the back end",
        "its own shared",
        "one not",
        "none",
    ],
)
def test_any_other_sharing_is_no_inheritance(used: dict[int, set[int]], held: dict[str, set[int]]) -> None:
    assert not inherits_the_managers_connections(holdings(used, **held))


def test_all_use_the_managers_connection() -> None:
    seen = holdings({ONE: {1}, TWO: {1}}, manager={1, 9}, one={1}, two={1})
    judgement = all_use_the_managers_connection(seen)
    assert judgement
    assert judgement.evidence == "2 children used 1 connection; the manager holds it"
    assert not held_by_no_other(seen)


@pytest.mark.parametrize(
    ("used", "manager"),
    [
        ({ONE: {1}, TWO: {2}}, {1, 2}),
        ({ONE: {1}, TWO: {1}}, {9}),
        ({ONE: {1}}, {1}),
        ({MANAGER: {1}, TWO: {1}}, {1}),
        ({}, {1}),
    ],
    ids=["each its own", "not the manager's", "one child", "the manager uses it", "nobody"],
)
def test_any_other_use_is_not_of_the_managers(used: dict[int, set[int]], manager: set[int]) -> None:
    assert not all_use_the_managers_connection(holdings(used, manager=manager, one={1, 2}, two={1, 2}))
