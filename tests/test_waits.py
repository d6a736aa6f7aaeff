"""A stimulus waits with the verbs of the lab: until its tasks are in a state, or none makes progress."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from poolproof.host.waiting import impatient
from poolproof.lab.waits import Waits
from poolproof.model.history import Event

ROOT = Path(__file__).parent.parent
STIMULI = [file for file in (ROOT / "poolproof" / "subjects").rglob("*.py") if "checks" not in file.name]


class Lifetime(Waits):
    """A lifetime without a worker; the test writes its events."""

    def happens(self, *events: str) -> None:
        """Write events, each given as its kind and its task."""
        pairs = map(str.split, events)
        self.events._take([Event(kind, task=task) for kind, task in pairs])


@pytest.fixture
def lab(tmp_path: Path) -> Lifetime:
    return Lifetime(tmp_path)


@contextmanager
def at_each_look(monkeypatch: pytest.MonkeyPatch, happen: Callable[[], None]) -> Iterator[None]:
    """Run an action each time that a wait would sleep; the sleep itself takes no time."""
    with monkeypatch.context() as patch, impatient(0.2):
        patch.setattr("poolproof.host.waiting.time.sleep", lambda _: happen())
        yield


Wait = Callable[[Lifetime], None]
WAITS: dict[str, tuple[Wait, list[str]]] = {
    "started": (lambda lab: lab.started(["a", "b"]), ["started a", "started b"]),
    "some-started": (lambda lab: lab.started(["a", "b", "c"], 2), ["started x", "started c", "started a"]),
    "ended": (lambda lab: lab.ended(["a", "b"]), ["ended a", "failed b", "ended b"]),
    "finished": (lambda lab: lab.finished(["a", "b"]), ["failed b", "ended a"]),
    "reached": (lambda lab: lab.reached("used", {"a": 1}), ["used b", "used a"]),
}


@pytest.mark.parametrize(("wait", "events"), WAITS.values(), ids=WAITS)
def test_a_wait_ends_with_the_last_event_that_it_waits_for(
    wait: Wait, events: list[str], lab: Lifetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [*events, "ended too-much", "ended too-much"]
    with at_each_look(monkeypatch, lambda: lab.happens(left.pop(0))):
        wait(lab)
    assert len(lab.events.events()) == len(events)


@pytest.mark.parametrize("wait", [wait for wait, _ in WAITS.values()], ids=WAITS)
def test_a_wait_ends_when_nothing_moves(wait: Wait, lab: Lifetime) -> None:
    with impatient(0.05):
        wait(lab)


def test_each_gate_is_another_one_and_opens_alone(lab: Lifetime) -> None:
    first, second = lab.new_gate(), lab.new_gate()
    lab.open_gate(second)
    assert [path.name for path in (lab.folder / "gates").iterdir()] == [second] != [first]


@pytest.mark.parametrize("file", STIMULI, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_stimulus_counts_no_events_to_wait_and_names_no_gate(file: Path) -> None:
    text = file.read_text()
    assert re.findall(r"settle\(\s*lambda: \S*lab\.events", text) == []
    assert re.findall(r"def _settle", text) == []
    assert re.findall(r"open_gate\(f?[\"']|f\"\w*\{len\(lab\.events", text) == []
