"""`commerce mail`: look into the outbox folder and the queue, and try the mail server."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from commerce.cli.output import fail, notes, out
from commerce.cli.session import run, services
from commerce.core.clock import system_clock
from commerce.integrations.outbox_folder import MAIL
from commerce.integrations.post_office import outbox_folder, post_office
from commerce.notifications.messages import Mail
from commerce.notifications.ports import DeliveryError
from commerce.notifications.repository import MessageRow
from commerce.runtime import Resources
from commerce.settings import settings_from_process

SHOWN_HEADERS: Final = ("From", "To", "Subject", "Date")
app = typer.Typer(help="Mails and text messages on their way out.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Letter:
    """A file of the outbox folder, read."""

    at: datetime
    to: str
    subject: str
    headers: str
    text: str
    html: str = ""


@app.command("list")
def list_messages(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
) -> None:
    """Show what lies in the outbox folder, the latest first."""
    files = _files()[:limit]
    if not files:
        notes.print("The outbox folder is empty.")
        return
    table = Table("number", "at", "to", "subject")
    for number, file in enumerate(files, 1):
        letter = _read(file)
        table.add_row(
            str(number), f"{letter.at:%Y-%m-%d %H:%M:%S}", escape(letter.to), escape(letter.subject)
        )
    out.print(table)


@app.command()
def show(
    number: Annotated[int, typer.Argument(min=1, help="As in `mail list`; 1 is the latest.")] = 1,
    html: Annotated[bool, typer.Option("--html", help="The HTML instead of the text.")] = False,
) -> None:
    """Print a message of the outbox folder, with its links."""
    files = _files()
    if number > len(files):
        fail(f"There is no message {number}: the outbox folder has {len(files)}.")
    letter = _read(files[number - 1])
    print(letter.html if html else f"{letter.headers}\n\n{letter.text}")  # noqa: T201  # as it is, links unbroken


@app.command("test")
def send_test(
    address: Annotated[str, typer.Argument(help="Who is to get it.")],
    language: Annotated[str, typer.Option(help="Language of the mail, such as `de`.")] = "en",
) -> None:
    """Send a test mail the way the settings say."""
    settings = settings_from_process()
    post = post_office(settings, system_clock)
    try:
        asyncio.run(post.send(Mail("test", address, language)))
    except DeliveryError as error:
        fail(f"The mail was not taken: {error.reason}.")
    way = "to the mail server" if settings.smtp_url else "into the outbox folder"
    notes.print(f"Sent {way}.")


@app.command()
def queue() -> None:
    """Count what waits to be sent and what was given up, by kind and last error."""

    async def work(resources: Resources) -> list[MessageRow]:
        async with services(resources) as session:
            return list(await session.notifications.summary())

    table = Table("state", "kind", "last error", "messages", "oldest")
    for row in run(work):
        state = "given up" if row.dead else "waiting"
        oldest = f"{row.oldest:%Y-%m-%d %H:%M:%S}"
        table.add_row(state, escape(row.kind), escape(row.error), str(row.count), oldest)
    out.print(table)


def _files() -> list[Path]:
    settings = settings_from_process()
    return list(outbox_folder(settings, system_clock).newest_first())


def _read(file: Path) -> Letter:
    content = file.read_bytes()
    return _mail(content) if file.suffix == MAIL else _text_message(content)


def _mail(content: bytes) -> Letter:
    message = message_from_bytes(content, _class=EmailMessage, policy=default)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    return Letter(
        at=message["Date"].datetime.astimezone(UTC),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        headers="\n".join(f"{name}: {message[name]}" for name in SHOWN_HEADERS),
        text="" if text is None else text.get_content(),
        html="" if html is None else html.get_content(),
    )


def _text_message(content: bytes) -> Letter:
    body = orjson.loads(content)
    to, text = str(body["to"]), str(body["text"])
    return Letter(
        at=datetime.fromisoformat(body["at"]),
        to=to,
        subject=text if len(text) <= 40 else f"{text[:39]}…",
        headers=f"To: {to}\nDate: {body['at']}",
        text=text,
    )
