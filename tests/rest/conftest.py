from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from commerce.rest.dialects import DIALECTS
from commerce.rest.errors import RefusedError
from commerce.rest.route import Call, Reply
from commerce.rest.running import Run
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey
from tests.support.called import BLIND, check, row_of

MakeKey = Callable[..., Awaitable[str]]
NAMED = {dialect.name: dialect for dialect in DIALECTS}


@pytest.fixture(autouse=True)
def called(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Looks which endpoints of the real application a test calls: see `tests.support.called`.

    An endpoint that is there to refuse is answered well when it does.
    """
    if "client" not in request.fixturenames or request.path.name in BLIND:
        yield
        return
    found: set[str] = set()
    reply = Run.reply

    async def seen(run: Run, call: Call) -> Reply:
        refusing = run.route.about.startswith("Refused")
        try:
            answer = await reply(run, call)
        except RefusedError:
            if refusing:
                found.add(row_of(NAMED[run.dialect], run.route))
            raise
        if answer.status < 400:
            found.add(row_of(NAMED[run.dialect], run.route))
        return answer

    monkeypatch.setattr(Run, "reply", seen)
    yield
    check(request.node.nodeid, found)


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
