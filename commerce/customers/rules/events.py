"""What others are told of customers: never who they are."""

from collections.abc import Iterable

from commerce.core.events import Event, EventType
from commerce.customers.kinds import MarketingChannel

CUSTOMER = "Customer"


def changed_customer(id_: int, parts: Iterable[str]) -> Event:
    return Event(EventType.CUSTOMER_UPDATED, CUSTOMER, id_, {"changed": sorted(parts)})


def said(id_: int, channel: MarketingChannel, granted: bool) -> Event:
    """Whether a customer wants to hear of the shop that way."""
    type_ = EventType.CUSTOMER_SUBSCRIBED if granted else EventType.CUSTOMER_UNSUBSCRIBED
    return Event(type_, CUSTOMER, id_, {"channel": channel.value}, part=channel)
