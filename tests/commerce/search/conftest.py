import pytest

from commerce.core.db import UnitOfWork
from tests.support.search import Shop, make_shop


@pytest.fixture
async def shop(uow: UnitOfWork) -> Shop:
    return await make_shop(uow)
