"""Surcharges that the shop's people charge by hand."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.problems import BadInputError, Problem
from commerce.orders.rules.surcharges import terms_json
from commerce.pricing.rules.surcharges import SurchargeTerms
from resolvers.mutations import at_most
from resolvers.nodes import require_key
from resolvers.surcharges import SurchargeBase, SurchargeKind, SurchargeSource


@strawberry.input(description="What an order is charged beside goods and shipping.")
class OrderSurchargeInput:
    code: str = strawberry.field(description="Name for programs, unique in the order.")
    name: str = strawberry.field(description="What it is called on the order.")
    value: Decimal = strawberry.field(
        description="How much: an amount in the order's currency, or a percentage up to 100."
    )
    kind: SurchargeKind = strawberry.field(
        default=SurchargeKind.FIXED, description="How it is counted."
    )
    base: SurchargeBase = strawberry.field(
        default=SurchargeBase.SUBTOTAL, description="What a percentage is taken of."
    )
    source: SurchargeSource = strawberry.field(
        default=SurchargeSource.MANUAL, description="What it is for."
    )
    taxable: bool = strawberry.field(default=True, description="Whether it is taxed.")
    tax_class_id: strawberry.ID | None = strawberry.field(
        default=None, description="How it is taxed; null as goods without a class are."
    )


def surcharge_terms(inputs: Sequence[OrderSurchargeInput] | None) -> dict[str, Any] | Problem:
    """The column of an order that the given ones fill; none when nothing was given."""
    if inputs is strawberry.UNSET:
        return {}
    if inputs is None:
        raise BadInputError("surcharges must not be null; leave it out to keep it.")
    at_most(inputs, "surcharges")
    found = []
    for place, each in enumerate(inputs):
        id_, key = each.tax_class_id, None
        if id_ is not None:
            known = require_key(id_, "TaxClass", "surcharges", str(place), "tax_class_id")
            if isinstance(known, Problem):
                return known
            key = known
        found.append(terms_json(_terms(each, key)))
    return {"surcharges": found}


def _terms(given: OrderSurchargeInput, tax_class_id: int | None) -> SurchargeTerms:
    return SurchargeTerms(
        code=given.code.strip(),
        name=given.name.strip(),
        value=given.value,
        kind=given.kind,
        base=given.base,
        source=given.source,
        taxable=given.taxable,
        tax_class_id=tax_class_id,
    )
