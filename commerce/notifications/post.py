"""The post office: writes mails out in full and hands messages to who carries them."""

from typing import Final

from commerce.core.clock import Clock
from commerce.notifications.composing import Sender, compose
from commerce.notifications.messages import Mail, Sms
from commerce.notifications.ports import DeliveryError, Mailer, SmsGateway
from commerce.notifications.rendering import MailRenderer, TemplateFlawError

# A template that fails today was changed today: the owner has a day to mend it.
BAD_TEMPLATE: Final = "bad_template"


class PostOffice:
    def __init__(
        self,
        renderer: MailRenderer,
        sender: Sender,
        mailer: Mailer,
        sms_gateway: SmsGateway,
        clock: Clock,
    ) -> None:
        self._renderer = renderer
        self._sender = sender
        self._mailer = mailer
        self._sms_gateway = sms_gateway
        self._clock = clock

    async def send(self, message: Mail | Sms) -> None:
        """Returns once the message is taken; raises `DeliveryError`."""
        if isinstance(message, Sms):
            await self._sms_gateway.send_sms(message)
            return
        try:
            rendered = self._renderer.render(message.template, message.locale, message.context)
        except TemplateFlawError:
            raise DeliveryError(BAD_TEMPLATE) from None
        letter = compose(rendered, message.to, self._sender, self._clock())
        await self._mailer.send(letter)
