"""The application that a document's command lines name; it prints nothing of it but this name."""

from __future__ import annotations

from celery import Celery
from click import Option

from probes.project import observed

app = observed(Celery("ushow_nlp"))
app.user_options["worker"].update(Option([name]) for name in app.conf.get("own_worker_options", ()))


@app.task(name="tasks.analyse")
def analyse() -> None:
    """Do nothing, so that only the worker's service is seen."""
