"""A small matrix and a small catalogue without a mistake; each test adds its own mistake."""

from __future__ import annotations

from pathlib import Path

from poolproof.catalogue.claims import Catalogue
from poolproof.catalogue.documents import load_documents
from poolproof.catalogue.load import load_catalogue
from poolproof.catalogue.matrix import Matrix, load_matrix

MATRIX = """
pools = ["prefork", "solo"]

[concurrency]
prefork = { values = [1, 2, 4], default = 2 }
solo = { values = [1, 4], default = 1 }

[prefetch]
values = [1, 4, 0]
default = 4

[[exclude]]
claims = ["queues.*"]
when = { pool = "solo", concurrency = 4 }
reason = "solo has one thread"

[tiers.smoke]
trials = 1
messages = 1000
seconds = 15

[tiers.nightly]
messages = 10000
seconds = 120
sample = 2

[tiers.nightly.sequential]
p0 = 0.01
p1 = 0.5
alpha = 0.05
beta = 0.05
"""

TIMING = """
[timing]
least_delay = 0.01
headroom = 2

[[timing.exclude]]
when = { pool = "solo", concurrency = 4 }
reason = "solo is timed at c1"

[timing.tiers]
smoke = { repetitions = 1, seconds = 0.5, over = ["concurrency"] }
nightly = { repetitions = 5, seconds = 2, over = ["concurrency", "prefetch"] }
"""

QUEUES = """
[[claim]]
id = "queues.starves"
says = "An earlier queue starves a later one."
kind = "always"
pools = ["prefork", "solo"]
over = ["concurrency"]
mutants = ["rotates-queues"]

[claim.variants]
order = ["round_robin", "priority"]

[claim.sources]
004 = ["Several queues"]

[[claim.expected]]
when = { order = "round_robin" }
verdict = "refuted"
because = "the default strategy rotates the queues"
instead = "The queues take turns."
shown_by = "takes_turns"
since = "kombu 4.0"
see = "kombu/transport/redis.py, Channel.queue_order_strategy"
"""

MODULES = """
[[claim]]
id = "modules.billiard-exists"
says = "There is a module billiard."
kind = "static"
pools = []

[claim.sources]
001 = ["Billiard"]
"""

DOCUMENTS = """
[[document]]
id = "004"
title = "Queues"

[[document.section]]
name = "Several queues"
[[document.section]]
name = "One queue"
[[document.section]]
name = "Advice"
untestable = "advice"

[[document]]
id = "005"
title = "Workers"

[[document.section]]
name = "One queue"
"""


def spoilt(sample: str, old: str, new: str) -> str:
    """The sample with one text changed, which must be in it."""
    assert old in sample, f"the sample has no {old!r}"
    return sample.replace(old, new, 1)


def write_matrix(folder: Path, text: str = MATRIX) -> Path:
    """A matrix.toml of this text."""
    path = folder / "matrix.toml"
    path.write_text(text, encoding="utf-8")
    return path


def write_claims(folder: Path, **subjects: str) -> Path:
    """A folder of claims, one file a subject."""
    claims = folder / "claims"
    claims.mkdir(exist_ok=True)
    for subject, text in subjects.items():
        (claims / f"{subject}.toml").write_text(text, encoding="utf-8")
    return claims


def write_documents(folder: Path, text: str = DOCUMENTS) -> Path:
    """A documents.toml of this text."""
    path = folder / "documents.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, queues: str = QUEUES, matrix: str = MATRIX) -> tuple[Matrix, Catalogue]:
    """The matrix and the catalogue of these texts, as a run would have them."""
    loaded = load_matrix(write_matrix(folder, matrix))
    documents = load_documents(write_documents(folder))
    return loaded, load_catalogue(write_claims(folder, queues=queues, modules=MODULES), loaded, documents)
