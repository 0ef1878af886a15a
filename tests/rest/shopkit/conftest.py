import httpx
import pytest

from tests.rest.conftest import MakeKey
from tests.support.shopkit import Client


@pytest.fixture
async def shopkit(client: httpx.AsyncClient, make_key: MakeKey) -> Client:
    return Client(client, await make_key("shopkit"))
