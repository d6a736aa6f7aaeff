"""Run tasks that return, lose their child or are overdue, and see who stored what as their results."""

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
"""The task, with its arguments before the gate, that ends in this way; an overdue one's gate stays shut."""
TIMES = {"returned": 20, "lost": 3, "overdue": 2}
"""How often tasks end so, one after another: the second crash of a worker need not be like its first."""


def see_ends(lab: Lab, way: str, words: Sequence[str] = ()) -> tuple[End, ...]:
    """Start a worker with more words on its line, and have tasks end in this `way` again and again.

    Each time one is lost, or those of all slots at once return or are overdue: a manager that monitors
    one task may not monitor several.
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
    """Every end of every round; a worker that runs no task of a round will run none of a further one."""
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
