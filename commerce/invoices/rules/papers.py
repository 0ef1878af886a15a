"""What is printed, as plain values: the same go into an invoice's row as JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from commerce.core.days import day_of
from commerce.invoices.kinds import PaperKind


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells, or who buys: `lines` are the name and address, `logo` a picture of the store."""

    lines: tuple[str, ...] = ()
    tax_id: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    registration: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """`amount` is before discounts, as prices are shown. No `unit_price`: only an amount went
    back."""

    title: str
    details: str
    sku: str
    quantity: int
    unit_price: Decimal | None
    percents: tuple[Decimal, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaperSum:
    """A line below the table. `kind` says which, `name` what of: a promotion, a tax."""

    kind: str
    amount: Decimal
    name: str = ""
    percent: Decimal | None = None
    base: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """An invoice, a credit note or a receipt, ready to be printed. `dated` is a day of the shop."""

    kind: PaperKind
    number: str
    dated: date
    currency: str
    locale: str
    order_number: str
    ordered_on: date | None
    corrects: str
    seller: Party
    buyer: Party | None
    lines: tuple[PaperLine, ...]
    sums: tuple[PaperSum, ...]
    note: str


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What says which paper it is."""

    kind: PaperKind
    number: str
    made_at: datetime
    currency: str


def paper_of(
    head: PaperHead, contents: Mapping[str, Any], buyer: Mapping[str, Any] | None
) -> Paper:
    """The paper of what was kept. An erased buyer's is printed in the store's own language."""
    zone, ordered = ZoneInfo(contents["timezone"]), contents["ordered_at"]
    return Paper(
        kind=head.kind,
        number=head.number,
        dated=day_of(head.made_at, zone),
        currency=head.currency,
        locale=(buyer or {}).get("locale") or contents["locale"],
        order_number=contents["order_number"],
        ordered_on=None if ordered is None else day_of(datetime.fromisoformat(ordered), zone),
        corrects=contents["corrects"],
        seller=_party(contents["seller"]),
        buyer=None if buyer is None else _party(buyer),
        lines=tuple(_line(line) for line in contents["lines"]),
        sums=tuple(_sum(each) for each in contents["sums"]),
        note=contents["note"],
    )


def _party(held: Mapping[str, Any]) -> Party:
    texts = ("tax_id", "email", "phone", "website", "registration", "logo")
    named = {name: held.get(name) or "" for name in texts}
    return Party(lines=tuple(held.get("lines") or ()), **named)


def _line(held: Mapping[str, Any]) -> PaperLine:
    return PaperLine(
        title=held["title"],
        details=held["details"],
        sku=held["sku"],
        quantity=held["quantity"],
        unit_price=_maybe(held["unit_price"]),
        percents=tuple(Decimal(tax["percent"]) for tax in held["taxes"]),
        amount=Decimal(held["amount"]),
    )


def _sum(held: Mapping[str, Any]) -> PaperSum:
    return PaperSum(
        kind=held["kind"],
        amount=Decimal(held["amount"]),
        name=held.get("name", ""),
        percent=_maybe(held.get("percent")),
        base=_maybe(held.get("base")),
    )


def _maybe(number: str | None) -> Decimal | None:
    return None if number is None else Decimal(number)
