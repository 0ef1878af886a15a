from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey

MakeKey = Callable[..., Awaitable[str]]


@pytest.fixture
def make_key(uow: UnitOfWork) -> MakeKey:
    """Issues a key, with every scope unless some are named, and answers its text."""

    async def make(dialect: str | None, *scopes: Scope, revoked: bool = False) -> str:
        keys = ApiKeyService(ApiKeyRepository(uow), system_clock)
        issued: Any = await keys.create("test", frozenset(scopes or Scope), dialect)
        assert isinstance(issued, IssuedKey)
        if revoked:
            await keys.revoke(issued.row.id)
        return issued.text

    return make
