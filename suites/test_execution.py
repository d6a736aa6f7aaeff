"""Where a task runs, who does the steps before and after it, how many run at once, what the manager does."""

import pytest

from probes.checks.execution import in_a_child, in_a_greenlet_of_its_own, in_the_main_thread
from probes.checks.execution_manager import (
    ended_by_the_manager,
    interrupted_by_the_manager,
    knew_what_ran,
    logged_through_the_manager,
    stored_by_a_child,
)
from probes.checks.execution_pool import concurrency_is, exactly_at_once, one_after_another, waited_together
from probes.checks.execution_steps import (
    decoded_nowhere_else,
    decoded_where_it_runs,
    each_child_asks,
    encoded_and_stored_where_it_runs,
    fetched_between_tasks,
    fetched_where_it_runs,
    only_manages,
)
from probes.checks.static import names_exist
from probes.lab import Lab
from probes.stimuli.ending import see_ends
from probes.stimuli.flow import follow_tasks
from probes.stimuli.monitoring import ask_what_runs, see_interrupted
from probes.stimuli.overlap import compare_concurrency, overlap_tasks, sleep_together
from probes.stimuli.reading import look_up
from probes.stimuli.speaking import speak_while_the_manager_stands
from probes.worker import Worker

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
"""Each call that the diagrams show: a neighbour that surely exists, and what the diagram's words can mean."""

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


@pytest.mark.claim("execution.prefork-task-runs-in-a-child", watched=True)
def test_prefork_task_runs_in_a_child(lab: Lab, worker: Worker) -> None:
    """A prefork task runs in a child process, never in the manager."""
    flow = follow_tasks(lab, worker)
    assert in_a_child(flow)


@pytest.mark.claim("execution.solo-task-runs-in-the-main-thread", watched=True)
def test_solo_task_runs_in_the_main_thread(lab: Lab, worker: Worker) -> None:
    """A solo task runs in the only process, in its main thread."""
    flow = follow_tasks(lab, worker)
    assert in_the_main_thread(flow)


@pytest.mark.claim("execution.green-task-runs-in-a-greenlet", watched=True)
def test_green_task_runs_in_a_greenlet(lab: Lab, worker: Worker) -> None:
    """An eventlet or gevent task runs in a greenlet of its own, in the one process and its main thread."""
    flow = follow_tasks(lab, worker)
    assert in_a_greenlet_of_its_own(flow)


@pytest.mark.claim("execution.fetched-where-it-runs", wired=True, watched=True)
def test_fetched_where_it_runs(lab: Lab, worker: Worker) -> None:
    """The process, and in green pools the greenlet, that runs a task has itself fetched its message."""
    flow = follow_tasks(lab, worker)
    assert fetched_where_it_runs(flow)


@pytest.mark.claim("execution.solo-fetches-between-tasks", wired=True, watched=True)
def test_solo_fetches_between_tasks(lab: Lab, worker: Worker) -> None:
    """A solo worker asks for the next message when a task is done, and for none while one runs."""
    flow = follow_tasks(lab, worker)
    assert fetched_between_tasks(flow)


@pytest.mark.claim("execution.arguments-decoded-where-it-runs", watched=True)
def test_arguments_decoded_where_it_runs(lab: Lab, worker: Worker) -> None:
    """The arguments of a task are deserialized in the process, thread and greenlet that runs it."""
    flow = follow_tasks(lab, worker)
    assert decoded_where_it_runs(flow)


@pytest.mark.claim("execution.arguments-decoded-nowhere-else", watched=True)
def test_arguments_decoded_nowhere_else(lab: Lab, worker: Worker) -> None:
    """Only what runs a task deserializes its arguments; the manager, or the consumer's greenlet, does not."""
    flow = follow_tasks(lab, worker)
    assert decoded_nowhere_else(flow)


@pytest.mark.claim("execution.result-stored-where-it-runs", wired=True, watched=True)
def test_result_stored_where_it_runs(lab: Lab, worker: Worker) -> None:
    """What runs a task serializes its result, or its failure, and its process stores it in Redis."""
    flow = follow_tasks(lab, worker)
    assert encoded_and_stored_where_it_runs(flow)


@pytest.mark.claim("execution.manager-only-manages", wired=True, watched=True)
def test_manager_only_manages(lab: Lab, worker: Worker) -> None:
    """The prefork manager only manages its children: it fetches and decodes no task."""
    flow = follow_tasks(lab, worker)
    assert only_manages(flow)


@pytest.mark.claim("execution.manager-stores-no-result", wired=True)
def test_manager_stores_no_result(lab: Lab) -> None:
    """The result of a prefork task is stored by a child, and not by the manager."""
    ends = see_ends(lab, lab.variant("outcome"))
    assert stored_by_a_child(ends)


@pytest.mark.claim("execution.manager-enforces-time-limits", wired=True)
def test_manager_enforces_time_limits(lab: Lab) -> None:
    """The prefork manager ends the child of a task that exceeds its hard limit, and stores that it did."""
    ends = see_ends(lab, "overdue", words=("--time-limit=1",))
    assert ended_by_the_manager(ends)


@pytest.mark.claim("execution.manager-keeps-the-time")
def test_manager_keeps_the_time(lab: Lab) -> None:
    """It is the prefork manager, and not the child, that notices when the time of a task is up."""
    interruptions = see_interrupted(lab)
    assert interrupted_by_the_manager(interruptions)


@pytest.mark.claim("execution.manager-knows-what-runs")
def test_manager_knows_what_runs(lab: Lab, worker: Worker) -> None:
    """The prefork manager knows which tasks run, and in which child each does."""
    looks = ask_what_runs(lab, worker)
    assert knew_what_ran(looks)


@pytest.mark.claim("execution.log-goes-through-the-manager")
def test_log_goes_through_the_manager(lab: Lab) -> None:
    """The prefork manager gathers what its children log: nothing reaches the log without it."""
    spoken = speak_while_the_manager_stands(lab)
    assert logged_through_the_manager(spoken)


@pytest.mark.claim("execution.exactly-c-at-once")
def test_exactly_c_at_once(lab: Lab, worker: Worker) -> None:
    """With enough tasks waiting exactly -c tasks run at the same time, so that raising -c raises it."""
    overlap = overlap_tasks(lab, worker)
    assert exactly_at_once(overlap, count=lab.cell.concurrency)


@pytest.mark.claim("execution.switch-makes-it-green")
def test_switch_makes_it_green(lab: Lab) -> None:
    """Started with --pool, an eventlet or gevent worker lets tasks wait at the same time."""
    overlap = sleep_together(lab, lab.variant("chosen"))
    assert waited_together(overlap)


@pytest.mark.claim("execution.one-after-another")
def test_one_after_another(lab: Lab, worker: Worker) -> None:
    """A solo worker, and prefork with -c 1, runs its tasks one after another, in the order of sending."""
    overlap = overlap_tasks(lab, worker)
    assert one_after_another(overlap)


@pytest.mark.claim("execution.solo-concurrency-is-zero")
def test_solo_concurrency_is_zero(lab: Lab) -> None:
    """The concurrency of a solo worker is 0, where that of prefork with -c 1 is 1."""
    solo, prefork = compare_concurrency(lab)
    assert concurrency_is(0, solo, prefork)


@pytest.mark.claim("execution.children-connect-on-their-own", wired=True, watched=True)
def test_children_connect_on_their_own(lab: Lab, worker: Worker) -> None:
    """Each prefork child has a connection of its own to the broker, over which it asks for messages."""
    flow = follow_tasks(lab, worker)
    assert each_child_asks(flow)


@pytest.mark.claim("execution.calls-exist")
def test_calls_exist(lab: Lab) -> None:
    """The diagrams name calls of Celery's: it has a method of that name where they say."""
    known, *asked = CALLS[lab.variant("call")]
    names = look_up(lab, *asked, known=known, uses=INSTEAD.get(lab.variant("call"), ()))
    assert names_exist(names)
