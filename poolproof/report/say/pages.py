"""The pages about the documents themselves: what of them is tested, and what is to be corrected."""

from __future__ import annotations

from collections.abc import Mapping

from poolproof.report.read.join import Joined
from poolproof.report.say import corrections, coverage
from poolproof.report.say.content import Page


def pages(joined: Joined) -> Mapping[str, Page]:
    """Each page by its name; none when the records name no document."""
    if not joined.documents:
        return {}
    texts = {f"corrections-{each}": corrections.page(joined, each) for each in joined.documents}
    return {"coverage": coverage.page(joined), **texts}
