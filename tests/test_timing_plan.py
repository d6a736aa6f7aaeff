"""What is timed and in which order, and the one line for each mistake in the matrix's table `timing`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from poolproof.catalogue.matrix import load_matrix
from poolproof.catalogue.shards import Shard
from poolproof.catalogue.timing import NOT_TIMED, Effort
from poolproof.model.errors import BadInput
from poolproof.timing.plan import PROBES, cells, slots
from tests.toml_samples import MATRIX, TIMING, spoilt, write_matrix

ROOT = Path(__file__).parent.parent
EXCLUDE = 'when = { pool = "solo", concurrency = 4 }'

MISTAKES = {
    "key unknown": ("headroom =", "headrom =", "timing: unknown key 'headrom'; did you mean 'headroom'?"),
    "key unknown in a tier": ("seconds = 0.5", "second = 0.5",
        "timing.tiers.smoke: unknown key 'second'; did you mean 'seconds'?"),
    "key missing in a tier": ("repetitions = 5, ", "",
        "timing.tiers.nightly.repetitions: is missing; add it"),
    "tier unknown": ("smoke = {", "smok = {", "timing.tiers: unknown tier 'smok'; did you mean 'smoke'?"),
    "tiers missing": (TIMING[TIMING.index("[timing.tiers]"):], "", "timing.tiers: is missing; add it"),
    "repetitions 0": ("repetitions = 1", "repetitions = 0",
        "timing.tiers.smoke.repetitions: is 0, must be a whole number, 1 or more"),
    "repetitions with a fraction": ("repetitions = 5", "repetitions = 2.5",
        "timing.tiers.nightly.repetitions: is 2.5, must be a whole number, 1 or more"),
    "seconds 0": ("seconds = 0.5", "seconds = 0",
        "timing.tiers.smoke.seconds: is 0, must be a number above 0"),
    "seconds without end": ("seconds = 2", "seconds = inf",
        "timing.tiers.nightly.seconds: is inf, must be a number above 0"),
    "seconds in words": ("seconds = 2", 'seconds = "two"',
        "timing.tiers.nightly.seconds: is 'two', must be a number above 0"),
    "seconds true": ("seconds = 2", "seconds = true",
        "timing.tiers.nightly.seconds: is true, must be a number above 0"),
    "axis unknown": ('["concurrency", "prefetch"]', '["concurrency", "prefech"]',
        "timing.tiers.nightly.over #2: unknown axis 'prefech'; did you mean 'prefetch'?"),
    "axis twice": ('["concurrency", "prefetch"]', '["concurrency", "concurrency"]',
        "timing.tiers.nightly.over #2: repeats #1; leave one of them out"),
    "delay negative": ("least_delay = 0.01", "least_delay = -0.01",
        "timing.least_delay: is -0.01, must be a number above 0"),
    "no headroom": ("headroom = 2", "headroom = 1", "timing.headroom: is 1, must be a number above 1"),
    "exclusion without reason": ('reason = "solo is timed at c1"', "",
        "timing.exclude #1.reason: is missing; add it"),
    "exclusion of claims": (EXCLUDE, EXCLUDE + '\nclaims = ["x.*"]',
        "timing.exclude #1: unknown key 'claims'; known: when, reason"),
    "exclusion of an unknown pool": ('pool = "solo"', 'pool = "sole"',
        "timing.exclude #1.when.pool: unknown pool 'sole'; did you mean 'solo'?"),
    "exclusion of no cell": ("concurrency = 4 }", "concurrency = 2 }",
        "timing.exclude #1.when: matches no cell of the matrix; mend it, or leave the exclusion out"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES.values(), ids=MISTAKES)
def test_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_matrix(write_matrix(tmp_path, MATRIX + spoilt(TIMING, old, new)))
    assert str(refused.value) == f"matrix.toml: {message}"


def test_read_as_written(tmp_path: Path) -> None:
    timing = load_matrix(write_matrix(tmp_path, MATRIX + TIMING)).timing
    assert (timing.least_delay, timing.headroom) == (0.01, 2)
    assert timing.effort("nightly") == Effort(5, 2, ("concurrency", "prefetch"))
    assert [out.reason for out in timing.exclude] == ["solo is timed at c1"]


def test_without_the_table_nothing_is_timed(tmp_path: Path) -> None:
    matrix = load_matrix(write_matrix(tmp_path, MATRIX))
    assert matrix.timing.effort("smoke") == NOT_TIMED
    assert slots("prefork", "smoke", matrix) == ()


def test_smoke_times_each_concurrency_at_the_default_prefetch(tmp_path: Path) -> None:
    matrix = load_matrix(write_matrix(tmp_path, MATRIX + TIMING))
    assert [cell.id for cell in cells("prefork", "smoke", matrix)] == [
        "prefork-c1-p4", "prefork-c2-p4", "prefork-c4-p4",
    ]  # fmt: skip


def test_the_default_prefetch_comes_first_for_its_no_op_rate_is_needed(tmp_path: Path) -> None:
    matrix = load_matrix(write_matrix(tmp_path, MATRIX + TIMING))
    first = [cell.prefetch for cell in cells("prefork", "nightly", matrix)]
    assert first == [4, 1, 0] * 3


def test_what_is_left_out_is_not_timed(tmp_path: Path) -> None:
    matrix = load_matrix(write_matrix(tmp_path, MATRIX + TIMING))
    assert {cell.concurrency for cell in cells("solo", "nightly", matrix)} == {1}


def test_repetitions_are_outermost_and_probes_share_a_room(tmp_path: Path) -> None:
    plan = slots("prefork", "nightly", load_matrix(write_matrix(tmp_path, MATRIX + TIMING)))
    assert [slot.repetition for slot in plan] == sorted(slot.repetition for slot in plan)
    assert [slot.probe for slot in plan] == list(PROBES) * (len(plan) // len(PROBES))
    workers = [(slot.repetition, slot.cell) for slot in plan[:: len(PROBES)]]
    assert len(workers) == len(set(workers)) == 5 * 9
    assert all(plan[n].cell == plan[n - n % len(PROBES)].cell for n in range(len(plan)))


def test_shards_time_each_slot_once(tmp_path: Path) -> None:
    matrix = load_matrix(write_matrix(tmp_path, MATRIX + TIMING))
    parts = [slots("prefork", "nightly", matrix, Shard(number, 4)) for number in range(1, 5)]
    assert sorted(slot.id + slot.probe for part in parts for slot in part) == sorted(
        slot.id + slot.probe for slot in slots("prefork", "nightly", matrix)
    )


def test_own_matrix_times_every_pool() -> None:
    matrix = load_matrix(ROOT / "matrix.toml")
    for pool in matrix.pools:
        assert cells(pool, "smoke", matrix)
        assert matrix.timing.effort("smoke").repetitions == 1
        assert matrix.timing.effort("nightly").repetitions >= 5


def collected(*options: str) -> list[str]:
    """The items of solo's night in the order in which they would be run."""
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "suites", "--pool=solo", "--tier=nightly", "--collect-only",
         *options],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    listed = re.findall(r"test_\w+\[solo-[^]]+\]", found.stdout)
    assert listed, found.stdout + found.stderr
    return listed


def planned() -> list[str]:
    plan = slots("solo", "nightly", load_matrix(ROOT / "matrix.toml"))
    return [f"test_{slot.probe.replace('-', '_')}[{slot.id}]" for slot in plan]


def test_pytest_keeps_the_order_of_the_plan() -> None:
    assert collected("-k", "test_timing", "-p", "no:cacheprovider") == planned()


def test_no_order_of_the_command_line_puts_a_timing_before_a_claim(tmp_path: Path) -> None:
    """A clock has the machine until the end of the run, and a trial would wait for it forever."""
    failed = {f"suites/test_timing.py::{each}": True for each in planned()[-3:]}
    lastfailed = tmp_path / "v" / "cache" / "lastfailed"
    lastfailed.parent.mkdir(parents=True)
    lastfailed.write_text(json.dumps(failed))
    listed = collected("--ff", "-o", f"cache_dir={tmp_path}")
    assert listed[-len(planned()) :] == planned()
    assert len(listed) > len(planned())
