"""Measures what Poolproof costs: `./toxw -e cost`, on a machine that does nothing else.

Three figures, each from interleaved pairs of one run, so that slow changes of the machine do not matter: the
time of a worker's lifetime with a passed trial over that of a bare start of the same command; the throughput
of a recorded task over that of the same task unrecorded; how many events a check judges in a second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Sequence
from math import comb
from pathlib import Path

from poolproof import ROOT
from poolproof.catalogue.load import load_catalogue
from poolproof.catalogue.matrix import load_matrix
from poolproof.host.broker import BrokerRequest
from poolproof.host.waiting import until
from poolproof.lab.environment import disobey, kept
from poolproof.lab.lab import Lab
from poolproof.lab.observe.events import EventLog
from poolproof.lab.site import Site, open_site
from poolproof.lab.worker import command
from poolproof.model.cells import Cell
from poolproof.model.history import Event, History
from poolproof.model.verdict import Fixed
from poolproof.run.trials import Question, TrialLoop
from poolproof.subjects.delivery.checks import each_message_once
from poolproof.subjects.delivery.seen import Delivery
from probes.shared.settings import Settings
from suites.test_topology import test_prefork_is_a_manager_and_n_children as claim_function

CELL = Cell("prefork", 2, 4)
CLAIM = "topology.prefork-manager-and-n-children"


def main() -> None:
    """Print the three figures."""
    disobey(os.environ)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15, help="interleaved pairs of each figure (default 15)")
    parser.add_argument("--short", action="store_true", help="one pair of each: it works, and says nothing")
    arguments = parser.parse_args()
    pairs = 1 if arguments.short else arguments.pairs
    with open_site(f"cost-{os.getpid()}", BrokerRequest(), messages=100, seconds=15) as site:
        lifetimes(site, pairs)
        recording(site, pairs, messages=200 if arguments.short else 2000)
    judging(pairs)


def lifetimes(site: Site, pairs: int) -> None:
    """The time of a passed trial, the worker's start and end included, over that of a bare start."""
    catalogue = load_catalogue(ROOT / "suites" / "claims", load_matrix(ROOT / "matrix.toml"), documents={})
    loop = TrialLoop(site, Fixed(1), site.folder / "lifetimes", on_trial=lambda *_: None)
    over = []
    for number in range(pairs):
        bare = bare_start(site, site.folder / f"bare{number}")
        question = Question(catalogue[CLAIM], CELL, claim_function, shares=True)
        begun = time.perf_counter()
        loop.decide([question])
        over.append(time.perf_counter() - begun - bare)
        assert question.verdict == "holds", question.decisive
    show("a lifetime with a passed trial, over the bare start of its command", over, "s")


def bare_start(site: Site, folder: Path) -> float:
    """Seconds from the start of the command until the worker reports that it is ready."""
    events = EventLog(folder / "events")
    database = site.databases.take()
    url = site.broker.database_url(database)
    settings = Settings(name="bare", broker=url, events=str(events.folder), gates=str(folder))
    environment = {**kept(os.environ), "PYTHONPATH": str(ROOT), **settings.environment()}
    line = [sys.executable, "-m", "celery", *command(CELL, "bare", ["basic"], documented=True).line]
    begun = time.perf_counter()
    pid = site.supervisor.spawn(line, env=environment, cwd=ROOT, log=folder / "bare.log")
    assert until(lambda: events.count("ready"), within=60)
    seconds = time.perf_counter() - begun
    site.supervisor.end(pid)
    site.databases.give_back(database)
    return seconds


def recording(site: Site, pairs: int, messages: int) -> None:
    """The throughput of a recorded no-op over that of an unrecorded one, in the same worker."""
    for pool in ("solo", "prefork"):
        cell = Cell(pool, 2 if pool == "prefork" else 1, 4)
        with Lab(site, cell, site.folder / f"recording-{pool}") as lab:
            lab.start()
            gate(lab, "noop", 200)
            ratios = []
            for number in range(pairs):
                order = ("noop", "unrecorded_noop") if number % 2 else ("unrecorded_noop", "noop")
                seconds = {task: gate(lab, task, messages) for task in order}
                ratios.append(seconds["unrecorded_noop"] / seconds["noop"])
        show(f"throughput kept while recording, {pool}", ratios, "")


def gate(lab: Lab, task: str, messages: int) -> float:
    """Seconds from opening a filled queue until every result is stored."""
    lab.sender.send(task, count=messages, queue="later")
    stored = int(lab.client.dbsize()) - 1 + messages  # the queue itself disappears
    begun = time.perf_counter()
    lab.client.rename("later", "basic")
    assert until(lambda: int(lab.client.dbsize()) >= stored and lab.in_broker() == 0, within=120, every=0.01)
    return time.perf_counter() - begun


def judging(pairs: int, tasks: int = 100_000) -> None:
    """The number of events that the check of deliveries judges in a second."""
    ids = [f"m{number}" for number in range(tasks)]
    seen = History(tuple(Event(kind, task) for task in ids for kind in ("started", "ended")))
    delivery = Delivery(tuple(ids), seen, 0, planned=tasks)
    rates = []
    for _ in range(pairs):
        begun = time.perf_counter()
        assert each_message_once(delivery)
        rates.append(len(seen.events) / (time.perf_counter() - begun) / 1e6)
    show("a check of histories judges", rates, " million events a second")


def show(what: str, figures: Sequence[float], unit: str) -> None:
    """One line: the median, the interval that covers it with at least 95%, and the number of pairs."""
    ordered = sorted(figures)
    low, high = median_interval(len(ordered))
    print(
        f"{what}: median {statistics.median(ordered):.3f}{unit and ' ' + unit.strip()}, "
        f"95% interval {ordered[low]:.3f} to {ordered[high]:.3f}, {len(ordered)} pairs"
    )


def median_interval(count: int) -> tuple[int, int]:
    """The places of the order statistics between which the median lies with at least 95% (binomial)."""
    below = [sum(comb(count, k) for k in range(place)) / 2**count for place in range(count + 1)]
    low = max((place for place in range(count // 2 + 1) if below[place] <= 0.025), default=0)
    return max(low - 1, 0), min(count - low, count - 1)


if __name__ == "__main__":
    main()
