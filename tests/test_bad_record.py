"""A record that the report cannot use gets one line, exit status 2, and no table."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poolproof.catalogue.shards import Shard
from tests.house import ROOT
from tests.records import DOCUMENTS, Draft, Line, rewrite

BAD_INPUT = 2
Spoil = Callable[[Path], object]


def cut(record: Path) -> None:
    record.write_bytes(record.read_bytes()[:-30])


def doubled(lines: list[Line]) -> list[Line]:
    cell = next(line for line in lines if line["record"] == "cell")
    return [*lines[:-1], cell, lines[-1]]


def grown(record: Path, line: bytes) -> None:
    record.write_bytes(record.read_bytes() + line + b"\n")


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def first_seconds(record: Path, number: bytes) -> None:
    """Write the length of the first trial in the given digits."""
    record.write_bytes(re.sub(rb'"seconds": ?[\d.]+', b'"seconds": ' + number, record.read_bytes(), count=1))


def turned(lines: list[Line]) -> None:
    """Make the trials of a cell that holds violated, and its count, but not its verdict."""
    cell = next(line for line in lines if line["record"] == "cell" and line["verdict"] == "holds")
    for line in lines:
        if line["record"] == "trial" and (line["claim"], line["cell"]) == (cell["claim"], cell["cell"]):
            line["outcome"] = "violated"
    cell["violated"] = cell["trials"]


def corrected(lines: list[Line]) -> None:
    """Give a cell that was expected to hold a correction."""
    next(line for line in lines if line["record"] == "cell" and line["expected"] == "holds")["instead"] = "so"


def piped(record: Path) -> None:
    record.unlink()
    os.mkfifo(record)


CASES: dict[str, tuple[Spoil, str]] = {
    "no-footer": (
        lambda record: rewrite(record, lambda lines: lines[:-1]),
        "has no footer, so the run was cut; run it again, or see its ",
    ),
    "half-a-line": (cut, "ends with half a line, so the run was cut; run it again, or see its "),
    "doubled-cell": (
        lambda record: rewrite(record, doubled),
        " is there twice; a record is not edited, run it again",
    ),
    "newer-schema": (
        lambda record: rewrite(record, lambda lines: lines[0].update(schema=99)),
        "schema 99 is newer than 1, all that this Poolproof reads; update it",
    ),
    "nested-too-deeply": (lambda record: grown(record, b"[" * 20_000), "is nested too deeply"),
    "deep-in-a-field": (
        lambda record: rewrite(record, lambda lines: lines[0].update(seed=nested(300))),
        "is not of type 'integer'; a record is not edited",
    ),
    "infinity": (lambda record: first_seconds(record, b"Infinity"), "Infinity is no number that a run"),
    "not-a-number": (lambda record: first_seconds(record, b"NaN"), "NaN is no number that a run can have"),
    "1e400": (lambda record: first_seconds(record, b"1e400"), "1e400 is no number that a run can have"),
    "1e300": (lambda record: first_seconds(record, b"1e300"), "1e300 is no number that a run can have"),
    "many-digits": (lambda record: first_seconds(record, b"9" * 5000), "is no number that a run can have"),
    "a-null-where-it-was-timed": (
        lambda record: rewrite(record, lambda lines: lines[-2].update(p50_ms=None)),
        "p50_ms: is None, though it was timed; run it again",
    ),
    "a-ceiling-of-nothing": (
        lambda record: rewrite(record, lambda lines: lines[-2].update(ceiling=0)),
        "ceiling: is 0, though it was timed; run it again",
    ),
    "a-rule-that-decides-nothing": (
        lambda record: rewrite(
            record, lambda lines: lines[0].update(rule={"p0": 0, "p1": 0.5, "alpha": 0.05, "beta": 0.05})
        ),
        "rule: p0 0 and p1 0.5 must keep 0 < p0 < p1 < 1; run it again",
    ),
    "a-correction-of-nothing": (
        lambda record: rewrite(record, corrected),
        "instead: is there, though it is not known to be refuted; run it again",
    ),
    "a-fraction-where-there-is-a-count": (
        lambda record: rewrite(record, lambda lines: lines[0].update(seed=1.0)),
        "line 1 (header): seed: Expected `int`, got `float`; a record is not edited, run it again",
    ),
    "a-kind-that-is-no-text": (
        lambda record: rewrite(record, lambda lines: lines[1].update(record=["claim"])),
        "line 2: record: ['claim'] is none of header, ",
    ),
    "lines-of-its-own": (
        lambda record: rewrite(record, lambda lines: lines[0].update(tier=["a\nb\x1b[31m"])),
        "is not of type 'string'",
    ),
    "held-without-a-satisfied-trial": (
        lambda record: rewrite(record, turned),
        "verdict: holds without a satisfied trial; run it again",
    ),
    "a-pipe": (piped, "is no regular file; name a record.jsonl or its folder"),
}


@pytest.mark.parametrize("mistake", CASES)
def test_a_bad_record_gets_one_line_and_no_table(tmp_path: Path, mistake: str) -> None:
    spoil, words = CASES[mistake]
    record = Draft("solo").write(tmp_path)
    spoil(record)
    made = publish(record)
    (line,) = made.stderr.splitlines()
    assert line.startswith(f"report: {record}: ")
    assert words in line
    assert made.stdout == ""
    assert made.returncode == BAD_INPUT


def publish(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "poolproof.report", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("mistake", ["infinity", "nested-too-deeply", "a-pipe"])
def test_one_bad_record_is_named_and_the_others_are_shown(tmp_path: Path, mistake: str) -> None:
    spoil, words = CASES[mistake]
    bad, good = Draft("solo").write(tmp_path), Draft("threads").write(tmp_path)
    spoil(bad)
    for arguments, verb, status in (([bad, good], "left out", BAD_INPUT), ([tmp_path], "passed over", 0)):
        made = publish(*arguments)
        (line,) = made.stderr.splitlines()
        assert line.startswith(f"report: {verb} {bad}: ")
        assert words in line
        assert made.stdout.startswith("# threads-redis on Redis 8.0.2")
        assert made.returncode == status


HOSTILE = "<script>alert(1)</script> # x ``` y\n--- | <img src=x onerror=alert(2)> `<b>`` <i>" + " <u>z" * 30
KEPT = ("record", "kind", "pool", "expected", "outcome", "verdict", "shard", "server", "from", "plan")
"""Fields of which the schema knows the values."""


def hostile(value: Any, field: str = "") -> Any:
    """The same line, with a hostile text in each field that may have any text."""
    if isinstance(value, dict):
        return {name: hostile(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, field) for inner in value]
    free = isinstance(value, str) and field not in (*KEPT, "id", "claim", "cell", "document", "pools", "over")
    return value + HOSTILE if free else value


def test_nothing_of_a_record_becomes_live_html(tmp_path: Path) -> None:
    """Every text of every line is an attack; everything outside of code must be escaped."""
    record = rewrite(
        Draft("solo", documents=DOCUMENTS).write(tmp_path), lambda lines: [hostile(line) for line in lines]
    )
    made = publish(record, "--pages", tmp_path / "pages", "--plots", tmp_path / "plots")
    assert made.returncode == 0, made.stderr
    texts = [made.stdout, *(page.read_text() for page in (tmp_path / "pages").iterdir())]
    assert len(texts) == 2 + len(DOCUMENTS)
    for text in texts:
        assert "alert(1)" in text
        assert not [tag for tag in ("script", "img", "b", "i", "u") if f"<{tag}" in outside_code(text)]


def outside_code(text: str) -> str:
    """The part that a renderer reads as Markdown: without fenced blocks, code spans and escaped signs."""
    text = re.sub(r"^(```+)text\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    blocks = re.split(r"\n(?=[ >]*(?:[-+*] |#|<|```|\|)|\s*\n)", text)
    return "\n".join(re.sub(r"\\.|(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", b, flags=re.DOTALL) for b in blocks)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_gets_signs_that_it_can_show(tmp_path: Path, encoding: str) -> None:
    record = rewrite(Draft("solo").write(tmp_path), lambda lines: lines[0].update(tier="smoke 中"))
    made = publish(record, PYTHONIOENCODING=encoding)
    assert (made.returncode, made.stderr) == (0, "")
    assert ("✓ holds" if encoding == "utf-8" else "+ holds, +* with defaults, x refuted") in made.stdout
    assert ("中" if encoding == "utf-8" else "\\u4e2d") in made.stdout


def test_a_full_disk_gets_one_line(tmp_path: Path) -> None:
    record = Draft("solo").write(tmp_path)
    with Path("/dev/full").open("w") as full:
        made = subprocess.run(
            [sys.executable, "-m", "poolproof.report", str(record)],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    told = "report: the output cannot be written: No space left on device; name a file with --out\n"
    assert (made.returncode, made.stderr) == (BAD_INPUT, told)


def test_a_record_with_axes_in_another_order_is_joined_alike(tmp_path: Path) -> None:
    def turn(lines: list[Line]) -> None:
        for line in lines:
            if "axes" in line:
                line["axes"] = dict(reversed(line["axes"].items()))

    shards = [Draft("prefork", shard=Shard(n, 2)).write(tmp_path / str(n)) for n in (1, 2)]
    before = publish(*shards).stdout
    assert before
    rewrite(shards[0], turn)
    assert publish(*shards).stdout == before
