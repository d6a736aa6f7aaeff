"""Processes beside the clock: their answers are read, whatever else they print."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from poolproof.host.supervisor import Supervisor
from poolproof.model.errors import InstrumentError
from poolproof.timing.helpers import bare_rates, start_server
from tests.house import ROOT


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a module that Python loads when it starts these processes."""
    for package in ("poolproof", "probes"):
        (tmp_path / package).symlink_to(ROOT / package)
    monkeypatch.setattr("poolproof.timing.helpers.ROOT", tmp_path)
    return tmp_path


def test_what_python_loads_at_its_start_may_print(root: Path) -> None:
    (root / "sitecustomize.py").write_text("print('hello')")
    with Supervisor("test") as supervisor:
        assert min(bare_rates(supervisor, root / "bare.log").values()) > 0
        port = start_server(supervisor, root / "server.log")
        socket.create_connection(("127.0.0.1", port)).close()


def test_one_that_answers_nothing_is_an_instrument_error(root: Path) -> None:
    (root / "sitecustomize.py").write_text("import os; os.write(1, b'hello'); os._exit(3)")
    with Supervisor("test") as supervisor:
        for start in (bare_rates, start_server):
            with pytest.raises(InstrumentError, match=r"^silent: said hello$"):
                start(supervisor, root / start.__name__ / "silent.log")
