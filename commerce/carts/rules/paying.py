"""How a cart can be paid, and what paying so costs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from commerce.carts.rules.content import CartContent, Priced
from commerce.payments.rules.offers import Sale, surcharge_of
from commerce.pricing.kinds import SurchargeSource
from commerce.pricing.rules.draft import Draft, Surcharge
from commerce.pricing.rules.surcharges import SurchargeTerms
from commerce.pricing.rules.totals import Calculation, SurchargeTotal, calculate
from commerce.shipping.rules.parcels import ShippingQuote
from commerce.taxes.rules.table import TaxTable


@dataclass(frozen=True, slots=True)
class PaymentOption:
    """A method with what the cart would come to; `method` is its row."""

    method: Any
    result: Calculation

    @property
    def surcharge(self) -> SurchargeTotal | None:
        """What paying so costs."""
        return next((each for each in self.result.surcharges if _is_paying(each.surcharge)), None)


def sale_of(content: CartContent, total: Decimal, quote: ShippingQuote | None) -> Sale:
    """What decides which payment methods are offered; `total` is without what paying costs."""
    return Sale(
        currency=content.currency,
        total=total,
        country=content.place.country,
        customer_group_id=content.customer_group_id,
        shipping_method_id=None if quote is None else quote.method_id,
    )


def with_surcharges(draft: Draft, terms: Sequence[SurchargeTerms], table: TaxTable) -> Draft:
    """Surcharges contain taxes where prices of goods do."""
    included = any(line.includes_tax for line in draft.lines)
    found = (_surcharge(each, table, included=included) for each in terms)
    return replace(draft, surcharges=(*draft.surcharges, *found))


def paid_with(draft: Draft, method: Any, table: TaxTable) -> Draft:
    """The same, with what paying with the method costs."""
    terms = surcharge_of(method)
    return draft if terms is None else with_surcharges(draft, (terms,), table)


def payment_options(priced: Priced, methods: Sequence[Any]) -> list[PaymentOption]:
    """Each of the methods; where nothing is due, none of them costs anything."""
    others = tuple(one for one in priced.draft.surcharges if not _is_paying(one))
    plain = replace(priced.draft, surcharges=others)
    without = calculate(plain)
    drafts = [paid_with(plain, method, priced.table) for method in methods]
    return [
        PaymentOption(method, calculate(draft) if draft != plain and without.due else without)
        for method, draft in zip(methods, drafts, strict=True)
    ]


def _is_paying(surcharge: Surcharge) -> bool:
    return surcharge.source is SurchargeSource.PAYMENT_METHOD


def _surcharge(terms: SurchargeTerms, table: TaxTable, *, included: bool) -> Surcharge:
    return Surcharge(
        code=terms.code,
        name=terms.name,
        value=terms.value,
        kind=terms.kind,
        base=terms.base,
        source=terms.source,
        taxes=table.of(terms.tax_class_id, taxable=terms.taxable),
        includes_tax=included,
    )
