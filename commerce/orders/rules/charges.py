"""Charges as orders keep them: amounts in columns, details as JSON in which numbers are texts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from commerce.pricing.rules.amounts import Rounding, RoundingMode, RoundingStage
from commerce.pricing.rules.draft import TaxRate
from commerce.pricing.rules.totals import Charge, ExactAmounts, TaxShare

Json = dict[str, Any]


def charge_values(charge: Charge) -> Json:
    """The columns of a line that say what it is charged."""
    return {
        "subtotal": charge.subtotal,
        "discount": charge.discount,
        "net": charge.net,
        "tax": charge.tax,
        "gross": charge.gross,
        "taxes": [tax_json(share) for share in charge.taxes],
        "exact": exact_json(charge.exact),
    }


def charge_json(charge: Charge) -> Json:
    """The same as one value."""
    values = charge_values(charge)
    return {name: _plain(value) for name, value in values.items()}


def charge_of(held: Mapping[str, Any]) -> Charge:
    """The charge in a line's columns, or in what `charge_json` made of one."""
    exact = held["exact"]
    return Charge(
        subtotal=Decimal(held["subtotal"]),
        discount=Decimal(held["discount"]),
        net=Decimal(held["net"]),
        tax=Decimal(held["tax"]),
        gross=Decimal(held["gross"]),
        taxes=tuple(TaxShare(rate_of(share), Decimal(share["amount"])) for share in held["taxes"]),
        exact=ExactAmounts(**{name: Decimal(exact[name]) for name in exact}),
    )


def tax_json(share: TaxShare) -> Json:
    return {**rate_json(share.rate), "amount": _plain(share.amount)}


def rate_json(rate: TaxRate) -> Json:
    return {
        "id": rate.id,
        "name": rate.name,
        "percent": _plain(rate.percent),
        "compound": rate.compound,
        "on_shipping": rate.on_shipping,
    }


def rate_of(held: Mapping[str, Any]) -> TaxRate:
    return TaxRate(
        id=held["id"],
        name=held["name"],
        percent=Decimal(held["percent"]),
        compound=held["compound"],
        on_shipping=held["on_shipping"],
    )


def rounding_json(rounding: Rounding) -> Json:
    return {
        "exponent": rounding.exponent,
        "mode": rounding.mode.value,
        "stage": rounding.stage.value,
    }


def rounding_of(held: Mapping[str, Any]) -> Rounding:
    """The policy an order was made with."""
    return Rounding(held["exponent"], RoundingMode(held["mode"]), RoundingStage(held["stage"]))


def exact_json(exact: ExactAmounts) -> Json:
    return {
        "discount": _plain(exact.discount),
        "net": _plain(exact.net),
        "tax": _plain(exact.tax),
        "gross": _plain(exact.gross),
    }


def exact_sum(charges: Iterable[Charge]) -> Json:
    """What all charges are together, before rounding."""
    every = [charge.exact for charge in charges]
    return exact_json(
        ExactAmounts(
            discount=sum((exact.discount for exact in every), Decimal(0)),
            net=sum((exact.net for exact in every), Decimal(0)),
            tax=sum((exact.tax for exact in every), Decimal(0)),
            gross=sum((exact.gross for exact in every), Decimal(0)),
        )
    )


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value
