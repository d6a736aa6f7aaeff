"""Reads a record and refuses a bad one, so that each page has its evidence."""

from __future__ import annotations

import json
import math
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import jsonschema
import msgspec
from jsonschema.exceptions import best_match

from poolproof import ROOT
from poolproof.model.header import SCHEMA, Header
from poolproof.model.record import (
    LINES,
    BenchmarkLine,
    CellLine,
    ClaimLine,
    DocumentLine,
    Footer,
    Line,
    TrialLine,
)
from poolproof.report.read import audit
from poolproof.report.read.bad_records import (
    CutShort,
    NewerSchema,
    NoFooter,
    NoHeader,
    NotInSchema,
    NotJson,
    NoWitness,
    Unreadable,
)

Facts = Mapping[str, Any]
"""A line as it was written."""
Kind = TypeVar("Kind", bound=Line)
SCHEMA_FILE = ROOT / "results" / "schema.json"
LARGEST = 2.0**53
"""No count, rate or time of a run is larger; beyond it integers and floats are no longer the same numbers."""


@dataclass(frozen=True, slots=True)
class Run:
    """One record, each line a value; `footer` is None when the run did not come to its end.

    Records of an earlier Poolproof have no `documents`.
    """

    path: Path
    header: Header
    documents: Mapping[str, DocumentLine]
    claims: Mapping[str, ClaimLine]
    trials: Sequence[TrialLine]
    cells: Sequence[CellLine]
    benchmarks: Sequence[BenchmarkLine]
    footer: Footer | None

    @property
    def environment(self) -> str:
        """What tox calls it: `prefork-redis`."""
        return self.header.environment

    @property
    def partial(self) -> bool:
        """Whether only a selection was run, or the run did not come to its end."""
        return self.header.partial or self.footer is None

    @property
    def planned(self) -> int:
        """How many cells were to be decided or timed."""
        return self.header.planned.cells + self.header.planned.benchmarks

    @property
    def missing(self) -> int:
        """How many of them were not, or not as often as planned."""
        complete = [line for line in self.benchmarks if line.repetitions == line.planned]
        return max(0, self.planned - len(self.cells) - len(complete))


def read(path: Path, unfinished: bool = False) -> Run:
    """Read one record; BadRecord, by its subclass, for whatever is wrong with it.

    `unfinished` accepts the finished lines of a run that was cut short; such a run is never joined.
    """
    written = _lines(path, unfinished)
    _check_beginning(path, written)
    lines = [_value(f"{path}: line {number}", facts) for number, facts in enumerate(written, 1)]
    run = _sorted(path, lines)
    audit.check_lines(path, lines)
    audit.check_rule(path, run.header)
    audit.check_sources(path, run.documents, run.claims)
    if run.footer is None and not unfinished:
        raise NoFooter(f"{path}: has no footer, so the run was cut; {_mend(written)}")
    audit.check_cells(run.path, run.trials, run.cells)
    audit.check_benchmarks(run.path, run.benchmarks)
    if run.footer is not None and not unfinished:
        audit.check_end(run.path, run.header, run.claims, run.trials, run.cells, run.benchmarks, run.footer)
    return run


def _lines(path: Path, unfinished: bool) -> list[Facts]:
    *whole, rest = _content(path).split(b"\n")
    lines = [_parsed(f"{path}: line {number}", line) for number, line in enumerate(whole, 1)]
    if rest and not unfinished:
        raise CutShort(f"{path}: ends with half a line, so the run was cut; {_mend(lines)}")
    return lines


def _content(path: Path) -> bytes:
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return path.read_bytes()
    except OSError as error:
        raise Unreadable(
            f"{path}: cannot be read: {error.strerror}; name a record.jsonl or its folder"
        ) from None
    # A pipe without a writer would never answer.
    raise Unreadable(f"{path}: is no regular file; name a record.jsonl or its folder")


def _mend(lines: Sequence[Facts]) -> str:
    trials = sum(line.get("record") == "trial" for line in lines)
    return f"run it again, or see its {trials} finished trials with --unfinished"


def _parsed(place: str, line: bytes) -> Facts:
    try:
        value = json.loads(line, parse_float=_float, parse_int=_int, parse_constant=_no_number)
    except ValueError as error:
        raise NotJson(f"{place}: is no JSON ({error}); a record is not edited, run it again") from None
    except RecursionError:
        raise NotJson(f"{place}: is nested too deeply; a record is not edited, run it again") from None
    if not isinstance(value, dict):
        raise NotJson(f"{place}: is no JSON object; a record is not edited, run it again")
    return value


def _float(digits: str) -> float:
    value = float(digits)
    return value if math.fabs(value) <= LARGEST else _no_number(digits)


def _int(digits: str) -> int:
    # The length first: Python refuses to convert very long ones, and says so by the name of a function.
    if len(digits) > len(str(int(LARGEST))) + 1 or abs(int(digits)) > LARGEST:
        _no_number(digits)
    return int(digits)


def _no_number(digits: str) -> NoReturn:
    raise ValueError(f"{digits[:20]} is no number that a run can have")


def _check_beginning(path: Path, lines: Sequence[Facts]) -> None:
    if not lines or lines[0].get("record") != "header":
        raise NoHeader(f"{path}: does not begin with a header; name the record.jsonl of a run")
    schema = lines[0].get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise NewerSchema(
            f"{path}: schema {schema} is newer than {SCHEMA}, all that this Poolproof reads; update it"
        )


def _value(place: str, facts: Facts) -> Line:
    """A line as a value of its type, once it fits the schema."""
    record = facts.get("record")
    if not isinstance(record, str) or record not in LINES:
        raise NotInSchema(
            f"{place}: record: {record!r} is none of {', '.join(LINES)}; a record is not edited"
        )
    _check(place, record, facts)
    try:
        return msgspec.convert(facts, LINES[record])
    except msgspec.ValidationError as error:
        text, _, field = str(error).partition(" - at ")
        field = field.strip("`").removeprefix("$.") or "the line"
        raise NotInSchema(
            f"{place} ({record}): {field}: {text}; a record is not edited, run it again"
        ) from None


def _check(place: str, record: str, facts: Facts) -> None:
    if record == "trial" and facts.get("outcome") != "void" and not _proves(facts.get("witness")):
        who = f"trial {facts.get('n')} of {facts.get('claim')} on {facts.get('cell')}"
        raise NoWitness(f"{place}: witness: {who} has none, so it proves nothing; run it again")
    try:
        error = best_match(_validator(record).iter_errors(facts))
    except RecursionError:
        raise NotInSchema(f"{place}: is nested too deeply; a record is not edited, run it again") from None
    if error is not None:
        field = error.json_path.removeprefix("$").removeprefix(".") or "the line"
        raise NotInSchema(
            f"{place} ({record}): {field}: {error.message}; a record is not edited, run it again"
        )


def _proves(witness: object) -> bool:
    """Whether a witness counted anything: a count of zero proves nothing."""
    return isinstance(witness, Mapping) and any(witness.values())


@cache
def _validator(record: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA_FILE.read_bytes())
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{record}", "$defs": schema["$defs"]})


def _sorted(path: Path, lines: Sequence[Line]) -> Run:
    footers = _of(Footer, lines)
    return Run(
        path=path,
        header=_of(Header, lines)[0],
        documents={document.id: document for document in _of(DocumentLine, lines)},
        claims={claim.id: claim for claim in _of(ClaimLine, lines)},
        trials=_of(TrialLine, lines),
        cells=_of(CellLine, lines),
        benchmarks=_of(BenchmarkLine, lines),
        footer=footers[-1] if footers else None,
    )


def _of(kind: type[Kind], lines: Sequence[Line]) -> list[Kind]:
    return [line for line in lines if isinstance(line, kind)]
