import httpx

from commerce.core.db import UnitOfWork
from tests.support.catalog import make_product


async def test_the_start_page_knows_whether_there_is_a_product(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    empty = await client.get("/")
    assert (empty.status_code, empty.json()["store_is_empty"]) == (200, True)
    await make_product(uow)
    filled = await client.get("/")
    assert (filled.status_code, filled.json()["store_is_empty"]) == (200, False)
