from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commerce.core import remembered
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.staff.authenticator import Authenticator
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.rules.key_terms import KeyTerms
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def issue(uow: UnitOfWork, **values: Any) -> IssuedKey:
    service = ApiKeyService(ApiKeyRepository(uow), lambda: NOON)
    issued = await service.issue(KeyTerms("shop", frozenset({Scope.READ_STOCK}), **values))
    assert isinstance(issued, IssuedKey)
    return issued


async def test_a_key_stands_for_its_scopes_and_dialect(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    issued = await issue(uow, dialect="shopkit", calls_per_minute=300)
    viewer = await Authenticator(open_unit, lambda: NOON).viewer(issued.text)
    scopes = frozenset({Scope.READ_STOCK})
    assert viewer == Viewer(
        ViewerKind.API_KEY, issued.row.id, scopes, "shopkit", calls_per_minute=300
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
    monkeypatch.setattr(remembered, "monotonic", lambda: now)
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


async def test_a_key_works_from_its_networks_alone(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    service = ApiKeyService(ApiKeyRepository(uow), lambda: NOON)
    terms = KeyTerms("shop", frozenset({Scope.READ_STOCK}), allowed_ips=("192.0.2.0/24", "::1"))
    issued = await service.issue(terms)
    assert isinstance(issued, IssuedKey)
    authenticator = Authenticator(open_unit, lambda: NOON)
    for address, good in (
        ("192.0.2.9", True),
        ("192.0.3.9", False),
        ("::1", True),
        ("", False),
        ("192.0.2.9", True),
    ):
        assert (await authenticator.viewer(issued.text, address) is not None) is good


async def test_use_from_elsewhere_is_not_noted(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    service = ApiKeyService(ApiKeyRepository(uow), lambda: NOON)
    issued = await service.issue(
        KeyTerms("shop", frozenset({Scope.READ_STOCK}), allowed_ips=("192.0.2.0/24",))
    )
    assert isinstance(issued, IssuedKey)
    await Authenticator(open_unit, lambda: NOON).viewer(issued.text, "10.0.0.1")
    row = await ApiKeyRepository(uow).by_public_id(issued.row.public_id)
    assert row is not None
    assert row.last_used_at is None


async def test_a_password_counts_where_the_key_has_one(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    service = ApiKeyService(ApiKeyRepository(uow), lambda: NOON)
    terms = KeyTerms("shop", frozenset({Scope.READ_STOCK}), "cartino")
    guarded, plain = await service.issue(terms, with_password=True), await service.issue(terms)
    assert isinstance(guarded, IssuedKey)
    assert isinstance(plain, IssuedKey)
    authenticator = Authenticator(open_unit, lambda: NOON)
    for issued, password, good in (
        (guarded, guarded.password, True),
        (guarded, "wrong", False),
        (guarded, "", False),
        (guarded, None, False),
        (plain, None, True),
        (plain, "whatever", True),
    ):
        assert (await authenticator.viewer(issued.text, "", password) is not None) is good


async def test_a_public_key_holds_no_scope(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    service = ApiKeyService(ApiKeyRepository(uow), lambda: NOON)
    issued = await service.issue(KeyTerms("shop", dialect="ecwid", is_public=True))
    assert isinstance(issued, IssuedKey)
    assert issued.text.startswith("public_")
    viewer = await Authenticator(open_unit, lambda: NOON).viewer(issued.text)
    assert viewer == Viewer(ViewerKind.API_KEY, issued.row.id, frozenset(), "ecwid")


async def test_many_servers_note_use_once_a_minute(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    issued = await issue(uow)
    keys = ApiKeyRepository(uow)
    await keys.touch(issued.row.id, issued.row.secret_sha256, NOON)
    await keys.touch(issued.row.id, issued.row.secret_sha256, NOON + timedelta(seconds=59))
    row = await keys.by_public_id(issued.row.public_id)
    assert row is not None
    assert row.last_used_at == NOON
