"""Let a prefork child read, write and use memory and files that its manager had before the fork."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from poolproof.lab.lab import Lab
from poolproof.lab.observe.memory import regions
from poolproof.lab.worker import Worker
from poolproof.model.history import Event
from poolproof.model.regions import Region
from poolproof.subjects.forking.seen import OpenFile, Part, Read, Written

WRITTEN = 7
"""The page that the task writes to."""
USED = 20
"""Tasks that have run before heap and stack are looked at."""


def read_inherited(lab: Lab, what: str) -> Read:
    """Let one task read an object that its child inherited."""
    pages, before, after = map(int, _noted(lab, "read-inherited", "read_inherited", what))
    lab.witness(pages=pages, tasks_ended=lab.events.count("ended"))
    return Read(what, pages, before, after)


def write_inherited(lab: Lab) -> Written:
    """Let one task write to one page of an inherited buffer."""
    pages, before, *after = map(int, _noted(lab, "wrote-inherited", "write_inherited"))
    lab.witness(pages=pages, tasks_ended=lab.events.count("ended"))
    return Written(pages, before, tuple(after), WRITTEN)


def use_open_file(lab: Lab, worker: Worker, how: str) -> OpenFile:
    """Let one task read from, or close, an inherited file; look at the manager's file meanwhile."""
    gate = lab.new_gate()
    (asked,) = lab.sender.send("tell_files", gate)
    lab.reached("files", (asked,))
    numbers = _note(lab.history().only([asked]).events, "files")
    number = int(numbers[("read", "close").index(how)]) if numbers else -1
    lab.open_gate(gate)
    lab.ended((asked,))
    before = _position(worker.pid, number)
    _, read = map(int, _noted(lab, "used-file", "use_open_file", how))
    lab.witness(files_open=int(before is not None), tasks_ended=lab.events.count("ended"))
    return OpenFile(how, read, before, _position(worker.pid, number))


def look_at_parts(lab: Lab, worker: Worker) -> tuple[Part, ...]:
    """Run some tasks, and look at heap and stack of each child."""
    lab.ended(lab.sender.send("noop", count=USED))
    parts = [part for child in worker.tree().children for part in _parts(child.pid)]
    lab.witness(parts_seen=len(parts), tasks_ended=lab.events.count("ended"))
    return tuple(parts)


def _parts(pid: int) -> Sequence[Part]:
    mapped = regions(pid)
    heap = [region for region in mapped if region.anonymous and region.writable]
    stack = [region for region in mapped if region.path == "[stack]"]
    return [_part("heap", heap), _part("stack", stack)] if mapped else []


def _part(name: str, mapped: Sequence[Region]) -> Part:
    return Part(name, sum(each.shared for each in mapped), sum(each.private for each in mapped))


def _noted(lab: Lab, kind: str, task: str, *arguments: str) -> list[str]:
    """Send one task, and return the words that it noted; Void when it noted none."""
    (sent,) = lab.sender.send(task, *arguments)
    lab.finished((sent,))
    words = _note(lab.history().only([sent]).events, kind)
    lab.witness(tasks_noted=len(words))
    return words


def _note(events: Sequence[Event], kind: str) -> list[str]:
    return next((event.note.split() for event in events if event.kind == kind), [])


def _position(pid: int, number: int) -> int | None:
    """The position of a process in one of its open files."""
    try:
        lines = Path(f"/proc/{pid}/fdinfo/{number}").read_text().splitlines()
    except OSError:
        return None
    return int(lines[0].split()[1])
