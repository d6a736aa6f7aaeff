"""The plot: the same for the same records, readable as text, and drawn only on request."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pytest

from poolproof.report.__main__ import main
from poolproof.report.read.join import join
from poolproof.report.read.reader import read
from poolproof.report.render import plots
from poolproof.report.say.plot import plot
from poolproof.report.say.timed import WORKLOADS
from tests.records import ALL
from tests.timings import Times, runs

LINE = 10
"""The height of a line of text."""


def drawn(folder: Path, times: Times) -> Path:
    path = plots.write(plot(join([read(path) for path in runs(folder, times)])), folder / "plots")
    assert path is not None
    return path


def texts(path: Path) -> list[ET.Element]:
    return list(ET.parse(path).iter("{http://www.w3.org/2000/svg}text"))


def words(path: Path) -> list[str | None]:
    return [text.text for text in texts(path)]


def test_a_panel_a_workload_and_a_line_a_pool_all_as_text(tmp_path: Path) -> None:
    found = words(drawn(tmp_path, Times()))
    assert [word for word in found if word in WORKLOADS.values()] == list(WORKLOADS.values())
    assert [found.count(pool) for pool in ALL] == [len(WORKLOADS)] * len(ALL)
    assert found.count("concurrency") == len(WORKLOADS)


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (drawn(tmp_path / name, Times()).read_bytes() for name in "ab")
    assert one == other
    assert b"<dc:date>" not in one


def test_it_has_its_own_background(tmp_path: Path) -> None:
    assert 'style="fill: #ffffff"' in drawn(tmp_path, Times()).read_text()


def test_one_look_is_drawn_without_bars(tmp_path: Path) -> None:
    looks, medians = (drawn(tmp_path / str(n), Times(repetitions=n)).read_text() for n in (1, 5))
    assert looks.count("<path") < medians.count("<path")


def test_names_of_lines_that_end_together_do_not_overlap(tmp_path: Path) -> None:
    names = ("eventlet", "gevent", "threads")
    heights = [
        [float(text.attrib["y"]) for text in texts(drawn(tmp_path / name, Times())) if text.text == name]
        for name in names
    ]
    for ones, others in combinations(heights, 2):
        assert all(abs(one - other) > LINE for one, other in zip(ones, others, strict=True))


def test_nothing_timed_draws_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = runs(tmp_path, Times(probes=()), pools=["solo"])
    assert main([str(path), "--plots", str(tmp_path / "plots")]) == 0
    assert capsys.readouterr().err == "report: nothing that was timed has a number, so nothing is drawn\n"
    assert not (tmp_path / "plots").exists()


def test_the_page_shows_the_plot_from_where_it_lies(tmp_path: Path) -> None:
    paths = map(str, runs(tmp_path, Times(), pools=["prefork", "solo"]))
    out = tmp_path / "pages" / "tables.md"
    out.parent.mkdir()
    assert main([*paths, "--out", str(out), "--plots", str(tmp_path / "plots")]) == 0
    assert "](<../plots/throughput-redis.svg>)" in out.read_text()
    assert (out.parent / "../plots/throughput-redis.svg").is_file()


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = runs(tmp_path, Times(), pools=["solo"])
    assert main([str(path), "--plots", str(path / "plots")]) == 2
    said = capsys.readouterr().err
    assert "throughput-redis.svg: cannot be written: Not a directory; name another folder with" in said
    assert said.count("\n") == 1


def test_without_matplotlib_all_but_plots_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = runs(tmp_path, Times(), pools=["solo"])
    monkeypatch.delitem(sys.modules, "poolproof.report.render.plots")
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main([str(path)]) == 0
    assert main([str(path), "--plots", str(tmp_path)]) == 2
    assert "report: --plots: matplotlib is not installed; run ./toxw -e plots\n" in capsys.readouterr().err


def test_tables_import_no_matplotlib() -> None:
    asked = "import sys, poolproof.report.__main__; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
