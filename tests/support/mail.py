"""A real mail server on this machine, and what it takes to send to it."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

OK = "250 taken"


@dataclass
class MailServer:
    """Keeps what it takes. `answers` are given to the next mails instead of yes, `refused` to
    recipients. `hold` makes it wait before it answers to a mail that it has read, `hold_recipients`
    before it answers to the recipient: then it has taken nothing yet."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    hold: asyncio.Event | None = None
    hold_recipients: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return [to for _, recipients in self.envelopes for to in recipients]

    async def wait_for(self, count: int, seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while len(self.letters) < count:
                self.arrived.clear()
                await self.arrived.wait()

    async def handle_RCPT(  # noqa: N802  # the name aiosmtpd looks for
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked.set()
        if self.hold_recipients is not None:
            await self.hold_recipients.wait()
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, protocol: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # the name aiosmtpd looks for
        answer = self.answers.pop(0) if self.answers else OK
        if answer == OK:
            letter = message_from_bytes(envelope.content, _class=EmailMessage, policy=SMTP_POLICY)
            self.letters.append(letter)
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
            self.encrypted.append(protocol.transport.get_extra_info("sslcontext") is not None)
            self.arrived.set()
        if self.hold is not None:
            await self.hold.wait()
        return answer


@asynccontextmanager
async def mail_server(
    tls: ssl.SSLContext | None = None,
    implicit: bool = False,
    login: tuple[str, str] | None = None,
) -> AsyncIterator[MailServer]:
    """With `tls` it offers STARTTLS, or speaks it from the start; with `login` it demands that."""
    server = MailServer()

    def check(
        _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = (data.login.decode(), data.password.decode()) == login
        return AuthResult(success=good, handled=False)

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            # It would rather see STARTTLS before a password; from the start is as good.
            warnings.simplefilter("ignore", UserWarning)
            return speaking()

    def speaking() -> SMTP:
        return SMTP(
            server,
            hostname="mail.example.com",
            tls_context=None if implicit else tls,
            require_starttls=tls is not None and not implicit,
            authenticator=check if login else None,
            auth_required=login is not None,
            auth_require_tls=tls is not None and not implicit,
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(protocol, "127.0.0.1", 0, ssl=tls if implicit else None)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        for held in (server.hold, server.hold_recipients):
            if held is not None:
                held.set()
        listening.close()


def body_of(letter: EmailMessage, kind: str = "plain") -> str:
    """The text of a mail, or its HTML."""
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())
