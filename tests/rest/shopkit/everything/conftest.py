from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from commerce.app import create_app
from commerce.core.db import UnitOfWork
from commerce.integrations.storage import file_storage
from commerce.runtime import Resources
from commerce.settings import Settings
from tests.support.catalog import make_product, make_variant
from tests.support.orders import Item, place_order
from tests.support.payments import make_method
from tests.support.store import Store


@pytest.fixture
async def http(
    resources: Resources, tmp_path: Path, client: httpx.AsyncClient
) -> AsyncIterator[httpx.AsyncClient]:
    """The application with a place for files; `client` has it noted who calls what."""
    storage = file_storage(Settings(data_dir=tmp_path))
    app = create_app(replace(resources, ports=replace(resources.ports, file_storage=storage)))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as found:
        yield found


@pytest.fixture
async def order(uow: UnitOfWork) -> Any:
    """One that can be paid and sent."""
    variant = await make_variant(uow, await make_product(uow, "Mug"))
    await (await Store.open(uow)).offer(variant, "10.00", 5)
    await make_method(uow, "bank_transfer", provider="manual")
    return await place_order(uow, Item("10.00", 2, variant=variant))
