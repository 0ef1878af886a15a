"""Mails by SMTP."""

from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from commerce.core.urls import is_loopback
from commerce.notifications.ports import DeliveryError

Tls = Literal["implicit", "required", "never"]
DEFAULT_PORTS: Final[dict[Tls, int]] = {"implicit": 465, "required": 587, "never": 25}
MAX_TIMEOUT: Final = 30.0  # below the longest try of a message
OPTIONS: Final = frozenset({"tls", "timeout", "ca"})


class SmtpUrlError(ValueError):
    """An address of a mail server that cannot be used; the message does not repeat it."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`ca` is a file with certificates to trust instead of the system's."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = None
    timeout: float = 15.0
    ca: str | None = None

    @classmethod
    def from_url(cls, given: str) -> "SmtpServer":
        """`smtp://user:password@host:587?tls=required&timeout=15` or `smtps://…`.

        Passwords and mails do not travel in the clear unless `tls=never` says so, or the server
        is on this machine. Raises `SmtpUrlError`.
        """
        try:
            url = urlsplit(given)
            port = url.port
        except ValueError:
            raise SmtpUrlError("it is not a URL") from None
        if url.scheme not in ("smtp", "smtps") or not url.hostname:
            raise SmtpUrlError("it must look like smtp://user:password@host:587 or smtps://host")
        options = dict(parse_qsl(url.query, keep_blank_values=True))
        if not OPTIONS.issuperset(options):
            raise SmtpUrlError(f"it may have the options {', '.join(sorted(OPTIONS))}")
        tls = _tls(url, options.get("tls"))
        return cls(
            host=url.hostname,
            port=port or DEFAULT_PORTS[tls],
            tls=tls,
            user=_part(url.username),
            password=_part(url.password),
            timeout=_timeout(options.get("timeout", "15")),
            ca=_readable(options.get("ca")),
        )


class SmtpMailer:
    """One connection per mail: there are few, and a connection kept is one that may have died."""

    def __init__(self, server: SmtpServer, local_hostname: str) -> None:
        self._server = server
        self._local_hostname = local_hostname

    async def send(self, message: EmailMessage) -> None:
        try:
            async with self._client() as client:
                await client.send_message(message)
        except (SMTPException, OSError, ValueError) as error:
            raise classified(error) from None

    def _client(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls == "implicit",
            start_tls=server.tls == "required",
            cert_bundle=server.ca,
            timeout=server.timeout,
            local_hostname=self._local_hostname,
        )


def classified(error: Exception) -> DeliveryError:
    """What a failure means for the mail.

    Only a refusal of this recipient or this mail is for good. A refused sender or password is
    the store's own mistake: the mail waits until it is mended.
    """
    if isinstance(error, SMTPRecipientsRefused):
        codes = [refused.code for refused in error.recipients]
        return _refusal(codes[0] if codes else 0, permanent=True)
    if isinstance(error, SMTPRecipientRefused | SMTPDataError):
        return _refusal(error.code, permanent=True)
    if isinstance(error, SMTPResponseException):
        return _refusal(error.code, permanent=False)
    if isinstance(error, TimeoutError):
        return DeliveryError("smtp_timeout")
    if isinstance(error, OSError):
        return DeliveryError("smtp_connection")
    if isinstance(error, ValueError):
        return DeliveryError("smtp_unwritable", permanent=True)
    return DeliveryError("smtp_protocol")


def _refusal(code: int, *, permanent: bool) -> DeliveryError:
    return DeliveryError(f"smtp_{code}", permanent=permanent and 500 <= code < 600)


def _tls(url: SplitResult, asked: str | None) -> Tls:
    if url.scheme == "smtps":
        if asked is not None:
            raise SmtpUrlError("smtps:// is encrypted from the start: it takes no tls option")
        return "implicit"
    if asked not in (None, "required", "never"):
        raise SmtpUrlError("tls must be required or never")
    if asked is None:
        return "never" if is_loopback(url.hostname or "") else "required"
    return "required" if asked == "required" else "never"


def _part(given: str | None) -> str | None:
    return unquote(given) if given else None


def _timeout(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        raise SmtpUrlError("timeout must be a number of seconds") from None
    if not 0 < seconds <= MAX_TIMEOUT:
        raise SmtpUrlError(f"timeout must be at most {MAX_TIMEOUT:.0f} seconds")
    return seconds


def _readable(ca: str | None) -> str | None:
    if ca is not None and not Path(ca).is_file():
        raise SmtpUrlError("ca must be a file of certificates")
    return ca
