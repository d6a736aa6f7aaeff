"""Only pytest wiring: options into a run, cells into items, verdicts into reports and the exit status."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import SystemRandom
from typing import cast

import pytest
from _pytest.capture import CaptureManager

from poolproof import ROOT
from poolproof.lab.environment import disobey

disobey(os.environ)

from poolproof.catalogue.documents import load_documents
from poolproof.catalogue.load import load_catalogue
from poolproof.catalogue.matrix import load_matrix
from poolproof.catalogue.shards import WHOLE, parse
from poolproof.host.broker import BrokerRequest
from poolproof.host.disk import writable
from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput, RunLost
from poolproof.model.record import Trial
from poolproof.model.verdict import INSTRUMENT_FAILED
from poolproof.report.read import reader
from poolproof.report.read.join import join
from poolproof.report.render import terminal
from poolproof.report.render.markdown import rendered
from poolproof.report.say.page import page
from poolproof.report.say.summary import summary
from poolproof.run import interrupts, options
from poolproof.run.items import CURRENT, PLAN, QUESTION, RUN, SLOT, Refuted, Undecided
from poolproof.run.opening import Opening
from poolproof.run.order import Order
from poolproof.run.run import undecided
from poolproof.run.run_plan import RunPlan
from poolproof.run.trials import Question
from poolproof.timing.plan import Slot

Made = pytest.Item | pytest.Collector | list[pytest.Item | pytest.Collector] | None
SIGN = {"satisfied": ".", "violated": "v", "void": "-"}


# For pytest settings other than ours: then the options are known, and the run is refused in one line.
pytest_plugins = ("poolproof.run.options",)


@contextmanager
def one_line(place: str = "") -> Iterator[None]:
    """Show a mistake of the user as one line, not as a traceback."""
    try:
        yield
    except BadInput as error:
        raise pytest.UsageError(f"{place}{error}") from None


def pytest_configure(config: pytest.Config) -> None:
    with one_line():
        if config.option.pool is not None:
            options.check(config)
            config.option.verbose = max(1, config.option.verbose)
            config.stash[PLAN] = _plan(config)


def _plan(config: pytest.Config) -> RunPlan:
    option = config.option
    matrix = load_matrix(ROOT / "matrix.toml")
    shard = parse(option.shard) if option.shard is not None else WHOLE
    # All shards of a run have to draw the same sample.
    drawn = SystemRandom().randrange(10**6) if shard == WHOLE else 0
    order = Order(
        pool=option.pool,
        server=option.server,
        tier=option.tier,
        seed=drawn if option.seed is None else options.seed(option.seed),
        request=BrokerRequest(option.broker_url, option.broker_from, option.broker_image),
        results=Path(option.results),
        shard=shard,
    )
    order.check(matrix)
    documents = load_documents(ROOT / "suites" / "documents.toml")
    catalogue = load_catalogue(ROOT / "suites" / "claims", matrix, documents)
    return RunPlan.of(order, matrix, catalogue)


def _uncaptured(config: pytest.Config) -> AbstractContextManager[None]:
    manager: CaptureManager = config.pluginmanager.getplugin("capturemanager")
    return manager.global_and_fixture_disabled()


def _terminal(config: pytest.Config) -> pytest.TerminalReporter:
    terminal: pytest.TerminalReporter = config.pluginmanager.getplugin("terminalreporter")
    return terminal


@pytest.fixture
def lab() -> Lab | None:
    """The lab of one lifetime; the trial loop passes a new one to each trial."""
    return None


@pytest.fixture
def worker() -> Worker | None:
    """The worker that the claims of a cell share, for claims that only observe; passed like the lab."""
    return None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    mark = metafunc.definition.get_closest_marker("claim")
    plan = metafunc.config.stash.get(PLAN, None)
    if not mark or not plan:
        return
    here = [(claim, cell) for claim, cell in plan.cells if claim.id == mark.args[0]]
    metafunc.parametrize(
        "lab", [_parameter(cell, claim.expect(cell).verdict) for claim, cell in here], indirect=True
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let -k find a claim by its id, and one cell of it by both: `queues.in-turn[prefork-c4-p1]`."""
    if mark := item.get_closest_marker("claim"):
        _, bracket, cell = item.name.partition("[")
        item.extra_keyword_matches.add(f"{mark.args[0]}{bracket}{cell}")


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector: pytest.Collector) -> Generator[None, Made, Made]:
    """Leave out pytest's stand-ins where this run has no cell or slot, before pytest counts them."""
    made, plan = (yield), collector.config.stash.get(PLAN, None)
    if not plan or not isinstance(made, list):
        return made
    return [item for item in made if not _stands_in(item, plan)]


def _stands_in(item: pytest.Item | pytest.Collector, plan: RunPlan) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    claim, timing = item.get_closest_marker("claim"), item.get_closest_marker("timing")
    if claim and claim.args[0] in plan.catalogue:  # an unknown claim gets its line below
        return not isinstance(item.callspec.params["lab"], Cell)
    return bool(timing) and not isinstance(item.callspec.params["case"], Slot)


def _parameter(cell: Cell, expected: str) -> object:
    refuted = [pytest.mark.xfail(strict=True, raises=Refuted)] if expected == "refuted" else []
    return pytest.param(cell, id=cell.id, marks=refuted)


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    plan = config.stash.get(PLAN, None)
    for item in items:
        mark = item.get_closest_marker("claim")
        if not mark or not isinstance(item, pytest.Function):
            continue
        if not plan:
            raise pytest.UsageError("suites: which pool? give --pool, or run ./toxw -e prefork-redis")
        with one_line(f"{item.location[0]}: {item.originalname}: "):
            claim = plan.catalogue.named(mark.args[0])
            if ("worker" in item.fixturenames) != mark.kwargs.get("shares", False):
                raise BadInput("takes `worker` exactly if its mark says shares=True; mend one of the two")
        cell = cast(Cell, item.callspec.params["lab"])
        item.stash[QUESTION] = Question(claim, cell, item.obj, **mark.kwargs)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Open the run when all was collected without an error, and before the first item."""
    config = session.config
    plan, option = config.stash.get(PLAN, None), config.option
    if not plan or option.collectonly or session.testsfailed:
        return
    if not session.items:
        raise pytest.UsageError(
            "nothing is selected: see the cells with --collect-only, then mend -k, -m or --shard"
        )
    interrupts.heed_one()
    with one_line():
        config.stash[RUN] = _opening(session, plan).open()


def _opening(session: pytest.Session, plan: RunPlan) -> Opening:
    config = session.config

    def say(line: str) -> None:
        with _uncaptured(config):
            _terminal(config).ensure_newline()
            _terminal(config).write_line(line)

    def on_trial(question: Question, trial: Trial) -> None:
        if question is config.stash[CURRENT]:
            with _uncaptured(config):
                _terminal(config).write(SIGN[trial.outcome] + " ", flush=True)

    slots = [item.stash[SLOT] for item in session.items if SLOT in item.stash]
    return Opening(plan, questions_of(session), slots, say, on_trial)


def questions_of(session: pytest.Session) -> list[Question]:
    return [item.stash[QUESTION] for item in session.items if QUESTION in item.stash]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    question = pyfuncitem.stash.get(QUESTION, None)
    if question is None:
        return None
    run = pyfuncitem.config.stash[RUN]
    shared = [other for other in questions_of(pyfuncitem.session) if question.shares_with(other)]
    pyfuncitem.config.stash[CURRENT] = question
    try:
        run.loop.decide(shared or [question])
        outcome = run.conclude(question)
    except (BadInput, RunLost) as error:
        run.cut = True
        raise pyfuncitem.session.Interrupted(str(error)) from None
    pyfuncitem.user_properties += [("verdict", question.verdict), ("outcome", outcome)]
    if question.verdict == "refuted":
        raise Refuted(question.decisive.evidence, pytrace=False)
    if outcome != "as documented":
        raise Undecided(f"{outcome}: {undecided(question.decisive)}", pytrace=False)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    if (
        QUESTION in item.stash
        and call.excinfo
        and not call.excinfo.errisinstance((Refuted, Undecided, KeyboardInterrupt))
    ):
        item.config.stash[RUN].failed = True
    return (yield)


def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
    found = dict(getattr(report, "user_properties", ()))
    if report.when != "call" or "verdict" not in found:
        return None
    category = "xfailed" if found["outcome"] == "document wrong" else report.outcome
    return category, category[0], f"{found['verdict'].upper()} ({found['outcome']})"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
    run = session.config.stash.get(RUN, None)
    if run:
        interrupts.heed_none()
        run.failed |= exitstatus == pytest.ExitCode.INTERNAL_ERROR
        try:
            session.exitstatus = run.close()
        except BadInput as error:
            session.exitstatus = INSTRUMENT_FAILED
            if not run.cut:  # if it was cut, the user has seen the error
                _terminal(session.config).write_line(f"ERROR: {error}", red=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    run = config.stash.get(RUN, None)
    if run:
        terminalreporter.section("what was found")
        try:
            lines = _published(run.folder)
        except BadInput as error:
            lines = [] if run.cut else [f"no table: {error}"]  # the user has read what cut the run
        for line in lines:
            terminalreporter.write_line(line)


def _published(folder: Path) -> list[str]:
    """Write the table beside the record and return its summary in a few lines."""
    read = reader.read(folder / "record.jsonl", unfinished=True)
    with writable(folder):
        (folder / "tables.md").write_text(rendered(page(join([read]))), encoding="utf-8")
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    return [*terminal.lines(summary(read), str(shown))]
