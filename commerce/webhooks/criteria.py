"""What lists of endpoints are asked for, as plain values; None means that nothing is asked."""

from dataclasses import dataclass

from commerce.webhooks.kinds import WebhookFormat


@dataclass(frozen=True, slots=True)
class EndpointWhere:
    """`event` is the value of a type that they are told of, among others or alone."""

    formats: tuple[WebhookFormat, ...] | None = None
    active: bool | None = None
    event: str | None = None


EVERY_ENDPOINT = EndpointWhere()
