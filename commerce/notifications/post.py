"""The post office: writes mails out in full and hands messages to who carries them."""

from collections.abc import Callable
from typing import Final, TypeVar

from commerce.core.clock import Clock
from commerce.notifications.composing import Sender, compose
from commerce.notifications.messages import Mail, ShortText, Sms
from commerce.notifications.ports import DeliveryError, Mailer, SmsGateway
from commerce.notifications.rendering import MailRenderer, TemplateFlawError

# A template that fails today was changed today: the owner has a day to mend it.
BAD_TEMPLATE: Final = "bad_template"
Filled = TypeVar("Filled")


class PostOffice:
    def __init__(
        self,
        renderer: MailRenderer,
        sender: Sender,
        mailer: Mailer,
        sms_gateway: SmsGateway,
        clock: Clock,
        *,
        texts: bool = True,
    ) -> None:
        self._renderer = renderer
        self._sender = sender
        self._mailer = mailer
        self._sms_gateway = sms_gateway
        self._clock = clock
        self._texts = texts

    def carries(self, message: Mail | ShortText | Sms) -> bool:
        """Whether there is anybody to carry it: buyers get short messages through a gateway."""
        return self._texts or not isinstance(message, ShortText)

    async def send(self, message: Mail | ShortText | Sms) -> None:
        """Returns once the message is taken; raises `DeliveryError`."""
        if isinstance(message, Mail):
            letter = compose(
                self._filled(self._renderer.render, message),
                message.to,
                self._sender,
                self._clock(),
            )
            await self._mailer.send(letter)
            return
        if isinstance(message, ShortText):
            message = Sms(message.to, self._filled(self._renderer.short, message))
        await self._sms_gateway.send_sms(message)

    def _filled(self, render: Callable[..., Filled], message: Mail | ShortText) -> Filled:
        try:
            return render(message.template, message.locale, message.context, message.own)
        except TemplateFlawError:
            raise DeliveryError(BAD_TEMPLATE) from None
