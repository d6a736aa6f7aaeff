"""Whatever a record holds stays text: it breaks out of no cell, no span, no block and no list."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.report.render import markdown
from tests.markdown import cells, columns

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
        ("```<b>``", r"\`\`\`\<b>\`\`"),
    ],
)
def test_text_stays_text(text: str, shown: str) -> None:
    assert markdown.prose(text) == shown


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        *(("-", r"\-"), ("+", r"\+"), ("#", r"\#"), ("##", r"\##"), (">", r"\>"), (">a", r"\>a")),
        *(("1.", r"1\."), ("12)", r"12\)"), ("---", r"\---"), ("==", r"\=="), ("<p>", r"\<p>"), ("|", r"\|")),
    ],
)
def test_a_wrapped_line_becomes_no_list_heading_or_quotation(start: str, shown: str) -> None:
    text = markdown.bullet("x" * 95 + f" {start} word")
    assert text == f"- {'x' * 95}\n  {shown} word\n"


@pytest.mark.parametrize("start", ["<script>", "# a", "- a", "> a", "``` a"])
def test_a_code_span_is_not_broken_where_its_next_line_would_begin_a_block(start: str) -> None:
    _, *others = markdown.bullet(f"{'x' * 90} {markdown.code(f'kept {start} to the end')}").splitlines()
    assert not [line for line in others if line.strip().startswith(start)]
