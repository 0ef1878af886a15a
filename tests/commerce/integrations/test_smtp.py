"""Against a real mail server on this machine."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from commerce.core.clock import system_clock
from commerce.integrations.smtp import SmtpMailer, SmtpServer
from commerce.notifications.composing import Sender, compose
from commerce.notifications.ports import DeliveryError
from commerce.notifications.rendering import RenderedMail
from tests.support.certificates import self_signed
from tests.support.mail import MailServer, body_of, mail_server
from tests.support.ports import free_port

SENDER = Sender("Käse & Co", "shop@example.com")
MAIL = RenderedMail("Grüße", "Ein Text mit ß.\n", "<p>Ein Text mit ß.</p>", "de")


async def send(url: str, to: str = "eva@example.com") -> None:
    mailer = SmtpMailer(SmtpServer.from_url(url), "shop.example.com")
    await mailer.send(compose(MAIL, to, SENDER, system_clock()))


async def refusal(url: str, to: str = "eva@example.com") -> tuple[str, bool]:
    with pytest.raises(DeliveryError) as raised:
        await send(url, to)
    assert to not in str(raised.value)
    return raised.value.reason, raised.value.permanent


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


async def test_text_and_html_arrive_with_all_their_letters(server: MailServer) -> None:
    await send(server.url)
    (letter,) = server.letters
    assert server.envelopes == [("shop@example.com", ["eva@example.com"])]
    assert str(letter["From"]) == "Käse & Co <shop@example.com>"
    assert str(letter["Subject"]) == "Grüße"
    assert body_of(letter).strip() == "Ein Text mit ß."
    assert body_of(letter, "html").strip() == "<p>Ein Text mit ß.</p>"


async def test_a_domain_beyond_ascii_is_served(server: MailServer) -> None:
    await send(server.url, "eva@bücher.example")
    assert server.recipients == ["eva@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("451 later", ("smtp_451", False)),
        ("421 too many", ("smtp_421", False)),
        ("550 not eva@example.com", ("smtp_550", True)),
        ("554 spam", ("smtp_554", True)),
    ],
)
async def test_an_answer_to_the_mail_says_whether_to_try_again(
    server: MailServer, answer: str, expected: tuple[str, bool]
) -> None:
    server.answers = [answer]
    assert await refusal(server.url) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("450 busy", ("smtp_450", False)), ("550 no eva@example.com", ("smtp_550", True))],
)
async def test_an_answer_to_the_recipient_says_so_too(
    server: MailServer, answer: str, expected: tuple[str, bool]
) -> None:
    server.refused = {"eva@example.com": answer}
    assert await refusal(server.url) == expected
    assert server.letters == []


async def test_nobody_listening_passes() -> None:
    assert await refusal(f"smtp://127.0.0.1:{free_port()}") == ("smtp_connection", False)


async def test_a_silent_server_is_left_after_the_timeout() -> None:
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3)
        writer.close()

    listening = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        assert await refusal(f"smtp://127.0.0.1:{port}?timeout=0.2") == ("smtp_timeout", False)
    finally:
        listening.close()


async def test_something_that_speaks_no_smtp_passes() -> None:
    async def web(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listening = await asyncio.start_server(web, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        reason, permanent = await refusal(f"smtp://127.0.0.1:{port}")
    finally:
        listening.close()
    assert reason.startswith("smtp_")
    assert not permanent


@pytest.mark.parametrize("implicit", [False, True])
async def test_mails_and_passwords_travel_encrypted(tmp_path: Path, implicit: bool) -> None:
    tls, certificate = self_signed(tmp_path)
    login = ("shop", "geheim@#/?")
    async with mail_server(tls, implicit, login) as server:
        credentials = f"{login[0]}:{quote(login[1], safe='')}"
        scheme, option = ("smtps", "") if implicit else ("smtp", "tls=required&")
        url = f"{scheme}://{credentials}@127.0.0.1:{server.port}?{option}ca={certificate}"
        await send(url)
        wrong = url.replace("shop:", "shopp:")
        assert await refusal(wrong) == ("smtp_535", False)
    assert len(server.letters) == 1
    assert server.encrypted == [True]


@pytest.mark.parametrize("implicit", [False, True])
async def test_an_unknown_certificate_is_refused(tmp_path: Path, implicit: bool) -> None:
    tls, _ = self_signed(tmp_path)
    async with mail_server(tls, implicit) as server:
        scheme, option = ("smtps", "") if implicit else ("smtp", "?tls=required")
        reason = await refusal(f"{scheme}://127.0.0.1:{server.port}{option}")
    assert reason == ("smtp_connection", False)
    assert server.letters == []


async def test_without_starttls_a_mail_that_demands_it_stays(server: MailServer) -> None:
    assert await refusal(f"{server.url}?tls=required") == ("smtp_protocol", False)
    assert server.letters == []
