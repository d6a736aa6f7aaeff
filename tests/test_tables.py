"""The tables: aligned in a terminal, complete on GitHub, and never better than their records."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from poolproof.catalogue.claims import HOLDS
from poolproof.model.cells import Cell
from poolproof.model.verdict import Fixed
from poolproof.report.__main__ import main
from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.render.signs import SIGNS
from poolproof.report.say import claims_table, deviations
from poolproof.report.say.overview import overview
from poolproof.report.say.page import page
from poolproof.report.say.verdicts import word
from tests.markdown import columns, rows, shown
from tests.records import ALL, CONTAINED, EARLIER, MODULE, ONCE, STARVES, Draft, Line, rewrite

TERMINAL = 100


def joined(folder: Path, *drafts: Draft) -> Joined:
    return join([read(draft.write(folder)) for draft in drafts])


@pytest.fixture
def five(tmp_path: Path) -> Joined:
    """A run of each pool, of whose cells one was timed."""
    return joined(tmp_path, *map(Draft, ALL))


@pytest.fixture
def one(tmp_path: Path) -> Joined:
    return joined(tmp_path, Draft())


def test_claims_against_pools(five: Joined) -> None:
    table = rows(shown(claims_table.section(five)))
    assert table["claim"] == ["prefork", "solo", "threads", "eventlet", "gevent", "all"]
    assert table["two-processes-at-c1"] == ["✓", "-", "-", "-", "-", "✓"]
    assert table["child-crash-is-contained"] == ["✓", "✗", "✗", "✗", "✗", "◐ regression"]
    assert table["each-message-once"] == ["✓"] * 6
    assert table["earlier-queue-starves-later"] == ["◐"] * 6
    assert table["is-a-fork-of-multiprocessing"] == ["-"] * 5 + ["✓"]


def test_claims_against_concurrencies(one: Joined) -> None:
    table = rows(shown(claims_table.section(one)))
    assert table["claim"] == ["c1", "c2", "c4", "all"]
    assert table["each-message-once"] == ["✓", "✓", "✓", "✓"]
    assert table["earlier-queue-starves-later"] == ["✗✓✗✓✗✓", "·", "·", "◐"]
    assert table["is-a-fork-of-multiprocessing"] == ["·", "·", "·", "✓"]


def test_conditions_stand_below_their_table(five: Joined) -> None:
    text = shown(claims_table.section(five))
    assert "\n- `child-crash-is-contained` holds only if pool = prefork\n" in text
    assert "\n- `earlier-queue-starves-later` holds only if order = priority\n" in text


def test_the_subjects_come_first_with_how_many_claims_came_out_how(five: Joined) -> None:
    text = shown(claims_table.section(five))
    table = rows(shown([overview(five)]))
    assert text.index(shown([overview(five)])) < text.index("### billiard")
    assert list(table) == [
        "subject",
        "---------------------",
        *(f"[{each}](#{each})" for each in five.subjects),
        "all",
    ]
    assert table["subject"] == ["claims", "✓ holds", "◐ conditional"]
    assert table["[queues](#queues)"] == ["1", "", "1"]
    assert table["all"] == ["6", "4", "2"]


def test_a_subject_that_deviates_links_to_its_first_deviation(five: Joined) -> None:
    text = shown(claims_table.section(five))
    link = "#queuesearlier-queue-starves-later-document-wrong"
    assert f"\n\nWhat is true instead: [deviations]({link})\n" in text
    assert "### `queues.earlier-queue-starves-later`: document wrong\n" in shown(deviations.section(five))
    assert text.count("What is true instead") == 2


def test_a_claim_that_nothing_satisfies_says_so(tmp_path: Path) -> None:
    draft = Draft("solo", claims=[CONTAINED])
    assert "\n- `child-crash-is-contained` is refuted\n" in shown(
        claims_table.section(joined(tmp_path, draft))
    )


def test_glyphs_that_differ_each_explained(five: Joined) -> None:
    text = shown(claims_table.section(five))
    assert len(set(SIGNS.values())) == len(SIGNS)
    for verdict, glyph in SIGNS.items():
        assert f"{glyph} {word(verdict)}" in text
        assert not {unicodedata.east_asian_width(sign) for sign in glyph} & {"W", "F"}


def test_stale_is_flagged_in_words(tmp_path: Path) -> None:
    draft = Draft("solo")
    draft.cells = lambda of: [(Cell("solo", 1, 4), STARVES, "satisfied")]  # type: ignore[method-assign]
    draft.claims = [EARLIER]
    run = joined(tmp_path, draft)
    assert rows(shown(claims_table.section(run)))["earlier-queue-starves-later"] == ["✓", "✓ stale"]
    text = shown(deviations.section(run))
    assert "### `queues.earlier-queue-starves-later`: stale" in text
    assert "It was expected to be refuted and holds" in text


def test_undecided_says_why(tmp_path: Path) -> None:
    draft = Draft("solo", claims=[ONCE])
    draft.cells = lambda of: [(Cell("solo", 1, 4), HOLDS, "void")]  # type: ignore[method-assign]
    run = joined(tmp_path, draft)
    assert rows(shown(claims_table.section(run)))["each-message-once"] == ["?", "?"]
    assert "It could not be decided: the worker was never ready" in shown(deviations.section(run))


def test_a_deviation_says_what_is_true_why_where_how_seen_and_how_to_repeat(one: Joined) -> None:
    text = shown(deviations.section(one))
    flat = " ".join(text.split())
    assert "### `queues.earlier-queue-starves-later`: document wrong" in text
    assert "> With -Q a,b nothing is fetched from b while a holds messages. (document 000, 1. Pools)" in text
    assert f"True instead: {STARVES.instead}" in flat
    assert "Since when: kombu 3.0.33. Source: kombu/transport/redis.py, Channel.queue_order_strategy" in flat
    assert "In 3 of 6 cells: `prefork-c1-p{0,1,4}-round_robin`. Evidence of the first" in flat
    assert "\nevidence  each message once: a1 lost | b2 lost\n" in text
    assert "\nworker    celery worker -P prefork\n" in text
    assert "\nrepeat    tox -e prefork-redis -- -k 'queues.earlier-queue-starves-later and " in text


def test_the_urgent_deviations_come_first(five: Joined) -> None:
    text = shown(deviations.section(five))
    assert text.index("regression") < text.index("document wrong")


def test_a_run_that_is_all_as_documented_has_no_deviations(tmp_path: Path) -> None:
    run = joined(tmp_path, Draft(claims=[ONCE]))
    assert shown(deviations.section(run)) == ""
    assert "Deviations" not in shown(page(run))


def test_a_record_of_timings_alone_makes_no_table_of_claims_and_says_so(tmp_path: Path) -> None:
    run = joined(tmp_path, Draft(claims=[]))
    assert [*claims_table.section(run), *claims_table.glossary(run)] == []
    assert "\n\nNo claim was tested, so there is no table of verdicts.\n\n" in shown(page(run))
    assert "Cells:" not in shown(page(run))


def test_pages_are_straight_and_fit_a_terminal(five: Joined) -> None:
    for text in (shown(page(five)), shown(page(join(five.runs[:1])))):
        fenced = False
        for line in text.splitlines():
            fenced ^= line.startswith("```")
            assert fenced or columns(line) <= TERMINAL, line
        tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
        assert all(len({columns(line) for line in table.splitlines()}) == 1 for table in tables)
        assert "\n\n\n" not in text
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_the_page_says_what_was_run_on_what(five: Joined) -> None:
    text = shown(page(five))
    assert text.startswith("# Celery's worker pools on Redis 8.0.2\n")
    assert "- Software: celery 5.7.0, kombu 5.7.0, python 3.13.1, redis\\_py" not in text
    assert "celery 5.7.0, kombu 5.7.0, python 3.13.1, redis_py 6.4.0" in text
    assert "- Tier: smoke, one trial per cell: provisional\n" in text
    assert "- Cells: 103; 76 as documented, 15 document wrong, 12 regression\n" in text


def test_one_record_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Draft().write(tmp_path)
    assert main([str(path)]) == 0
    assert capsys.readouterr().out == shown(page(join([read(path)])))


def test_folders_of_several_runs_are_written_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [Draft(pool).write(tmp_path) for pool in ALL]
    out = tmp_path / "tables.md"
    assert main([*(str(path.parent) for path in paths), "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert out.read_text() == shown(page(join([read(path) for path in paths])))


def test_without_arguments_the_newest_local_runs_are_joined_a_page_a_broker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("poolproof.report.__main__.RECORDS", tmp_path / "results" / "local")
    for pool in ("prefork", "solo"):
        Draft(pool).write(tmp_path / "results" / "local")
    Draft("prefork", server="valkey").write(tmp_path / "results" / "local")
    rewrite(
        Draft(start="2026-11-30T02:00:00Z").write(tmp_path / "results" / "local"), lambda lines: lines[:-1]
    )
    assert main([]) == 0
    said = capsys.readouterr()
    assert re.findall("(?m)^# .*", said.out) == [
        "# Celery's worker pools on Redis 8.0.2",
        "# prefork-valkey on Valkey 8.0.2",
    ]
    assert said.err.count("\n") == 1
    assert "report: passed over " in said.err
    assert "has no footer" in said.err


def test_an_unfinished_run_says_so_in_front(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rewrite(Draft().write(tmp_path), lambda lines: lines[:-12])
    assert main([str(path)]) == 2
    assert "see its " in capsys.readouterr().err
    assert main([str(path), "--unfinished"]) == 0
    assert re.search(r"\*\*Unfinished:\*\* \d+ of 32 planned cells are missing\.", capsys.readouterr().out)


def test_a_partial_run_says_so_in_front(tmp_path: Path) -> None:
    assert "**Partial:**" in shown(page(joined(tmp_path, Draft(partial=True))))


@pytest.mark.parametrize(
    ("header", "footer", "words"),
    [
        pytest.param({}, {"exit": 2}, "**The instrument failed:**", id="instrument-failed"),
        pytest.param({"shard": "2/5"}, {}, "**Shard 2/5:** a part of a run", id="shard"),
    ],
)
def test_what_is_less_than_a_run_says_so_in_front(
    header: Line, footer: Line, words: str, tmp_path: Path
) -> None:
    def spoil(lines: list[Line]) -> None:
        lines[0].update(header)
        lines[-1].update(footer)

    path = rewrite(Draft().write(tmp_path), spoil)
    assert shown(page(join([read(path, unfinished=True)]))).splitlines()[2].startswith(words)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        pytest.param(["gone.jsonl"], "gone.jsonl: cannot be read", id="no-such-record"),
        pytest.param([], "results/local: holds no complete run; make one with ./toxw", id="no-local-run"),
        pytest.param(["."], ".: holds no complete run", id="empty-folder"),
    ],
)
def test_bad_input_is_one_line_and_two(
    argv: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("poolproof.report.__main__.RECORDS", tmp_path / "results" / "local")
    assert main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"report: {words}")
    assert said.err.count("\n") == 1


def test_an_out_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Draft().write(tmp_path)
    assert main([str(path), "--out", str(tmp_path / "no" / "such.md")]) == 2
    assert "such.md: cannot be written: No such file or directory; name another" in capsys.readouterr().err


def test_what_a_sign_rests_on_stands_above_the_tables(tmp_path: Path) -> None:
    once, twice = (
        joined(tmp_path / str(n), Draft("solo", claims=[ONCE, MODULE], rule=Fixed(n))) for n in (1, 2)
    )
    told = " ".join(shown(claims_table.section(once)).split())
    assert "A ✓ rests on one trial per cell, which did not violate the claim." in told
    told = " ".join(shown(claims_table.section(twice)).split())
    assert "A ✓ excludes a violation rate of 78% or more at 95% confidence." in told
