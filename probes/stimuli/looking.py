"""Look at a worker's processes before, during and after tasks."""

from __future__ import annotations

from probes.lab import Lab
from probes.observations.processes import Sightings
from probes.stimuli.streaming import settle
from probes.worker import Worker


def look_around_tasks(lab: Lab, worker: Worker) -> Sightings:
    """Hold as many tasks as the pool runs at once, and look before, during and after."""
    gate = f"look{len(lab.events.events())}"
    before = worker.tree()
    held = lab.sender.send("hold", gate, count=worker.cell.slots)
    settle(lambda: lab.events.count("started"), lambda: lab.events.seen("started").issuperset(held))
    running = lab.events.seen("started").intersection(held) - lab.events.seen("ended")
    during = worker.tree()
    lab.open_gate(gate)
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(held))
    ended = lab.events.seen("ended").intersection(held)
    lab.witness(
        tasks_running=len(running), all_slots_busy=int(len(running) == len(held)), tasks_ended=len(ended)
    )
    return Sightings(before, during, worker.tree())
