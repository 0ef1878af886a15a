"""What others are told of customers: never who they are."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from commerce.core.events import Event, EventType
from commerce.customers.kinds import MarketingChannel

CUSTOMER = "Customer"


def changed_customer(id_: int, parts: Iterable[str]) -> Event:
    return Event(EventType.CUSTOMER_UPDATED, CUSTOMER, id_, {"changed": sorted(parts)})


def changed(id_: int, tags: Collection[str], changes: Mapping[str, Any]) -> Iterator[Event]:
    """Of a customer who had these tags. Tags may say who somebody is, and are not told."""
    yield changed_customer(id_, changes)
    if set(changes.get("tags", ())) - set(tags):
        yield Event(EventType.CUSTOMER_TAGGED, CUSTOMER, id_)


def said(id_: int, channel: MarketingChannel, granted: bool) -> Event:
    """Whether a customer wants to hear of the shop that way."""
    type_ = EventType.CUSTOMER_SUBSCRIBED if granted else EventType.CUSTOMER_UNSUBSCRIBED
    return Event(type_, CUSTOMER, id_, {"channel": channel.value}, part=channel)
