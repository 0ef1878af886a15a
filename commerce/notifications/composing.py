"""From a rendered mail to the message that is sent: headers, text and HTML."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from functools import lru_cache
from typing import Any, Final
from uuid import uuid4

from commerce.core.emails import email_of
from commerce.core.problems import Problem
from commerce.notifications.ports import DeliveryError
from commerce.notifications.rendering import RenderedMail
from commerce.notifications.text import one_line

# Begins an encoded word. The standard library decodes those in what a header is set to, and
# writes the line breaks that may be encoded in them as they are: another header.
ENCODED_WORD: Final = "=?"
# Headers that are read once: a mail takes as long to be read as to be written.
AUTOMATIC: Final = {
    name: SMTP.header_factory(name, value)
    for name, value in {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",  # the same, for Exchange
    }.items()
}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who mails come from. The address is plain ASCII: `shop@example.com`."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def read_sender(given: str, store_name: str) -> Sender | None:
    """`shop@example.com` or `Shop <shop@example.com>`; None for anything else."""
    found = getaddresses([given])
    if len(found) != 1 or not given.isprintable():
        return None
    name, address = found[0]
    try:
        return Sender(one_line(name or store_name), checked_address(address))
    except DeliveryError:
        return None


def checked_address(address: str) -> str:
    """The address as mail servers know it, all of it ASCII. Raises `DeliveryError`."""
    known = email_of(address)
    if isinstance(known, Problem) or ENCODED_WORD in known:
        raise DeliveryError("bad_address", permanent=True)
    return known


def _address(address: str, name: str = "") -> Address:
    local_part, _, domain = address.rpartition("@")
    return Address(_literal(name), local_part, domain)


@lru_cache(maxsize=8)
def _from(sender: Sender) -> Any:
    return SMTP.header_factory("From", _address(sender.address, sender.name))


def _literal(text: str) -> str:
    """`text` without anything that a header would decode."""
    return text.replace(ENCODED_WORD, "= ?")


def compose(mail: RenderedMail, to: str, sender: Sender, now: datetime) -> EmailMessage:
    """Line breaks in headers are refused by the policy, and their disguise is taken off here."""
    message = EmailMessage(policy=SMTP)
    message["Date"] = now
    message["Message-ID"] = f"<{uuid4().hex}@{sender.domain}>"
    message["From"] = _from(sender)
    message["To"] = _address(checked_address(to))
    message["Subject"] = _literal(mail.subject)
    for name, header in AUTOMATIC.items():
        message[name] = header
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.language  # setting the content clears such headers
    return message
