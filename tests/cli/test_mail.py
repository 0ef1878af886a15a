import stat
from pathlib import Path

from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.integrations.outbox_folder import OutboxFolder
from commerce.notifications.messages import Sms
from tests.support.mail import body_of, mail_server
from tests.support.notifications import enqueue
from tests.support.ports import free_port
from tests.support.servers import commerce

EVA = "eva@example.com"


async def test_a_mail_without_a_server_can_be_listed_and_read(tmp_path: Path) -> None:
    store = {
        "DATA_DIR": str(tmp_path),
        "STORE_NAME": "[b]Käse[/b]",
        "LINKS_URL": "https://s.example",
    }
    code, out, told = await commerce("mail", "list", **store)
    assert (code, out, told) == (0, "", "The outbox folder is empty.\n")
    code, _, told = await commerce("mail", "test", EVA, "--language", "de", **store)
    assert (code, told) == (0, "Sent into the outbox folder.\n")
    await OutboxFolder(tmp_path / "outbox", system_clock).send_sms(Sms("+491701234567", "Code 1 2"))

    code, listed, _ = await commerce("mail", "list", **store)
    assert code == 0
    assert listed.index("+491701234567") < listed.index(EVA)  # the latest first
    assert "[b]Käse[/b]" in listed
    code, shown, _ = await commerce("mail", "show", "2", **store)
    assert code == 0
    assert shown.startswith("From: ")
    assert f"To: {EVA}\nSubject: Eine Testmail von [b]Käse[/b]\n" in shown
    assert "https://s.example/" in shown
    code, html, _ = await commerce("mail", "show", "2", "--html", **store)
    assert html.startswith("<!doctype html>")
    assert 'lang="de"' in html
    code, sms, _ = await commerce("mail", "show", **store)
    assert sms.startswith("To: +491701234567\n")
    assert sms.endswith("\n\nCode 1 2\n")
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "outbox").iterdir()} == {
        0o600
    }

    code, listed, _ = await commerce("mail", "list", "--limit", "1", **store)
    assert EVA not in listed


async def test_a_number_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    code, out, told = await commerce("mail", "show", "3", DATA_DIR=str(tmp_path))
    assert (code, out) == (1, "")
    assert told == "Error: There is no message 3: the outbox folder has 0.\n"


async def test_a_test_mail_goes_the_configured_way(tmp_path: Path) -> None:
    store = {"DATA_DIR": str(tmp_path), "MAIL_FROM": "Käse & Co <shop@example.com>"}
    async with mail_server() as server:
        code, _, told = await commerce("mail", "test", EVA, SMTP_URL=server.url, **store)
        assert (code, told) == (0, "Sent to the mail server.\n")
        server.refused = {EVA: "550 not here"}
        code, _, told = await commerce("mail", "test", EVA, SMTP_URL=server.url, **store)
        assert (code, told) == (1, "Error: The mail was not taken: smtp_550.\n")
    (letter,) = server.letters
    assert str(letter["From"]) == "Käse & Co <shop@example.com>"
    assert "can send mails" in body_of(letter)
    assert not (tmp_path / "outbox").exists()


async def test_half_a_configuration_is_one_line_without_secrets(tmp_path: Path) -> None:
    url = f"smtp://u:canary@127.0.0.1:{free_port()}"
    for given, expected in (
        ({"SMTP_URL": url}, "COMMERCE_MAIL_FROM is needed with COMMERCE_SMTP_URL"),
        ({"SMTP_URL": f"{url}?x=1", "MAIL_FROM": EVA}, "COMMERCE_SMTP_URL: it may have"),
        ({"SMTP_URL": url, "MAIL_FROM": EVA}, "The mail was not taken: smtp_connection."),
    ):
        code, out, told = await commerce("mail", "test", EVA, DATA_DIR=str(tmp_path), **given)
        assert (code, out) == (1, "")
        assert told.startswith(f"Error: {expected}")
        assert told.count("\n") == 1
        assert "canary" not in told


async def test_the_queue_is_counted_by_kind_and_reason(
    committed_url: str, database: Database, tmp_path: Path
) -> None:
    units = units_on(database)
    await enqueue(units, system_clock, EVA, EVA, kind="farewell")
    await enqueue(units, system_clock, EVA, kind="welcome")
    async with units() as uow:
        dead = "UPDATE outgoing_messages SET data = NULL, died_at = now(), error = 'smtp_550'"
        await uow.change(text(f"{dead} WHERE kind = 'welcome'"))
    store = {"DATA_DIR": str(tmp_path), "DATABASE_URL": committed_url}
    code, counted, _ = await commerce("mail", "queue", **store)
    assert code == 0
    lines = [line.split("│")[1:-1] for line in counted.splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in line][:4] for line in lines]
    assert cells == [["waiting", "farewell", "", "2"], ["given up", "welcome", "smtp_550", "1"]]
