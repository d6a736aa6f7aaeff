"""Blocks can be rendered in another format: here as HTML, with each word that the Markdown has."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import assert_never

import pytest

from poolproof.report.read.join import Joined, join
from poolproof.report.read.reader import read
from poolproof.report.render.signs import SIGNS
from poolproof.report.say import content as said
from poolproof.report.say.page import page
from poolproof.report.say.pages import pages
from tests.house import ROOT
from tests.markdown import shown
from tests.records import ALL, DOCUMENTS, Draft

PUBLISHED = [folder for folder in (ROOT / "results").iterdir() if folder.is_dir() and folder.name != "local"]


def element(tag: str, *content: ET.Element | str, **attributes: str) -> ET.Element:
    made = ET.Element(tag, attributes)
    for each in content:
        if isinstance(each, ET.Element):
            made.append(each)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + each
        else:
            made.text = (made.text or "") + each
    return made


def part(given: said.Part) -> ET.Element | str:
    match given:
        case str():
            return given
        case said.Code(text):
            return element("code", text)
        case said.Strong(text):
            return element("strong", text)
        case said.Sign(verdict):
            return element("abbr", SIGNS[verdict], title=str(verdict))
        case said.Link(text, to):
            return element("a", text, href=f"#{identifier(to)}")
        case _:
            assert_never(given)


def of(tag: str, text: said.Text, **attributes: str) -> ET.Element:
    return element(tag, *map(part, text), **attributes)


def identifier(heading: said.Text) -> str:
    return "".join(of("h", heading).itertext())


def row(tag: str, cells: Iterable[said.Text]) -> ET.Element:
    return element("tr", *(of(tag, cell) for cell in cells))


def block(given: said.Block) -> ET.Element:
    match given:
        case said.Heading(level, text):
            return of(f"h{level}", text, id=identifier(text))
        case said.Paragraph(text):
            return of("p", text)
        case said.Quotation(text):
            return of("blockquote", text)
        case said.Items(items):
            return element("ul", *(of("li", item) for item in items))
        case said.Table(columns, rows):
            heads = row("th", (column.head for column in columns))
            return element("table", heads, *(row("td", each) for each in rows))
        case said.Groups(name, items, groups):
            listed = (
                element("tr", of("td", each.name), *(of("td", item) for item in each.items))
                for each in groups
            )
            return element("table", row("th", ((name,), (items,))), *listed)
        case said.Evidence(facts):
            pairs = ((element("dt", fact.label), element("dd", fact.text)) for fact in facts)
            return element("dl", *(each for pair in pairs for each in pair))
        case said.Image(shows, path):
            return element("figure", element("img", src=path), element("figcaption", shows))
        case _:
            assert_never(given)


def html(given: said.Page) -> ET.Element:
    return ET.fromstring(ET.tostring(element("main", *map(block, given))))


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.replace("\\", "")))


def without_targets(markdown: str) -> str:
    """Markdown without the targets of links, and without the language of its fences."""
    return re.sub(r"(?<=\])\([^ ]*\)|(?<=\n```)text(?=\n)", "", markdown)


def all_pages(joined: Joined) -> list[said.Page]:
    return [page(joined, "plot.svg"), *pages(joined).values()]


@pytest.fixture(params=["drafts", *PUBLISHED], ids=lambda given: getattr(given, "name", given))
def joined(request: pytest.FixtureRequest, tmp_path: Path) -> Joined:
    if isinstance(request.param, Path):
        return join([read(record) for record in sorted(request.param.glob("*/record.jsonl"))])
    return join([read(Draft(pool, documents=DOCUMENTS).write(tmp_path)) for pool in ALL])


def test_it_has_each_word_of_the_markdown_as_often(joined: Joined) -> None:
    for each in all_pages(joined):
        text = " ".join(html(each).itertext())
        assert words(text) == words(without_targets(shown(each)))


def test_each_link_leads_to_a_heading(joined: Joined) -> None:
    tree = html(page(joined))
    links = [str(link.get("href")).removeprefix("#") for link in tree.iter("a")]
    assert links
    assert set(links) <= {heading.get("id") for level in "123" for heading in tree.iter(f"h{level}")}
