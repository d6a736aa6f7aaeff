"""`python -m publish`: records in, Markdown out; starts nothing."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from probes.errors import BadInput
from publish import pages
from publish.join import Joined, by_server, join, newest
from publish.page import page
from publish.reader import read

LOCAL = Path("results/local")
BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Print or write the tables; 0 when there are any, 2 with one line when the input allows none."""
    args = _parsed(argv)
    try:
        compared = _joined(args)
        shown = [page(joined, _plot(joined, args)) for joined in compared]
        if args.pages is not None:
            for path in pages.write(compared, args.pages):
                print(f"publish: wrote {path}", file=sys.stderr)
        _put("\n".join(shown), args.out)
    except BadInput as fault:
        print(f"publish: {fault}", file=sys.stderr)
        return BAD_INPUT
    return 0


def _parsed(argv: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m publish", description="Records of runs into tables.")
    parser.add_argument(
        "records",
        nargs="*",
        type=Path,
        metavar="RECORD_OR_FOLDER",
        help=f"several are joined; a folder (default {LOCAL}) gives its newest run of each environment",
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


def _joined(args: Namespace) -> list[Joined]:
    match args.records:
        case []:
            return _newest(LOCAL)
        case [Path() as folder] if folder.is_dir() and not (folder / "record.jsonl").exists():
            return _newest(folder)
        case records:
            paths = [path / "record.jsonl" if path.is_dir() else path for path in records]
            return [join([read(path, args.unfinished) for path in paths])]


def _newest(folder: Path) -> list[Joined]:
    runs, passed = newest(folder)
    for fault in passed:
        print(f"publish: passed over {fault}", file=sys.stderr)
    if not runs:
        raise BadInput(
            f"{folder}: holds no complete run; make one with ./toxw -e prefork-redis, or name a record"
        )
    return by_server(runs)


def _plot(joined: Joined, args: Namespace) -> str:
    """Draw the timings, and return the link from the page to them; empty when there is nothing to draw."""
    if args.plots is None:
        return ""
    try:
        from publish.plots import write
    except ModuleNotFoundError as gone:
        raise BadInput(f"--plots: {gone.name} is not installed; run ./toxw -e plots") from None
    path = write(joined, args.plots)
    if path is None:
        print("publish: nothing that was timed has a number, so nothing is drawn", file=sys.stderr)
        return ""
    return os.path.relpath(path, args.out.parent if args.out else ".")


def _put(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out}: cannot be written: {error.strerror}; name another with --out") from None


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `python -m publish | head` is no fault
    sys.exit(main())
