"""The sums below a paper's lines: each row follows from those above it. Pure.

Prices without taxes add up to the net, to which taxes are added; prices with taxes add up to the
total, of which taxes are a part. What rounding has moved is a row of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

Json = dict[str, Any]
Tax = tuple[str, str]  # its name and percent
Shares = dict[Tax, Decimal]
NOTHING: Final = Decimal(0)


def order_sums(order: Any, lines: Sequence[Any]) -> list[Json]:
    """From what the lines cost down to what is left to be paid."""
    beside = (*_shipping(order), *_surcharges(order))
    rows = [row("subtotal", order.subtotal), *_discounts(order), *beside]
    with_tax = {line.includes_tax for line in lines}
    if order.shipping_charge is not None and order.shipping:
        with_tax.add(bool((order.shipping_method or {}).get("includes_tax")))
    with_tax |= {held["includes_tax"] for held in _charged(order)}
    taxes = [_tax(tax) for tax in order.taxes]
    total = row("total", order.total)
    if with_tax == {True}:
        rows += [*_rounding(rows, order.total), total, *included(order.net, taxes)]
    else:
        if with_tax != {True, False}:
            rows += _rounding(rows, order.net)
        rows += [row("net", order.net), *taxes, total] if taxes else [total]
    return [*rows, *_paid(order)]


def refund_sums(refund: Any, lines: Sequence[Any]) -> list[Json]:
    """What went back, taxes included."""
    rows = [row("lines", sum((line.gross for line in lines), NOTHING))]
    if refund.shipping:
        rows.append(row("shipping", refund.shipping))
    if refund.surcharge:
        rows.append(row("surcharge", refund.surcharge))
    taxes = _refund_taxes(refund, lines)
    return [*rows, row("credited", refund.amount), *included(refund.amount - refund.tax, taxes)]


def row(kind: str, amount: Decimal, **more: Any) -> Json:
    return {"kind": kind, "amount": plain(amount), **more}


def included(net: Decimal, taxes: Sequence[Json]) -> list[Json]:
    """Taxes that a total contains."""
    return [row("net_in", net), *({**tax, "kind": "tax_in"} for tax in taxes)] if taxes else []


def plain(amount: Decimal) -> str:
    """Without the zeros that the database adds."""
    return format(amount.normalize(), "f")


def _discounts(order: Any) -> list[Json]:
    """Promotion by promotion, together what was taken off: the last one bears the rounding."""
    given = [(each["code"] or each["name"], Decimal(each["amount"])) for each in order.discounts]
    *firsts, (name, _) = [(name, amount) for name, amount in given if amount] or [("", NOTHING)]
    last = order.discount - sum((amount for _, amount in firsts), NOTHING)
    rows = [row("discount", -amount, name=name) for name, amount in firsts]
    return [*rows, row("discount", -last, name=name)] if last else rows


def _shipping(order: Any) -> Iterator[Json]:
    charge = order.shipping_charge
    if charge is not None:
        name = (order.shipping_method or {}).get("name") or ""
        yield row("shipping", Decimal(charge["subtotal"]), name=name)


def _surcharges(order: Any) -> Iterator[Json]:
    for held in order.surcharges:
        yield row("surcharge", Decimal(held["charge"]["subtotal"]), name=held["name"])


def _charged(order: Any) -> list[Json]:
    """Those of the surcharges that come to something."""
    return [held for held in order.surcharges if Decimal(held["charge"]["gross"])]


def _rounding(rows: Sequence[Json], wanted: Decimal) -> list[Json]:
    moved = wanted - sum((Decimal(each["amount"]) for each in rows), NOTHING)
    return [row("rounding", moved)] if moved else []


def _tax(tax: Json) -> Json:
    base = plain(Decimal(tax["net"]))
    amount, percent = Decimal(tax["amount"]), plain(Decimal(tax["percent"]))
    return row("tax", amount, name=tax["name"], percent=percent, base=base)


def _paid(order: Any) -> Iterator[Json]:
    if order.gift_cards:
        yield row("gift_cards", -order.gift_cards)
    if order.paid:
        yield row("paid", -order.paid)
    if order.refunded:
        yield row("refunded", order.refunded)
    # What went back is not asked for again.
    yield row("left", max(order.due - order.paid, Decimal(0)))


def _refund_taxes(refund: Any, lines: Sequence[Any]) -> list[Json]:
    """Tax by tax. What is not of the lines is of shipping or surcharges: what it is on is known if
    it is one, of shipping alone; of several surcharges some may be free of it.
    """
    nets, taxes = _of_lines(lines)
    beside = _sums((_key(share), Decimal(share["amount"])) for share in refund.taxes)
    for key, amount in taxes.items():
        beside[key] = beside.get(key, NOTHING) - amount
    beside = {key: amount for key, amount in beside.items() if amount}
    for key, amount in beside.items():
        nets[key] = nets.get(key, NOTHING) + refund.shipping - amount
        taxes[key] = taxes.get(key, NOTHING) + amount
    known = not beside or (len(beside) == 1 and not refund.surcharge)
    return [
        row("tax", tax, name=key[0], percent=key[1], base=plain(nets[key]) if known else None)
        for key, tax in taxes.items()
    ]


def _of_lines(lines: Sequence[Any]) -> tuple[Shares, Shares]:
    """By tax: what it is on, and how much it is."""
    shares = [(_key(share), line.net, share) for line in lines for share in line.taxes]
    nets = _sums((key, net) for key, net, _ in shares)
    return nets, _sums((key, Decimal(share["amount"])) for key, _, share in shares)


def _sums(amounts: Iterable[tuple[Tax, Decimal]]) -> Shares:
    sums: Shares = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, NOTHING) + amount
    return sums


def _key(share: Json) -> Tax:
    return share["name"], plain(Decimal(share["percent"]))
