"""Compares what a running worker reports with its cell: an axis that is not in force was not tested."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from poolproof.model.cells import Cell
from poolproof.model.variants import configuration

POOLS = {
    "prefork": "celery.concurrency.prefork:TaskPool",
    "solo": "celery.concurrency.solo:TaskPool",
    "threads": "celery.concurrency.thread:TaskPool",
    "eventlet": "celery.concurrency.eventlet:TaskPool",
    "gevent": "celery.concurrency.gevent:TaskPool",
}
"""The class of each pool, as a worker names it."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The report of one worker: its statistics, its configuration, the versions it has loaded.

    `spawned` says whether its children were started by spawn; None where it has no children.
    """

    stats: Mapping[str, Any]
    conf: Mapping[str, Any]
    versions: Mapping[str, str] = field(default_factory=dict)
    spawned: bool | None = None


def not_in_force(
    cell: Cell, reported: Reported, installed: Mapping[str, str], changed: Collection[str] = ()
) -> list[str]:
    """Each axis that the cell asks for and the worker does not have, in words.

    A mutant may change an axis on purpose: it names that among the `changed` ones.
    """
    compared = _compared(cell, reported) | {
        name: (version, installed[name]) for name, version in reported.versions.items()
    }
    return [
        f"{axis} is {found}, not {wanted}"
        for axis, (found, wanted) in compared.items()
        if found != wanted and axis not in changed
    ]


def _compared(cell: Cell, reported: Reported) -> dict[str, tuple[object, object]]:
    """Each axis, with what the worker reports and what the cell asks for."""
    stats, pool = reported.stats, reported.stats.get("pool", {})
    wanted: dict[str, tuple[object, object]] = {}
    wanted["the pool"] = (pool.get("implementation"), POOLS[cell.pool])
    if cell.pool != "solo":  # it runs one task at a time, with any -c
        wanted["max-concurrency"] = (pool.get("max-concurrency"), cell.concurrency)
    wanted["prefetch_count"] = (stats.get("prefetch_count"), cell.concurrency * cell.prefetch)
    if reported.spawned is not None:
        wanted["start by spawn"] = (reported.spawned, ("start", "spawn") in cell.variants)
    return wanted | dict(_settings(cell, reported))


def _settings(cell: Cell, reported: Reported) -> Iterator[tuple[str, tuple[object, object]]]:
    """Each setting of the cell; for a table of options, only the options that the cell names.

    Where the worker reports the options of its connection to the broker, those are compared.
    """
    conf = dict(reported.conf)
    if options := reported.stats.get("broker", {}).get("transport_options"):
        conf["broker_transport_options"] = options
    for name, wanted in configuration(cell).items():
        found = conf.get(name)
        if wanted and isinstance(wanted, Mapping) and isinstance(found, Mapping):
            found = {key: found.get(key) for key in wanted}
        yield name, (_plain(found), _plain(wanted))


def _plain(value: object) -> object:
    """The value after it was sent as JSON, which has no tuples and no integers as keys."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value
