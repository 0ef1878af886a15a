"""The running server sends what is queued."""

import asyncio
from pathlib import Path

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import Database, units_on
from commerce.runtime import preflight
from commerce.settings import Settings, SettingsError
from tests.support.databases import fresh_database
from tests.support.notifications import enqueue
from tests.support.servers import commerce, serving
from tests.support.writers import table


async def test_a_server_tries_what_is_queued(server_url: str, tmp_path: Path) -> None:
    async with fresh_database(server_url, "delivery") as url:
        store = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
        assert (await commerce("migrate", **store))[0] == 0
        async with serving(**store):
            database = Database(url)
            units = units_on(database)
            # Sealed with another store's secret: the server cannot read it, and says so.
            await enqueue(units, system_clock, "eva@example.com", kind="password_reset")
            async with asyncio.timeout(20), units() as uow:
                found = [("", 0)]
                while found[0][1] == 0 or not found[0][0]:
                    await asyncio.sleep(0.05)
                    found = await table(uow, "outgoing_messages", "error, tries")
            await database.close()
    assert found[0][0] in {"unreadable", "no_handler"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mail_from": "nobody"}, "COMMERCE_MAIL_FROM"),
        ({"smtp_url": "http://m.example", "mail_from": "a@example.com"}, "COMMERCE_SMTP_URL"),
    ],
)
async def test_a_server_that_could_not_send_does_not_start(
    tmp_path: Path, given: dict[str, str], told: str
) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, **given})
    with pytest.raises(SettingsError, match=told):
        await preflight(settings)


async def test_the_start_says_so_in_one_line(tmp_path: Path) -> None:
    code, _, told = await commerce("serve", DATA_DIR=str(tmp_path), MAIL_FROM="nobody")
    assert (code, told) == (1, "Error: COMMERCE_MAIL_FROM is no mail address\n")
