"""Where the steps of a task happened."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.processes import Tree


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step happened; `thread` is the kernel's id, `greenlet` is 0 where greenlets are not used."""

    pid: int
    thread: int
    greenlet: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """One connection of one process to Redis; `connection` is its local port.

    `client` is its name: `broker` or `backend`, after the client of Celery that opened it.
    """

    pid: int
    connection: int
    client: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The steps of one task; `fetched`, `stored` and `acknowledged` are processes, as the relay saw them.

    `received` is where the worker first had the message; `decoded` is every place where its arguments
    were deserialized, `encoded` where its result was serialized; `begun` and `ended` are of the monotonic
    clock, in nanoseconds. `runs` is how often the task began; `result` is its stored result, `due` what it
    returned or raised. `links` names the connection of each step that used Redis.
    """

    task: str
    fetched: tuple[int, ...]
    received: Place
    started: Place
    stored: tuple[int, ...]
    begun: int
    ended: int
    decoded: tuple[Place, ...] = ()
    encoded: tuple[Place, ...] = ()
    acknowledged: tuple[int, ...] = ()
    runs: int = 1
    result: str = ""
    due: str = ""
    links: tuple[tuple[str, Link], ...] = ()

    def over(self, step: str) -> set[Link]:
        """The connections that a step of this task used."""
        return {link for each, link in self.links if each == step}


@dataclass(frozen=True, slots=True)
class Flow:
    """Where each step of each task happened, the processes meanwhile, and the requests for messages.

    `requesting` are the connections over which messages were requested, `requested` is when each request was
    sent, on the same clock as a course. `sent` are all the tasks, of which `courses` has those that
    ended; `opened` is every connection of the worker so far.
    """

    tree: Tree
    courses: tuple[Course, ...]
    requesting: tuple[Link, ...]
    requested: tuple[int, ...] = ()
    sent: tuple[str, ...] = ()
    opened: tuple[Link, ...] = ()

    @property
    def manager(self) -> int:
        """The process that was started, 0 when it has ended."""
        return self.tree.manager.pid if self.tree.manager else 0

    @property
    def children(self) -> set[int]:
        """The processes below the manager."""
        return {child.pid for child in self.tree.children}

    @property
    def unfinished(self) -> int:
        """How many of the tasks that were sent have not ended."""
        return len(set(self.sent) - {course.task for course in self.courses})
