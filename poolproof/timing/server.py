"""The local server of `io-socket`: it answers each request after the delay that the request names.

python -m poolproof.timing.server FILE     writes its port to the file
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from pathlib import Path

BACKLOG = 1024
"""Enough, because every task in flight may connect at the same moment."""


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request and close the connection."""
    with closing(writer):
        await asyncio.sleep(float(await reader.readline()))
        writer.write(b"done\n")
        await writer.drain()


async def serve(file: Path) -> None:
    """Serve on a free port of 127.0.0.1, which is written to the file, until the run ends."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=BACKLOG)
    file.write_text(f"{server.sockets[0].getsockname()[1]}\n")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
