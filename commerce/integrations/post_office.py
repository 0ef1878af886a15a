"""The post office that the settings ask for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from commerce.core.clock import Clock
from commerce.integrations.outbox_folder import OutboxFolder
from commerce.integrations.sms_gateway import HttpSmsGateway
from commerce.integrations.smtp import SmtpMailer, SmtpServer, SmtpUrlError
from commerce.notifications.composing import Sender, read_sender
from commerce.notifications.ports import Mailer, SmsGateway
from commerce.notifications.post import PostOffice
from commerce.notifications.rendering import MailRenderer, Store, TemplateFlawError
from commerce.settings import Settings, SettingsError

OUTBOX: Final = "outbox"
# Nobody is written to at this address: it stands in mails that stay in the folder.
FOLDER_ADDRESS: Final = "store@storegraph.example"


@dataclass(frozen=True, slots=True)
class Ways:
    """How messages leave: `mail` and `sms` name it for people."""

    mailer: Mailer
    sms_gateway: SmsGateway
    mail: str
    sms: str


def post_office(settings: Settings, clock: Clock) -> PostOffice:
    """Raises `SettingsError` for a mail server, sender or template that cannot be used."""
    sender = _sender(settings)
    ways = message_ways(settings, clock, sender)
    return PostOffice(_renderer(settings), sender, ways.mailer, ways.sms_gateway, clock)


def outbox_folder(settings: Settings, clock: Clock) -> OutboxFolder:
    """Where messages go that nobody carries."""
    return OutboxFolder(settings.data_dir / OUTBOX, clock)


def message_ways(settings: Settings, clock: Clock, sender: Sender) -> Ways:
    """A mail server and an SMS gateway, or in their place the folder."""
    folder = outbox_folder(settings, clock)
    mailer: Mailer = folder
    sms_gateway: SmsGateway = folder
    mail = sms = f"the folder {settings.data_dir / OUTBOX}"
    if settings.smtp_url is not None:
        server = _smtp_server(settings.smtp_url.get_secret_value())
        mailer, mail = SmtpMailer(server, sender.domain), f"{server.host}:{server.port}"
    if settings.sms_url:
        token = None if settings.sms_token is None else settings.sms_token.get_secret_value()
        name = settings.sms_from or settings.store_name
        sms_gateway, sms = HttpSmsGateway(settings.sms_url, token, name), settings.sms_url
    return Ways(mailer, sms_gateway, mail, sms)


def _smtp_server(url: str) -> SmtpServer:
    try:
        return SmtpServer.from_url(url)
    except SmtpUrlError as error:
        raise SettingsError(f"COMMERCE_SMTP_URL: {error}") from None


def _sender(settings: Settings) -> Sender:
    sender = read_sender(settings.mail_from or FOLDER_ADDRESS, settings.store_name)
    if sender is None:
        raise SettingsError("COMMERCE_MAIL_FROM is no mail address")
    return sender


def _renderer(settings: Settings) -> MailRenderer:
    overrides = settings.mail_templates_dir
    if overrides is not None and not Path(overrides).is_dir():
        raise SettingsError("COMMERCE_MAIL_TEMPLATES_DIR is no folder")
    links_url = settings.links_base or f"http://{settings.host}:{settings.port}"
    try:
        renderer = MailRenderer(Store(settings.store_name, links_url), overrides)
        renderer.check()
    except TemplateFlawError as error:
        raise SettingsError(f"COMMERCE_MAIL_TEMPLATES_DIR: {error}") from None
    return renderer
