"""Real server processes on a real Redis: limits are exact together, and no error without it."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.support.limiters import OwnRedis, own_redis
from tests.support.servers import commerce, serving

LIMIT = 100  # of Litestore, a minute
CALLS = 150  # of each process
WIDTH = 8  # calls side by side
PROCESSES = 2
WINDOW = 60
SOME = 50  # answers
CHEAP = {"query": "{ __typename }"}
LOST, BACK = "rate_limit_store_lost", "rate_limit_store_back"

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def redis() -> Iterator[OwnRedis]:
    with own_redis() as server:
        yield server


@pytest.fixture
async def key(live_url: str) -> str:
    """A new one: its counters are untouched."""
    code, text, notes = await commerce(
        "keys", "create", "--name", "t", "--dialect", "litestore", "--scope", "read_products",
        DATABASE_URL=live_url,
    )  # fmt: skip
    assert code == 0, notes
    return text.strip()


class Servers:
    """Processes side by side, each with its log."""

    def __init__(self) -> None:
        self.clients: list[httpx.AsyncClient] = []
        self.logs: list[list[str]] = []

    def events(self, name: str) -> list[int]:
        """How often each process wrote of it."""
        return [sum(json.loads(line)["event"] == name for line in log) for log in self.logs]


@asynccontextmanager
async def servers(database: str, **settings: str) -> AsyncIterator[Servers]:
    running = Servers()
    async with AsyncExitStack() as stack:
        for _ in range(PROCESSES):
            log: list[str] = []
            options = {"DATABASE_URL": database, "RATE_LIMITS": "on"} | settings
            url = await stack.enter_async_context(serving(told=log, **options))
            client = httpx.AsyncClient(base_url=url, timeout=30)
            running.clients.append(await stack.enter_async_context(client))
            running.logs.append(log)
        yield running


async def statuses(call: Callable[[], Awaitable[httpx.Response]], number: int) -> Counter[int]:
    """What `number` calls were answered with, some of them at a time."""
    left = iter(range(number))
    found: Counter[int] = Counter()

    async def work() -> None:
        for _ in left:
            found[(await call()).status_code] += 1

    await asyncio.gather(*(work() for _ in range(WIDTH)))
    return found


async def listed(running: Servers, key: str, calls: int) -> Counter[int]:
    """So many calls of each process with one key."""
    headers = {"Authorization": f"Bearer {key}"}
    found = await asyncio.gather(
        *(
            statuses(lambda client=client: client.get("/api/products", headers=headers), calls)
            for client in running.clients
        )
    )
    return sum(found, Counter())


@pytest.fixture(scope="module")
async def together(live_url: str, redis: OwnRedis) -> AsyncIterator[Servers]:
    """Strangers get points slowly here, and keys more than they can use."""
    settings = {"STOREFRONT_POINTS": "1", "KEYED_REQUESTS": "1000000", "KEYED_POINTS": "1000000"}
    async with servers(live_url, REDIS_URL=redis.url, **settings) as running:
        yield running


async def test_exactly_the_limit_passes_over_two_processes(together: Servers, key: str) -> None:
    start = monotonic()
    found = await listed(together, key, CALLS)
    assert monotonic() - start < WINDOW, "the machine is too slow to tell"
    assert found == {200: LIMIT, 429: PROCESSES * CALLS - LIMIT}
    assert together.events(LOST) == [0, 0]


async def test_counters_of_their_own_would_let_more_pass(live_url: str, key: str) -> None:
    async with servers(live_url) as running:
        found = await listed(running, key, LIMIT + 20)
    assert found[200] >= PROCESSES * LIMIT


async def test_a_redis_killed_among_requests_costs_no_answer_and_is_told_once(
    together: Servers, redis: OwnRedis, key: str
) -> None:
    lost, back = together.events(LOST), together.events(BACK)
    stop = asyncio.Event()
    found: Counter[int] = Counter()
    asking = [asyncio.create_task(ask(client, key, stop, found)) for client in together.clients]
    await until(lambda: found.total() > SOME)
    redis.kill()
    await until(lambda: together.events(LOST) == more(lost))
    without = found.total()
    await until(lambda: found.total() > without + SOME)
    redis.start()
    await come_back(together, back)
    stop.set()
    await asyncio.gather(*asking)
    assert set(found) == {200}
    assert together.events(LOST) == more(lost)


async def test_limits_hold_by_process_while_redis_is_away(
    together: Servers, redis: OwnRedis, key: str
) -> None:
    back = together.events(BACK)
    redis.kill()
    try:
        found = await listed(together, key, LIMIT + 20)
        assert found == {200: PROCESSES * LIMIT, 429: PROCESSES * 20}
    finally:
        redis.start()
        await come_back(together, back)


def more(before: list[int]) -> list[int]:
    """One more in each process."""
    return [number + 1 for number in before]


async def come_back(running: Servers, back: list[int]) -> None:
    """Ask until each process has said that its store is back."""
    async with asyncio.timeout(30):
        while running.events(BACK) != more(back):
            for client in running.clients:
                await client.post("/graphql", json=CHEAP)
            await asyncio.sleep(0.1)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110  # what happens is in another process
            await asyncio.sleep(0.02)


async def ask(
    client: httpx.AsyncClient, key: str, stop: asyncio.Event, found: Counter[int]
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    while not stop.is_set():
        found[(await client.post("/graphql", json=CHEAP, headers=headers)).status_code] += 1


@pytest.mark.parametrize(
    ("path", "token", "status", "body"),
    [
        (
            "/api/v3/1/products",
            "secret_nothing",
            404,  # no path of this dialect is served yet
            {"errorMessage": "Too many requests", "errorCode": "RATE_LIMITED"},
        ),
        (
            "/api/products",
            "ls_nothing",
            401,
            {"error": {"code": "RATE_LIMITED", "message": "Too many requests", "details": {}}},
        ),
    ],
    ids=["ecwid", "litestore"],
)
async def test_a_bad_token_is_answered_twenty_times_a_minute_in_its_dialect(
    together: Servers, path: str, token: str, status: int, body: dict[str, Any]
) -> None:
    async def call(number: int, key: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"}
        return await together.clients[number % PROCESSES].get(path, headers=headers)

    answers = [await call(number, token) for number in range(30)]
    assert [answer.status_code for answer in answers] == [status] * 20 + [429] * 10
    assert answers[-1].json() == body
    assert 0 < int(answers[-1].headers["Retry-After"]) <= WINDOW
    assert (await call(0, token + "2")).status_code == status


async def test_the_cost_of_strangers_is_limited_over_processes(together: Servers) -> None:
    dear = {"query": "{ products(first: 100) { nodes { variants(first: 10) { nodes { id } } } } }"}
    one, other = together.clients
    first = await one.post("/graphql", json=dear)
    assert first.status_code == 200, first.text
    cost = first.json()["extensions"]["cost"]
    assert cost["requested"] > 1_000
    refused = await other.post("/graphql", json=dear)
    assert refused.status_code == 429
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    left = refused.json()["extensions"]["cost"]["throttle"]["remaining"]
    missing = cost["requested"] - left
    assert int(refused.headers["Retry-After"]) == pytest.approx(missing, abs=2)
