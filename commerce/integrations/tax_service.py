"""A service that is asked which taxes hold at a place.

The protocol is told in docs/taxes.md.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from commerce.core.criteria import is_storable
from commerce.core.places import Place
from commerce.integrations.json_service import REST, RESTING, JsonService, JsonServiceError
from commerce.settings import Settings
from commerce.taxes.ports import ProvidedRate, ProvidedRates, TaxServiceError
from commerce.taxes.rules.percents import is_percent

TIMEOUT: Final = 4.0  # seconds: somebody waits for a cart
MAX_RATES: Final = 20
MAX_NAME: Final = 200
SECONDS: Final = 3_600  # an answer holds that long unless it says otherwise
LEAST_SECONDS, MOST_SECONDS = 60, 7 * 86_400


def tax_service(settings: Settings) -> "HttpTaxService | None":
    """None where no service is set up."""
    if not settings.tax_url:
        return None
    token = settings.tax_token
    secret = None if token is None else token.get_secret_value()
    return HttpTaxService(JsonService(settings.tax_url, secret, TIMEOUT))


class HttpTaxService:
    """After a failure nobody waits for the next one: for a while it is not asked at all."""

    def __init__(self, service: JsonService, rest: float = REST) -> None:
        self._service = service
        self._rest = rest

    async def rates(self, place: Place, codes: Sequence[str]) -> ProvidedRates:
        """Raises `TaxServiceError`."""
        try:
            return _answer(await self._service.ask("rates", _question(place, codes)), codes)
        except JsonServiceError as error:
            reason = error.reason
        except (TypeError, KeyError, ValueError, ArithmeticError):
            reason = "not_understood"
        if reason != RESTING:
            self._service.pause(self._rest)
        raise TaxServiceError(reason)


def _question(place: Place, codes: Sequence[str]) -> dict[str, Any]:
    return {
        "to": {
            "country": place.country,
            "region": place.region,
            "postalCode": place.postal_code,
        },
        "classes": list(codes),
    }


def _answer(told: Mapping[str, Any], codes: Sequence[str]) -> ProvidedRates:
    """Raises whatever reading something else than is documented raises."""
    by_code = {code: _rates(told["rates"][code]) for code in codes}
    seconds = told.get("seconds", SECONDS)
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise ValueError("seconds are a whole number")
    return ProvidedRates(by_code, min(max(seconds, LEAST_SECONDS), MOST_SECONDS))


def _rates(told: object) -> list[ProvidedRate]:
    if not isinstance(told, list) or len(told) > MAX_RATES:
        raise ValueError("the rates of a class are a list")
    return [_rate(each) for each in told]


def _rate(told: Mapping[str, Any]) -> ProvidedRate:
    name = told["name"]
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or not is_storable(name):
        raise ValueError("a name is a short text")
    return ProvidedRate(
        name,
        _percent(told["percent"]),
        _flag(told.get("compound", False)),
        _flag(told.get("shipping", True)),
    )


def _percent(told: object) -> Decimal:
    try:
        percent = Decimal(str(told))
    except InvalidOperation:
        raise ValueError("percent is a number") from None
    if isinstance(told, bool) or not is_percent(percent):
        raise ValueError("percent is a number from 0 to 100")
    return percent


def _flag(told: object) -> bool:
    if not isinstance(told, bool):
        raise TypeError("a flag is true or false")
    return told
