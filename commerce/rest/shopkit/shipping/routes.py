"""Ways to send a parcel, and what they cost."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.core.countries import alpha_2_of
from commerce.rest.errors import invalid, not_found
from commerce.rest.fields import Field
from commerce.rest.kinds import number, text, whole
from commerce.rest.printing import amount, shortest
from commerce.rest.route import Call, Json, Node, Route

LETTERS: Final = 3
MOST_GRAMS: Final = 2**31 - 1
# How CLDR keeps a sign beside its number.
NO_BREAK: Final = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")


COUNTRY: Final = Field(
    "country_code",
    text(LETTERS, least=LETTERS),
    required=True,
    about="Alpha-3.",
    examples=("PRT", "ESP"),
)


def parcel(call: Call) -> dict[str, Any]:
    return {
        "country": _country(call.args["country_code"]),
        "weight": call.args["weight"],
        "value": str(call.args["value"]),
    }


def methods(quotes: Sequence[Node], _call: Call) -> Json:
    """Not paged. There may be none."""
    return [_method(quote) for quote in quotes]


def _country(code: str) -> str:
    if not (len(code) == LETTERS and code.isascii() and code.isalpha()):
        raise invalid("country_code", "must be a three-letter code")
    country = alpha_2_of(code)
    if country is None:
        raise not_found()
    return country


def _method(quote: Node) -> Json:
    price = amount(quote["price"])
    return {
        "title": quote["name"],
        "description": quote["description"],
        "price": None if price is None else shortest(price),
        "price_formatted": quote["price"]["formatted"].translate(NO_BREAK),
    }


ROUTES: Final = (
    Route(
        "GET",
        "/shipping",
        "ShopkitShipping",
        parcel,
        methods,
        query=(
            COUNTRY,
            Field("weight", whole(0, MOST_GRAMS), default=0, about="Grams."),
            Field("value", number(least=0), default=0, about="What the goods cost."),
        ),
        about="How a parcel can be sent to a country, and for how much.",
    ),
)
