import re

import pytest
from sqlalchemy import text

from commerce.core.pool import Database
from tests.support.servers import commerce

# What a command has left behind is no concern of the next test's.
pytestmark = pytest.mark.usefixtures("database")


async def test_a_redirected_key_stands_alone_and_can_be_listed_and_revoked(
    committed_url: str,
) -> None:
    code, key, notes = await commerce(
        "keys", "create", "--name", "shop", "--scope", "read_products", "--dialect", "litestore",
        "--calls-per-minute", "300", DATABASE_URL=committed_url,
    )  # fmt: skip
    assert (code, notes) == (0, "")
    assert re.fullmatch(r"ls_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}\n", key)
    code, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    assert code == 0
    assert key[:12] in listed
    assert "300/min" in listed
    assert key.strip() not in listed
    id_ = re.search(r"(\d+)\s*│ shop", listed)
    assert id_ is not None
    code, _, notes = await commerce("keys", "revoke", id_.group(1), DATABASE_URL=committed_url)
    assert (code, notes) == (0, f"Revoked key {id_.group(1)} (shop).\n")
    _, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    assert "revoked" in listed


async def test_a_keys_name_and_scopes_are_listed_whole_and_as_they_are(committed_url: str) -> None:
    scopes = ("--scope", "read_products", "--scope", "write_products", "--scope", "read_stock")
    create = ("keys", "create", "--name", "a[/]b", *scopes)
    code, _, notes = await commerce(*create, DATABASE_URL=committed_url)
    assert (code, notes) == (0, "")
    code, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    assert code == 0
    assert "a[/]b" in listed
    assert {"read_products", "write_products", "read_stock"} <= set(re.findall(r"\w+", listed))


async def test_an_expired_key_is_listed_as_such(committed_url: str, database: Database) -> None:
    create = ("keys", "create", "--name", "old", "--scope", "read_stock", "--expires-in-days", "1")
    assert (await commerce(*create, DATABASE_URL=committed_url))[0] == 0
    _, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    assert "until" in listed
    async with database.writer() as connection:
        await connection.execute(text("UPDATE api_keys SET expires_at = now() - interval '1 day'"))
    _, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    assert "expired" in listed
    assert "until" not in listed


async def test_a_key_without_scopes_is_refused_in_one_line(committed_url: str) -> None:
    code, out, notes = await commerce("keys", "create", "--name", "x", DATABASE_URL=committed_url)
    assert (code, out) == (1, "")
    assert notes == ("Error: Say what the key may do: --scope read_products, or --all-scopes.\n")


async def test_an_unknown_key_cannot_be_revoked(committed_url: str) -> None:
    code, _, notes = await commerce("keys", "revoke", "999999", DATABASE_URL=committed_url)
    assert (code, notes) == (1, "Error: There is no key 999999.\n")


async def test_wrong_usage_exits_with_2(committed_url: str) -> None:
    code, _, _ = await commerce("keys", "create", DATABASE_URL=committed_url)
    assert code == 2


async def test_a_key_is_rotated_with_both_secrets_listed_as_one(committed_url: str) -> None:
    create = ("keys", "create", "--name", "turning", "--scope", "read_stock")
    _, first, _ = await commerce(*create, DATABASE_URL=committed_url)
    _, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    id_ = re.search(r"(\d+)\s*│ turning", listed)
    assert id_ is not None
    code, second, notes = await commerce(
        "keys", "rotate", id_[1], "--overlap-hours", "2", DATABASE_URL=committed_url
    )
    assert (code, notes) == (0, "")
    assert second != first
    assert second[:16] == first[:16]
    _, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    assert re.search(r"rotating", listed)


async def test_every_kind_of_key_has_its_form(committed_url: str) -> None:
    public = ("keys", "create", "--name", "p", "--dialect", "ecwid", "--public")
    code, key, _ = await commerce(*public, DATABASE_URL=committed_url)
    assert (code, key[:7]) == (0, "public_")
    basic = ("--dialect", "cartino", "--with-password", "--allowed-ip", "192.0.2.0/24")
    create = ("keys", "create", "--name", "b", "--scope", "read_stock", *basic)
    code, printed, _ = await commerce(*create, DATABASE_URL=committed_url)
    key, password = printed.split()
    assert code == 0
    assert key.startswith("sk_live_")
    assert len(password) == 43


async def test_a_reference_makes_one_key(committed_url: str) -> None:
    create = ("keys", "create", "--name", "r", "--scope", "read_stock", "--reference", "setup-1")
    assert (await commerce(*create, DATABASE_URL=committed_url))[0] == 0
    code, out, notes = await commerce(*create, DATABASE_URL=committed_url)
    assert (code, out) == (1, "")
    assert "rotate it" in notes


async def test_scopes_have_cartinos_names_too(committed_url: str) -> None:
    create = ("keys", "create", "--name", "c", "--dialect", "cartino")
    code, key, _ = await commerce(*create, "--scope", "orders:read", DATABASE_URL=committed_url)
    assert (code, key[:8]) == (0, "sk_live_")
    code, _, notes = await commerce(*create, "--scope", "orders:eat", DATABASE_URL=committed_url)
    assert code == 1
    assert "There is no scope orders:eat" in notes
    code, key, _ = await commerce(*create, DATABASE_URL=committed_url, SANDBOX="true")
    assert (code, key[:8]) == (0, "sk_test_")
    _, listed, _ = await commerce("keys", "list", DATABASE_URL=committed_url)
    assert "read_orders" in listed
    assert "write_staff" not in listed
    _, scopes, _ = await commerce("keys", "scopes", DATABASE_URL=committed_url)
    assert "products:read" in scopes
