"""Processes of the console script that need not load the program first.

To load it takes seconds, a fork of a process that has loaded it takes milliseconds. In between
stands a watcher for each, which tells how its process ended.
"""

import asyncio
import gc
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio import StreamReader
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import IO, Any

MESSAGE = 1_000_000  # bytes, for words and environment


class Fork:
    """Like a process of `asyncio`, as far as tests need it."""

    def __init__(self, pid: int, ending: StreamReader) -> None:
        self.pid = pid
        self._ending = ending
        self._code: int | None = None

    async def wait(self) -> int:
        if self._code is None:
            self._code = int(await self._ending.readline())
        return self._code

    def terminate(self) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGTERM)


class Mold:
    """A process that has loaded the program and does nothing but fork."""

    def __init__(self) -> None:
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, MESSAGE)
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__, str(other.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[other.fileno()],
            )
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MESSAGE)

    async def fork(
        self, words: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]
    ) -> Fork:
        """`commerce` with these words, and with descriptors for its input, output and errors."""
        told, tells = os.pipe()
        message = json.dumps([list(words), dict(environment)]).encode()
        socket.send_fds(self._socket, [message], [*streams, tells])
        os.close(tells)
        ending = await reader_of(told)
        return Fork(int(await ending.readline()), ending)

    def end(self) -> None:
        self._socket.close()
        self._process.wait()


async def reader_of(descriptor: int) -> StreamReader:
    reader = StreamReader()
    pipe: IO[Any] = os.fdopen(descriptor, "rb", buffering=0)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


def next_words(orders: socket.socket) -> list[str]:
    """What the process that this has become is to do; the mold itself never gets here."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(orders, MESSAGE, 4)
        if not message:
            os._exit(0)  # whoever ordered has gone
        if os.fork() == 0:
            orders.close()
            words, environment = json.loads(message)
            become(descriptors, environment)
            return list(words)
        for descriptor in descriptors:
            os.close(descriptor)


def become(descriptors: list[int], environment: dict[str, str]) -> None:
    """Return in the new process alone: its watcher stays here until it can tell its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, tells = descriptors
    pid = os.fork()
    if pid:
        for descriptor in streams:
            os.close(descriptor)
        os.write(tells, f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        os.write(tells, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    os.close(tells)
    for place, descriptor in enumerate(streams):
        os.dup2(descriptor, place)
        os.close(descriptor)
    # Those that it was loaded with remember what kind of file theirs was.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  # until the process ends
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  # until the process ends
    sys.stderr = open(2, "w", 1, errors="backslashreplace", closefd=False)  # noqa: SIM115  # the same
    os.environ.clear()  # noqa: TID251  # it is another process's
    os.environ.update(environment)  # noqa: TID251  # it is another process's


if __name__ == "__main__":
    from commerce.cli import main

    import_module("commerce.app")
    gc.freeze()  # what is shared stays shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for watchers
    sys.argv = ["commerce", *next_words(socket.socket(fileno=int(sys.argv[1])))]
    sys.exit(main())
