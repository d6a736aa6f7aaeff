"""Send signals to a prefork child, or SIGHUP to the main process, and see what it does."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from pathlib import Path

from poolproof.host.waiting import until
from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.results import error_of, state, stored
from poolproof.lab.worker import Worker, command
from poolproof.subjects.signals.seen import Reading, Struck
from poolproof.subjects.signals.stimulus import SOON

CONFIGURATION = "probes.configured"
SCRIPT = Path(sys.executable).with_name("celery")
WRITTEN = (1111, 2222)
"""What the configuration file holds as the worker starts, and when the signal comes."""


def strike_busy_child(lab: Lab, name: str) -> Struck:
    """Send a signal to a child while its task runs, and see whether the task ends."""
    worker = lab.start()
    before, gate = worker.tree(), lab.new_gate()
    (task,) = lab.sender.send("hold", gate)
    lab.started((task,))
    victim = next((event.pid for event in lab.events.events() if event.task == task), 0)
    if victim not in before.pids[1:]:
        lab.witness(ran_in_a_child=0)
    lab.strike(victim, signal.Signals[name])
    gone = bool(until(lambda: victim not in worker.tree().pids, SOON))
    lab.open_gate(gate)
    until(lambda: victim not in worker.tree().pids and len(worker.tree().children) == len(before.children))
    until(lambda: bool(state(lab, task)))
    result, after = stored(lab, task), worker.tree()
    lab.witness(tasks_started=lab.events.count("started"))
    return Struck(
        name,
        gone_at_gate=gone,
        gone=victim not in after.pids,
        replaced=len(after.children) == len(before.children),
        task_ended=task in lab.events.seen("ended"),
        result=str(result.get("status", "")),
        error=error_of(result),
    )


def hang_up(lab: Lab, target: str) -> Reading:
    """Change the configuration file of a running worker, and send SIGHUP to its main process or a child.

    The worker is started by the script `celery`, or as `module` by `python -m celery`.
    """
    file = lab.folder / "gates" / "configuration"
    file.write_text(str(WRITTEN[0]))
    line = command(lab.cell, "w1", (QUEUE,), words=(f"--include={CONFIGURATION}",))
    worker = lab.type(line if target == "module" else replace(line, program=(str(SCRIPT),)))
    lab.wait_ready(worker)
    lab.ended(lab.sender.send("noop"))
    children = len(worker.tree().children)
    struck = worker.tree().children[0].pid if target == "child" else worker.pid
    file.write_text(str(WRITTEN[1]))
    lab.strike(struck, signal.SIGHUP)
    until(lambda: lab.events.count("ready") > 1 or not worker.alive or _replaced(worker, struck, children))
    until(lambda: not worker.alive or len(worker.tree().children) == children)
    lab.witness(tasks_ended=lab.events.count("ended"), read=lab.events.count("configured"))
    read = [(event.pid, int(event.note)) for event in lab.events.events() if event.kind == "configured"]
    return Reading(
        target,
        WRITTEN,
        tuple(value for pid, value in read if pid == struck),
        struck in worker.tree().pids,
        len(worker.tree().children) == children,
    )


def _replaced(worker: Worker, struck: int, children: int) -> bool:
    tree = worker.tree()
    return struck not in tree.pids and len(tree.children) == children
