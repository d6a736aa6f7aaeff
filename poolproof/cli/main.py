"""The command `poolproof` and its subcommands."""

from __future__ import annotations

import signal
from collections.abc import Sequence

import click

from poolproof.cli.run import run
from poolproof.report.__main__ import main as write_report

AS_IT_IS = {"ignore_unknown_options": True, "help_option_names": []}
"""Every word, `--help` too, is for the subcommand's own parser."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Find out what Celery's worker pools really do: test claims on real workers, and compare the answers."""


@main.command(context_settings=AS_IT_IS)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def report(context: click.Context, words: Sequence[str]) -> None:
    """Join the records of runs into comparison tables; starts no worker."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `poolproof report | head` is no mistake
    context.exit(write_report(words, "poolproof report"))


main.add_command(run)
