"""Which process has a connection: from the kernel by its ports, or from the list of all sockets."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest

from poolproof.lab.observe import diag
from poolproof.lab.observe.sockets import owner


@pytest.fixture
def connection() -> Iterator[tuple[socket.socket, int]]:
    """An established connection of this process, and the port that it leads to."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        with closing(socket.create_connection(("127.0.0.1", port))) as client:
            yield client, port


def test_the_kernel_names_the_inode_of_a_connection(connection: tuple[socket.socket, int]) -> None:
    client, port = connection
    assert diag.inode(client.getsockname()[1], port) == os.fstat(client.fileno()).st_ino


def test_it_names_none_where_there_is_no_connection(connection: tuple[socket.socket, int]) -> None:
    client, port = connection
    local = client.getsockname()[1]
    client.close()
    assert diag.inode(1, port) == 0
    assert diag.inode(local, 1) == 0


@pytest.mark.parametrize("kernel_answers", [True, False])
def test_the_owner_is_found_among_the_processes(
    connection: tuple[socket.socket, int], kernel_answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, port = connection
    if not kernel_answers:
        monkeypatch.setattr(diag, "inode", lambda *_: 0)
    local = client.getsockname()[1]
    with subprocess.Popen(["sleep", "60"]) as other:
        gone = other.pid
        assert owner(local, [other.pid, os.getpid()], port) == os.getpid()
        assert owner(local, [other.pid], port) == 0
        other.kill()
    assert owner(local, [gone, os.getpid()], port) == os.getpid()
    assert owner(local, [gone], port) == 0
