"""A server that does what it is asked and does not say so, to be killed: `python -m ... FILE`.

What it would have answered goes into the file.
"""

import asyncio
import sys
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commerce.app import server_process
from commerce.http.server import serve
from commerce.settings import Settings, settings_from_process


def build(settings: Settings) -> ASGIApp:
    server = server_process(settings)

    async def mute(scope: Scope, receive: Receive, send: Send) -> None:
        await server(scope, receive, send if scope["type"] == "lifespan" else _write)

    return mute


async def _write(message: Message) -> None:
    if message["type"] == "http.response.body":
        await asyncio.to_thread(Path(sys.argv[1]).write_bytes, message["body"])
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(
        serve(settings_from_process().changed({"port": 0}), "tests.support.mute_process:build")
    )
