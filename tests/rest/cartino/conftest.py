import httpx
import pytest

from commerce.core.db import UnitOfWork
from tests.rest.cartino.calling import Cartino
from tests.rest.conftest import MakeKey
from tests.support.store import Store


@pytest.fixture
async def store(uow: UnitOfWork) -> Store:
    return await Store.open(uow)


@pytest.fixture
async def cartino(client: httpx.AsyncClient, make_key: MakeKey) -> Cartino:
    """With every scope."""
    return Cartino(client, await make_key("cartino"))
