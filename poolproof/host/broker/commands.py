"""Checks by real commands, before any worker starts, that a server can do what a run needs.

These are the commands of kombu's Redis transport and Celery's Redis back end (kombu/transport/redis.py,
celery/backends/redis.py, and redis-py's lock, which kombu takes), and our own. The keys have the names that
Celery gives them, because the server may allow its user only some keys.
"""

from __future__ import annotations

from typing import Any

import redis

QUEUE = "poolproof:asked"  # not "celery": a worker of other users that waits there must not get a message
HELD, INDEX, BOUND, MUTEX = "unacked", "unacked_index", "_kombu.binding.celery", "unacked_mutex"
RESULT = "celery-task-meta-asked"
KEYS = (QUEUE, HELD, INDEX, BOUND, MUTEX, RESULT)
SCRIPT, DIGEST = "return 1", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"
COMMANDS: tuple[tuple[str | int, ...], ...] = (
    *(("PING",), ("LPUSH", QUEUE, 1), ("RPUSH", QUEUE, 2), ("LLEN", QUEUE), ("BRPOP", QUEUE, 1)),
    ("RPOP", QUEUE),
    *(("HSET", HELD, "tag", 1), ("HGET", HELD, "tag"), ("HLEN", HELD), ("HDEL", HELD, "tag")),
    *(("ZADD", INDEX, 1, "tag"), ("ZCARD", INDEX), ("ZREM", INDEX, "tag")),
    ("ZRANGE", INDEX, 2, 0, "BYSCORE", "REV", "LIMIT", 0, 9, "WITHSCORES"),
    *(("SADD", BOUND, "queue"), ("SMEMBERS", BOUND), ("SREM", BOUND, "queue")),
    *(("SET", MUTEX, 1, "NX", "PX", 60_000), ("SCRIPT LOAD", SCRIPT), ("EVALSHA", DIGEST, 0)),
    *(
        ("SETEX", RESULT, 60, 1),
        ("GET", RESULT),
        ("MGET", RESULT),
        ("EXISTS", RESULT),
        ("EXPIRE", RESULT, 60),
    ),
    *(("PEXPIRE", RESULT, 60_000), ("RENAME", RESULT, RESULT), ("PUBLISH", RESULT, 1)),
    *(("WATCH", HELD), ("UNWATCH",), ("MULTI",), ("EXEC",)),
    *(("SCAN", 0, "TYPE", "list"), ("DBSIZE",), ("INFO", "keyspace"), ("DEL", *KEYS), ("UNLINK", *KEYS)),
)
ALL_RIGHTS = "give a user who may run every command on every key and channel"
MENDS: tuple[tuple[type[Exception], str], ...] = (
    (redis.exceptions.NoPermissionError, ALL_RIGHTS),
    (redis.exceptions.OutOfMemoryError, "its memory is full: raise maxmemory, or free some"),
    (redis.exceptions.ReadOnlyError, "it is a replica: give its primary"),
)
RENAMED = "take rename-command out of its configuration, or give another server"
OLD = "give a Redis from 6.2 on"


def refused(client: redis.Redis) -> str:
    """Which commands the server refuses, why, and what to do, in one line; empty when it accepts all."""
    refusals = _tried(client) | _subscribed(client)
    if not refusals:
        return ""
    # EXEC after a refused MULTI is an error as well; so only the first kind of refusal is reported.
    first = next(iter(refusals.values()))
    alike = [name for name, error in refusals.items() if mend(error) == mend(first)]
    return f"refuses {', '.join(alike)} ({str(first).rstrip('.')}); {mend(first)}"


def _tried(client: redis.Redis) -> dict[str, redis.ResponseError]:
    refusals = {}
    once: Any = client
    with once.client() as one_connection:  # a transaction needs one connection
        for name, *arguments in COMMANDS:
            try:
                one_connection.execute_command(str(name), *arguments)
            except redis.ResponseError as error:
                refusals[str(name)] = error
    return refusals


def _subscribed(client: redis.Redis) -> dict[str, redis.ResponseError]:
    refusals = {}
    channels: Any = client
    for name in ("subscribe", "psubscribe"):
        with channels.pubsub() as listener:
            try:
                getattr(listener, name)(RESULT)
                listener.get_message(timeout=1.0)
            except redis.ResponseError as error:
                refusals[name.upper()] = error
    return refusals


def mend(error: redis.ResponseError) -> str:
    """What the user can do when the server refuses a command."""
    text = str(error)
    if "unknown command" in text:
        return RENAMED
    if "NOPERM" in text:  # EXEC repeats the error that made it fail
        return ALL_RIGHTS
    if "syntax error" in text or "wrong number of arguments" in text:
        return OLD
    return next((mend for kind, mend in MENDS if isinstance(error, kind)), "mend the server")


def memory_left(client: redis.Redis) -> int | None:
    """How many more bytes the server may use; None when it has no limit."""
    info: Any = client.info("memory")
    limit = int(info.get("maxmemory", 0))
    return max(0, limit - int(info["used_memory"])) if limit else None
