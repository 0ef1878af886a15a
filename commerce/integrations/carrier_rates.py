"""A carrier, or a broker of several, that is asked what it costs to send a parcel.

The protocol is told in docs/shipping.md.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from commerce.core.criteria import is_storable
from commerce.core.money import amount_flaw, currency_codes
from commerce.core.places import Place
from commerce.integrations.json_service import (
    CONNECTION,
    REST,
    TIMEOUT,
    JsonService,
    JsonServiceError,
)
from commerce.settings import Settings
from commerce.shipping.ports import CarrierAnswer, CarrierError, CarrierRate, Freight

SECONDS_TO_ANSWER: Final = 8.0  # somebody waits for a cart, and for its taxes before
MAX_RATES: Final = 100
MAX_SERVICE: Final = 200
MAX_DAYS: Final = 365
SECONDS: Final = 600  # an answer holds that long unless it says otherwise
LEAST_SECONDS, MOST_SECONDS = 60, 86_400


def carrier_rates(settings: Settings) -> "HttpCarrierRates | None":
    """None where no carrier is set up."""
    if not settings.carrier_url:
        return None
    token = settings.carrier_token
    secret = None if token is None else token.get_secret_value()
    return HttpCarrierRates(JsonService(settings.carrier_url, secret, SECONDS_TO_ANSWER))


class HttpCarrierRates:
    """After a call that nobody answered nobody waits for the next one: for a while it is not asked
    at all. An answer that is of no use is of one parcel alone.
    """

    def __init__(self, service: JsonService, rest: float = REST) -> None:
        self._service = service
        self._rest = rest

    async def rates(self, place: Place, freight: Freight) -> CarrierAnswer:
        """Raises `CarrierError`."""
        try:
            answer = await self._service.ask("rates", _question(place, freight))
            return _answer(answer)
        except JsonServiceError as error:
            if error.reason in (TIMEOUT, CONNECTION):
                self._service.pause(self._rest)
            raise CarrierError(error.reason) from None
        except (TypeError, KeyError, ValueError, ArithmeticError):
            raise CarrierError("not_understood") from None


def _question(place: Place, freight: Freight) -> dict[str, Any]:
    return {
        "to": {
            "country": place.country,
            "region": place.region,
            "postalCode": place.postal_code,
        },
        "parcel": {
            "currency": freight.currency,
            "value": format(freight.subtotal, "f"),
            "weightGrams": freight.weight_grams,
            "quantity": freight.quantity,
        },
    }


def _answer(told: Mapping[str, Any]) -> CarrierAnswer:
    """Raises whatever reading something else than is documented raises."""
    rates = told["rates"]
    if not isinstance(rates, list) or len(rates) > MAX_RATES:
        raise ValueError("rates are a list")
    seconds = _whole(told.get("seconds", SECONDS), MOST_SECONDS)
    found = dict(_rate(rate) for rate in rates)
    return CarrierAnswer(found, max(seconds or 0, LEAST_SECONDS))


def _rate(told: Mapping[str, Any]) -> tuple[str, CarrierRate]:
    service, currency = told["service"], told["currency"]
    if not isinstance(service, str) or len(service) > MAX_SERVICE or not is_storable(service):
        raise ValueError("a service is a short text")
    if currency not in currency_codes():
        raise ValueError("a currency is an ISO 4217 code")
    least, most = (_whole(told.get(name), MAX_DAYS) for name in ("minDays", "maxDays"))
    if least is not None and most is not None and least > most:
        raise ValueError("the least is not more than the most")
    return service, CarrierRate(_price(told["price"], currency), currency, least, most)


def _price(told: object, currency: str) -> Decimal:
    if isinstance(told, bool):
        raise ValueError("a price is a number")
    try:
        price = Decimal(str(told))
    except InvalidOperation:
        raise ValueError("a price is a number") from None
    if amount_flaw(price, currency) is not None:
        raise ValueError("a price is an amount of its currency")
    return price


def _whole(told: object, most: int) -> int | None:
    if told is None:
        return None
    if not isinstance(told, int) or isinstance(told, bool) or told < 0:
        raise ValueError("a count is a number that is not negative")
    return min(told, most)
