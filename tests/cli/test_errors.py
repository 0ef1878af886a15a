from collections.abc import AsyncIterator

import pytest

from tests.support.databases import fresh_database
from tests.support.servers import commerce


@pytest.fixture
async def empty_url(server_url: str) -> AsyncIterator[str]:
    async with fresh_database(server_url, "empty") as url:
        yield url


async def test_a_database_without_schema_is_refused_with_advice(empty_url: str) -> None:
    code, out, notes = await commerce("keys", "list", DATABASE_URL=empty_url)
    assert (code, out) == (1, "")
    assert notes.startswith("Error: The database is at revision none")
    assert notes.endswith("run `commerce migrate`.\n")
    assert notes.count("\n") == 1


async def test_migrate_says_what_it_did_and_may_be_repeated(empty_url: str) -> None:
    code, _, notes = await commerce("migrate", DATABASE_URL=empty_url)
    assert code == 0
    assert notes.startswith("Migrated from revision none to ")
    code, _, notes = await commerce("migrate", DATABASE_URL=empty_url)
    assert code == 0
    assert "already" in notes
    assert (await commerce("doctor", DATABASE_URL=empty_url))[0] == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"PORT": "http"}, "Error: COMMERCE_PORT: input should be a valid integer"),
        ({"COLOUR": "red"}, "Error: COMMERCE_COLOUR is not a setting"),
        ({"DATABASE_URL": "mysql://x"}, "Error: COMMERCE_DATABASE_URL must start with"),
        (
            {"DATABASE_URL": "postgresql://nobody:hunter2@127.0.0.1:1/x"},
            "Error: The database cannot be reached",
        ),
    ],
)
@pytest.mark.parametrize("command", [("serve",), ("keys", "list")])
async def test_what_cannot_work_is_said_in_one_line(
    command: tuple[str, ...], settings: dict[str, str], message: str
) -> None:
    code, out, notes = await commerce(*command, **settings)
    assert (code, out) == (1, "")
    assert message in notes
    assert "Traceback" not in notes
    assert "hunter2" not in notes


async def test_doctor_finds_a_database_that_is_not_there() -> None:
    code, out, _ = await commerce("doctor", DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert code == 1
    assert "wrong" in out
