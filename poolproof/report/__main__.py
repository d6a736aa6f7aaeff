"""`python -m poolproof.report`: records in, Markdown out; starts nothing."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten

from poolproof import RECORDS
from poolproof.model import commands
from poolproof.model.errors import BadInput
from poolproof.report.read.bad_records import BadRecord
from poolproof.report.read.join import Joined, by_server, join, newest
from poolproof.report.read.reader import Run, read
from poolproof.report.render.escaping import printable
from poolproof.report.render.markdown import rendered
from poolproof.report.render.signs import shown_in
from poolproof.report.say.page import page
from poolproof.report.say.pages import pages
from poolproof.report.say.plot import plot

NAME = "python -m poolproof.report"
BAD_INPUT = 2
LONGEST = 1000
"""Columns of an error message, because a record may contain a very long text."""


def main(argv: Sequence[str] | None = None, name: str = NAME) -> int:
    """Print or write the tables; 0 when there are any, 2 with one line when the input allows none."""
    args = _parsed(argv, name)
    try:
        compared, passed = _joined(args)
        shown = [rendered(page(joined, _plot(joined, args))) for joined in compared]
        if args.pages is not None:
            _write_pages(compared, args.pages)
        _put("\n".join(shown), args.out)
    except BadInput as error:
        _tell(str(error))
        return BAD_INPUT
    return BAD_INPUT if passed else 0


def _parsed(argv: Sequence[str] | None, name: str) -> Namespace:
    parser = ArgumentParser(prog=name, description="Records of runs into tables.")
    parser.add_argument(
        "records",
        nargs="*",
        type=Path,
        metavar="RECORD_OR_FOLDER",
        help=f"several are joined; a folder (default {_local()}) gives its newest run of each environment",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there instead of to the terminal")
    parser.add_argument(
        "--plots", type=Path, metavar="FOLDER", help="draw the timings there, an SVG a broker"
    )
    parser.add_argument(
        "--pages", type=Path, metavar="FOLDER", help="write there what is tested, and the corrections"
    )
    parser.add_argument("--unfinished", action="store_true", help="show what a run that was cut has finished")
    return parser.parse_args(argv)


def _local() -> Path:
    """Where this installation's own records are, as seen from the current folder."""
    return Path(os.path.relpath(RECORDS))


def _joined(args: Namespace) -> tuple[list[Joined], Sequence[BadRecord]]:
    """The comparisons, and the errors of the records that were named and are left out of them."""
    match args.records:
        case []:
            return _newest(_local()), ()
        case [Path() as folder] if folder.is_dir() and not (folder / "record.jsonl").exists():
            return _newest(folder), ()
        case records:
            return _named(
                [path / "record.jsonl" if path.is_dir() else path for path in records], args.unfinished
            )


def _named(paths: Sequence[Path], unfinished: bool) -> tuple[list[Joined], Sequence[BadRecord]]:
    runs: list[Run] = []
    passed: list[BadRecord] = []
    for path in paths:
        try:
            runs.append(read(path, unfinished))
        except BadRecord as error:
            passed.append(error)
    if not runs and len(passed) == 1:
        raise passed[0]
    for each in passed:
        _tell(f"left out {each}")
    if not runs:
        raise BadInput(f"no record is left; make one with {commands.run('prefork')}, or name another")
    return [join(runs)], passed


def _newest(folder: Path) -> list[Joined]:
    runs, passed = newest(folder)
    for error in passed:
        _tell(f"passed over {error}")
    if not runs:
        raise BadInput(
            f"{folder}: holds no complete run; make one with {commands.run('prefork')}, or name a record"
        )
    return by_server(runs)


def _tell(error: str) -> None:
    """Print one line on the terminal, whatever a record has in it."""
    print(shorten(f"report: {printable(error)}", LONGEST, placeholder=" ..."), file=sys.stderr)


def _plot(joined: Joined, args: Namespace) -> str:
    """Draw the timings, and return the link from the page to them; empty when there is nothing to draw."""
    if args.plots is None:
        return ""
    try:
        from poolproof.report.render.plots import write
    except ModuleNotFoundError as gone:
        mend = commands.obtain("plots", "plots")
        raise BadInput(f"--plots: {gone.name} is not installed; run {mend}") from None
    path = write(plot(joined), args.plots)
    if path is None:
        _tell("nothing that was timed has a number, so nothing is drawn")
        return ""
    return os.path.relpath(path, args.out.parent if args.out else ".")


def _write_pages(compared: Sequence[Joined], folder: Path) -> None:
    """Write the pages about the documents of one comparison into the folder."""
    try:
        (joined,) = compared
    except ValueError:
        raise BadInput("--pages: these are runs on several brokers; name the records of one") from None
    texts = {folder / f"{name}.md": rendered(page) for name, page in pages(joined).items()}
    if not texts:
        raise BadInput("--pages: the records name no documents; run them again with this Poolproof")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder}: cannot be written: {error.strerror}; name another with --pages") from None
    for path in texts:
        _tell(f"wrote {path}")


def _put(text: str, out: Path | None) -> None:
    if out is None:
        _print(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out}: cannot be written: {error.strerror}; name another with --out") from None


def _print(text: str) -> None:
    """Write to the terminal in what it can show; BadInput where it takes no more, as on a full disk."""
    encoding = sys.stdout.encoding
    try:
        sys.stdout.write(shown_in(encoding, text).encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        # Without this, Python writes the rest of the buffer again at its end, and reports the error again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise BadInput(f"the output cannot be written: {error.strerror}; name a file with --out") from None


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `python -m poolproof.report | head` is no error
    sys.exit(main())
