"""Judges how a worker requests messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.fetching.seen import STEP, Ask, Fetching

OFTEN = 3.0
"""Requests a second above which an idle worker does not wait for messages, but polls for them."""


@check
def waits_five_seconds(fetching: Fetching) -> Judgement:
    """True when each request was a BRPOP that may wait for five seconds."""
    return _waits(fetching, 5)


@check
def waits_one_second(fetching: Fetching) -> Judgement:
    """True when each request was a BRPOP that may wait for one second."""
    return _waits(fetching, 1)


@check
def waits_for_messages(fetching: Fetching) -> Judgement:
    """True when an idle worker always has a request waiting, so that a message answers an earlier request."""
    late = [probe for probe in fetching.probes if probe.asked > probe.sent]
    idle = fetching.idle
    rate = (len(idle) - 1) / ((idle[-1] - idle[0]) / 1e9) if len(idle) > 1 else 0.0
    text = (
        f"an idle worker asked {rate:.2g} times a second; of {counted(len(fetching.probes), 'message')} sent "
        f"to it, {len(fetching.probes) - len(late)} came by a request that waited already"
    )
    right = bool(fetching.probes) and not late and 0 < rate <= OFTEN
    return Judgement(right, text, facts={"idle_requests_per_second": round(rate, 3)})


@check
def oldest_first(fetching: Fetching) -> Judgement:
    """True when messages were fetched in the order in which they were sent, each once."""
    sent, fetched = fetching.sent, fetching.fetched
    wrong = next((n for n, pair in enumerate(zip(sent, fetched, strict=False)) if pair[0] != pair[1]), None)
    text = f"{len(fetched)} of {len(sent)} messages were fetched"
    if wrong is not None:
        text += f"; fetch {wrong + 1} was {fetched[wrong]}, and {sent[wrong]} was sent before it"
    return Judgement(bool(sent) and fetched == sent, text)


@check
def over_one_connection(fetching: Fetching) -> Judgement:
    """True when all requests used one connection, which belongs to the main process."""
    links = {(ask.pid, ask.connection) for ask in fetching.asks}
    right = len(links) == 1 and {pid for pid, _ in links} == {fetching.manager}
    others = len({pid for pid, _ in links} - {fetching.manager})
    text = f"{counted(len(fetching.asks), 'request')} over {counted(len(links), 'connection')}"
    return Judgement(right, f"{text}, of {others or 'no'} other process than the main one")


@check
def asks_for_all_in_order(asks: tuple[Ask, ...], sent: Mapping[str, str]) -> Judgement:
    """True when each request named all queues, the first request in -Q order, and so they were served.

    `sent` has the one message of each queue, the last queue first.
    """
    queues = tuple(reversed(tuple(sent)))
    named = [tuple(key for key in ask.keys if STEP not in key) for ask in asks]
    served = tuple(ask.queue for ask in asks if ask.task)
    right = bool(asks) and named[0] == queues == served and all(set(each) == set(queues) for each in named)
    text = (
        f"the first of {counted(len(asks), 'request')} named {conjoined(named[0]) if named else 'nothing'} "
        f"among {len(asks[0].keys) if asks else 0} keys; messages came from {', '.join(served)}"
    )
    return Judgement(right, text)


def _waits(fetching: Fetching, seconds: int) -> Judgement:
    how = Counter((ask.name, ask.timeout) for ask in fetching.asks)
    right = bool(how) and all((name, timeout) == ("BRPOP", seconds) for name, timeout in how)
    text = ", ".join(f"{count} were {name} for up to {time:g} s" for (name, time), count in how.items())
    return Judgement(right, f"of {counted(len(fetching.asks), 'request')} for messages {text}")
