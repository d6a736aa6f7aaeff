"""A relay between a worker and the broker, which records the commands of each process.

MONITOR would show the commands as well, but of all databases together, and by address instead of process.
Where the broker is published from a container, the address is a proxy's. The relay knows the process: it
looks it up at the moment of connecting, when the socket is certainly open.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from poolproof.lab.observe.resp import Parser, Push
from poolproof.lab.observe.sockets import owner
from poolproof.model.errors import Void

PUSHED = {"SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE"}


@dataclass(slots=True)
class BrokerCommand:
    """One command as it was sent to the broker; `reply` is None until it was answered."""

    at: int
    pid: int
    connection: int
    name: str
    arguments: tuple[str, ...]
    reply: Any = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message on a channel, as one process that had subscribed to it received it."""

    pid: int
    channel: str
    text: str


@dataclass(slots=True)
class _Conversation:
    """The state of one connection while it is open."""

    pid: int
    connection: int
    waiting: deque[BrokerCommand] = field(default_factory=deque)
    subscribed: bool = False


class Wire:
    """A relay on 127.0.0.1 for one lifetime; `commands` is everything that its workers sent, in order."""

    def __init__(self, host: str, port: int, pids: Callable[[], Iterable[int]]) -> None:
        self.commands: list[BrokerCommand] = []
        self.messages: list[Message] = []
        self._target = (host, port)
        self._pids = pids
        self._failure: BaseException | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire", daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(timeout=10)
        self.port: int = self._server.sockets[0].getsockname()[1]

    def names(self) -> dict[int, str]:
        """The name of each connection, by its local port: `broker` or `backend` when watched."""
        return {
            command.connection: command.arguments[1]
            for command in self.seen()
            if command.name == "CLIENT" and command.arguments[0].upper() == "SETNAME"
        }

    def check(self) -> None:
        """Void when the relay itself failed, because then commands may be missing."""
        if self._failure:
            raise Void(f"the relay to the broker failed: {self._failure!r}")

    def seen(self) -> tuple[BrokerCommand, ...]:
        """Every command so far; Void when some may be missing."""
        self.check()
        return tuple(self.commands)

    def close(self) -> None:
        """Close every connection and end the relay."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _cut(self) -> None:
        self._server.close()
        await asyncio.sleep(0)  # a connection that was accepted before becomes a task now
        while others := asyncio.all_tasks() - {asyncio.current_task()}:  # a late client may start another one
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        for end in self._ends:
            end.close()
        await asyncio.gather(*(end.wait_closed() for end in self._ends), return_exceptions=True)

    async def _serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", 0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Note the connection at once: a task that is cancelled before it begins would leave it open."""
        self._ends.add(writer)
        task = self._loop.create_task(self._relay(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        local = writer.get_extra_info("peername")[1]
        talk = _Conversation(owner(local, self._pids(), self.port), local)
        try:
            upstream, downstream = await asyncio.open_connection(*self._target)
        except (OSError, asyncio.CancelledError):
            writer.close()
            return
        self._ends.add(downstream)
        pumps = [
            asyncio.create_task(self._pump(reader, downstream, self._asked, talk)),
            asyncio.create_task(self._pump(upstream, writer, self._answered, talk)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            return  # the relay is closing; a cancelled callback would be logged as an error
        finally:
            for pump in pumps:
                pump.cancel()
        for end in (downstream, writer):
            end.close()

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        note: Callable[[_Conversation, Any], None],
        talk: _Conversation,
    ) -> None:
        parser = Parser()
        try:
            while data := await source.read(65536):
                for value in parser.feed(data):
                    note(talk, value)
                sink.write(data)
                await sink.drain()
        except (ConnectionError, asyncio.CancelledError):
            return
        except Exception as failure:
            self._failure = failure

    def _asked(self, talk: _Conversation, value: Any) -> None:
        name, *arguments = (_text(part) for part in value)
        command = BrokerCommand(
            time.monotonic_ns(), talk.pid, talk.connection, name.upper(), tuple(arguments)
        )
        talk.subscribed |= command.name in PUSHED
        talk.waiting.append(command)
        self.commands.append(command)

    def _answered(self, talk: _Conversation, value: Any) -> None:
        if talk.subscribed:
            if isinstance(value, list) and value[:1] == [b"message"]:
                self.messages.append(Message(talk.pid, *map(_text, value[1:])))
        elif talk.waiting and not isinstance(value, Push):
            talk.waiting.popleft().reply = value


def _text(part: Any) -> str:
    return part.decode(errors="replace") if isinstance(part, bytes) else str(part)
