"""The post office that the settings ask for."""

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


def post_office(settings: Settings, clock: Clock) -> PostOffice:
    """Raises `SettingsError` for a mail server, sender or template that cannot be used."""
    sender, folder = _sender(settings), outbox_folder(settings, clock)
    mailer = _mailer(settings, sender) or folder
    gateway = _sms_gateway(settings)
    renderer = _checked(settings)
    texts = gateway is not None
    return PostOffice(renderer, sender, mailer, gateway or folder, clock, texts=texts)


def outbox_folder(settings: Settings, clock: Clock) -> OutboxFolder:
    """Where messages go that nobody carries."""
    return OutboxFolder(settings.data_dir / OUTBOX, clock)


def _mailer(settings: Settings, sender: Sender) -> Mailer | None:
    if settings.smtp_url is None:
        return None
    return SmtpMailer(_smtp_server(settings.smtp_url.get_secret_value()), sender.domain)


def _sms_gateway(settings: Settings) -> SmsGateway | None:
    if not settings.sms_url:
        return None
    token = None if settings.sms_token is None else settings.sms_token.get_secret_value()
    return HttpSmsGateway(settings.sms_url, token, settings.sms_from or settings.store_name)


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


def mail_renderer(settings: Settings) -> MailRenderer:
    """Raises `SettingsError` for a folder of templates that cannot be read."""
    overrides = settings.mail_templates_dir
    if overrides is not None and not overrides.is_dir():
        raise SettingsError("COMMERCE_MAIL_TEMPLATES_DIR is no folder")
    links_url = settings.links_base or f"http://{settings.host}:{settings.port}"
    try:
        return MailRenderer(Store(settings.store_name, links_url), overrides)
    except TemplateFlawError as error:
        raise SettingsError(f"COMMERCE_MAIL_TEMPLATES_DIR: {error}") from None


def _checked(settings: Settings) -> MailRenderer:
    renderer = mail_renderer(settings)
    try:
        renderer.check()
    except TemplateFlawError as error:
        raise SettingsError(f"COMMERCE_MAIL_TEMPLATES_DIR: {error}") from None
    return renderer
