"""The published schema is the one that the types of the lines give."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from poolproof.model import schema
from poolproof.model.header import Header
from poolproof.report.read.reader import read
from tests.records import Draft, lines, rewrite

FILE = Path(__file__).parent.parent / "results" / "schema.json"
SCHEMA = json.loads(FILE.read_text())


def test_the_file_is_what_the_types_make() -> None:
    assert FILE.read_text() == schema.text(), "run ./toxw -e schema"


def test_a_line_must_have_its_fields_and_no_other(tmp_path: Path) -> None:
    for line in lines(Draft().write(tmp_path)):
        fits = jsonschema.Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{line['record']}"}]})
        assert fits.is_valid(line)
        assert not fits.is_valid({**line, "else": 1})
        needed = SCHEMA["$defs"][line["record"]]["required"]
        assert not [name for name in needed if fits.is_valid({k: v for k, v in line.items() if k != name})]


def test_a_header_without_its_pool_has_it_in_its_environment(tmp_path: Path) -> None:
    earlier = rewrite(Draft("gevent", "valkey").write(tmp_path), lambda lines: _without_pool(lines[0]))
    header: Header = read(earlier).header
    assert (header.environment, header.pool, header.server) == ("gevent-valkey", "gevent", "valkey")


def _without_pool(header: dict[str, object]) -> None:
    del header["pool"], header["server"]
