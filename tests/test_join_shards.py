"""Shards of one run are joined; others are refused, and the field that differs is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from poolproof.catalogue.shards import Shard
from poolproof.model.cells import POOLS
from poolproof.report.__main__ import main
from poolproof.report.read import bad_records as bad
from poolproof.report.read.join import join, newest
from poolproof.report.read.reader import Run, read
from tests.records import MACHINE, Draft, rewrite

OF = 3


def draft(number: int, of: int = OF, **different: object) -> Draft:
    return Draft(shard=Shard(number, of), **different)  # type: ignore[arg-type]


def written(folder: Path, drafts: Sequence[Draft]) -> list[Run]:
    return [read(each.write(folder / str(n))) for n, each in enumerate(drafts)]


def test_all_shards_make_the_verdicts_of_the_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = join([read(Draft().write(tmp_path))])
    parts = [draft(number).write(tmp_path) for number in (2, 3, 1)]
    joined = join([read(part) for part in parts])
    assert joined.claims.keys() == whole.claims.keys()
    assert [joined.verdicts(claim) for claim in whole.claims] == [
        whole.verdicts(claim) for claim in whole.claims
    ]
    assert main(list(map(str, parts))) == 0
    told = capsys.readouterr().out
    assert "Shard" not in told
    assert "Unfinished" not in told


def test_cells_stand_in_one_order_however_they_were_dealt(tmp_path: Path) -> None:
    orders = [
        [cell.cell for cell in join(written(tmp_path / str(of), shards)).cells]
        for of in (2, 3, 7)
        if (shards := [draft(number, of) for number in range(1, of + 1)])
    ]
    assert orders[0] == orders[1] == orders[2]
    delivery = [cell for cell in orders[0] if cell.startswith("prefork-c1-") and cell.count("-") == 2]
    assert [cell for cell in delivery if "p4" not in cell] == ["prefork-c1-p1", "prefork-c1-p0"] * 2


def test_shards_are_one_run_with_the_counts_of_all(tmp_path: Path) -> None:
    (run,) = join(written(tmp_path, [draft(n) for n in (1, 2, 3)])).runs
    whole = read(Draft().write(tmp_path))
    assert run.header.planned == whole.header.planned
    assert whole.footer
    assert run.footer
    assert run.footer.seconds == pytest.approx(3 * 83.1)
    assert replace(run.footer, seconds=whole.footer.seconds) == whole.footer
    assert {(cell.claim, cell.cell) for cell in run.cells} == {
        (cell.claim, cell.cell) for cell in whole.cells
    }
    assert (len(run.trials), len(run.benchmarks)) == (len(whole.trials), len(whole.benchmarks))
    assert not run.partial


def test_shards_of_one_pool_stand_beside_a_whole_run_of_another(tmp_path: Path) -> None:
    joined = join(written(tmp_path, [draft(1), Draft("solo"), draft(3), draft(2)]))
    assert [run.environment for run in joined.runs] == ["prefork-redis", "solo-redis"]


def test_one_shard_alone_is_shown_as_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(draft(2).write(tmp_path))]) == 0
    assert "**Shard 2/3:** a part of a run; join it with the others." in capsys.readouterr().out


REFUSED: dict[str, tuple[list[Draft], type[bad.BadRecord], str]] = {
    "one-missing": (
        [draft(1), draft(3)],
        bad.MissingCell,
        "shard 2/3 of prefork-redis is missing; give all 3",
    ),
    "several-missing": (
        [draft(2, 5), draft(4, 5)],
        bad.MissingCell,
        "shard 1/5, 3/5, 5/5 of prefork-redis is missing; give all 5",
    ),
    "one-doubled": (
        [draft(1), draft(2), draft(3), draft(2)],
        bad.Doubled,
        "shard 2/3 is there twice; leave out ",
    ),
    "of-another-number": (
        [draft(1), draft(2, 4), draft(3)],
        bad.NotComparable,
        "shard is 2/4, in ",
    ),
    "another-seed": ([draft(1), draft(2, seed=1), draft(3)], bad.NotComparable, "seed is 1, in "),
    "another-celery": (
        [draft(1), draft(2), draft(3, versions={"celery": "5.6.0"})],
        bad.NotComparable,
        "versions.celery is 5.6.0, in ",
    ),
    "another-machine": (
        [draft(1), draft(2, machine=replace(MACHINE, cores=64)), draft(3)],
        bad.NotComparable,
        "machine.cores is 64, in ",
    ),
    "another-tier": (
        [draft(1), draft(2, tier="nightly"), draft(3)],
        bad.NotComparable,
        "tier is nightly, in ",
    ),
    "a-part-of-a-shard": (
        [draft(1), draft(2, partial=True), draft(3)],
        bad.Partial,
        "is partial, so it is not joined",
    ),
    "a-whole-run-beside-them": (
        [draft(1), draft(2), draft(3), Draft()],
        bad.NotComparable,
        "is a second run of prefork-redis",
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_shards_that_do_not_make_a_run_are_refused(tmp_path: Path, mistake: str) -> None:
    drafts, kind, words = REFUSED[mistake]
    with pytest.raises(kind) as caught:
        join(written(tmp_path, drafts))
    assert type(caught.value) is kind
    assert str(caught.value).startswith(str(tmp_path))
    assert words in str(caught.value)
    assert "; " in str(caught.value), "it names no mend"


def test_a_cell_that_two_shards_decided_is_refused(tmp_path: Path) -> None:
    """Shards of another plan, as after a change of the matrix, can have the same number and overlap."""
    one, other = draft(1, 2).write(tmp_path), draft(1, 2, start="2026-11-21T03:00:00Z").write(tmp_path)
    rewrite(other, lambda lines: lines[0].update(shard="2/2"))
    with pytest.raises(bad.Doubled, match=r"run all shards with the same matrix and catalogue"):
        join([read(one), read(other)])


def test_the_newest_of_a_whole_run_and_of_all_shards_is_taken(tmp_path: Path) -> None:
    Draft(start="2026-11-21T02:00:00Z").write(tmp_path)
    for number in (1, 2, 3):
        draft(number, start="2026-11-22T02:00:00Z").write(tmp_path)
    Draft("solo", start="2026-11-23T02:00:00Z").write(tmp_path)
    for number in (1, 2):
        Draft("solo", shard=Shard(number, 2), start="2026-11-22T02:00:00Z").write(tmp_path)
    runs, passed = newest(tmp_path)
    assert [run.header.run[:10] for run in runs] == ["2026-11-22", "2026-11-23"]
    assert passed == []


def test_runs_that_are_published_by_their_environment_are_all_found(tmp_path: Path) -> None:
    for pool in POOLS:
        _published(Draft(pool), tmp_path / "published")
    runs, passed = newest(tmp_path)
    assert sorted(run.environment for run in runs) == sorted(f"{pool}-redis" for pool in POOLS)
    assert passed == []


def test_a_run_of_this_machine_comes_before_a_published_one(tmp_path: Path) -> None:
    _published(Draft(start="2026-11-20T02:00:00Z"), tmp_path)
    Draft(start="2026-11-21T02:00:00Z").write(tmp_path)
    (run,), _ = newest(tmp_path)
    assert run.header.run.startswith("2026-11-21")


def test_of_two_published_runs_of_one_environment_one_is_taken(tmp_path: Path) -> None:
    _published(Draft(), tmp_path)
    _published(Draft(start="2026-11-22T02:00:00Z"), tmp_path, "of the night")
    assert len(newest(tmp_path)[0]) == 1


def _published(draft: Draft, folder: Path, name: str | None = None) -> None:
    written = draft.write(folder).parent
    written.rename(written.with_name(name or written.name.partition("Z-")[2]))


def test_shards_without_one_of_them_are_passed_over(tmp_path: Path) -> None:
    Draft(start="2026-11-21T02:00:00Z").write(tmp_path)
    draft(1, start="2026-11-22T02:00:00Z").write(tmp_path)
    runs, passed = newest(tmp_path)
    assert [run.header.run for run in runs] == ["2026-11-21T02:00:00Z-prefork-redis"]
    assert [str(mistake).partition(": ")[2] for mistake in passed] == [
        "shard 2/3, 3/3 of prefork-redis is missing; give all 3"
    ]
