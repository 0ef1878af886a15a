"""What it costs to send a parcel somewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.places import Place, closest
from commerce.core.setup import UNKNOWN, Setup
from commerce.shipping.kinds import ShippingKind
from commerce.shipping.ports import CarrierAnswer, CarrierError, CarrierRate, CarrierRates
from commerce.shipping.repository.quotes import QuoteRepository
from commerce.shipping.rules.estimates import estimate
from commerce.shipping.rules.parcels import (
    Parcel,
    ShippingQuote,
    digest_of,
    is_offered,
    price_of,
)
from commerce.store.service import StoreService

NO_PARCEL: Final = ""  # of which no carrier has said anything
SILENCE: Final = CarrierAnswer({}, 60)  # seconds until a carrier that failed is asked again
log: Final = structlog.get_logger("commerce.shipping")


class QuoteService:
    """`carrier` is None where the store has none: methods that need one are left out."""

    def __init__(
        self,
        uow: UnitOfWork,
        quotes: QuoteRepository,
        store: StoreService,
        carrier: CarrierRates | None,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._quotes = quotes
        self._store = store
        self._carrier = carrier
        self._clock = clock

    async def prepare(self, place: Place, parcel: Parcel) -> None:
        """Ask the carrier, unless its answer is kept or nobody needs it. No transaction may be
        open: this waits for the network. Fields beside each other may call it at once.
        """
        if self._carrier is None or place.country is None or not parcel.requires_shipping:
            return
        digest = digest_of(place, parcel)
        if not await self._quotes.asks_carrier(digest, self._clock()):
            return
        await self._uow.release()
        answer = await self._asked(self._carrier, place, parcel)
        await self._keep(digest, answer)

    async def quotes(
        self, place: Place, parcel: Parcel, at: datetime, setup: Setup = UNKNOWN
    ) -> Sequence[ShippingQuote]:
        """What is offered, in the shop's order: from the database alone, in two statements beside
        the store's settings, and none for what is kept. Nothing for what needs no shipping.
        """
        if not parcel.requires_shipping:
            return ()
        zone = await self._store.zone()
        around = ("shipping areas", place.country)
        areas = await setup.of(around, lambda: self._quotes.areas_around(place))
        zones = frozenset(closest(areas, place))
        methods = await self._methods(zones, place, parcel, at, setup)
        quotes = (_quote(method, parcel, at, zone) for method in methods)
        return tuple(quote for quote in quotes if quote is not None)

    async def forget_expired(self) -> int:
        """How many answers of the carrier were over."""
        return await self._quotes.forget_answers(self._clock())

    async def _methods(
        self, zones: frozenset[int], place: Place, parcel: Parcel, at: datetime, setup: Setup
    ) -> Sequence[Any]:
        """Those of the zones, with what the carrier said, which is another thing each time."""
        if self._carrier is not None:
            digest = digest_of(place, parcel)
            return await self._quotes.offered(zones, parcel.currency, digest, at)
        return await setup.of(
            ("shipping methods", zones, parcel.currency),
            lambda: self._quotes.offered(zones, parcel.currency, NO_PARCEL, at),
        )

    async def _asked(self, carrier: CarrierRates, place: Place, parcel: Parcel) -> CarrierAnswer:
        try:
            return await carrier.rates(place, parcel.freight)
        except CarrierError as error:
            log.warning("carrier_failed", reason=str(error))
            return SILENCE

    async def _keep(self, digest: str, answer: CarrierAnswer) -> None:
        until = self._clock() + timedelta(seconds=answer.seconds)
        rates = {
            name: asdict(rate) | {"price": str(rate.price)} for name, rate in answer.rates.items()
        }
        await self._quotes.keep_answer(digest, rates, until)


def _quote(method: Any, parcel: Parcel, at: datetime, zone: ZoneInfo) -> ShippingQuote | None:
    rate = _rate(method)
    price = price_of(method, parcel, rate) if is_offered(method, parcel) else None
    if price is None:
        return None
    expected = estimate(method, at, zone, _days(method, rate))
    return ShippingQuote(
        method_id=method.id,
        code=method.code,
        name=method.name,
        description=method.description,
        kind=method.kind,
        price=price,
        tax_class_id=method.tax_class_id,
        delivery_from=None if expected is None else expected[0],
        delivery_to=None if expected is None else expected[1],
        pickup_address=method.pickup_address,
        pickup_instructions=method.pickup_instructions,
        local_delivery=method.local_delivery,
        schedule=method.schedule,
    )


def _rate(method: Any) -> CarrierRate | None:
    kept: Mapping[str, Any] = method.answered or {}
    if method.kind is not ShippingKind.CARRIER or method.service not in kept:
        return None
    told = kept[method.service]
    return CarrierRate(**{**told, "price": Decimal(told["price"])})


def _days(method: Any, rate: CarrierRate | None) -> tuple[int | None, int | None]:
    """The shop's own word on how long it takes, else the carrier's."""
    if rate is None or method.min_days is not None or method.max_days is not None:
        return method.min_days, method.max_days
    return rate.min_days, rate.max_days
