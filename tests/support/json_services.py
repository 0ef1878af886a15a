"""Services of others, as real HTTP servers on this machine."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class JsonDouble:
    """Answers every call with `body`, after `wait` seconds."""

    url: str = ""
    status: str = "200 OK"
    body: bytes = b"{}"
    headers: str = ""
    wait: float = 0
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        sent = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(sent.get("content-length", 0)))
        self.requests.append((first, sent, json.loads(body)))
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(self.wait)
        self._now -= 1
        length = f"Content-Length: {len(self.body)}"
        head = f"HTTP/1.1 {self.status}\r\n{self.headers}{length}\r\n\r\n"
        writer.write(head.encode() + self.body)
        writer.close()

    def says(self, value: Any) -> None:
        self.body = json.dumps(value).encode()


@asynccontextmanager
async def json_double() -> AsyncIterator[JsonDouble]:
    double = JsonDouble()
    listening = await asyncio.start_server(double.serve, "127.0.0.1", 0)
    double.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1/"
    yield double
    listening.close()
