"""No setting for Celery or Python in the user's environment reaches a worker or our own client."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from poolproof.host.broker.server import connect
from poolproof.lab.environment import disobey
from poolproof.lab.worker import environment
from probes.shared.settings import Settings
from tests.attempts import attempt
from tests.brokers import locked
from tests.house import build

TO_PYTHON = {
    "PYTHONOPTIMIZE": "1",
    "PYTHONWARNINGS": "always",
    "PYTHONSTARTUP": "/nowhere.py",
    "PYTHONMALLOC": "debug",
    "PYTHONHASHSEED": "7",
}
TO_CELERY = {
    "CELERY_CONFIG_MODULE": "no_such_module",
    "CELERY_LOADER": "no_such_loader",
    "CELERY_CUSTOM_WORKER_POOL": "no.such:Pool",
    "CELERY_BENCH": "1",
    "C_STRICT_APP": "1",
    "FORKED_BY_MULTIPROCESSING": "1",
    "KOMBU_LOG_DEBUG": "1",
    "PICKLE_PROTOCOL": "99",
    "EVENTLET_HUB": "no_such_hub",
    "GEVENT_LOOP": "no_such_loop",
    "GEVENTOPT_NOWRAP": "1",
    "REMAP_SIGTERM": "SIGQUIT",
    "DJANGO_SETTINGS_MODULE": "no_such_module",
}
SENT_ASTRAY = [
    f"CELERY_{what}" for what in ("BROKER_URL", "BROKER_READ_URL", "BROKER_WRITE_URL", "RESULT_BACKEND")
]


def test_a_worker_gets_what_it_needs_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [*os.environ]:
        monkeypatch.delenv(name)
    for name, value in {**TO_PYTHON, **TO_CELERY, "PATH": "/bin", "LC_ALL": "C", "NEW_IN_9": "1"}.items():
        monkeypatch.setenv(name, value)
    given = environment(Settings("w1", "redis://", "", ""), tmp_path)
    ours = {"TMPDIR", "PYTHONPATH", "PYTHONUNBUFFERED", "POOLPROOF_WORKER"}
    assert set(given) == {"PATH", "LC_ALL"} | ours


def test_our_own_process_forgets_what_would_be_read_in_it() -> None:
    variables = {**dict.fromkeys(SENT_ASTRAY, "redis://"), **TO_CELERY, "PATH": "/bin", "CI": "true"}
    disobey(variables)
    assert variables == {"PATH": "/bin", "CI": "true"}


def test_nothing_of_it_reaches_a_server_that_is_not_the_runs(tmp_path: Path) -> None:
    house = build(tmp_path / "house")
    with locked(tmp_path) as (theirs, _), connect(theirs) as client:
        said = dict.fromkeys(SENT_ASTRAY, theirs) | TO_CELERY | TO_PYTHON
        options = ("--pool", "solo", "--broker-from", "wheel", "-k", "answers and solo-c1")
        made = attempt(house, tmp_path / "attempt", *options, variables=said)
        assert made.end() == 0, made.output
        assert [line["verdict"] for line in made.lines("cell") if line["trials"]] == ["holds"]
        assert client.dbsize() == 0
        assert not {"cmdstat_brpop", "cmdstat_lpush", "cmdstat_select"} & set(client.info("commandstats"))
