import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest

from commerce.http.protocol import PatientWebSocket
from commerce.http.server import (
    ROOT,
    ServerError,
    _SourceReload,
    listen,
    server_config,
    url_of,
)
from commerce.settings import Settings
from tests.support.machine import within

PATIENCE = 60


class Served:
    """A server process, its address, and what it has said so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []

    async def until(self, event: str, times: int = 1) -> dict[str, Any]:
        assert self.process.stderr is not None
        while True:
            found = [line for line in self.lines if line["event"] == event]
            if len(found) >= times:
                return found[-1]
            text = await asyncio.wait_for(self.process.stderr.readline(), PATIENCE)
            assert text, f"the process ended: {self.lines}"
            self.lines.append(json.loads(text))

    async def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


@asynccontextmanager
async def started(workers: int, target: str = "build", port: int = 0) -> AsyncIterator[Served]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.shop_process", str(port), str(workers), target),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Served(process)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.communicate(), PATIENCE)


async def ask(url: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=30) as client:
        return await client.post(f"{url}/graphql", json={"query": "{ viewer }"})


async def test_serves_alone_and_stops_when_told() -> None:
    async with started(workers=1) as served:
        url = (await served.until("listening"))["url"]
        response = await ask(url)
        assert response.json()["data"] == {"viewer": "anonymous"}
        line = await served.until("request")
        assert (line["path"], line["status"]) == ("/graphql", 200)
        assert await served.end(signal.SIGTERM) == -signal.SIGTERM
        await served.until(f"Finished server process [{served.process.pid}]")


async def test_an_interrupt_is_no_failure() -> None:
    async with started(workers=1) as served:
        await served.until("listening")
        assert await served.end(signal.SIGINT) == 0


async def test_a_request_under_way_is_finished_first() -> None:
    async with started(workers=1) as served:
        url = (await served.until("listening"))["url"]
        async with httpx.AsyncClient(timeout=30) as client:
            slow = asyncio.create_task(client.get(f"{url}/slow/{within(1)}"))
            await asyncio.sleep(within(0.3))
            served.process.terminate()
            assert (await slow).status_code == 200


async def test_several_workers_share_one_address() -> None:
    async with started(workers=2) as served:
        url = (await served.until("starting"))["url"]
        await served.until("Application startup complete.", times=2)
        responses = await asyncio.gather(*(ask(url) for _ in range(20)))
        assert {response.status_code for response in responses} == {200}
        assert await served.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("workers", [1, 2])
async def test_an_application_that_cannot_start_ends_the_server(workers: int) -> None:
    async with started(workers, target="fail") as served:
        assert await asyncio.wait_for(served.process.wait(), within(15)) != 0


async def test_a_port_in_use_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with started(workers=1, port=port) as served:
            _, said = await asyncio.wait_for(served.process.communicate(), PATIENCE)
            assert served.process.returncode == 1
            assert said.decode() == f"Cannot listen on 127.0.0.1:{port}: Address already in use.\n"


def test_a_host_that_is_not_ours_is_refused() -> None:
    with pytest.raises(ServerError, match=r"Cannot listen on 203\.0\.113\.7:0"):
        listen(Settings(host="203.0.113.7", port=0))


def test_an_address_of_version_6_is_written_in_brackets() -> None:
    settings = Settings(host="::1", port=0)
    with listen(settings) as listener:
        port = listener.getsockname()[1]
        assert url_of(settings, listener) == f"http://[::1]:{port}"


def test_the_server_is_set_up_for_strangers() -> None:
    config = server_config(Settings(trusted_proxies=("10.0.0.1",)), "a:b")
    assert (config.server_header, config.access_log) == (False, False)
    assert config.ws is PatientWebSocket
    assert (config.backlog, config.timeout_keep_alive) == (512, 5)
    assert config.timeout_graceful_shutdown == 10
    assert config.forwarded_allow_ips == ["10.0.0.1"]


async def test_reloading_watches_our_sources_alone() -> None:
    listener = listen(Settings(port=0))
    config = server_config(Settings(workers=4), "a:b", reload=True)
    watched = set(_SourceReload(config, lambda _sockets: None, [listener]).iter_py_files())
    listener.close()
    assert config.workers == 1
    assert ROOT / "commerce" / "http" / "server.py" in watched
    assert not any("node_modules" in path.parts for path in watched)
