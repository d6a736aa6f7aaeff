"""One page of a comparison: what was run, and on what, then the sections in the order of their weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from publish import claims_table, deviations
from publish.join import Joined
from publish.markdown import bullet, code, prose

SECTIONS: tuple[Callable[[Joined], str], ...] = (
    claims_table.section,
    deviations.section,
    claims_table.glossary,
)
"""Each gives Markdown that ends in a newline, or nothing."""


def page(joined: Joined) -> str:
    """The whole page."""
    parts = [f"# {_title(joined)}\n", *_warnings(joined), "".join(map(bullet, _facts(joined)))]
    parts += [text for section in SECTIONS if (text := section(joined))]
    return "\n".join(parts)


def _title(joined: Joined) -> str:
    broker = joined.header["broker"]
    who = joined.runs[0].environment if len(joined.runs) == 1 else "Celery's worker pools"
    return f"{prose(who)} on {broker['server'].capitalize()} {prose(broker['version'])}"


def _warnings(joined: Joined) -> Iterable[str]:
    """What keeps a single record from standing for its environment."""
    for run in joined.runs:
        if run.footer is None or run.footer["missing"]:
            planned = run.header["planned"]["cells"]
            yield f"**Unfinished:** {len(run.cells)} of {planned} planned cells are decided.\n"
        elif run.header["partial"]:
            yield "**Partial:** a selection alone was run; it stands for no environment.\n"


def _facts(joined: Joined) -> Iterable[str]:
    header = joined.header
    versions = {name: version for run in joined.runs for name, version in run.header["versions"].items()}
    yield "Software: " + ", ".join(f"{prose(name)} {prose(versions[name])}" for name in sorted(versions))
    had = sorted({run.header["broker"]["from"] for run in joined.runs})
    yield f"Broker: {header['broker']['server']} {prose(header['broker']['version'])}, from {', '.join(had)}"
    machine = header["machine"]
    system = prose(f"{machine['system']} {machine['release']} on {machine['architecture']}")
    yield f"Machine: {system}, cores: {machine['cores']}, memory: {machine['memory_gib']} GiB"
    yield f"Tier: {prose(header['tier'])}, {_rule(joined)}"
    yield f"Cells: {_counted(joined)}"
    yield "Runs: " + ", ".join(code(run.header["run"]) for run in joined.runs)


def _rule(joined: Joined) -> str:
    rule = joined.header["rule"]
    if "trials" in rule:
        trials = "one trial" if rule["trials"] == 1 else f"{rule['trials']} trials"
        return f"{trials} a cell: provisional"
    return "Wald's sequential test, " + ", ".join(f"{name} = {rule[name]}" for name in rule)


def _counted(joined: Joined) -> str:
    counts = Counter(cell["outcome"] or "n/a" for cell in joined.cells)
    return f"{sum(counts.values())}; " + ", ".join(f"{count} {name}" for name, count in counts.most_common())
