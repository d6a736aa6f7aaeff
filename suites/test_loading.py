"""How a worker starts: which process loads what, and in which order it starts its parts."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.loading.checks import (
    broker_before_pool,
    children_handle_none,
    handlers_before_pool,
    handles_ending_signals,
    loaded_once_by_the_manager,
    no_child_loads,
)
from poolproof.subjects.loading.stimulus import (
    look_at_childrens_handlers,
    look_at_handlers,
    look_back_at_start,
)


@pytest.mark.claim("loading.loaded-once-by-the-manager", shares=True, watched=True)
def test_loaded_once_by_the_manager(lab: Lab, worker: Worker) -> None:
    """The main process loads the task modules, once, before it makes its pool."""
    start = look_back_at_start(lab, worker)
    assert loaded_once_by_the_manager(start)


@pytest.mark.claim("loading.child-inherits-what-is-loaded", shares=True, watched=True)
def test_child_inherits_what_is_loaded(lab: Lab, worker: Worker) -> None:
    """A prefork child inherits the task modules that its manager has loaded, and loads none itself."""
    start = look_back_at_start(lab, worker)
    assert no_child_loads(start)


@pytest.mark.claim("loading.connects-before-its-pool", shares=True, wired=True, watched=True)
def test_connects_before_its_pool(lab: Lab, worker: Worker) -> None:
    """The main process first connects to the broker, and then makes its pool."""
    start = look_back_at_start(lab, worker)
    assert broker_before_pool(start)


@pytest.mark.claim("loading.main-process-handles-signals", shares=True, watched=True)
def test_main_process_handles_signals(lab: Lab, worker: Worker) -> None:
    """The main process has handlers for the signals that end a worker: INT, TERM and QUIT."""
    handlers = look_at_handlers(lab, worker)
    assert handles_ending_signals(handlers)


@pytest.mark.claim("loading.children-handle-no-signals", shares=True, watched=True)
def test_children_handle_no_signals(lab: Lab, worker: Worker) -> None:
    """Signals are handled in the main process and nowhere else: a prefork child handles none."""
    children = look_at_childrens_handlers(lab, worker)
    assert children_handle_none(children)


@pytest.mark.claim("loading.handlers-before-pool", shares=True, watched=True)
def test_handlers_before_pool(lab: Lab, worker: Worker) -> None:
    """The main process first has its handlers for INT, TERM and QUIT, and then makes its pool."""
    start = look_back_at_start(lab, worker)
    assert handlers_before_pool(start)
