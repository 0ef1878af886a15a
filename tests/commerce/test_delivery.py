"""The running server sends what is queued."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.delivery import delivering
from commerce.runtime import Resources, preflight
from commerce.settings import Settings, SettingsError
from tests.support.databases import migrated_database
from tests.support.notifications import enqueue
from tests.support.servers import commerce, serving
from tests.support.writers import table


async def test_a_server_tries_what_is_queued(server_url: str, tmp_path: Path) -> None:
    async with migrated_database(server_url, "delivery") as url:
        store = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
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
    ("given", "warned"),
    [
        ({"environment": "production"}, True),
        ({"environment": "development"}, False),
        (
            {
                "environment": "production",
                "smtp_url": "smtp://m.example",
                "mail_from": "a@example.com",
                "links_url": "https://shop.example",
            },
            False,
        ),
    ],
)
async def test_a_store_in_production_is_warned_that_its_mails_go_to_a_folder(
    resources: Resources, tmp_path: Path, given: dict[str, str], warned: bool
) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, **given})
    with capture_logs() as logs:
        async with delivering(replace(resources, settings=settings)):
            pass
    assert ("mails_go_to_a_folder" in [entry["event"] for entry in logs]) is warned


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
