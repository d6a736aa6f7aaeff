"""Which process opens a connection to Redis, when, and who else holds it."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.connections.checks import (
    connected_when_ready,
    each_child_connected,
    each_child_connected_first,
    each_child_stores_itself,
    held_by_no_other,
    held_by_the_manager,
    opened_by_one_process,
)
from poolproof.subjects.connections.checks_sharing import (
    second_reader_fails,
    tasks_share_connections,
    tasks_use_one,
)
from poolproof.subjects.connections.stimulus import (
    hold_connections,
    store_in_turn,
    use_database_in_every_slot,
    watch_connections,
)
from poolproof.subjects.connections.stimulus_sharing import read_at_once, use_database


@pytest.mark.claim("connections.manager-connects-to-broker", wired=True, watched=True)
def test_manager_connects_to_broker(lab: Lab) -> None:
    """The main process is connected to the broker when the worker reports that it is ready."""
    opened = watch_connections(lab)
    assert connected_when_ready(opened, "broker")


@pytest.mark.claim("connections.manager-connects-to-backend", wired=True, watched=True)
def test_manager_connects_to_backend(lab: Lab) -> None:
    """The main process is connected to the result back end when the worker reports that it is ready."""
    opened = watch_connections(lab)
    assert connected_when_ready(opened, "backend")


@pytest.mark.claim("connections.child-connects-to-backend", wired=True, watched=True)
def test_child_connects_to_backend(lab: Lab) -> None:
    """Each prefork child stores its results over a connection of its own to the result back end."""
    opened = watch_connections(lab)
    assert each_child_stores_itself(opened)


@pytest.mark.claim("connections.child-connects-to-broker", wired=True, watched=True)
def test_child_connects_to_broker(lab: Lab) -> None:
    """Each prefork child has opened a connection of its own to the broker."""
    opened = watch_connections(lab)
    assert each_child_connected(opened, "broker")


@pytest.mark.claim("connections.child-connects-as-it-starts", wired=True, watched=True)
def test_child_connects_as_it_starts(lab: Lab) -> None:
    """A prefork child connects to Redis as it starts, before it takes a task."""
    opened = watch_connections(lab)
    assert each_child_connected_first(opened)


@pytest.mark.claim("connections.main-process-opens-all", wired=True, watched=True)
def test_main_process_opens_all(lab: Lab) -> None:
    """Outside prefork every connection to Redis is opened by the main process."""
    opened = watch_connections(lab)
    assert opened_by_one_process(opened)


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
    """The database connection that a solo task uses belongs to the main process."""
    holdings = use_database_in_every_slot(lab, opened="in_task")
    assert held_by_the_manager(holdings)


@pytest.mark.claim("connections.green-database-is-shared")
def test_green_database_is_shared(lab: Lab) -> None:
    """All tasks of an eventlet or gevent worker share the application's database connection."""
    uses = use_database(lab, lab.variant("opened"))
    assert tasks_use_one(uses)


@pytest.mark.claim("connections.shared-socket-needs-care", shares=True)
def test_shared_socket_needs_care(lab: Lab, worker: Worker) -> None:
    """A connection that greenlets share must be safe for them: when two wait at once to read one plain
    socket, the second one fails.
    """
    pairs = read_at_once(lab, worker)
    assert second_reader_fails(pairs)


@pytest.mark.claim("connections.green-tasks-share", wired=True, watched=True)
def test_green_tasks_share(lab: Lab) -> None:
    """The tasks of an eventlet or gevent worker share the process's connections to the result back end."""
    stores = store_in_turn(lab)
    assert tasks_share_connections(stores)
