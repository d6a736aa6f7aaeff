"""Which process opens a connection to Redis, when, and who else holds it."""

import pytest

from probes.checks.connections import (
    connected_when_ready,
    each_child_connected,
    each_child_connected_first,
    held_by_no_other,
    held_by_the_manager,
    opened_by_one_process,
    second_reader_fails,
    tasks_share_connections,
    tasks_use_one,
)
from probes.lab import Lab
from probes.stimuli.connecting import hold_connections, store_in_turn, use_database_in_every_slot
from probes.stimuli.loading import look_back_at_start
from probes.stimuli.sharing import read_at_once, use_database
from probes.worker import Worker


@pytest.mark.claim("connections.manager-connects-to-broker", wired=True, watched=True)
def test_manager_connects_to_broker(lab: Lab, worker: Worker) -> None:
    """The main process is connected to the broker when it says that it is ready."""
    start = look_back_at_start(lab, worker)
    assert connected_when_ready(start, "broker")


@pytest.mark.claim("connections.manager-connects-to-backend", wired=True, watched=True)
def test_manager_connects_to_backend(lab: Lab, worker: Worker) -> None:
    """The main process is connected to the result back end, too, when it says that it is ready."""
    start = look_back_at_start(lab, worker)
    assert connected_when_ready(start, "backend")


@pytest.mark.claim("connections.child-connects-to-backend", wired=True, watched=True)
def test_child_connects_to_backend(lab: Lab, worker: Worker) -> None:
    """Each prefork child that has run a task has opened a connection of its own to the result back end."""
    start = look_back_at_start(lab, worker)
    assert each_child_connected(start, "backend")


@pytest.mark.claim("connections.child-connects-as-it-starts", wired=True, watched=True)
def test_child_connects_as_it_starts(lab: Lab, worker: Worker) -> None:
    """A prefork child connects to Redis as it starts, before it takes a task."""
    start = look_back_at_start(lab, worker)
    assert each_child_connected_first(start)


@pytest.mark.claim("connections.main-process-opens-all", wired=True, watched=True)
def test_main_process_opens_all(lab: Lab, worker: Worker) -> None:
    """Outside prefork every connection to Redis is opened by the main process."""
    start = look_back_at_start(lab, worker)
    assert opened_by_one_process(start)


@pytest.mark.claim("connections.child-shares-none", wired=True, watched=True)
def test_child_shares_none(lab: Lab) -> None:
    """No connection to Redis that a prefork child holds is held by another process as well."""
    holdings = hold_connections(lab, lab.variant("child"))
    assert held_by_no_other(holdings)


@pytest.mark.claim("connections.database-connection-is-its-own", wired=True, watched=True)
def test_database_connection_is_its_own(lab: Lab) -> None:
    """The database connection that a task uses in a prefork child is held by no other process."""
    holdings = use_database_in_every_slot(lab, lab.variant("opened"))
    assert held_by_no_other(holdings)


@pytest.mark.claim("connections.main-process-holds-the-database")
def test_main_process_holds_the_database(lab: Lab) -> None:
    """The database connection that a solo task uses is the main process's."""
    holdings = use_database_in_every_slot(lab, opened="in_task")
    assert held_by_the_manager(holdings)


@pytest.mark.claim("connections.green-database-is-shared")
def test_green_database_is_shared(lab: Lab) -> None:
    """All tasks of an eventlet or gevent worker share the application's database connection."""
    uses = use_database(lab, lab.variant("opened"))
    assert tasks_use_one(uses)


@pytest.mark.claim("connections.shared-socket-needs-care")
def test_shared_socket_needs_care(lab: Lab, worker: Worker) -> None:
    """When two greenlets wait to read one socket at once, the second one fails."""
    readers = read_at_once(lab, worker)
    assert second_reader_fails(readers)


@pytest.mark.claim("connections.green-tasks-share", wired=True, watched=True)
def test_green_tasks_share(lab: Lab) -> None:
    """The tasks of an eventlet or gevent worker share the process's connections to the result back end."""
    stores = store_in_turn(lab)
    assert tasks_share_connections(stores)
