"""If another program kills or stops a process, the trial is void, with the cause, and refutes no claim."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from poolproof.host.broker import BrokerRequest
from poolproof.host.waiting import impatient, until
from poolproof.lab.guard import FAULTS, Declared, Guard, OwnDoing, deaths, signals
from poolproof.lab.lab import Lab
from poolproof.lab.observe import births, scans
from poolproof.lab.observe.states import paused
from poolproof.lab.site import Site, open_site
from poolproof.model.cells import Cell
from poolproof.model.errors import Void
from poolproof.model.processes import Life
from poolproof.model.verdict import Fixed
from poolproof.run.trials import Question, TrialLoop
from tests.claims_in_suites import CATALOGUE, cells_of, question

KILL, TERM = signal.SIGKILL, signal.SIGTERM
W, CHILD = 100, 101


def worker(*, status: int | None = None, child: int | None = None) -> list[Life]:
    """A worker and its child, each with its exit status when it died."""
    return [
        Life(W, 1, 10, None if status is None else 50, status),
        Life(CHILD, W, 20, None if child is None else 40, child),
    ]


def told(lives: list[Life], declared: Declared | None = None, own: OwnDoing | None = None) -> str:
    return "; ".join(deaths(lives, {W: "w1"}, declared or Declared(), own or OwnDoing()))


def test_what_somebody_else_ended_is_told() -> None:
    assert told(worker()) == ""
    assert told(worker(status=-KILL)) == "w1 (100) was killed by SIGKILL"
    assert told(worker(status=0)) == "w1 (100) ended with exit status 0"
    assert told(worker(child=-KILL)) == "process 101 of w1 was killed by SIGKILL"
    assert told(worker(child=-signal.SIGTERM)) == "process 101 of w1 was killed by SIGTERM"


def test_a_crash_that_may_end_a_worker_is_no_licence_to_kill_it() -> None:
    may = Declared(may_end={W: frozenset(FAULTS)})
    assert not told(worker(status=70), may)
    assert not told(worker(status=-signal.SIGSEGV), may)
    assert told(worker(status=-signal.SIGSEGV), Declared(may_end={W: frozenset()}))
    assert told(worker(child=-signal.SIGABRT), Declared(may_end={W: frozenset([signal.SIGSEGV])}))
    assert not told(worker(status=-KILL), Declared(struck=[(W, KILL, 30)]))
    assert told(worker(status=-KILL), may)
    assert told(worker(child=-KILL), may)


@pytest.mark.parametrize("pid", [0, -1])
def test_a_signal_to_a_group_is_never_sent(pid: int) -> None:
    with pytest.raises(Void, match=f"no process to send SIGTERM to: the pid is {pid}"):
        Guard.strike(Mock(spec=Guard), pid, signal.SIGTERM)


def test_what_the_worker_did_itself_counts() -> None:
    assert not told(worker(child=155))
    assert not told(worker(child=1))
    assert not told(worker(child=-KILL), own=OwnDoing(((CHILD, KILL, 30),)))
    assert told(worker(child=-KILL), own=OwnDoing(((CHILD, TERM, 30),)))
    assert told(worker(child=-KILL), own=OwnDoing(((CHILD, KILL, 45),))), "sent after its death"


def test_the_signal_that_a_manager_sends_to_a_child_that_leaves_is_not_why_it_left() -> None:
    """Billiard sends SIGTERM to each child that reports that it leaves, and the child dies of that."""
    answered = ((CHILD, TERM, 35),)
    assert not told(worker(child=-TERM), own=OwnDoing(answered, {CHILD: (155, 30)}))
    assert told(worker(child=-TERM), own=OwnDoing(answered, {CHILD: (TERM - 256, 30)}))
    assert not told(worker(child=-TERM), own=OwnDoing(((CHILD, TERM, 25),), {CHILD: (TERM - 256, 30)}))


@pytest.mark.parametrize("child", [None, 50], ids=["while its parent lives", "as an orphan"])
def test_a_child_of_a_child_is_guarded_until_its_parent_is_gone(child: int | None) -> None:
    lives = [Life(W, 1, 10), Life(CHILD, W, 20, child, 1), Life(102, CHILD, 30, 60, -KILL)]
    assert told(lives) == ("" if child else "process 102 of w1 was killed by SIGKILL")
    group = OwnDoing(((-CHILD, KILL, 40),))
    assert not told(lives, own=group), "its worker killed the whole group"


def handled(times: int, signum: int, own: OwnDoing | None = None) -> list[str]:
    return [*signals(worker(), {W: "w1"}, own or OwnDoing(), {W: {signum: times}, CHILD: {}})]


def test_a_signal_that_a_process_handled_and_its_worker_did_not_send_came_from_somebody_else() -> None:
    once = OwnDoing(((W, TERM, 30),))
    assert handled(1, TERM) == ["w1 (100) got SIGTERM from somebody else"]
    assert not handled(1, TERM, once), "it told itself"
    assert handled(2, TERM, once), "but not twice"
    struck = OwnDoing.of([], struck=[(W, TERM, 30)])
    assert not handled(1, TERM, struck), "the stimulus told it"
    assert handled(2, TERM, struck), "but not twice"
    assert handled(1, signal.SIGHUP, struck), "and nothing else"
    assert not handled(1, signal.SIGCHLD), "the kernel sends it when a child ends"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    request = BrokerRequest(origin="wheel")
    with open_site(f"test-guard-{os.getpid()}", request, messages=200, seconds=10) as site:
        yield site


def disturb(lab: Lab, deed: Deed) -> None:
    """Do it as soon as the worker's tasks run."""

    def wait_and_do() -> None:
        until(lambda: any("\nended\t" in each.read_text() for each in lab.events.folder.iterdir()), 60)
        deed(lab)

    Thread(target=wait_and_do, daemon=True).start()


def _kill_manager(lab: Lab) -> None:
    os.kill(lab.workers[0].pid, KILL)


def _terminate_manager(lab: Lab) -> None:
    os.kill(lab.workers[0].pid, TERM)


def _kill_child(lab: Lab) -> None:
    os.kill(lab.workers[0].tree().children[0].pid, KILL)


def _terminate_child(lab: Lab) -> None:
    os.kill(lab.workers[0].tree().children[0].pid, signal.SIGTERM)


def _disturb_child(lab: Lab) -> None:
    os.kill(lab.workers[0].tree().children[0].pid, signal.SIGUSR1)


def _crash_child(lab: Lab) -> None:
    os.kill(lab.workers[0].tree().children[0].pid, signal.SIGSEGV)


def _abort_manager(lab: Lab) -> None:
    os.kill(lab.workers[0].pid, signal.SIGABRT)


def _hang_up_manager(lab: Lab) -> None:
    os.kill(lab.workers[0].pid, signal.SIGHUP)


def _stop_child(lab: Lab) -> None:
    _stop(lab.workers[0].tree().children[0].pid)


def _stop(pid: int) -> None:
    """Stop a process, and continue it as soon as it has stopped."""
    os.kill(pid, signal.SIGSTOP)
    until(lambda: paused(pid), every=0)
    os.kill(pid, signal.SIGCONT)


Deed = Callable[[Lab], None]
DEEDS: dict[Deed, str] = {
    _kill_manager: "w1 .* was killed by SIGKILL",
    _terminate_manager: "w1 .* got SIGTERM from somebody else",
    _hang_up_manager: "w1 .* got SIGHUP from somebody else",
    _abort_manager: "w1 .* was killed by SIGABRT",
    _kill_child: "process .* of w1 was killed by SIGKILL",
    _terminate_child: "process .* of w1 was killed by SIGTERM",
    _disturb_child: "process .* of w1 got SIGUSR1 from somebody else",
    _crash_child: "process .* of w1 was killed by SIGSEGV",
    _stop_child: "process .* of w1 was stopped for a while",
}
CRASHES = "crashes.child-crash-is-contained"
"""A claim under which a worker may end by itself."""
CLAIMS = {"delivery.each-message-once": 2, "lifecycle.child-renewed-after-n": 1, CRASHES: 2}
"""The number of children with which each of them is tested."""


AMID_CRASHES = (_hang_up_manager, _abort_manager, _crash_child)
CASES: list[tuple[str, Deed]] = [
    ("delivery.each-message-once", deed) for deed in DEEDS if deed not in AMID_CRASHES
]
CASES += [("lifecycle.child-renewed-after-n", _kill_child)]
CASES += [(CRASHES, deed) for deed in AMID_CRASHES]


@pytest.mark.parametrize(("claim", "deed"), CASES, ids=[f"{claim}-{deed.__name__}" for claim, deed in CASES])
def test_a_bystander_voids_one_trial_and_the_next_decides(
    claim: str, deed: Deed, site: Site, tmp_path: Path
) -> None:
    put = decided(claim, deed, site, tmp_path)
    assert [trial.outcome for trial in put.trials] == ["void", "satisfied"]
    assert re.search(DEEDS[deed], put.trials[0].evidence), put.trials[0].evidence
    assert put.verdict == "holds"


@pytest.mark.parametrize("deed", [_kill_child, _terminate_child, _stop_child])
def test_a_bystander_is_seen_without_any_privilege(
    deed: Deed, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(births, "_connector", lambda: None)
    put = decided("delivery.each-message-once", deed, site, tmp_path)
    assert [trial.outcome for trial in put.trials] == ["void", "satisfied"]
    assert re.search(DEEDS[deed], put.trials[0].evidence), put.trials[0].evidence


def decided(claim: str, deed: Deed, site: Site, folder: Path) -> Question:
    """The claim, decided, with an action of another program in its first lifetime."""
    cell = replace(cells_of(CATALOGUE[claim], "prefork", "holds")[0], concurrency=CLAIMS[claim])
    put = question(CATALOGUE[claim], cell)
    original = put.ask

    def ask(**arguments: object) -> None:
        lab = arguments["lab"]
        assert isinstance(lab, Lab)
        if not put.trials:
            disturb(lab, deed)
        original(**arguments)

    put.ask = ask
    with impatient(5):
        TrialLoop(site, Fixed(1), folder, on_trial=lambda *_: None).decide([put])
    return put


def test_what_killed_a_worker_is_known_from_the_supervisor_where_no_observer_saw_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(births, "_connector", lambda: None)
    monkeypatch.setattr(scans, "_status", lambda *_: None)
    put = decided("delivery.each-message-once", _kill_manager, site, tmp_path)
    assert [trial.outcome for trial in put.trials] == ["void", "satisfied"]
    assert re.search(DEEDS[_kill_manager], put.trials[0].evidence), put.trials[0].evidence


def test_the_shortest_stop_of_a_child_of_the_supervisor_is_told(site: Site, tmp_path: Path) -> None:
    with Lab(site, Cell("solo", 1, 4), tmp_path / "lifetime") as lab:
        assert lab.disturbed() == ""
        _stop(int(lab.client.info("server")["process_id"]))
        assert re.fullmatch("the broker .* was stopped for a while", lab.disturbed())
    with Lab(site, Cell("solo", 1, 4), tmp_path / "next") as lab:
        assert lab.disturbed() == ""


NESTED = "sh -c 'sleep 600 & echo $! > inner; wait; sleep 600' & wait"


def test_a_bystander_that_kills_a_child_of_a_child_is_told(site: Site, tmp_path: Path) -> None:
    with Lab(site, Cell("solo", 1, 4), tmp_path / "lifetime") as lab:
        argv, inner = ["sh", "-c", NESTED], tmp_path / "inner"
        outer = site.supervisor.spawn(argv, env=os.environ, cwd=tmp_path, log=tmp_path / "log")
        lab.guard.watch(outer, "w1")
        assert until(lambda: inner.is_file() and inner.read_text().strip())
        pid = int(inner.read_text())
        assert until(lambda: any(life.pid == pid for life in lab.guard.births.lives()))
        assert lab.disturbed() == ""
        os.kill(pid, KILL)
        assert until(lab.disturbed) == f"process {pid} of w1 was killed by SIGKILL"
        site.supervisor.end(outer)


def test_a_broker_that_is_started_anew_is_told(site: Site, tmp_path: Path) -> None:
    with Lab(site, Cell("solo", 1, 4), tmp_path / "lifetime") as lab:
        assert lab.disturbed() == ""
        answers = SimpleNamespace(info=lambda _: {"run_id": "another"})
        lab.guard._broker = answers  # type: ignore[assignment]
        assert lab.disturbed() == "the broker was restarted"
