"""The outside world: somebody who carries mails, and somebody who carries short messages."""

from email.message import EmailMessage
from typing import Protocol

from commerce.notifications.messages import Sms


class DeliveryError(Exception):
    """A message was not taken.

    `reason` is a class of errors such as `smtp_451`, and never quotes the other side: answers
    repeat addresses. `permanent` means that sending the same again cannot succeed.
    """

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Mailer(Protocol):
    async def send(self, message: EmailMessage) -> None:
        """Returns once the message is taken; raises `DeliveryError`."""


class SmsGateway(Protocol):
    async def send_sms(self, sms: Sms) -> None:
        """Returns once the message is taken; raises `DeliveryError`."""
