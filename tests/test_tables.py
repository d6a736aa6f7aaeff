"""The tables: straight in a terminal, whole on GitHub, and never better than their records."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.cells import Cell
from probes.claims import HOLDS
from publish import claims_table, deviations, markdown
from publish.__main__ import main
from publish.join import Joined, join
from publish.page import page
from publish.reader import read
from tests.records import ALL, EARLIER, ONCE, STARVES, Draft, rewrite

TERMINAL = 100


def joined(folder: Path, *drafts: Draft) -> Joined:
    return join([read(draft.write(folder)) for draft in drafts])


@pytest.fixture
def five(tmp_path: Path) -> Joined:
    return joined(tmp_path, *map(Draft, ALL))


@pytest.fixture
def one(tmp_path: Path) -> Joined:
    return joined(tmp_path, Draft())


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all the tables by their first cell."""
    split = [cells(line) for line in text.splitlines() if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in split}


def cells(line: str) -> list[str]:
    """Split a row as GitHub does: at each pipe that no backslash stands before."""
    inside = re.split(r"(?<!\\)\|", line)[1:-1]
    return [cell.strip().replace("\\|", "|") for cell in inside]


def columns(line: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in line
    )


def test_claims_against_pools(five: Joined) -> None:
    table = rows(claims_table.section(five))
    assert table["claim"] == ["prefork", "solo", "threads", "eventlet", "gevent", "all"]
    assert table["two-processes-at-c1"] == ["✓", "-", "-", "-", "-", "✓"]
    assert table["child-crash-is-contained"] == ["✓", "✗", "✗", "✗", "✗", "◐ regression"]
    assert table["each-message-once"] == ["✓"] * 6
    assert table["earlier-queue-starves-later"] == ["◐"] * 6
    assert table["is-a-fork-of-multiprocessing"] == ["-"] * 5 + ["✓"]


def test_claims_against_concurrencies(one: Joined) -> None:
    table = rows(claims_table.section(one))
    assert table["claim"] == ["c1", "c2", "c4", "all"]
    assert table["each-message-once"] == ["✓", "✓", "✓", "✓"]
    assert table["earlier-queue-starves-later"] == ["✗✓✗✓✗✓", "·", "·", "◐"]
    assert table["is-a-fork-of-multiprocessing"] == ["·", "·", "·", "✓"]


def test_conditions_stand_below_their_table(five: Joined) -> None:
    text = claims_table.section(five)
    assert "\n- `child-crash-is-contained` holds iff pool = prefork\n" in text
    assert "\n- `earlier-queue-starves-later` holds iff order = priority\n" in text


def test_six_glyphs_and_no_more_each_explained(five: Joined) -> None:
    text = claims_table.section(five)
    assert len(set(claims_table.GLYPHS.values())) == 6
    for verdict, glyph in claims_table.GLYPHS.items():
        assert f"{glyph} {verdict or 'not run'}" in text
        assert unicodedata.east_asian_width(glyph) not in "WF"


def test_stale_is_flagged_in_words(tmp_path: Path) -> None:
    draft = Draft("solo")
    draft.cells = lambda of: [(Cell("solo", 1, 4), STARVES, "satisfied")]  # type: ignore[method-assign]
    draft.claims = [EARLIER]
    run = joined(tmp_path, draft)
    assert rows(claims_table.section(run))["earlier-queue-starves-later"] == ["✓", "✓ stale"]
    text = deviations.section(run)
    assert "### `queues.earlier-queue-starves-later`: stale" in text
    assert "It was expected to be refuted and holds" in text


def test_undecided_says_why(tmp_path: Path) -> None:
    draft = Draft("solo", claims=[ONCE])
    draft.cells = lambda of: [(Cell("solo", 1, 4), HOLDS, "void")]  # type: ignore[method-assign]
    run = joined(tmp_path, draft)
    assert rows(claims_table.section(run))["each-message-once"] == ["?", "?"]
    assert "It could not be decided: the worker was never ready" in deviations.section(run)


def test_a_deviation_says_what_is_true_why_where_how_seen_and_how_to_repeat(one: Joined) -> None:
    text = deviations.section(one)
    flat = " ".join(text.split())
    assert "### `queues.earlier-queue-starves-later`: document wrong" in text
    assert "> With -Q a,b nothing is fetched from b while a holds messages. (document 000, 1. Pools)" in text
    assert f"True instead: {STARVES.instead}" in flat
    assert "(since kombu 3.0.33; see kombu/transport/redis.py, Channel.queue_order_strategy)" in flat
    assert "In 3 of 6 cells: `prefork-c1-p1-round_robin`," in flat
    assert "\nevidence  each message once: a1 lost | b2 lost\n" in text
    assert "\nworker    celery worker -P prefork\n" in text
    assert "\nrepeat    tox -e prefork-redis -- -k 'queues.earlier-queue-starves-later and " in text


def test_the_urgent_deviations_come_first_and_cells_are_named_in_small_numbers(five: Joined) -> None:
    text = deviations.section(five)
    assert text.index("regression") < text.index("document wrong")
    assert "and 4 more. The first of them:" in text


def test_a_run_that_is_all_as_documented_has_no_deviations(tmp_path: Path) -> None:
    run = joined(tmp_path, Draft(claims=[ONCE]))
    assert deviations.section(run) == ""
    assert "Deviations" not in page(run)


def test_a_record_of_timings_alone_makes_no_table_of_claims(tmp_path: Path) -> None:
    run = joined(tmp_path, Draft(claims=[]))
    assert claims_table.section(run) == claims_table.glossary(run) == ""


def test_pages_are_straight_and_fit_a_terminal(five: Joined) -> None:
    for text in (page(five), page(join(five.runs[:1]))):
        fenced = False
        for line in text.splitlines():
            fenced ^= line.startswith("```")
            assert fenced or columns(line) <= TERMINAL, line
        assert len({columns(line) for line in text.splitlines() if line.startswith("|")}) == 1
        assert "\n\n\n" not in text
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_the_page_says_what_was_run_on_what(five: Joined) -> None:
    text = page(five)
    assert text.startswith("# Celery's worker pools on Redis 8.0.2\n")
    assert "- Software: celery 5.7.0, kombu 5.7.0, python 3.13.1, redis\\_py" not in text
    assert "celery 5.7.0, kombu 5.7.0, python 3.13.1, redis_py 6.4.0" in text
    assert "- Tier: smoke, one trial a cell: provisional\n" in text
    assert "- Cells: 99; 74 as documented, 15 document wrong, 10 regression\n" in text


printed = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(printed, printed), max_size=5))
def test_a_table_keeps_its_shape_whatever_its_cells_hold(body: list[tuple[str, str]]) -> None:
    made = [[markdown.code(left), markdown.prose(right)] for left, right in body]
    text = markdown.table(["a", "b"], made, ["left", "center"])
    lines = text.splitlines()
    assert len(lines) == 2 + len(body)
    assert len({columns(line) for line in lines}) == 1
    assert [cells(line) for line in lines[2:]] == made


@given(printed)
def test_code_cannot_break_out_of_its_span(text: str) -> None:
    span = markdown.code(text)
    fence = re.match("`+", span)
    assert fence is not None
    inside = span[len(fence[0]) : -len(fence[0])]
    assert span.endswith(fence[0])
    assert fence[0] not in re.findall("`+", inside)


@given(st.lists(printed, min_size=1, max_size=4))
def test_text_cannot_break_out_of_its_block(texts: list[str]) -> None:
    first, *inside, last = markdown.block(texts).splitlines()
    assert first == last + "text"
    assert len(inside) == len(texts)
    assert not any(line.startswith(last) for line in inside)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", "a | b"),
        ("a\nb\tc", "a b c"),
        ("*bold*", r"\*bold\*"),
        ("redis_py, __init__", r"redis_py, \__init_\_"),
        ("<script>", r"\<script>"),
        ("[x](y)", r"\[x\](y)"),
        ("`-c 1` of *n*", r"`-c 1` of \*n\*"),
        ("red \x1b[31m", r"red \\x1b\[31m"),
        ("&lt; at & t", r"\&lt; at & t"),
        ("~~gone~~", r"\~\~gone\~\~"),
        ("one ` tick", r"one \` tick"),
    ],
)
def test_text_stays_text(text: str, shown: str) -> None:
    assert markdown.prose(text) == shown


@pytest.mark.parametrize(
    ("start", "shown"),
    [("-", r"\-"), ("+", r"\+"), ("#", r"\#"), (">", r"\>"), ("1.", r"1\."), ("12)", r"12\)")],
)
def test_a_wrapped_line_becomes_no_list_heading_or_quotation(start: str, shown: str) -> None:
    text = markdown.bullet("x" * 95 + f" {start} word")
    assert text == f"- {'x' * 95}\n  {shown} word\n"


def test_one_record_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Draft().write(tmp_path)
    assert main([str(path)]) == 0
    assert capsys.readouterr().out == page(join([read(path)]))


def test_folders_of_several_runs_are_written_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [Draft(pool).write(tmp_path) for pool in ALL]
    out = tmp_path / "tables.md"
    assert main([*(str(path.parent) for path in paths), "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert out.read_text() == page(join([read(path) for path in paths]))


def test_without_arguments_the_newest_local_runs_are_joined_a_page_a_broker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
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
    assert "publish: passed over " in said.err
    assert "has no footer" in said.err


def test_an_unfinished_run_says_so_in_front(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rewrite(Draft().write(tmp_path), lambda lines: lines[:-12])
    assert main([str(path)]) == 2
    assert "see its " in capsys.readouterr().err
    assert main([str(path), "--unfinished"]) == 0
    assert re.search(r"\*\*Unfinished:\*\* \d+ of 31 planned cells are decided\.", capsys.readouterr().out)


def test_a_partial_run_says_so_in_front(tmp_path: Path) -> None:
    assert "**Partial:**" in page(joined(tmp_path, Draft(partial=True)))


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        pytest.param(["gone.jsonl"], "gone.jsonl: cannot be read", id="no-such-record"),
        pytest.param([], "results/local: holds no complete run; make one with tox", id="no-local-run"),
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
    assert main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"publish: {words}")
    assert said.err.count("\n") == 1


def test_an_out_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Draft().write(tmp_path)
    assert main([str(path), "--out", str(tmp_path / "no" / "such.md")]) == 2
    assert "such.md: cannot be written: No such file or directory; name another" in capsys.readouterr().err
