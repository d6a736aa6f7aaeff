"""The tables show the evidence of a verdict: the number of messages, the correction, and each cell once."""

from __future__ import annotations

from pathlib import Path

from poolproof.report.read.join import join
from poolproof.report.read.reader import read
from poolproof.report.say import claims_table, deviations
from tests.markdown import shown
from tests.records import ALL, EARLIER, ONCE, Draft, Line, rewrite


def test_a_verdict_on_a_stream_says_how_long_the_stream_was(tmp_path: Path) -> None:
    """A stream that was shorter under load excludes less than a complete one."""

    def shrink(lines: list[Line]) -> None:
        trials = [line for line in lines if line["record"] == "trial" and line["claim"] == ONCE.id]
        for trial in trials:
            trial["witness"] = {"messages": 1000}
        trials[1]["witness"] = {"messages": 265}

    run = join([read(rewrite(Draft("solo", claims=[ONCE]).write(tmp_path), shrink))])
    told = "- `each-message-once` rests on 265 to 1000 messages per cell, fewest in `solo-c1-p4`\n"
    assert told in shown(claims_table.section(run))


def test_a_static_cell_is_counted_once_however_many_pools_were_run(tmp_path: Path) -> None:
    five = join([read(Draft(pool).write(tmp_path)) for pool in ALL])
    static = [cell for cell in five.cells if cell.cell == "static"]
    assert len(static) == 1
    assert sum(cell.cell == "static" for run in five.runs for cell in run.cells) == len(ALL)


def test_a_deviation_shows_the_evidence_of_what_is_true_instead(tmp_path: Path) -> None:
    def correct(lines: list[Line]) -> None:
        for line in lines:
            if line["record"] == "cell" and line["verdict"] == "refuted":
                line["correction"] = "served in turn: 40 of 40 fetches"

    run = join([read(rewrite(Draft("solo", claims=[EARLIER]).write(tmp_path), correct))])
    assert "\ninstead   served in turn: 40 of 40 fetches\n" in shown(deviations.section(run))
