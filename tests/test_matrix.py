"""The matrix is read as written, and each mistake has one line: the file, the key, the correction."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from poolproof.catalogue.matrix import Values, load_matrix
from poolproof.catalogue.tiers import Tier
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput
from poolproof.model.sequential import Sequential
from poolproof.model.verdict import Fixed
from tests.toml_samples import MATRIX, spoilt, write_matrix

EXCLUDE = 'when = { pool = "solo", concurrency = 4 }'

MISTAKES = {
    "key unknown at the top": ("pools =", "pool =", "unknown key 'pool'; did you mean 'pools'?"),
    "key unknown in an axis": ("default = 2", "defualt = 2",
        "concurrency.prefork: unknown key 'defualt'; did you mean 'default'?"),
    "key unknown in an exclusion": ("reason =", "reson =",
        "exclude #1: unknown key 'reson'; did you mean 'reason'?"),
    "key unknown in a tier": ("trials = 1", "trails = 1",
        "tiers.smoke: unknown key 'trails'; did you mean 'trials'?"),
    "key unknown in sequential": ("alpha =", "alfa =",
        "tiers.nightly.sequential: unknown key 'alfa'; did you mean 'alpha'?"),
    "key unlike any known": ("beta =", "zzz =",
        "tiers.nightly.sequential: unknown key 'zzz'; known: p0, p1, alpha, beta"),
    "key missing": ("default = 4", "", "prefetch.default: is missing; add it"),
    "table missing": ("[prefetch]\nvalues = [1, 4, 0]\ndefault = 4\n", "", "prefetch: is missing; add it"),
    "table that is none": ("solo = { values = [1, 4], default = 1 }", "solo = 4",
        "concurrency.solo: is 4, must be a table"),
    "tier unknown": ("[tiers.smoke]", "[tiers.smok]", "tiers: unknown tier 'smok'; did you mean 'smoke'?"),
    "tier missing": ("[tiers.smoke]\ntrials = 1\nmessages = 1000\nseconds = 15\n", "",
        "tiers.smoke: is missing; add it"),
    "pool unknown": ('["prefork", "solo"]', '["prefork", "thread"]',
        "pools #2: unknown pool 'thread'; did you mean 'threads'?"),
    "pool twice": ('["prefork", "solo"]', '["prefork", "solo", "prefork"]',
        "pools #3: repeats #1; leave one of them out"),
    "pools empty": ('["prefork", "solo"]', "[]", "pools: is empty, must name at least one"),
    "pools no list": ('["prefork", "solo"]', '"prefork"', "pools: is 'prefork', must be a list"),
    "pool without concurrency": ("solo = { values = [1, 4], default = 1 }", "",
        "concurrency.solo: is missing; add it, or take it out of pools"),
    "concurrency of a pool left out": ('["prefork", "solo"]', '["prefork"]',
        "concurrency.solo: is not among pools; add it there, or leave it out"),
    "concurrency of a pool unknown": ("solo = {", "sole = {",
        "concurrency: unknown pool 'sole'; did you mean 'solo'?"),
    "concurrency 0": ("[1, 2, 4]", "[0, 2, 4]",
        "concurrency.prefork.values #1: is 0, must be a whole number, 1 or more"),
    "concurrency -1": ("[1, 2, 4]", "[1, 2, -1]",
        "concurrency.prefork.values #3: is -1, must be a whole number, 1 or more"),
    "concurrency in words": ("[1, 2, 4]", '[1, 2, "four"]',
        "concurrency.prefork.values #3: is 'four', must be a whole number, 1 or more"),
    "concurrency true": ("[1, 2, 4]", "[true, 2, 4]",
        "concurrency.prefork.values #1: is true, must be a whole number, 1 or more"),
    "concurrency with a fraction": ("[1, 2, 4]", "[1, 2, 4.0]",
        "concurrency.prefork.values #3: is 4.0, must be a whole number, 1 or more"),
    "concurrency twice": ("[1, 2, 4]", "[1, 2, 2]",
        "concurrency.prefork.values #3: repeats #2; leave one of them out"),
    "concurrency empty": ("[1, 2, 4]", "[]",
        "concurrency.prefork.values: is empty, must name at least one"),
    "default not among values": ("default = 2", "default = 3",
        "concurrency.prefork.default: is 3, must be one of values: 1, 2, 4"),
    "default true": ("default = 1 }", "default = true }",
        "concurrency.solo.default: is true, must be a whole number, 1 or more"),
    "prefetch -1": ("[1, 4, 0]", "[1, 4, -1]",
        "prefetch.values #3: is -1, must be a whole number, 0 or more"),
    "exclusion without reason": ('reason = "solo has one thread"', "",
        "exclude #1.reason: is missing; add it"),
    "exclusion with an empty reason": ('"solo has one thread"', '" "',
        "exclude #1.reason: is ' ', must be a text in quotes"),
    "exclusion of everything": (EXCLUDE, "when = {}",
        "exclude #1.when: is empty, must name at least one; or leave it out"),
    "exclusion of no claims": ('["queues.*"]', "[]", "exclude #1.claims: is empty, must name at least one"),
    "exclusion of an unknown pool": ('pool = "solo"', 'pool = "sole"',
        "exclude #1.when.pool: unknown pool 'sole'; did you mean 'solo'?"),
    "exclusion of an unknown concurrency": ("concurrency = 4 }", "concurrency = 8 }",
        "exclude #1.when.concurrency: unknown value 8; known: 1, 2, 4"),
    "exclusion of a concurrency in quotes": ("concurrency = 4 }", 'concurrency = "4" }',
        "exclude #1.when.concurrency: unknown value '4'; did you mean 4?"),
    "exclusion of a concurrency that is true": ("concurrency = 4 }", "concurrency = true }",
        "exclude #1.when.concurrency: is true, must be a text in quotes, a whole number, or a list of those"),
    "exclusion of no cell": ("concurrency = 4 }", "concurrency = 2 }",
        "exclude #1.when: matches no cell of the matrix; mend it, or leave the exclusion out"),
    "exclusion as a single table": ("[[exclude]]", "[exclude]",
        "exclude: is a table, must be tables, each headed [[...]]"),
    "trials 0": ("trials = 1", "trials = 0", "tiers.smoke.trials: is 0, must be a whole number, 1 or more"),
    "messages in words": ("messages = 1000\n", 'messages = "many"\n',
        "tiers.smoke.messages: is 'many', must be a whole number, 1 or more"),
    "seconds 0": ("seconds = 15", "seconds = 0",
        "tiers.smoke.seconds: is 0, must be a whole number, 1 or more"),
    "seconds beyond a day": ("seconds = 15", "seconds = 86401",
        "tiers.smoke.seconds: is 86401, must be 86400 or less"),
    "messages beyond all use": ("messages = 1000\n", f"messages = 0x{'f' * 5000}\n",
        "tiers.smoke.messages: is a number beyond all use, must be 1000000 or less"),
    "concurrency of many": ("[1, 2, 4]", "[1, 2, 1000000000]",
        "concurrency.prefork.values #3: is 1000000000, must be 1000000 or less"),
    "a pool that is a number beyond all use": ('["prefork", "solo"]', f"[0x{'f' * 5000}]",
        "pools #1: unknown pool a number beyond all use; known: prefork, solo, threads, eventlet, gevent"),
    "a pool that is a list of deep tables": ('["prefork", "solo"]', f"[[{{{'a.' * 5000}a = 1}}]]",
        "pools #1: unknown pool [{'a': {'a': {'a': {...}}}}]; known: "
        "prefork, solo, threads, eventlet, gevent"),
    "sample -1": ("sample = 2", "sample = -1",
        "tiers.nightly.sample: is -1, must be a whole number, 1 or more"),
    "neither trials nor sequential": ("trials = 1", "",
        "tiers.smoke: must have trials or sequential, one of the two"),
    "both trials and sequential": ("sample = 2", "trials = 2",
        "tiers.nightly: must have trials or sequential, one of the two"),
    "p0 above 1": ("p0 = 0.01", "p0 = 2", "tiers.nightly.sequential.p0: is 2, must lie between 0 and 1"),
    "p0 is 0": ("p0 = 0.01", "p0 = 0", "tiers.nightly.sequential.p0: is 0, must lie between 0 and 1"),
    "p0 in quotes": ("p0 = 0.01", 'p0 = "0.01"',
        "tiers.nightly.sequential.p0: is '0.01', must lie between 0 and 1"),
    "p0 true": ("p0 = 0.01", "p0 = true", "tiers.nightly.sequential.p0: is true, must lie between 0 and 1"),
    "p1 no number": ("p1 = 0.5", "p1 = nan", "tiers.nightly.sequential.p1: is nan, must lie between 0 and 1"),
    "p0 equal to p1": ("p0 = 0.01", "p0 = 0.5",
        "tiers.nightly.sequential.p0: is 0.5, must be below p1, which is 0.5"),
    "p0 above p1": ("p0 = 0.01", "p0 = 0.6",
        "tiers.nightly.sequential.p0: is 0.6, must be below p1, which is 0.5"),
    "p1 as small as p0": ("p0 = 0.01\np1 = 0.5", "p0 = 1e-17\np1 = 2e-17",
        "tiers.nightly.sequential.p1: is 2e-17, so near to p0 (1e-17) "
        "that a cell takes over 10000 trials; move it up"),
    "trials beyond all use": ("trials = 1", "trials = 10001",
        "tiers.smoke.trials: is 10001, must be 10000 or less"),
    "error rates that leave no test": ("alpha = 0.05", "alpha = 0.95",
        "tiers.nightly.sequential.alpha: is 0.95, its sum with beta (0.05) must be below 1"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as refused:
        load_matrix(path)
    return str(refused.value)


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES.values(), ids=MISTAKES)
def test_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert refusal(write_matrix(tmp_path, spoilt(MATRIX, old, new))) == f"matrix.toml: {message}"


def test_no_toml(tmp_path: Path) -> None:
    said = refusal(write_matrix(tmp_path, 'pools = ["prefork"]\nprefetch 4\n'))
    assert said.startswith("matrix.toml: is not TOML: ")
    assert "line 2" in said
    assert "\n" not in said


def test_key_written_twice(tmp_path: Path) -> None:
    said = refusal(write_matrix(tmp_path, "pools = []\npools = []\n"))
    assert said.startswith("matrix.toml: is not TOML: ")
    assert "line 2" in said


def test_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "matrix.toml") == "matrix.toml: cannot be read: No such file or directory"


def test_no_utf_8(tmp_path: Path) -> None:
    (tmp_path / "matrix.toml").write_bytes(b"# \xff\n")
    assert refusal(tmp_path / "matrix.toml") == "matrix.toml: is not UTF-8 (byte 2); save it as UTF-8"


def test_file_elsewhere_is_named_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_matrix(tmp_path, "")
    monkeypatch.chdir(Path(__file__).parent)
    assert refusal(path).startswith(f"{path}: ")


def test_read_as_written(tmp_path: Path) -> None:
    matrix = load_matrix(write_matrix(tmp_path))
    assert matrix.pools == ("prefork", "solo")
    assert matrix.axes["concurrency"] == {"prefork": Values((1, 2, 4), 2), "solo": Values((1, 4), 1)}
    assert matrix.axes["prefetch"] == dict.fromkeys(matrix.pools, Values((1, 4, 0), 4))
    smoke, nightly = matrix.tier("smoke"), matrix.tier("nightly")
    assert smoke == Tier(messages=1000, seconds=15, trials=1)
    assert (nightly.messages, nightly.seconds, nightly.sample) == (10000, 120, 2)
    assert (smoke.rule, nightly.rule) == (Fixed(1), Sequential(0.01, 0.5, 0.05, 0.05))
    assert [exclude.reason for exclude in matrix.exclude] == ["solo has one thread"]


def test_exclusions_may_be_none(tmp_path: Path) -> None:
    start, end = MATRIX.index("[[exclude]]"), MATRIX.index("[tiers.smoke]")
    assert load_matrix(write_matrix(tmp_path, MATRIX[:start] + MATRIX[end:])).exclude == ()


def test_exclusion_speaks_of_its_claims_and_cells_alone(tmp_path: Path) -> None:
    (exclude,) = load_matrix(write_matrix(tmp_path)).exclude
    assert exclude.covers("queues.starves", Cell("solo", 4, 1))
    assert not exclude.covers("queues.starves", Cell("solo", 1, 1))
    assert not exclude.covers("queues.starves", Cell("prefork", 4, 1))
    assert not exclude.covers("topology.one-thread", Cell("solo", 4, 1))


def test_exclusion_without_claims_speaks_of_all(tmp_path: Path) -> None:
    text = spoilt(MATRIX, 'claims = ["queues.*"]\n', "")
    (exclude,) = load_matrix(write_matrix(tmp_path, text)).exclude
    assert exclude.covers("topology.one-thread", Cell("solo", 4, 1))


def test_exclusion_of_several_values(tmp_path: Path) -> None:
    text = spoilt(MATRIX, EXCLUDE, "when = { concurrency = [1, 2] }")
    (exclude,) = load_matrix(write_matrix(tmp_path, text)).exclude
    covered = [c for c in (1, 2, 4) if exclude.covers("queues.x", Cell("prefork", c, 4))]
    assert covered == [1, 2]


def test_tier_unknown(tmp_path: Path) -> None:
    matrix = load_matrix(write_matrix(tmp_path))
    with pytest.raises(
        BadInput, match=r"^matrix\.toml: tiers: unknown tier 'nightl'; did you mean 'nightly'\?$"
    ):
        matrix.tier("nightl")


def test_own_matrix_is_sound() -> None:
    matrix = load_matrix(Path(__file__).parents[1] / "matrix.toml")
    assert [cell.id for cell in matrix.cross("solo", ("concurrency",), {})] == ["solo-c1-p4", "solo-c4-p4"]


UNREADABLE = {
    "brackets": (
        "pools = " + "[" * 20_000 + "]" * 20_000,
        "line 2: pools: is nested too deeply; write it flatter",
    ),
    "brackets on lines": (
        "pools = " + "[\n" * 2_000 + "]" * 2_000,
        "line 2: pools: is nested too deeply; write it flatter",
    ),
    "tables": ("pools = " + "{a = " * 20_000, "line 2: pools: is nested too deeply; write it flatter"),
    "digits": (
        "prefetch = { default = " + "7" * 5_000 + " }",
        "line 2: prefetch: is a number of too many digits; write a shorter one",
    ),
}


@pytest.mark.parametrize(("text", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_python_cannot_read_has_its_line(tmp_path: Path, text: str, message: str) -> None:
    said = refusal(write_matrix(tmp_path, f"# [[[ and {'7' * 500}\n{text}\n"))
    assert said == f"matrix.toml: {message}"


def test_byte_order_mark(tmp_path: Path) -> None:
    said = refusal(write_matrix(tmp_path, f"\ufeff{MATRIX}"))
    assert said == "matrix.toml: begins with a byte order mark; save it as UTF-8 without one"


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "matrix.toml")
    assert refusal(tmp_path / "matrix.toml") == "matrix.toml: is no regular file; put one there"


def test_a_file_that_is_far_too_long(tmp_path: Path) -> None:
    with (tmp_path / "matrix.toml").open("wb") as file:
        file.truncate(10 * 2**20 + 1)
    assert refusal(tmp_path / "matrix.toml") == "matrix.toml: holds more than 10 MiB; shorten it"
