"""Somebody else's web server on this machine, and a name service that says what a test wants."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

Talk = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class WebDouble:
    """Answers every request with `answer`, or as `talk` does. `heads` are the requests."""

    port: int = 0
    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    talk: Talk | None = None
    connections: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    def header(self, name: str) -> str | None:
        """Of the last request."""
        lines = (line.partition(": ") for line in self.heads[-1].splitlines()[1:])
        return next((value for key, _, value in lines if key.lower() == name), None)

    def says(self, status: str, *headers: str, body: bytes = b"") -> None:
        head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers))
        self.answer = f"{head}\r\n\r\n".encode() + body

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        self.bodies.append(await reader.readexactly(int(self.header("content-length") or 0)))
        if self.talk is not None:
            await self.talk(writer)
            return False
        writer.write(self.answer)
        await writer.drain()
        return b"Connection: close" not in self.answer


@asynccontextmanager
async def web_double(
    *hosts: str, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[WebDouble]:
    """Listens at the same port of all `hosts`, 127.0.0.1 if none is given."""
    double = WebDouble(port=port)
    async with AsyncExitStack() as stack:
        for host in hosts or ("127.0.0.1",):
            listening = await asyncio.start_server(double.serve, host, double.port, ssl=tls)
            stack.callback(listening.close)
            double.port = listening.sockets[0].getsockname()[1]
        yield double


@dataclass
class Names:
    """A name service. Of several lists the first is told first, and the last from then on."""

    known: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str) -> list[str]:
        self.asked.append(host)
        answers = self.known.get(host)
        if answers is None:
            raise OSError(f"{host} is not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]
