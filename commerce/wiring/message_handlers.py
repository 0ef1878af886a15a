"""What each kind of queued message becomes just before it is sent."""

from collections.abc import Mapping
from typing import Final

from commerce.carts.service import abandoned
from commerce.customers.service import email_changes, registrations
from commerce.gift_cards.service.mails import ISSUED
from commerce.identity.service.password_changes import CHANGED, RESET
from commerce.notifications.handlers import Handler
from commerce.notifications.rules.reactions import LOW
from commerce.orders.service import mails as order_mails
from commerce.staff.service.members import INVITATION
from commerce.webhooks.service import mails as webhook_mails
from commerce.wiring import Services

# A kind is added here together with the first `services.notifications.add` that uses it.
MESSAGE_HANDLERS: Final[Mapping[str, Handler[Services]]] = {
    INVITATION: lambda services, data: services.invitations.mail(data),
    ISSUED: lambda services, data: services.gift_card_mails.mail(data),
    RESET: lambda services, data: services.passwords.reset_mail(data),
    CHANGED: lambda services, data: services.passwords.changed_mail(data),
    registrations.REGISTERED: lambda services, data: services.registrations.registered(data),
    registrations.RESEND: lambda services, data: services.registrations.resent(data),
    email_changes.ASKED: lambda services, data: services.email_changes.asked(data),
    email_changes.CHANGED: lambda services, data: services.email_changes.changed(data),
    abandoned.LEFT: lambda services, data: services.abandoned_carts.mail(data),
    order_mails.PLACED: lambda services, data: services.order_mails.placed(data),
    order_mails.RECEIVED: lambda services, data: services.order_mails.received(data),
    order_mails.SHIPPED: lambda services, data: services.order_mails.shipped(data),
    order_mails.PAID: lambda services, data: services.order_mails.paid(data),
    order_mails.PLACED_SMS: lambda services, data: services.order_mails.placed_text(data),
    order_mails.SHIPPED_SMS: lambda services, data: services.order_mails.shipped_text(data),
    order_mails.REFUND_FAILED: lambda services, data: services.order_mails.refund_failed(data),
    "order_paid_staff": lambda services, data: services.order_mails.news(data, "paid"),
    "order_canceled_staff": lambda services, data: services.order_mails.news(data, "canceled"),
    "order_refunded_staff": lambda services, data: services.order_mails.news(data, "refunded"),
    webhook_mails.DISABLED: lambda services, data: services.webhook_mails.disabled(data),
    LOW: lambda services, data: services.stock_mails.low(data),
    order_mails.CANCELED: lambda services, data: services.order_mails.canceled(data),
    order_mails.REFUNDED: lambda services, data: services.order_mails.refunded(data),
    order_mails.RETURNED: lambda services, data: services.order_mails.returned(data),
}
