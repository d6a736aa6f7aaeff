"""One page of a comparison: what was run, and on what, then the sections in the order of their weight."""

from __future__ import annotations

from poolproof.model.commands import compare
from poolproof.report.read.join import Joined
from poolproof.report.say import choose, claims_table, crash_table, crawling, deviations, runs, timings
from poolproof.report.say.content import Code, Heading, Items, Page, Paragraph, Text

NO_CLAIM = Paragraph(("No claim was put: there is no table of what holds.",))


def page(joined: Joined, plot: str = "") -> Page:
    """The whole page; `plot` is where its image lies, as a link from the page."""
    return (
        Heading(1, (_title(joined),)),
        *runs.warnings(joined),
        Items(tuple(runs.facts(joined))),
        *(tuple(choose.section(joined)) or (Paragraph(_no_choice(joined)),)),
        *crash_table.section(joined),
        *(tuple(claims_table.section(joined)) or (NO_CLAIM,)),
        *deviations.section(joined),
        *crawling.section(joined),
        *timings.section(joined, plot),
        *claims_table.glossary(joined),
    )


def _no_choice(joined: Joined) -> Text:
    """Why there is nothing to choose from, in one line."""
    if not joined.benchmarks:
        return ("Nothing was timed: there is nothing to choose by, and there are no timings.",)
    pools = {line.at.pool for line in joined.benchmarks}
    if len(pools) == 1:
        return "One pool alone was timed: there is no choice; ", Code(compare()), " joins the newest runs."
    return ("No two pools have numbers at the same concurrency and prefetch: there is no choice.",)


def _title(joined: Joined) -> str:
    broker = joined.header.broker
    who = joined.runs[0].environment if len(joined.runs) == 1 else "Celery's worker pools"
    return f"{who} on {broker.server.capitalize()} {broker.version}"
