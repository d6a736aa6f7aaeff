"""Run tasks that return, lose their child or exceed their time, and see which process stored each result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.results import KEY, error_of, stored
from poolproof.lab.worker import Worker
from poolproof.model.processes import Tree
from poolproof.subjects.flow.seen_traffic import processes, traffic
from poolproof.subjects.manager.seen import End

SENT: dict[str, tuple[str, ...]] = {"returned": ("hold",), "lost": ("crash", "exit"), "overdue": ("hold",)}
"""The task that ends in this way, with its arguments before the gate; an overdue one's gate stays shut."""
TIMES = {"returned": 20, "lost": 3, "overdue": 2}
"""How often tasks end so, one after another: a worker's second crash need not be like its first."""


def see_ends(lab: Lab, way: str, words: Sequence[str] = ()) -> tuple[End, ...]:
    """Start a worker with more arguments, and let tasks end in this `way` again and again.

    One task at a time is lost. Tasks that return or are overdue do so in all slots at once, because a manager
    that monitors one task may not monitor several.
    """
    worker = lab.start(words=words)
    count = 1 if way == "lost" else worker.cell.slots
    ends = tuple(_rounds(lab, worker, way, count))
    exercised = {
        "returned": lab.events.count("ended"),
        "lost": sum(end.died for end in ends),
        "overdue": lab.events.count("started"),
    }
    lab.witness(tasks_started=lab.events.count("started"), **{f"tasks_{way}": exercised[way]})
    return ends


def _rounds(lab: Lab, worker: Worker, way: str, count: int) -> Iterator[End]:
    """Every end of every round; a worker that runs no task of one round will run none of the next."""
    for _ in range(TIMES[way]):
        ends = _see_ends(lab, worker, way, count)
        yield from ends
        if not any(end.ran_in for end in ends):
            return


def _see_ends(lab: Lab, worker: Worker, way: str, count: int) -> tuple[End, ...]:
    gate = lab.new_gate()
    tasks = lab.sender.send(*SENT[way], gate, count=count)
    lab.started(tasks)
    tree = worker.tree()
    if way != "overdue":
        lab.open_gate(gate)
    until(lambda: all(lab.client.exists(KEY + task) for task in tasks))
    return tuple(_see_end(lab, worker, tree, task) for task in tasks)


def _see_end(lab: Lab, worker: Worker, tree: Tree, task: str) -> End:
    ran_in = next((event.pid for event in lab.events.events() if event.task == task), 0)
    until(lambda: ran_in not in worker.tree().pids or task in lab.events.seen("ended"))
    died = bool(ran_in) and ran_in not in worker.tree().pids
    seen = traffic(lab.wire.seen() if lab.wire else ()).of([task], 0)
    seen.check()
    result = stored(lab, task)
    return End(
        tree, ran_in, died, processes(seen.stores, task), str(result.get("status", "")), error_of(result)
    )
