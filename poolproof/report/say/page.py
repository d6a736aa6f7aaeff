"""One page of a comparison: what was run, and on what, then the sections, the most important first."""

from __future__ import annotations

from poolproof.model.commands import compare
from poolproof.report.read.join import Joined
from poolproof.report.say import choose, claims_table, crash_table, deviations, runs, slow_cells, timings
from poolproof.report.say.content import Code, Heading, Items, Page, Paragraph, Text

NO_CLAIM = Paragraph(("No claim was tested, so there is no table of verdicts.",))


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
        *slow_cells.section(joined),
        *timings.section(joined, plot),
        *claims_table.glossary(joined),
    )


def _no_choice(joined: Joined) -> Text:
    """Why pools are not compared, in one line."""
    if not joined.benchmarks:
        return ("Nothing was timed, so there are no timings and no comparison of pools.",)
    pools = {line.at.pool for line in joined.benchmarks}
    if len(pools) == 1:
        return (
            "Only one pool was timed, so there is no comparison; ",
            Code(compare()),
            " joins the newest runs.",
        )
    return ("No two pools have numbers at the same concurrency and prefetch, so there is no comparison.",)


def _title(joined: Joined) -> str:
    broker = joined.header.broker
    who = joined.runs[0].environment if len(joined.runs) == 1 else "Celery's worker pools"
    return f"{who} on {broker.server.capitalize()} {broker.version}"
