"""One page of a comparison: what was run, and on what, then the sections in the order of their weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from probes.verdict import FAULT
from publish import choose, claims_table, crawling, deviations, timings
from publish.join import Joined
from publish.markdown import bullet, code, prose
from publish.reader import Line


def page(joined: Joined, plot: str = "") -> str:
    """The whole page; `plot` is where its image lies, as a link from the page."""
    sections = [
        choose.section(joined) or _no_choice(joined),
        claims_table.section(joined) or "No claim was put: there is no table of what holds.\n",
        deviations.section(joined),
        crawling.section(joined),
        timings.section(joined, plot),
        claims_table.glossary(joined),
    ]
    parts = [f"# {_title(joined)}\n", *_warnings(joined), "".join(map(bullet, _facts(joined)))]
    return "\n".join([*parts, *filter(None, sections)])


def _no_choice(joined: Joined) -> str:
    """Why there is nothing to choose from, in one line."""
    if not joined.benchmarks:
        return "Nothing was timed: there is nothing to choose by, and there are no timings.\n"
    pools = {line["axes"]["pool"] for line in joined.benchmarks}
    if len(pools) == 1:
        return "One pool alone was timed: there is no choice; `./toxw -e tables` joins the newest runs.\n"
    return "No two pools have numbers at the same prefetch multiplier: there is no choice.\n"


def _title(joined: Joined) -> str:
    broker = joined.header["broker"]
    who = joined.runs[0].environment if len(joined.runs) == 1 else "Celery's worker pools"
    return f"{prose(who)} on {broker['server'].capitalize()} {prose(broker['version'])}"


def _warnings(joined: Joined) -> Iterable[str]:
    """What keeps a single record from standing for its environment."""
    for run in joined.runs:
        if run.footer is None or run.missing:
            yield f"**Unfinished:** {run.missing} of {run.planned} planned cells are missing.\n"
        elif run.footer["exit"] >= FAULT:
            yield "**The instrument failed:** see the run's output; nothing here can be relied on.\n"
        elif run.header["partial"]:
            yield "**Partial:** a selection alone was run; it stands for no environment.\n"
        elif run.header["shard"]:
            yield f"**Shard {run.header['shard']}:** a part of a run; join it with the others.\n"


def _facts(joined: Joined) -> Iterable[str]:
    header = joined.header
    versions = {name: version for run in joined.runs for name, version in run.header["versions"].items()}
    yield "Software: " + ", ".join(f"{prose(name)} {prose(versions[name])}" for name in sorted(versions))
    had = sorted({_had(run.header["broker"]) for run in joined.runs})
    yield f"Broker: {header['broker']['server']} {prose(header['broker']['version'])}, from {', '.join(had)}"
    machine = header["machine"]
    system = prose(f"{machine['system']} {machine['release']} on {machine['architecture']}")
    yield f"Machine: {system}, cores: {machine['cores']}, memory: {machine['memory_gib']} GiB"
    yield f"Tier: {prose(header['tier'])}, {_rule(joined)}"
    if joined.cells:
        yield f"Cells: {_counted(joined)}"
    if joined.benchmarks:
        yield f"Timed: {_timed(joined)}"
    yield "Runs: " + ", ".join(code(run.header["run"]) for run in joined.runs)


def _had(broker: Line) -> str:
    image = broker.get("image")
    return f"docker, image {prose(image)}" if image else str(broker["from"])


def _rule(joined: Joined) -> str:
    rule = joined.header["rule"]
    if "trials" in rule:
        trials = "one trial" if rule["trials"] == 1 else f"{rule['trials']} trials"
        return f"{trials} a cell: provisional"
    return "Wald's sequential test, " + ", ".join(f"{name} = {rule[name]}" for name in rule)


def _counted(joined: Joined) -> str:
    counts = Counter(cell["outcome"] or "n/a" for cell in joined.cells)
    return f"{sum(counts.values())}; " + ", ".join(f"{count} {name}" for name, count in counts.most_common())


def _timed(joined: Joined) -> str:
    lines = joined.benchmarks
    made = sorted({line["repetitions"] for line in lines})
    often = "once" if made == [1] else f"{' to '.join(map(str, made[:1] + made[1:][-1:]))} times"
    vain = sum(line["throughput"] is None for line in lines)
    return f"{len(lines)} cells, each {often}" + (f"; {vain} without a number" if vain else "")
