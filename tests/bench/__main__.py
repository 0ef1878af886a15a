"""Measures P1 to P4 on the server and on the reference, prints what one costs over the other,
what it costs to buy something (C1), how soon webhooks arrive (W1) and listeners hear (S1), and what
the REST gateway adds to the same operation over GraphQL (R1).

Each operation is an exact number of requests, from idle to idle: CPU is read before the first is
sent and when the last is answered and the processes are quiet. Compare ratios, not times.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from platformdirs import user_cache_path
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from commerce.integrations.embedded_postgres import EmbeddedPostgres
from tests.bench.cpu import tree_ms
from tests.bench.deliveries import BURST, Told, told
from tests.bench.journey import JOURNEYS, TARGET_MS, prepared
from tests.bench.journey import WARM_UP as JOURNEYS_BEFORE
from tests.bench.journey import WIDTH as BUYERS
from tests.bench.listeners import LISTENERS, subscribed
from tests.bench.load import load, once, repeat
from tests.bench.multiply import BASE, multiply
from tests.bench.operations import Operation, operations
from tests.bench.rest import PAGES, Page, manifest, pages
from tests.bench.scale import PART, scale
from tests.support.ports import free_port, listening
from tests.support.servers import COMMERCE, environment, serving

WIDTH = 16
WARM_UP = 200
PRODUCTS = 2_000
ROUNDS = 2
USUAL = ("P1", "P2", "P3", "P4")
EXECUTOR = os.environ.get("COMMERCE_EXECUTOR", "compiled")  # noqa: TID251  # handed on


@dataclass(frozen=True)
class Target:
    """A server under load: where it listens and the process whose CPU it uses."""

    name: str
    host: str
    port: int
    pid: int


@dataclass(frozen=True)
class Measured:
    per_second: float
    p50: float
    p99: float
    server_ms: float
    database_ms: float
    statements: float | None

    @property
    def cpu_ms(self) -> float:
        return self.server_ms + self.database_ms


async def measure(target: Target, database: int, path: str, body: bytes, requests: int) -> Measured:
    await load(target.host, target.port, path, body, WARM_UP, WIDTH)
    statements = await statement_count(target)
    server, postgres = await idle(target.pid), await idle(database)
    done = await load(target.host, target.port, path, body, requests, WIDTH)
    server, postgres = await idle(target.pid) - server, await idle(database) - postgres
    after = await statement_count(target)
    return Measured(
        done.per_second,
        done.percentile(50),
        done.percentile(99),
        server / requests,
        postgres / requests,
        None if statements is None or after is None else (after - statements) / requests,
    )


async def idle(pid: int) -> float:
    """CPU milliseconds of a process tree once it has stopped using any."""
    before = -1.0
    while (now := tree_ms(pid)) != before:
        before = now
        await asyncio.sleep(0.3)
    return now


async def statement_count(target: Target) -> float | None:
    """SQL statements the server has counted; None for the reference, which always sends one."""
    if target.name == "reference":
        return None
    async with httpx.AsyncClient(base_url=f"http://{target.host}:{target.port}") as client:
        metrics = (await client.get("/metrics")).text
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in metrics.splitlines()
        if line.startswith("storegraph_request_statements_sum")
    )


def fill(data_dir: Path, products: int) -> None:
    subprocess.run(
        [COMMERCE, "demo", "--products", str(products)],
        env=environment({"DATA_DIR": str(data_dir)}),
        check=True,
    )


async def filled(data_dir: Path, url: str, products: int) -> None:
    """Large catalogues are copies of a smaller one: nobody waits for them."""
    many = products > BASE and products % BASE == 0
    await asyncio.to_thread(fill, data_dir, BASE if many else products)
    if many:
        await multiply(plain_url(url), products)


@contextmanager
def reference(url: str) -> Iterator[Target]:
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", "tests.bench.reference:app", "--port", str(port),
        "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment({}) | {"COMMERCE_BENCH_URL": url})
    try:
        listening(port)
        yield Target("reference", "127.0.0.1", port, process.pid)
    finally:
        process.terminate()
        process.wait()


@asynccontextmanager
async def store(data_dir: Path) -> AsyncIterator[Target]:
    settings = {
        "DATA_DIR": str(data_dir),
        "ENVIRONMENT": "production",
        "LOG_LEVEL": "info",
        "OUTGOING_ALLOW": "127.0.0.0/8",
        "OUTGOING_PORTS": "1-65535",
        "OUTGOING_HTTP": "on",
        "EXECUTOR": EXECUTOR,
        "TRUSTED_DOCUMENTS": str(manifest(data_dir)),
    }
    pids: list[int] = []
    async with serving(program=(str(COMMERCE), "serve"), pid=pids, **settings) as address:
        url = httpx.URL(address)
        yield Target("storegraph", url.host, url.port or 80, pids[0])


def plain_url(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def newest_slug(target: Target) -> str:
    body = json.dumps({"query": "{ products(first: 1) { nodes { slug } } }"}).encode()
    answer = json.loads(await once(target.host, target.port, "/graphql", body))
    return str(answer["data"]["products"]["nodes"][0]["slug"])


async def same_answer(ours: Target, theirs: Target, op: Operation) -> None:
    """A reference that answers something else measures something else."""
    mine = json.loads(await once(ours.host, ours.port, "/graphql", body_of(op)))
    other = json.loads(await once(theirs.host, theirs.port, f"/{op.name}", variables_of(op)))
    mine.pop("extensions", None)
    if mine != other:
        difference = f"{json.dumps(mine)[:2000]}\n  differs from\n{json.dumps(other)[:2000]}"
        raise SystemExit(f"{op.name}: the two answers differ:\n{difference}")


def body_of(op: Operation) -> bytes:
    return json.dumps({"query": op.document, "variables": op.variables}).encode()


def variables_of(op: Operation) -> bytes:
    return json.dumps(op.variables).encode()


async def bench(
    data_dir: Path, products: int, only: list[str], part: int = 1
) -> dict[str, dict[str, float]]:
    database = EmbeddedPostgres(data_dir)
    url = await database.start()
    try:
        await filled(data_dir, url, products)
        with reference(plain_url(url)) as theirs:
            async with store(data_dir) as ours:
                ratios = await compare(ours, theirs, database.pid or 0, only, part)
                if not only or "C1" in only:
                    await journeys(ours, database.pid or 0, data_dir)
                if not only or "W1" in only:
                    await webhooks(ours, data_dir, url)
                if not only or "S1" in only:
                    await subscriptions(ours, data_dir, url)
                if not only or "R1" in only:
                    await gateway(ours, database.pid or 0, data_dir)
                return ratios
    finally:
        await database.stop()


async def compare(
    ours: Target, theirs: Target, database: int, only: list[str], part: int = 1
) -> dict[str, dict[str, float]]:
    table = Table(
        "", "who", "req/s", "p50 ms", "p99 ms", "CPU server", "CPU database", "SQL", "ratio"
    )
    ratios: dict[str, dict[str, float]] = {}
    for op in operations(await newest_slug(ours)):
        if op.name not in (only or USUAL):
            continue
        await same_answer(ours, theirs, op)
        sent = op.requests // part
        limit = await measure(theirs, database, f"/{op.name}", variables_of(op), sent * 2)
        mine = await measure(ours, database, "/graphql", body_of(op), sent)
        ratio = mine.cpu_ms / limit.cpu_ms
        ratios[op.name] = {
            "ratio": ratio,
            "statements": mine.statements or 0,
            "cpu": mine.cpu_ms,
        }
        table.add_row(f"{op.name} {op.title}", "reference", *cells(limit), "1")
        table.add_row("", "storegraph", *cells(mine), f"[bold]{ratio:.1f}[/]")
    Console().print(table)
    return ratios


async def journeys(ours: Target, database: int, data_dir: Path) -> None:
    """Prints what it costs to buy something."""
    shop = await prepared(ours.host, ours.port, str(data_dir))
    await shop.run(JOURNEYS_BEFORE)
    shop.seconds.clear()
    statements = await statement_count(ours)
    server, postgres = await idle(ours.pid), await idle(database)
    per_second = await shop.run(JOURNEYS)
    server, postgres = await idle(ours.pid) - server, await idle(database) - postgres
    after = await statement_count(ours)
    sent = 0.0 if statements is None or after is None else (after - statements) / JOURNEYS
    server, postgres = server / JOURNEYS, postgres / JOURNEYS
    median = sorted(shop.seconds)[len(shop.seconds) // 2] * 1000
    Console().print(
        f"C1 cart to order, {BUYERS} buyers: {per_second:.1f} journeys/s, median {median:.0f} ms,"
        f" CPU server {server:.1f} + database {postgres:.1f} = [bold]{server + postgres:.1f} ms[/]"
        f" (target {TARGET_MS}), {sent:.0f} SQL"
    )


async def webhooks(ours: Target, data_dir: Path, url: str) -> None:
    """Prints how many events a second are told, and how soon."""
    seen = await told(ours.host, ours.port, str(data_dir), url)
    Console().print(f"W1 commit to receiver: {line(seen)}")


async def subscriptions(ours: Target, data_dir: Path, url: str) -> None:
    """The same for those who listen."""
    seen = await told(ours.host, ours.port, str(data_dir), url, subscribed)
    Console().print(f"S1 commit to the last of {LISTENERS} listeners: {line(seen)}")


async def gateway(ours: Target, database: int, data_dir: Path) -> None:
    """Prints what a REST list costs beside its own operation over GraphQL.

    Two rounds in turns: what else the machine does weighs on both.
    """
    table = Table("R1", "CPU GraphQL", "CPU REST", "overhead")
    for page in await pages(ours.host, ours.port, str(data_dir)):
        spent: dict[str, float] = {"graphql": 0.0, "rest": 0.0}
        for _ in range(ROUNDS):
            for name, request in (("graphql", page.graphql), ("rest", page.rest)):
                spent[name] += await cost(ours, database, request, page) / ROUNDS
        over = spent["rest"] / spent["graphql"] - 1
        cells_ = (f"{spent['graphql']:.2f}", f"{spent['rest']:.2f}", f"[bold]{over:+.0%}[/]")
        table.add_row(page.title, *cells_)
    Console().print(table)


async def cost(ours: Target, database: int, request: bytes, page: Page) -> float:
    """CPU milliseconds of the server and the database for one request."""
    await repeat(ours.host, ours.port, request, PAGES, BUYERS)
    before = await idle(ours.pid) + await idle(database)
    await repeat(ours.host, ours.port, request, page.requests, BUYERS)
    return (await idle(ours.pid) + await idle(database) - before) / page.requests


def line(seen: Told) -> str:
    return (
        f"[bold]{seen.per_second:.0f} events/s[/] of {BURST} at once; at {seen.pace:.0f} edits/s"
        f" {seen.percentile(50):.0f} ms after the answer, p99 [bold]{seen.percentile(99):.0f} ms[/]"
    )


def cells(measured: Measured) -> list[str]:
    return [
        f"{measured.per_second:.0f}",
        f"{measured.p50:.1f}",
        f"{measured.p99:.1f}",
        f"{measured.server_ms:.2f}",
        f"{measured.database_ms:.2f}",
        "1" if measured.statements is None else f"{measured.statements:.0f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--products", type=int, default=PRODUCTS)
    parser.add_argument("--only", nargs="*", default=[], help="P1 P2 P3 P3C P4 C1 W1 S1 R1")
    parser.add_argument("--data-dir", type=Path, default=None)
    parser.add_argument("--scale", action="store_true", help="P1 to P4 as the catalogue grows")
    arguments = parser.parse_args()
    folder = user_cache_path("storegraph-bench", appauthor=False)

    async def costs(products: int) -> dict[str, float]:
        only = arguments.only or [*USUAL, "P3C"]
        found = await bench(folder / str(products), products, only, PART)
        return {name: each["cpu"] for name, each in found.items()}

    if arguments.scale:
        asyncio.run(scale(costs))
        return
    data_dir = arguments.data_dir or folder / str(arguments.products)
    asyncio.run(bench(data_dir, arguments.products, arguments.only))


if __name__ == "__main__":
    main()
