"""Run one task to its end, whichever that is, and see who stored what as its result."""

from __future__ import annotations

from collections.abc import Sequence

from probes.deadline import until
from probes.lab import Lab
from probes.observations.execution import End
from probes.stimuli.flow_wire import processes, traffic
from probes.stimuli.results import KEY, fault, stored
from probes.stimuli.streaming import settle

GATE = "strike"
SENT: dict[str, tuple[str, ...]] = {
    "returned": ("noop",),
    "lost": ("crash", "exit", GATE),
    "overdue": ("hold", "never opened"),
}
"""The task, with its arguments, that ends in this way."""


def see_end(lab: Lab, way: str, words: Sequence[str] = ()) -> End:
    """Start a worker with more words on its line, run a task that ends in this `way`, wait for its result."""
    worker = lab.start(words=words)
    tree = worker.tree()
    name, *arguments = SENT[way]
    (task,) = lab.sender.send(name, *arguments)
    settle(lambda: lab.events.count("started"), lambda: task in lab.events.seen("started"))
    lab.open_gate(GATE)
    until(lambda: lab.client.exists(KEY + task))
    ran_in = next((event.pid for event in lab.events.events() if event.task == task), 0)
    until(lambda: ran_in not in worker.tree().pids or task in lab.events.seen("ended"))
    died = ran_in not in worker.tree().pids
    seen = traffic(lab.wire.seen() if lab.wire else ())
    ended = lab.events.count("ended") if way == "returned" else lab.events.count("started")
    lab.witness(tasks_started=ran_in, **{f"tasks_{way}": ended})
    seen.check()
    result = stored(lab, task)
    return End(tree, ran_in, died, processes(seen.stores, task), str(result.get("status", "")), fault(result))
