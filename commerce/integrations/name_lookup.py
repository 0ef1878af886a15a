"""Asking the system which addresses a host name has."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Final

THREADS: Final = 32


class NameLookup:
    """In threads of its own: a name server that never answers holds up nobody else's threads.

    Who asks for a name that is being looked up already waits for the same answer, so that one
    dead name takes one thread however often it is called.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="names")
        self._asked: dict[str, asyncio.Future[tuple[str, ...]]] = {}

    async def __call__(self, host: str) -> tuple[str, ...]:
        """Raises OSError when there is no such name or nobody to ask."""
        future = self._asked.get(host)
        if future is None:
            future = asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host)
            self._asked[host] = future
            future.add_done_callback(lambda done: self._forget(host, done))
        return await asyncio.shield(future)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _forget(self, host: str, done: "asyncio.Future[tuple[str, ...]]") -> None:
        del self._asked[host]
        if not done.cancelled():
            done.exception()  # or it is complained about when nobody waits any longer


def _addresses(host: str) -> tuple[str, ...]:
    """In the order in which to try them. As bytes, or Python would read the name anew."""
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))
