"""The published runs: complete, readable, and equal to the tables in their folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from poolproof.report.read.join import join
from poolproof.report.read.reader import read
from poolproof.report.render.markdown import rendered
from poolproof.report.say.page import page
from poolproof.report.say.pages import pages

RESULTS = Path(__file__).resolve().parent.parent / "results"
PUBLISHED = sorted(folder for folder in RESULTS.iterdir() if folder.is_dir() and folder.name != "local")


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_a_published_run_is_what_its_table_shows(folder: Path) -> None:
    runs = [read(record) for record in sorted(folder.glob("*/record.jsonl"))]
    assert not any(run.partial or run.missing for run in runs)
    (plot,) = folder.glob("*.svg")
    assert (folder / "tables.md").read_text() == rendered(page(join(runs), plot.name))


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_the_pages_beside_a_published_run_are_its_own(folder: Path) -> None:
    lying = {page.stem: page.read_text() for page in folder.glob("*.md") if page.name != "tables.md"}
    joined = join([read(record) for record in sorted(folder.glob("*/record.jsonl"))])
    assert lying == {name: rendered(page) for name, page in pages(joined).items()}


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_a_published_run_names_no_path_of_the_machine_that_made_it(folder: Path) -> None:
    for file in folder.rglob("*"):
        text = file.read_text() if file.is_file() else ""
        assert not [word for word in ("/root/", "/home/", "/tmp/", "/work/") if word in text], file
