"""Access tokens, looked up and remembered for a second."""

from typing import Any

import pytest
from sqlalchemy import text

from commerce.core import remembered
from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.oauth.authenticator import OAuthAuthenticator
from commerce.oauth.protocol import Asked
from commerce.oauth.repository.clients import ClientRepository
from commerce.oauth.repository.grants import GrantRepository
from commerce.oauth.service.clients import RegisteredClient
from commerce.oauth.service.granting import GrantingService
from tests.support.oauth import proven, register


async def token_of(uow: UnitOfWork, till: RegisteredClient) -> str:
    service = GrantingService(uow, ClientRepository(uow), GrantRepository(uow), system_clock)
    asked = Asked("POST", proven(till, {"grant_type": "client_credentials"}))
    _, body, _ = await service.token(asked)
    return str(body["access_token"])


async def test_a_token_stands_for_its_client_and_scopes(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    till = await register(uow, scopes=("inventory:read", "write_stock"), dialect="cartino")
    viewer = await OAuthAuthenticator(open_unit, system_clock).viewer(await token_of(uow, till))
    scopes = frozenset({Scope.READ_STOCK, Scope.WRITE_STOCK})
    assert viewer == Viewer(ViewerKind.OAUTH_CLIENT, till.row.id, scopes, "cartino")


async def test_an_answer_costs_one_statement_and_is_remembered_for_a_second(
    uow: UnitOfWork, open_unit: OpenUnit, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(remembered, "monotonic", lambda: now)
    token = await token_of(uow, await register(uow))
    authenticator = OAuthAuthenticator(open_unit, system_clock)
    statements.clear()
    assert await authenticator.viewer(token) is not None
    assert len(statements) == 1
    await uow.change(text("UPDATE oauth_grants SET revoked_at = now()"))
    statements.clear()
    assert await authenticator.viewer(token) is not None
    assert statements == []
    now += 1.0
    assert await authenticator.viewer(token) is None


@pytest.mark.parametrize("text_", ["oat_", "oat_x_y", "oat_" + "x" * 500, "oat_\udcff"])
async def test_what_is_no_token_stands_for_nobody(open_unit: OpenUnit, text_: str) -> None:
    found: Any = await OAuthAuthenticator(open_unit, system_clock).viewer(text_)
    assert found is None
