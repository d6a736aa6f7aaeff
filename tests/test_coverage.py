"""The table of coverage: every section with its claims or its reason, made only from records."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.report.__main__ import main
from poolproof.report.read.bad_records import NotComparable
from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.say import coverage
from poolproof.report.say.pages import pages
from tests.markdown import cells, columns, rows, shown
from tests.records import ALL, DOCUMENTS, Draft

TERMINAL = 100


@pytest.fixture
def five(tmp_path: Path) -> Joined:
    return join([read(Draft(pool, documents=DOCUMENTS).write(tmp_path)) for pool in ALL])


def test_each_document_is_counted(five: Joined) -> None:
    table = rows(shown(coverage.page(five)))
    assert table["document"] == ["sections", "with claims", "untestable", "neither", "claims", "omitted"]
    assert table["000: Pools | compared"] == ["2", "2", "", "", "6", ""]
    assert table["003: Which \\*pool\\* to choose"] == ["3", "", "2", "1", "", "1"]


def test_each_section_has_its_claims_with_their_verdicts(five: Joined) -> None:
    _, _, told = shown(coverage.page(five)).partition("## 000")
    told, _, other = told.partition("## 003")
    table = [cells(line) for line in told.splitlines() if line.startswith("|")]
    assert table[2:] == [
        ["1. Pools", "✓ `billiard.is-a-fork-of-multiprocessing`"],
        ["", "◐ `crashes.child-crash-is-contained`"],
        ["", "✓ `memory.child-shares-its-imports`"],
        ["", "✓ `prefork.two-processes-at-c1`"],
        ["", "◐ `queues.earlier-queue-starves-later`"],
        ["2. Delivery", "✓ `delivery.each-message-once`"],
    ]
    assert rows(other)["1. Advice"] == ["advice"]
    assert rows(other)["2. Speed"] == ["**no claim in these runs, and no reason**"]
    assert rows(other)["3. Ease"] == ["· prefork is easy to use (taste)"]


def test_a_page_of_fewer_pools_says_that_it_is_incomplete(five: Joined) -> None:
    assert "Incomplete" not in "".join(map(shown, pages(five).values()))
    for text in map(shown, pages(Joined(five.runs[1:3])).values()):
        assert (
            "\n**Incomplete:** no run of prefork, eventlet, gevent, so this page does not cover them.\n"
            in text
        )


def test_pages_are_straight_and_fit_a_terminal(five: Joined) -> None:
    for text in map(shown, pages(five).values()):
        fenced = False
        for line in text.splitlines():
            fenced ^= line.startswith("```")
            assert fenced or columns(line) <= TERMINAL, line
        assert "\n\n\n" not in text
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_the_pages_are_written_a_line_each(
    five: Joined, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "pages"
    records = [str(run.path) for run in five.runs]
    assert main([*records, "--out", str(tmp_path / "tables.md"), "--pages", str(folder)]) == 0
    said = capsys.readouterr()
    names = ["coverage.md", "corrections-000.md", "corrections-003.md"]
    assert said.out == ""
    assert said.err.splitlines() == [f"report: wrote {folder / name}" for name in names]
    assert {file.stem: file.read_text() for file in folder.iterdir()} == {
        name: shown(page) for name, page in pages(five).items()
    }


def test_records_without_documents_make_no_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = Draft().write(tmp_path)
    assert main([str(record), "--pages", str(tmp_path / "pages")]) == 2
    said = "report: --pages: the records name no documents; run them again with this Poolproof\n"
    assert capsys.readouterr() == ("", said)
    assert not (tmp_path / "pages").exists()


def test_runs_on_two_brokers_make_no_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for server in ("redis", "valkey"):
        Draft(server=server, documents=DOCUMENTS).write(tmp_path / "runs")
    assert main([str(tmp_path / "runs"), "--pages", str(tmp_path)]) == 2
    said = "report: --pages: these are runs on several brokers; name the records of one\n"
    assert capsys.readouterr().err == said


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = Draft(documents=DOCUMENTS).write(tmp_path)
    assert main([str(record), "--pages", str(record)]) == 2
    assert "record.jsonl: cannot be written: File exists; name another" in capsys.readouterr().err


def test_runs_that_judge_other_documents_are_not_joined(tmp_path: Path) -> None:
    one, other = Draft(documents=DOCUMENTS), Draft("solo", documents=DOCUMENTS[:1])
    with pytest.raises(NotComparable, match=r"solo-redis/record\.jsonl: judges other documents than "):
        join([read(one.write(tmp_path)), read(other.write(tmp_path))])


def test_records_of_before_there_were_documents_are_joined(tmp_path: Path) -> None:
    joined = join([read(Draft(pool).write(tmp_path)) for pool in ("prefork", "solo")])
    assert pages(joined) == {}
