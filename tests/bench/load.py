"""An exact number of requests over keep-alive connections, timed one by one."""

import asyncio
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from time import perf_counter


@dataclass(frozen=True)
class Load:
    seconds: float
    latencies: list[float]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        return quantiles(self.latencies, n=100)[percent - 1] * 1000


async def load(host: str, port: int, path: str, body: bytes, requests: int, width: int) -> Load:
    """Send `requests` requests over `width` connections; none is abandoned at the end."""
    return await repeat(host, port, _request(host, port, path, body), requests, width)


async def repeat(host: str, port: int, request: bytes, requests: int, width: int) -> Load:
    """The same with a request as it is written."""
    latencies: list[float] = []
    tickets = count()

    async def worker() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while next(tickets) < requests:
            start = perf_counter()
            writer.write(request)
            await _answer(reader)
            latencies.append(perf_counter() - start)
        writer.close()
        await writer.wait_closed()

    start = perf_counter()
    await asyncio.gather(*(worker() for _ in range(width)))
    return Load(perf_counter() - start, latencies)


async def once(host: str, port: int, path: str, body: bytes) -> bytes:
    """The body of one answer."""
    reader, writer = await asyncio.open_connection(host, port)
    answer = await post(reader, writer, host, port, path, body)
    writer.close()
    await writer.wait_closed()
    return answer


async def post(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    host: str,
    port: int,
    path: str,
    body: bytes,
    key: str | None = None,
) -> bytes:
    """The body of the next answer on a connection."""
    writer.write(_request(host, port, path, body, key))
    return await _answer(reader)


def _request(host: str, port: int, path: str, body: bytes, key: str | None = None) -> bytes:
    bearer = "" if key is None else f"Authorization: Bearer {key}\r\n"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\n{bearer}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(f"not answered with 200: {head!r}")
    mark = b"\r\ncontent-length:"
    if mark not in head:
        return await _chunks(reader)
    length = int(head.split(mark, 1)[1].split(b"\r\n", 1)[0])
    return await reader.readexactly(length)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
