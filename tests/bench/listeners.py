"""S1: from the commit of what happened to those who listen, over WebSocket, all in this process."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from typing import Final

from tests.bench.deliveries import Receiver, Shop
from tests.support.live import Client, connected

LISTENERS: Final = 20
LISTEN: Final = """
subscription { events(types: [BRAND_UPDATED]) { event { resourceDatabaseId } } }
"""


class Listeners(Receiver):
    """Each hears everything: a message has arrived when the last of them has heard it."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: list[Counter[int]] = []

    def expect(self, messages: int) -> None:
        super().expect(messages * LISTENERS)
        for heard in self._heard:
            heard.clear()

    async def hear(self, client: Client) -> None:
        heard: Counter[int] = Counter()
        self._heard.append(heard)
        while True:
            thing = (await client.told())["event"]["resourceDatabaseId"]
            times = self.arrived[thing]
            times[heard[thing] : heard[thing] + 1] = [perf_counter()]
            heard[thing] += 1
            self.count()


@asynccontextmanager
async def subscribed(shop: Shop) -> AsyncIterator[Listeners]:
    listeners = Listeners()
    url = f"http://{shop.host}:{shop.port}"
    async with AsyncExitStack() as stack:
        for _ in range(LISTENERS):
            client = await stack.enter_async_context(connected(url, shop.key, max_queue=None))
            await client.subscribe(LISTEN)
            await client.subscribe("{ __typename }", "2")
            await client.hear()  # the first one listens by now
            await client.hear()
            stack.callback(asyncio.create_task(listeners.hear(client)).cancel)
        yield listeners
