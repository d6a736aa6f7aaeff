"""The test that is compared with Poolproof's: by pytest-celery, a worker with one child answers one task."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_celery import (
    RESULT_TIMEOUT,
    CeleryBackendCluster,
    CeleryBrokerCluster,
    CeleryWorkerContainer,
    RedisContainer,
    RedisTestBackend,
    RedisTestBroker,
    ping,
)
from pytest_docker_tools import image
from pytest_docker_tools.wrappers import container

celery_base_worker_image = image(name="poolproof/side-by-side")

# On a machine that is itself a container it would look for Redis on localhost, at the port inside.
container.tests_inside_container = lambda: False


@pytest.fixture
def default_redis_broker_image() -> str:
    return "redis:8"


@pytest.fixture
def celery_broker_cluster(celery_redis_broker: RedisTestBroker) -> CeleryBrokerCluster:
    """Only Redis; the default is one test for each broker that pytest-celery knows."""
    return CeleryBrokerCluster(celery_redis_broker)


@pytest.fixture
def celery_backend_cluster(default_redis_broker: RedisContainer) -> Iterator[CeleryBackendCluster]:
    """The results go to the same server; the default is a second container."""
    backend = RedisTestBackend(default_redis_broker)
    yield CeleryBackendCluster(backend)
    backend.teardown()


@pytest.fixture
def default_worker_command(default_worker_container_cls: type[CeleryWorkerContainer]) -> list[str]:
    command: list[str] = default_worker_container_cls.command("--pool=prefork", "--concurrency=1")
    return command


@pytest.mark.usefixtures("celery_setup")
def test_one_task() -> None:
    assert ping.s().apply_async().get(timeout=RESULT_TIMEOUT) == "pong"
