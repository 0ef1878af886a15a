"""A key that is revoked in one process is refused by all others within a second."""

import asyncio
import re

import httpx

from commerce.core.pool import Database
from tests.support.servers import commerce, serving

QUERY = {"query": "{ products(first: 1) { nodes { id } } }"}


async def test_revocation_reaches_every_process_within_a_second(
    committed_url: str, database: Database
) -> None:
    create = ("keys", "create", "--name", "leaked", "--scope", "read_products")
    _, text, _ = await commerce(*create, DATABASE_URL=committed_url)
    _, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    id_ = re.search(r"(\d+)\s*│ leaked", listed)
    assert id_ is not None
    headers = {"Authorization": f"Bearer {text.strip()}"}
    async with (
        serving(DATABASE_URL=committed_url) as one,
        serving(DATABASE_URL=committed_url) as other,
        httpx.AsyncClient(headers=headers, timeout=30) as client,
    ):

        async def statuses() -> set[int]:
            urls = (f"{one}/graphql", f"{other}/graphql")
            answers = await asyncio.gather(*(client.post(url, json=QUERY) for url in urls))
            return {answer.status_code for answer in answers}

        assert await statuses() == {200}
        code, _, _ = await commerce("keys", "revoke", id_[1], DATABASE_URL=committed_url)
        assert code == 0
        await asyncio.sleep(1.0)
        assert await statuses() == {401}
