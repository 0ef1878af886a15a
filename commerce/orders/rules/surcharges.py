"""Surcharges as orders keep them: as they were agreed on, with what they are charged. Pure.

One that was not charged yet has no `rates` and no `charge`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from commerce.carts.rules.content import Priced
from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid
from commerce.core.text import text_flaw
from commerce.orders.rules.charges import Json, charge_json, charge_of, rate_json, rate_of
from commerce.orders.rules.texts import MAX_SHORT
from commerce.payments.rules.offers import surcharge_of
from commerce.pricing.kinds import SurchargeBase, SurchargeKind, SurchargeSource
from commerce.pricing.rules.draft import Surcharge
from commerce.pricing.rules.refunds import merged
from commerce.pricing.rules.surcharges import SurchargeTerms, value_flaw
from commerce.pricing.rules.totals import Charge, SurchargeTotal

MAX_SURCHARGES: Final = 20
CHARGED: Final = ("includes_tax", "rates", "charge")


def surcharges_json(priced: Priced) -> list[Json]:
    """All that were charged."""
    method = priced.payment_method
    paying = None if method is None else surcharge_of(method)
    every = (*priced.content.surcharges, *([] if paying is None else [paying]))
    terms = {each.code: each for each in every}
    return [_held(each, terms[each.surcharge.code]) for each in priced.result.surcharges]


def terms_json(terms: SurchargeTerms) -> Json:
    return {
        "code": terms.code,
        "name": terms.name,
        "value": format(terms.value.normalize(), "f"),
        "kind": terms.kind.value,
        "base": terms.base.value,
        "source": terms.source.value,
        "taxable": terms.taxable,
        "tax_class_id": terms.tax_class_id,
    }


def terms_of(held: Mapping[str, Any]) -> SurchargeTerms:
    return SurchargeTerms(
        code=held["code"],
        name=held["name"],
        value=Decimal(held["value"]),
        kind=SurchargeKind(held["kind"]),
        base=SurchargeBase(held["base"]),
        source=SurchargeSource(held["source"]),
        taxable=held["taxable"],
        tax_class_id=held["tax_class_id"],
    )


def renewed(held: Sequence[Json], wanted: Sequence[Json]) -> list[Json]:
    """The wanted ones; those that were charged before are as they were."""
    known = {each["code"]: each for each in held}
    return [_same(known.get(each["code"]), each) for each in wanted]


def charged_again(held: Sequence[Json], today: Sequence[Surcharge]) -> tuple[Surcharge, ...]:
    """At the rates they were charged at; those that were not, at today's."""
    new = {each.code: each for each in today}
    return tuple(_charged(each) if "rates" in each else new[each["code"]] for each in held)


def charge_of_all(held: Sequence[Json]) -> Charge:
    """All surcharges of an order as one charge, of which parts go back."""
    return merged([charge_of(each["charge"]) for each in held])


def surcharges_flaw(wanted: Sequence[Json], currency: str) -> Invalid | None:
    """Why an order cannot have these, or None when it can."""
    if len(wanted) > MAX_SURCHARGES:
        return Invalid(f"An order has at most {MAX_SURCHARGES} surcharges.", ("surcharges",))
    codes: set[str] = set()
    for place, each in enumerate(wanted):
        flaw = _flaw(terms_of(each), currency, codes, str(place))
        if flaw is not None:
            return flaw
        codes.add(each["code"])
    return None


def _flaw(terms: SurchargeTerms, currency: str, codes: set[str], place: str) -> Invalid | None:
    path = ("surcharges", place)
    for name in ("code", "name"):
        flaw = text_flaw(getattr(terms, name), MAX_SHORT, *path, name)
        if flaw is not None:
            return flaw
    if terms.code in codes:
        return Invalid("Another surcharge has this code.", (*path, "code"))
    found = value_flaw(terms.kind, terms.value)
    if found is None and terms.kind is SurchargeKind.FIXED:
        amount = amount_flaw(terms.value, currency)
        found = None if amount is None else f"The surcharge {amount}."
    return None if found is None else Invalid(found, (*path, "value"))


def _same(known: Json | None, wanted: Json) -> Json:
    terms = {name: value for name, value in (known or {}).items() if name not in CHARGED}
    return known if known is not None and terms == wanted else wanted


def _held(total: SurchargeTotal, terms: SurchargeTerms) -> Json:
    return {
        **terms_json(terms),
        "includes_tax": total.surcharge.includes_tax,
        "rates": [rate_json(rate) for rate in total.surcharge.taxes],
        "charge": charge_json(total.charge),
    }


def _charged(held: Json) -> Surcharge:
    return Surcharge(
        code=held["code"],
        name=held["name"],
        value=Decimal(held["value"]),
        kind=SurchargeKind(held["kind"]),
        base=SurchargeBase(held["base"]),
        source=SurchargeSource(held["source"]),
        taxes=tuple(rate_of(rate) for rate in held["rates"]),
        includes_tax=held["includes_tax"],
    )
