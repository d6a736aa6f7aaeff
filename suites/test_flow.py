"""The steps of a task, and where each runs."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.flow.checks_places import in_a_child, in_a_greenlet_of_its_own, in_the_main_thread
from poolproof.subjects.flow.checks_steps import (
    decoded_nowhere_else,
    decoded_where_it_runs,
    each_child_requests,
    encoded_and_stored_where_it_runs,
    fetched_between_tasks,
    fetched_where_it_runs,
)
from poolproof.subjects.flow.stimulus import follow_tasks
from poolproof.subjects.installed.checks import names_exist
from poolproof.subjects.installed.stimulus import look_up

CALLS = {
    "get_message": (
        "celery.worker.consumer.consumer:Consumer.shutdown",
        "celery.worker.consumer.consumer:Consumer.get_message",
        "kombu:Consumer.get_message",
    ),
    "deserialize": (
        "celery.app.task:Context.update",
        "celery.app.task:Context.deserialize",
        "celery.worker.request:Request.deserialize",
    ),
    "run": ("celery.app.task:Task.delay", "celery.app.task:Task.run"),
    "serialize": ("celery.result:AsyncResult.get", "celery.result:AsyncResult.serialize"),
    "store_result": (
        "celery.backends.redis:RedisBackend.encode",
        "celery.backends.redis:RedisBackend.store_result",
    ),
}
"""For each call of the diagrams: a name beside it that exists, and the names that the diagram can mean."""
INSTEAD = {
    "get_message": (
        ("celery.worker.loops:asynloop", "celery.worker.consumer.consumer:Consumer.create_task_handler"),
        ("celery.worker.loops:synloop", "celery.worker.consumer.consumer:Consumer.create_task_handler"),
    ),
    "deserialize": (("celery.app.trace:fast_trace_task", "kombu.serialization:loads"),),
    "serialize": (
        ("celery.backends.base:KeyValueStoreBackend._store_result", "celery.backends.base:Backend.encode"),
    ),
}
"""What does it where no such call exists: a function, and what that calls."""


@pytest.mark.claim("flow.prefork-task-runs-in-a-child", shares=True, watched=True)
def test_prefork_task_runs_in_a_child(lab: Lab, worker: Worker) -> None:
    """A prefork task runs in a child process, never in the manager."""
    flow = follow_tasks(lab, worker)
    assert in_a_child(flow)


@pytest.mark.claim("flow.solo-task-runs-in-the-main-thread", shares=True, watched=True)
def test_solo_task_runs_in_the_main_thread(lab: Lab, worker: Worker) -> None:
    """A solo task runs in the process that was started, in its main thread, whatever the value of -c."""
    flow = follow_tasks(lab, worker)
    assert in_the_main_thread(flow)


@pytest.mark.claim("flow.green-task-runs-in-a-greenlet", shares=True, watched=True)
def test_green_task_runs_in_a_greenlet(lab: Lab, worker: Worker) -> None:
    """An eventlet or gevent task runs in a greenlet of its own, in the one process and its main thread."""
    flow = follow_tasks(lab, worker)
    assert in_a_greenlet_of_its_own(flow)


@pytest.mark.claim("flow.fetched-where-it-runs", shares=True, wired=True, watched=True)
def test_fetched_where_it_runs(lab: Lab, worker: Worker) -> None:
    """The process that runs a task, and in a green pool the greenlet, fetches its message from Redis
    itself.
    """
    flow = follow_tasks(lab, worker)
    assert fetched_where_it_runs(flow)


@pytest.mark.claim("flow.solo-fetches-between-tasks", shares=True, wired=True, watched=True)
def test_solo_fetches_between_tasks(lab: Lab, worker: Worker) -> None:
    """A solo worker does one step after another: it requests the next message when a task has ended, and
    none while a task runs.
    """
    flow = follow_tasks(lab, worker)
    assert fetched_between_tasks(flow)


@pytest.mark.claim("flow.arguments-decoded-where-it-runs", shares=True, watched=True)
def test_arguments_decoded_where_it_runs(lab: Lab, worker: Worker) -> None:
    """The arguments of a task are deserialized in the process, thread and greenlet that runs it."""
    flow = follow_tasks(lab, worker)
    assert decoded_where_it_runs(flow)


@pytest.mark.claim("flow.arguments-decoded-nowhere-else", shares=True, watched=True)
def test_arguments_decoded_nowhere_else(lab: Lab, worker: Worker) -> None:
    """Only what runs a task deserializes its arguments; the manager, or the greenlet that receives
    messages, does not.
    """
    flow = follow_tasks(lab, worker)
    assert decoded_nowhere_else(flow)


@pytest.mark.claim("flow.result-stored-where-it-runs", shares=True, wired=True, watched=True)
def test_result_stored_where_it_runs(lab: Lab, worker: Worker) -> None:
    """The process, thread and greenlet that runs a task serializes its result or failure, and the same
    process stores it in Redis.
    """
    flow = follow_tasks(lab, worker)
    assert encoded_and_stored_where_it_runs(flow)


@pytest.mark.claim("flow.children-connect-on-their-own", shares=True, wired=True, watched=True)
def test_children_connect_on_their_own(lab: Lab, worker: Worker) -> None:
    """Each prefork child has a connection of its own to the broker, over which it requests messages."""
    flow = follow_tasks(lab, worker)
    assert each_child_requests(flow)


@pytest.mark.claim("flow.calls-exist")
def test_calls_exist(lab: Lab) -> None:
    """The calls that the diagrams name are calls of Celery's: consumer.get_message, request.deserialize,
    task.run, result.serialize and backend.store_result.
    """
    known, *called = CALLS[lab.variant("call")]
    names = look_up(lab, *called, known=known, uses=INSTEAD.get(lab.variant("call"), ()))
    assert names_exist(names)
