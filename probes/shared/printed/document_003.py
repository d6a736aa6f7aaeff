"""Document 003: an example project, its modules, queues, routes and tasks, and its command lines."""

from __future__ import annotations

from collections.abc import Mapping

Line = tuple[str, ...]
Kind = tuple[str, str, tuple[int, ...]]

APPLICATION = "celery_app"
QUEUES = ("basic", "advanced", "realworld")
TASK_MODULES = tuple(f"tasks.{queue}_tasks" for queue in QUEUES)
MODULES = (APPLICATION, *TASK_MODULES)
"""The modules that the worker loads, in this order."""
ROUTES: Mapping[str, Mapping[str, str]] = {
    f"{module}.*": {"queue": queue} for module, queue in zip(TASK_MODULES, QUEUES, strict=True)
}
ADD, BASIC = "tasks.basic_tasks.add", "basic"
"""The task that it follows from the client to the result, and the queue into which it puts its message."""
KINDS: tuple[Kind, ...] = (
    (ADD, BASIC, (3, 5)),
    ("tasks.basic_tasks.multiply", BASIC, (4, 6)),
    ("tasks.advanced_tasks.complex_task", "advanced", ()),
    ("tasks.realworld_tasks.send_email", "realworld", ()),
)
"""Each kind of task that it sends: its name, its queue, its arguments."""
PROJECT: Line = tuple(
    f"-A {APPLICATION} worker --pool=prefork --concurrency=4 --queues={','.join(QUEUES)}".split()
)
"""The command that starts the project's worker."""
DIAGRAMS: Mapping[str, Line] = {
    "prefork": tuple(f"-A {APPLICATION} worker --pool=prefork --concurrency=4".split()),
    "solo": tuple(f"-A {APPLICATION} worker --pool=solo".split()),
    "eventlet": tuple(f"-A {APPLICATION} worker --pool=eventlet --concurrency=100".split()),
    "gevent": tuple(f"-A {APPLICATION} worker --pool=gevent --concurrency=100".split()),
}
"""The commands of its diagrams, by their pool."""
