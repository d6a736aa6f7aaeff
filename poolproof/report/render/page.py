"""One page of a comparison: what was run, and on what, then the sections in the order of their weight."""

from __future__ import annotations

from poolproof.model.commands import compare
from poolproof.report.read.join import Joined
from poolproof.report.render.markdown import bullet, prose
from poolproof.report.say import choose, claims_table, crash_table, crawling, deviations, runs, timings


def page(joined: Joined, plot: str = "") -> str:
    """The whole page; `plot` is where its image lies, as a link from the page."""
    sections = [
        choose.section(joined) or _no_choice(joined),
        crash_table.section(joined),
        claims_table.section(joined) or "No claim was put: there is no table of what holds.\n",
        deviations.section(joined),
        crawling.section(joined),
        timings.section(joined, plot),
        claims_table.glossary(joined),
    ]
    parts = [f"# {_title(joined)}\n", *runs.warnings(joined), "".join(map(bullet, runs.facts(joined)))]
    return "\n".join([*parts, *filter(None, sections)])


def _no_choice(joined: Joined) -> str:
    """Why there is nothing to choose from, in one line."""
    if not joined.benchmarks:
        return "Nothing was timed: there is nothing to choose by, and there are no timings.\n"
    pools = {line.at.pool for line in joined.benchmarks}
    if len(pools) == 1:
        return f"One pool alone was timed: there is no choice; `{compare()}` joins the newest runs.\n"
    return "No two pools have numbers at the same concurrency and prefetch: there is no choice.\n"


def _title(joined: Joined) -> str:
    broker = joined.header.broker
    who = joined.runs[0].environment if len(joined.runs) == 1 else "Celery's worker pools"
    return f"{prose(who)} on {broker.server.capitalize()} {prose(broker.version)}"
