"""Which payment methods a purchase can be paid with. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commerce.customers.kinds import GENERAL_GROUP
from commerce.pricing.kinds import SurchargeSource
from commerce.pricing.rules.surcharges import SurchargeTerms


@dataclass(frozen=True, slots=True)
class Sale:
    """What is to be paid, by whom, and where it goes. What is None is not known yet; whoever is in
    no customer group counts to the built-in one. `total` is without what paying costs.
    """

    currency: str
    total: Decimal
    country: str | None = None
    customer_group_id: int | None = None
    shipping_method_id: int | None = None


def suits(method: Any, sale: Sale) -> bool:
    """Whether none of the method's restrictions keeps it from the sale."""
    group = GENERAL_GROUP if sale.customer_group_id is None else sale.customer_group_id
    return (
        _among(sale.currency, method.currencies)
        and _among(sale.country, method.countries)
        and _among(group, method.customer_group_ids)
        and _among(sale.shipping_method_id, method.shipping_method_ids)
        and (method.min_total is None or sale.total >= method.min_total)
        and (method.max_total is None or sale.total <= method.max_total)
    )


def surcharge_of(method: Any) -> SurchargeTerms | None:
    """What paying with the method costs; None when that is nothing."""
    if method.surcharge_kind is None:
        return None
    return SurchargeTerms(
        code=method.code,
        name=method.name,
        value=method.surcharge_value,
        kind=method.surcharge_kind,
        base=method.surcharge_base,
        source=SurchargeSource.PAYMENT_METHOD,
        taxable=method.surcharge_taxable,
        tax_class_id=method.surcharge_tax_class_id,
    )


def _among(value: Any, allowed: Collection[Any]) -> bool:
    return not allowed or value in allowed
