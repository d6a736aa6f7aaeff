"""The pages about the documents themselves: what of them is tested, and what is to be corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from poolproof.model.errors import BadInput
from poolproof.report.read.join import Joined
from poolproof.report.say import corrections, coverage


def pages(joined: Joined) -> Mapping[str, str]:
    """The text of each page by the name of its file; none when the records name no document."""
    if not joined.documents:
        return {}
    texts = {f"corrections-{each}.md": corrections.page(joined, each) for each in joined.documents}
    return {"coverage.md": coverage.page(joined), **texts}


def write(compared: Sequence[Joined], folder: Path) -> list[Path]:
    """Write the pages of one comparison into the folder; BadInput when that cannot be."""
    try:
        (joined,) = compared
    except ValueError:
        raise BadInput("--pages: these are runs on several brokers; name the records of one") from None
    texts = pages(joined)
    if not texts:
        raise BadInput("--pages: the records name no documents; run them again with this Poolproof")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder}: cannot be written: {error.strerror}; name another with --pages") from None
    return [folder / name for name in texts]
