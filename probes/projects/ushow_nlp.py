"""The application that the command lines of document 000 name; the document prints its name alone."""

from __future__ import annotations

from celery import Celery
from click import Option

from probes.project import observed
from probes.shared.printed import document_000

app = observed(Celery(document_000.APPLICATION))
app.user_options["worker"].update(Option([name]) for name in app.conf.get("own_worker_options", ()))


@app.task(name="tasks.analyse")
def analyse() -> None:
    """Do nothing, so that only the work of the worker is observed."""
