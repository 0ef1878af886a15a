from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.staff import authenticator as module
from commerce.staff.authenticator import Authenticator
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def issue(uow: UnitOfWork, **values: Any) -> IssuedKey:
    service = ApiKeyService(ApiKeyRepository(uow), lambda: NOON)
    issued = await service.create("shop", frozenset({Scope.READ_STOCK}), **values)
    assert isinstance(issued, IssuedKey)
    return issued


async def test_a_key_stands_for_its_scopes_and_dialect(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    issued = await issue(uow, dialect="shopkit")
    viewer = await Authenticator(open_unit, lambda: NOON).viewer(issued.text)
    assert viewer == Viewer(
        ViewerKind.API_KEY, issued.row.id, frozenset({Scope.READ_STOCK}), "shopkit"
    )


async def test_the_secret_is_not_stored(uow: UnitOfWork) -> None:
    issued = await issue(uow)
    row = await ApiKeyRepository(uow).by_public_id(issued.row.public_id)
    assert row is not None
    secret = issued.text.rpartition("_")[2]
    assert not any(secret[:20] in str(value) for value in row)


async def test_a_wrong_secret_an_expired_and_a_revoked_key_stand_for_nobody(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    good = await issue(uow, expires_at=NOON + timedelta(hours=1))
    other = await issue(uow)
    forged = good.text.replace(good.row.public_id, other.row.public_id)
    assert await Authenticator(open_unit, lambda: NOON).viewer(forged) is None
    later = Authenticator(open_unit, lambda: NOON + timedelta(hours=1))
    assert await later.viewer(good.text) is None
    service = ApiKeyService(ApiKeyRepository(uow), lambda: NOON)
    await service.revoke(other.row.id)
    assert await Authenticator(open_unit, lambda: NOON).viewer(other.text) is None


async def test_a_revoked_key_still_tells_its_dialect(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    issued = await issue(uow, dialect="litestore")
    await ApiKeyService(ApiKeyRepository(uow), lambda: NOON).revoke(issued.row.id)
    assert await Authenticator(open_unit, lambda: NOON).dialect(issued.text) == "litestore"


async def test_revocation_is_seen_within_a_second(
    uow: UnitOfWork, open_unit: OpenUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    authenticator = Authenticator(open_unit, lambda: NOON)
    issued = await issue(uow)
    assert await authenticator.viewer(issued.text) is not None
    await ApiKeyService(ApiKeyRepository(uow), lambda: NOON).revoke(issued.row.id)
    now += 1.0
    assert await authenticator.viewer(issued.text) is None


async def test_use_is_noted_once_a_minute(
    uow: UnitOfWork, open_unit: OpenUnit, statements: list[str]
) -> None:
    issued = await issue(uow)
    statements.clear()
    await Authenticator(open_unit, lambda: NOON).viewer(issued.text)
    assert len(statements) == 2
    await Authenticator(open_unit, lambda: NOON + timedelta(seconds=59)).viewer(issued.text)
    assert len(statements) == 3


async def test_an_answer_is_remembered(
    uow: UnitOfWork, open_unit: OpenUnit, statements: list[str]
) -> None:
    issued = await issue(uow)
    authenticator = Authenticator(open_unit, lambda: NOON)
    await authenticator.viewer(issued.text)
    statements.clear()
    await authenticator.viewer(issued.text)
    assert statements == []
