"""What each kind of queued message becomes just before it is sent."""

from collections.abc import Mapping
from typing import Final

from commerce.customers.service import email_changes, registrations
from commerce.identity.service.password_changes import CHANGED, RESET
from commerce.notifications.handlers import Handler
from commerce.staff.service.members import INVITATION
from commerce.wiring import Services

# A kind is added here together with the first `services.notifications.add` that uses it.
MESSAGE_HANDLERS: Final[Mapping[str, Handler[Services]]] = {
    INVITATION: lambda services, data: services.invitations.mail(data),
    RESET: lambda services, data: services.passwords.reset_mail(data),
    CHANGED: lambda services, data: services.passwords.changed_mail(data),
    registrations.REGISTERED: lambda services, data: services.registrations.registered(data),
    registrations.RESEND: lambda services, data: services.registrations.resent(data),
    email_changes.ASKED: lambda services, data: services.email_changes.asked(data),
    email_changes.CHANGED: lambda services, data: services.email_changes.changed(data),
}
