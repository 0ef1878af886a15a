"""The first owner, and the way back in."""

import re

from sqlalchemy import text

from commerce.core.pool import Database
from tests.support.servers import commerce


async def owner(url: str, email: str, *options: str, stdin: bytes = b"") -> tuple[int, str, str]:
    arguments = ("staff", "create-owner", email, "--name", "Ada [Lovelace]", *options)
    return await commerce(*arguments, stdin=stdin, DATABASE_URL=url)


async def id_of(url: str, email: str) -> str:
    _, listed, _ = await commerce("staff", "list", DATABASE_URL=url)
    found = re.search(rf"(\d+)\s*│ {email}", listed)
    assert found is not None
    return found.group(1)


async def test_an_owner_is_made_with_a_password_from_stdin(
    committed_url: str, database: Database
) -> None:
    code, shown, notes = await owner(committed_url, "ada@shop.example", stdin=b"correct horse\n")
    assert (code, shown, notes) == (0, "", "ada@shop.example is an owner.\n")
    code, listed, _ = await commerce("staff", "list", DATABASE_URL=committed_url)
    assert code == 0
    assert "Ada [Lovelace]" in listed
    assert {"ada@shop.example", "Owner", "active", "never"} <= set(re.findall(r"[\w@.]+", listed))


async def test_no_password_is_taken_from_the_command_line_or_too_short(
    committed_url: str, database: Database
) -> None:
    code, _, _ = await owner(committed_url, "a@shop.example", "--password", "correct horse")
    assert code == 2
    code, _, notes = await owner(committed_url, "a@shop.example", stdin=b"short\n")
    assert (code, notes) == (1, "Error: A password has 8 to 128 characters.\n")
    async with database.reader() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM staff_members")) == 0


async def test_an_owner_can_choose_a_password_by_a_link_and_the_last_one_stays(
    committed_url: str, database: Database
) -> None:
    code, link, _ = await owner(committed_url, "bo@shop.example", "--link")
    assert code == 0
    assert re.fullmatch(r"http://127.0.0.1:8000/staff/accept-invitation\?token=[\w-]{43}\n", link)
    code, again, _ = await owner(committed_url, "BO@shop.example", "--link")
    assert code == 0
    assert again != link, "whoever lost the link gets another one"
    await owner(committed_url, "ada@shop.example", stdin=b"correct horse\n")
    code, _, notes = await owner(committed_url, "ADA@shop.example", "--link")
    assert (code, notes) == (1, "Error: There is a staff member with this address.\n")
    ada = await id_of(committed_url, "ada@shop.example")
    code, _, notes = await commerce("staff", "deactivate", ada, DATABASE_URL=committed_url)
    assert code == 1, "who has not accepted cannot sign in"
    assert "needs an owner" in notes
    code, _, notes = await commerce("staff", "deactivate", "1", DATABASE_URL=committed_url)
    assert (code, notes) == (0, "BO@shop.example cannot sign in any more.\n")
    code, _, notes = await commerce("staff", "reset-password", "1", DATABASE_URL=committed_url)
    assert code == 1
    code, link, _ = await commerce("staff", "reset-password", ada, DATABASE_URL=committed_url)
    assert code == 0
    assert "/account/reset-password?token=" in link
