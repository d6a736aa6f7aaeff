"""Pytest wiring of the timings: slots into items, the clock's readings into samples and benchmark.json."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, cast

import pytest

from poolproof.catalogue.mistakes import unknown
from poolproof.model.errors import BadInput, RunLost, Void
from poolproof.run.items import PLAN, RUN, SLOT, Undecided
from poolproof.timing.plan import PROBES, Slot
from poolproof.timing.sample import facts
from poolproof.timing.timed_case import TimedCase


def pytest_configure(config: pytest.Config) -> None:
    config.option.benchmark_quiet = True  # its table would show one reading in eight columns


@pytest.fixture
def case() -> TimedCase | None:
    """Where one slot is timed; passed when it is its turn."""
    return None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    mark = metafunc.definition.get_closest_marker("timing")
    plan = metafunc.config.stash.get(PLAN, None)
    if not mark or not plan:
        return
    if mark.args[0] not in PROBES:
        raise pytest.UsageError(f"{metafunc.function.__name__}: {unknown('probe', mark.args[0], PROBES)}")
    here = [slot for slot in plan.slots if slot.probe == mark.args[0]]
    metafunc.parametrize("case", [pytest.param(slot, id=slot.id) for slot in here], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    plan = config.stash.get(PLAN, None)
    for item in items:
        if not item.get_closest_marker("timing") or not isinstance(item, pytest.Function):
            continue
        if not plan:
            raise pytest.UsageError("suites: which pool? give --pool, or run ./toxw -e prefork-redis")
        item.stash[SLOT] = cast(Slot, item.callspec.params["case"])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Put the timings last, in the order of the plan, even if --ff or --nf reordered the items.

    From the first timing on they have the machine until the end of the run; a trial would wait for that.
    """
    if plan := session.config.stash.get(PLAN, None):
        places = {slot: place for place, slot in enumerate(plan.slots)}
        session.items.sort(key=lambda item: places[item.stash[SLOT]] if SLOT in item.stash else -1)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    slot = pyfuncitem.stash.get(SLOT, None)
    if slot is None:
        return None
    run, benchmark = pyfuncitem.config.stash[RUN], cast(Any, pyfuncitem.funcargs["benchmark"])

    benchmark.group = slot.probe

    def ask(case: TimedCase) -> float:
        pyfuncitem.obj(case=case, benchmark=benchmark)
        return _reading(benchmark)

    benchmark.has_error = True  # until it is known to be right
    try:
        sample = run.timings.put(slot, ask)
    except Void as reason:
        raise Undecided(str(reason), pytrace=False) from None
    except (BadInput, RunLost) as error:
        run.cut = True
        raise pyfuncitem.session.Interrupted(str(error)) from None
    benchmark.has_error = False
    benchmark.extra_info |= {"probe": slot.probe, "cell": slot.cell.id, "repetition": slot.repetition}
    benchmark.extra_info |= facts(sample)
    pyfuncitem.user_properties.append(("timed", str(sample)))
    return True


def _reading(benchmark: Any) -> float:
    """The seconds that the clock has read in its one round."""
    if benchmark.stats is None:
        raise Void("no number: pytest-benchmark held no clock; leave --benchmark-disable and xdist out")
    (seconds,) = benchmark.stats.stats.data
    return float(seconds)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    if (
        SLOT in item.stash
        and call.excinfo
        and not call.excinfo.errisinstance((Undecided, KeyboardInterrupt, pytest.skip.Exception))
    ):
        item.config.stash[RUN].failed = True
    return (yield)


def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
    found = dict(getattr(report, "user_properties", ()))
    if report.when != "call" or "timed" not in found:
        return None
    return report.outcome, ".", str(found["timed"])


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Write benchmark.json after the record is closed, so that an error in one does not affect the other."""
    yield
    run, clock = session.config.stash.get(RUN, None), _benchmarks(session.config)
    if not run or not clock or all(each.has_error for each in clock.benchmarks):
        return
    clock.json = run.folder / "benchmark.json"
    try:
        clock.handle_saving()
    except OSError as error:
        run.say(f"{clock.json}: cannot be written: {error.strerror}; the record beside it is whole")


def _benchmarks(config: pytest.Config) -> Any:
    """The session of pytest-benchmark, by the name under which it registers itself."""
    return config.pluginmanager.get_plugin("pytest-benchmark")


def pytest_benchmark_update_machine_info(machine_info: dict[str, Any]) -> None:
    """Leave the machine's name out."""
    machine_info.pop("node", None)


def pytest_benchmark_update_commit_info(commit_info: dict[str, Any]) -> None:
    """Keep the commit, and leave out the names of folder and branch, which are private."""
    for private in ("project", "branch", "error"):
        commit_info.pop(private, None)


def pytest_benchmark_update_json(output_json: dict[str, Any]) -> None:
    """Write the slot where pytest-benchmark has the parameter's representation."""
    for each in output_json["benchmarks"]:
        each["params"] = {key: each["extra_info"][key] for key in ("probe", "cell", "repetition")}
