"""Every invalid record is refused for its own reason; the name of the case is the mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from poolproof.model.errors import BadInput
from poolproof.report.read import bad_records as bad
from poolproof.report.read.join import by_server, join, newest
from poolproof.report.read.reader import read
from tests.records import DOCUMENTS, MACHINE, Draft, Line, fields, lines, rewrite

Spoil = Callable[[list[Line]], Iterable[Line] | None]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return Draft(documents=DOCUMENTS).write(tmp_path)


def first(read: list[Line], kind: str) -> Line:
    return next(line for line in read if line["record"] == kind)


def at(kind: str, **fields: object) -> Spoil:
    """Overwrite fields of the first line of a kind."""
    return lambda read: first(read, kind).update(fields)


def without(kind: str, field: str | None = None) -> Spoil:
    """Take out a field of the first line of a kind, or the line."""

    def spoil(read: list[Line]) -> list[Line]:
        line = first(read, kind)
        if field is None:
            return [each for each in read if each is not line]
        del line[field]
        return read

    return spoil


def twice(kind: str) -> Spoil:
    def spoil(read: list[Line]) -> list[Line]:
        spot = read.index(first(read, kind))
        return [*read[: spot + 1], *read[spot:]]

    return spoil


def test_a_good_record_comes_back_whole(record: Path) -> None:
    run, written = read(record), lines(record)
    for line, facts in ((run.header, written[0]), (run.footer, written[-1])):
        assert fields(line).items() <= facts.items()
    assert list(run.claims) == [line["id"] for line in written if line["record"] == "claim"]
    assert list(run.documents) == ["000", "003"]
    for kind, found in (("trial", run.trials), ("cell", run.cells), ("benchmark", run.benchmarks)):
        assert [{"record": kind, **fields(line)} for line in found] == [
            line for line in written if line["record"] == kind
        ]
    assert run.environment == "prefork-redis"
    assert not run.partial


CASES: dict[str, tuple[Spoil, type[bad.BadRecord], str]] = {
    "no-header": (without("header"), bad.NoHeader, "does not begin with a header"),
    "nothing-at-all": (lambda read: [], bad.NoHeader, "does not begin with a header"),
    "newer-schema": (at("header", schema=2), bad.NewerSchema, "schema 2 is newer than 1"),
    "schema-in-words": (at("header", schema="1"), bad.NotInSchema, "line 1 (header): schema: "),
    "no-footer": (without("footer"), bad.NoFooter, "has no footer, so the run was cut"),
    "two-runs": (lambda read: read + read, bad.TwoRuns, "a second run begins"),
    "header-in-the-middle": (twice("header"), bad.TwoRuns, "line 2: a second run begins"),
    "document-twice": (twice("document"), bad.Doubled, "document 000 is there twice"),
    "claim-of-no-section": (
        at("document", sections=[{"name": "1. Pool", "untestable": None}]),
        bad.Contradiction,
        "claim prefork.two-processes-at-c1: section '1. Pools': document 000 has none such",
    ),
    "claim-twice": (twice("claim"), bad.Doubled, "claim prefork.two-processes-at-c1 is there twice"),
    "trial-twice": (twice("trial"), bad.Doubled, "prefork-c1-p4 1 is there twice"),
    "cell-twice": (
        twice("cell"),
        bad.Doubled,
        "cell prefork.two-processes-at-c1 prefork-c1-p4 is there twice",
    ),
    "benchmark-twice": (
        twice("benchmark"),
        bad.Doubled,
        "benchmark io-sleep prefork-c1-p4 is there twice",
    ),
    "cell-missing": (without("cell"), bad.MissingCell, "1 of 31 planned cells are missing"),
    "claim-missing": (without("claim"), bad.UnknownClaim, "prefork.two-processes-at-c1 has no claim line"),
    "claim-without-cells-missing": (
        at("header", planned={"claims": 7, "cells": 31, "benchmarks": 1}),
        bad.MissingCell,
        "1 of 7 planned claims are missing",
    ),
    "more-cells-than-planned": (
        at("header", planned={"claims": 6, "cells": 30, "benchmarks": 1}),
        bad.Contradiction,
        "planned cells: says 30",
    ),
    "witness-empty": (at("trial", witness={}), bad.NoWitness, "witness: trial 1 of prefork.two-processes"),
    "witness-of-nothing": (
        at("trial", witness={"tasks": 0}),
        bad.NoWitness,
        "has none, so it proves nothing",
    ),
    "witness-left-out": (without("trial", "witness"), bad.NoWitness, "has none, so it proves nothing"),
    "trial-missing": (without("trial"), bad.Contradiction, "trials: says 1, the other lines say 0"),
    "violations-uncounted": (at("trial", outcome="violated"), bad.Contradiction, "violated: says 0"),
    "verdict-touched-up": (at("cell", verdict="refuted"), bad.Contradiction, "outcome: says as doc"),
    "refuted-by-nothing": (
        at("cell", verdict="refuted", outcome="regression"),
        bad.Contradiction,
        "refuted without a violated trial",
    ),
    "verdict-where-none-applies": (
        at("cell", expected="n/a"),
        bad.Contradiction,
        "a cell expected to be n/a cannot be holds",
    ),
    "footer-miscounts-cells": (at("footer", cells=30), bad.Contradiction, "footer: cells: says 30"),
    "footer-miscounts-void": (at("footer", void=2), bad.Contradiction, "footer: void: says 2"),
    "exit-status-touched-up": (at("footer", exit=1), bad.Contradiction, "footer: exit: says 1"),
    "instrument-failed": (at("footer", exit=2), bad.InstrumentFailed, "exit 2: the instrument failed"),
    "timed-though-a-result-is-lost": (
        at("benchmark", unique=1999),
        bad.Contradiction,
        "throughput: is there, though 1999 of 2000",
    ),
    "unknown-kind-of-line": (at("cell", record="sell"), bad.NotInSchema, "record: 'sell' is none of"),
    "field-missing": (
        without("cell", "repeat"),
        bad.NotInSchema,
        "(cell): the line: 'repeat' is a required",
    ),
    "field-unknown": (at("trial", retried=3), bad.NotInSchema, "'retried' was unexpected"),
    "field-of-another-type": (
        at("trial", n="1"),
        bad.NotInSchema,
        "(trial): n: '1' is not of type 'integer'",
    ),
    "nested-field-wrong": (
        at("header", planned={"claims": 1, "cells": -1, "benchmarks": 1}),
        bad.NotInSchema,
        "(header): planned.cells: -1 is less",
    ),
    "unknown-verdict": (at("cell", verdict="green"), bad.NotInSchema, "(cell): verdict: 'green' is not"),
    "refuted-without-the-truth": (
        at("cell", expected="refuted", because=None),
        bad.NotInSchema,
        "None is not of type 'string'",
    ),
    "inapplicable-without-reason": (
        at("cell", verdict="n/a", expected="n/a", outcome=None),
        bad.NotInSchema,
        "(cell): reason: None is not",
    ),
    "broker-with-a-url": (
        at("header", broker={"server": "redis", "version": "8", "from": "url", "url": "redis://:pw@h"}),
        bad.NotInSchema,
        "'url' was unexpected",
    ),
}


@pytest.mark.parametrize("mistake", CASES)
def test_refused(record: Path, mistake: str) -> None:
    spoil, kind, words = CASES[mistake]
    with pytest.raises(kind) as caught:
        read(rewrite(record, spoil))
    message = str(caught.value)
    assert type(caught.value) is kind
    assert message.startswith(str(record))
    assert words in message
    assert "; " in message, "it names no mend"
    assert "\n" not in message


def test_every_fault_of_a_single_record_has_a_case() -> None:
    shown = {kind for _, kind, _ in CASES.values()}
    elsewhere = {bad.Unreadable, bad.NotJson, bad.CutShort, bad.Partial, bad.NotComparable}
    assert shown | elsewhere == every(bad.BadRecord)
    assert issubclass(bad.BadRecord, BadInput)


def every(kind: type[bad.BadRecord]) -> set[type[bad.BadRecord]]:
    return {each for child in kind.__subclasses__() for each in {child, *every(child)}}


def test_no_such_record(tmp_path: Path) -> None:
    with pytest.raises(
        bad.Unreadable, match=r"gone\.jsonl: cannot be read: No such file or directory; name a"
    ):
        read(tmp_path / "gone.jsonl")


@pytest.mark.parametrize("text", [b"not json", b"[1]", b'{"record": NaN', b"\xff\xfe", b""])
def test_a_line_that_is_no_json_object_is_named(record: Path, text: bytes) -> None:
    whole = record.read_bytes().split(b"\n")
    record.write_bytes(b"\n".join([*whole[:4], text, *whole[4:]]))
    with pytest.raises(bad.NotJson, match=r"record\.jsonl: line 5: is no JSON"):
        read(record)


@pytest.mark.parametrize("bytes_kept", [0.3, 0.7, 0.95])
def test_cut_in_half_a_line(record: Path, bytes_kept: float) -> None:
    content = record.read_bytes()
    record.write_bytes(content[: int(len(content) * bytes_kept)])
    with pytest.raises(
        bad.CutShort, match=r"ends with half a line, .* see its [0-9]+ finished trials with --unf"
    ):
        read(record)
    run = read(record, unfinished=True)
    assert run.footer is None
    assert run.partial
    assert 0 < len(run.trials) < 31 or len(run.cells) < 31


def test_cut_at_any_byte_is_refused_and_its_finished_lines_are_readable(tmp_path: Path) -> None:
    record = Draft("solo").write(tmp_path)
    content = record.read_bytes()
    begin = content.index(b"\n") + 1
    for end in range(begin, len(content), 97):
        record.write_bytes(content[:end])
        with pytest.raises(bad.NoFooter):
            read(record)
        assert read(record, unfinished=True).header.environment == "solo-redis"


def test_a_partial_run_is_readable_alone_and_joined_with_nothing(tmp_path: Path) -> None:
    partial, whole = Draft(partial=True).write(tmp_path), Draft("solo").write(tmp_path)
    assert read(partial).partial
    assert join([read(partial)]).runs
    with pytest.raises(bad.Partial, match=r"prefork-redis/record\.jsonl: is partial"):
        join([read(whole), read(partial)])


DIFFERENT: dict[str, tuple[Draft, str]] = {
    "another-celery": (Draft("solo", versions={"celery": "5.6.0"}), "versions.celery is 5.6.0, in "),
    "another-broker": (Draft("solo", server="valkey"), "broker.server is valkey, in "),
    "another-machine": (Draft("solo", machine=replace(MACHINE, cores=64)), "machine.cores is 64, in "),
    "another-tier": (Draft("solo", tier="nightly"), "tier is nightly, in "),
    "the-same-environment": (Draft(start="2026-11-22T02:00:00Z"), "is a second run of prefork-redis"),
}


@pytest.mark.parametrize("difference", DIFFERENT)
def test_runs_that_are_not_comparable_are_refused_by_field(
    record: Path, tmp_path: Path, difference: str
) -> None:
    draft, words = DIFFERENT[difference]
    with pytest.raises(bad.NotComparable) as caught:
        join([read(record), read(draft.write(tmp_path))])
    assert words in str(caught.value)


def test_a_library_or_load_that_one_pool_alone_has_keeps_nobody_apart(record: Path, tmp_path: Path) -> None:
    other = Draft("gevent", versions={"gevent": "25.9"}, documents=DOCUMENTS).write(tmp_path)
    rewrite(other, lambda lines: lines[0]["machine"].update(load=2.0))
    assert len(join([read(record), read(other)]).runs) == 2


def test_a_claim_that_says_something_else_is_another_claim(record: Path, tmp_path: Path) -> None:
    other = rewrite(Draft("solo").write(tmp_path), at("claim", says="Something else."))
    with pytest.raises(bad.NotComparable, match=r"claim crashes\.child-crash-is-contained is Something else"):
        join([read(record), read(other)])


def test_the_newest_complete_run_of_each_environment(tmp_path: Path) -> None:
    for day in ("20", "21"):
        Draft(start=f"2026-11-{day}T02:00:00Z").write(tmp_path)
    Draft("solo", server="valkey").write(tmp_path)
    Draft(start="2026-11-19T02:00:00Z", partial=True).write(tmp_path)
    Draft(start="2026-11-22T02:00:00Z", partial=True).write(tmp_path)
    Draft("solo", start="2026-11-22T02:00:00Z", partial=True).write(tmp_path)
    rewrite(Draft(start="2026-11-23T02:00:00Z").write(tmp_path), without("footer"))
    (tmp_path / "latest").symlink_to("2026-11-20T02:00:00Z-prefork-redis")
    runs, passed = newest(tmp_path)
    assert [run.header.run for run in runs] == [
        "2026-11-21T02:00:00Z-prefork-redis",
        "2026-11-21T02:00:00Z-solo-valkey",
    ]
    assert [type(mistake) for mistake in passed] == [bad.NoFooter, bad.Partial]
    assert [joined.header.broker.server for joined in by_server(runs)] == ["redis", "valkey"]
