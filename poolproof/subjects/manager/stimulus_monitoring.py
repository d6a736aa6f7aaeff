"""See whether the prefork manager monitors its tasks: which run, in which child, and for how long."""

from __future__ import annotations

from typing import Any

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.model.processes import Tree
from poolproof.subjects.manager.seen import Interruption, Monitored, Running

BEHIND = 2
"""How many tasks wait behind those that run, so that we notice a manager that counts them as running."""
LOOKS = 2
"""How often the manager is asked: about its first tasks, and again after a stream of others."""
BETWEEN = 50
"""How many tasks run between two looks."""
INTERRUPTED = 2
"""How often the tasks of all slots run longer than their limit."""
Answers = dict[str, list[dict[str, Any]]]
"""The active tasks of each worker that answered."""


def ask_what_runs(lab: Lab, worker: Worker) -> tuple[Monitored, ...]:
    """Fill the worker with tasks that hold and ask it which are active; several times, a stream between."""
    looks = [_look(lab, worker)]
    for _ in range(LOOKS - 1):
        stream = lab.sender.send("noop", count=BETWEEN, ignore_result=True)
        lab.ended(stream)
        looks.append(_look(lab, worker))
    lab.witness(
        tasks_running=sum(len(look.running) for look, _, _ in looks),
        kept_waiting=sum(waiting for _, waiting, _ in looks),
        manager_answered=sum(answers for _, _, answers in looks),
    )
    return tuple(look for look, _, _ in looks)


def _look(lab: Lab, worker: Worker) -> tuple[Monitored, int, int]:
    """One look, with how many tasks waited meanwhile, and how many workers answered."""
    gate = lab.new_gate()
    tasks = lab.sender.send("hold", gate, count=worker.cell.slots + BEHIND)
    lab.started(tasks, worker.cell.slots)
    begun = [event for event in lab.history().only(tasks).events if event.kind == "started"]
    running = tuple(Running(event.task, event.pid) for event in begun)
    until(lambda: {each.task for each in running} <= {each.task for each in _named(_ask(lab, worker))})
    answers, tree = _ask(lab, worker), worker.tree()
    lab.open_gate(gate)
    lab.ended(tasks)
    return Monitored(tree, running, _named(answers)), len(tasks) - len(running), len(answers)


def see_interrupted(lab: Lab) -> tuple[Interruption, ...]:
    """Run tasks longer than their soft time limit, and see which process sends the signal to each.

    Void unless each task waited for that signal.
    """
    worker = lab.start(words=("--soft-time-limit=1",))
    seen = tuple(each for _ in range(INTERRUPTED) for each in _see_interrupted(lab, worker))
    braced = sum(bool(each.ran_in) for each in seen)
    lab.witness(tasks_braced=braced if braced == len(seen) else 0)
    return seen


def _see_interrupted(lab: Lab, worker: Worker) -> tuple[Interruption, ...]:
    gate, tree = lab.new_gate(), worker.tree()
    tasks = lab.sender.send("endure", gate, count=worker.cell.slots)
    lab.reached("braced", tasks)
    until(lambda: lab.events.seen("interrupted").issuperset(tasks))
    lab.open_gate(gate)
    lab.finished(tasks)
    return tuple(_interruption(lab, tree, task) for task in tasks)


def _interruption(lab: Lab, tree: Tree, task: str) -> Interruption:
    events = lab.history().only([task]).events
    ran_in = next((event.pid for event in events if event.kind == "braced"), 0)
    signals = tuple(int(event.note) for event in events if event.kind == "interrupted")
    return Interruption(tree, ran_in, signals)


def _ask(lab: Lab, worker: Worker) -> Answers:
    name = f"{worker.command.name}@poolproof"
    answer: Answers = lab.sender.app.control.inspect(destination=[name], limit=1, timeout=2).active() or {}
    return answer


def _named(answers: Answers) -> tuple[Running, ...]:
    return tuple(Running(task["id"], task["worker_pid"] or 0) for tasks in answers.values() for task in tasks)
