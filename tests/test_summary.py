"""The last lines of a run: few, short, the urgent ones first, and each in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.catalogue.claims import HOLDS
from poolproof.model.cells import Cell
from poolproof.report.read.reader import Run, read
from poolproof.report.render.terminal import lines
from poolproof.report.say.summary import summary
from tests.records import ALL, CLAIMS, EARLIER, ONCE, STARVES, Draft, claim, rewrite
from tests.timings import Times, runs

MOST = (15, 100)


def summed_up(run: Run) -> list[str]:
    found = [*lines(summary(run), "results/local/latest")]
    assert len(found) <= MOST[0]
    assert max(map(len, found)) <= MOST[1]
    return found


def test_a_run_as_documented_is_told_in_three_lines(tmp_path: Path) -> None:
    assert summed_up(read(Draft(claims=[ONCE]).write(tmp_path))) == [
        "9 as documented, 1 timed",
        "table     results/local/latest/tables.md",
        "record    results/local/latest/record.jsonl",
    ]


def test_a_deviation_says_where_and_what_is_true_instead(tmp_path: Path) -> None:
    found = summed_up(read(Draft().write(tmp_path)))
    assert found[0] == "28 as documented, 3 document wrong, 1 timed"
    assert found[1] == (
        "document wrong: queues.earlier-queue-starves-later in prefork-c1-p{0,1,4}-round_robin"
    )
    assert found[2].startswith("  true instead: By default a worker serves its queues in turn")


def test_regressions_come_first_with_what_was_seen(tmp_path: Path) -> None:
    found = summed_up(read(Draft("threads").write(tmp_path)))
    assert found[1:4] == [
        "regression: crashes.child-crash-is-contained in threads-c{1,2,4,10,100}-p4",
        "  expected to hold, refuted: each message once: a1 lost | b2 lost",
        "document wrong: queues.earlier-queue-starves-later in threads-c1-p{0,1,4}-round_robin",
    ]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("satisfied", ["stale: queues.", "  expected to be refuted, holds; the catalogue says: By default"]),
        ("void", ["undecided: queues.", "  not decided: the worker was never ready"]),
    ],
)
def test_what_is_stale_or_undecided_is_told_in_words(outcome: str, words: list[str], tmp_path: Path) -> None:
    draft = Draft("solo", claims=[EARLIER])
    draft.cells = lambda of: [(Cell("solo", 1, 4), STARVES, outcome)]  # type: ignore
    found = summed_up(read(draft.write(tmp_path)))
    assert [line.startswith(word) for line, word in zip(found[1:3], words, strict=True)] == [True, True]


def test_many_deviations_are_cut_and_counted(tmp_path: Path) -> None:
    claims = [claim(f"queues.{letter * 40}", f"{letter} is true " * 30) for letter in "abcdefgh"]
    draft = Draft("threads", claims=claims)
    draft.cells = lambda of: [(Cell("threads", 4, 4, (("x", "y" * 90),)), HOLDS, "violated")]  # type: ignore
    found = summed_up(read(draft.write(tmp_path)))
    assert "... and 3 more, in the table" in found
    assert found[1].endswith(" ...")


def test_evidence_is_named_where_some_was_kept(tmp_path: Path) -> None:
    path = Draft().write(tmp_path)
    (path.parent / "evidence").mkdir()
    assert summed_up(read(path))[-1] == "evidence  results/local/latest/evidence/"


def test_a_run_that_was_cut_says_what_is_missing(tmp_path: Path) -> None:
    path = rewrite(Draft().write(tmp_path), lambda lines: lines[:-12])
    assert summed_up(read(path, unfinished=True))[0].endswith(" of 32 planned not done")
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:1]))
    assert summed_up(read(path, unfinished=True))[0] == "32 of 32 planned not done"


@pytest.mark.parametrize("pool", ALL)
def test_timings_alone(pool: str, tmp_path: Path) -> None:
    (path,) = runs(tmp_path, Times(prefetches=(4,)), pools=[pool], claims=[])
    assert summed_up(read(path))[0].endswith(" timed")


def test_timings_in_vain_are_counted(tmp_path: Path) -> None:
    def vain(lines: list[dict[str, object]]) -> None:
        lines[-2].update(throughput=None, reason="m7 lost")
        lines[-1].update(exit=1)

    path = rewrite(Draft(claims=CLAIMS[:1]).write(tmp_path), vain)
    assert summed_up(read(path))[:3] == [
        "3 as documented, 1 timed without a number",
        "no number: io-sleep in prefork-c1-p4",
        "  m7 lost",
    ]
