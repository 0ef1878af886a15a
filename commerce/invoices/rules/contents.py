"""What is kept of an order to be printed, now and in years: everything, as it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from commerce.customers.rules.addresses import Address, address_lines
from commerce.invoices.rules.sums import Json, order_sums, plain, refund_sums

ADDRESS: Final = tuple(field.name for field in fields(Address))


def order_contents(order: Any, lines: Sequence[Any], settings: Any, note: str = "") -> Json:
    """Of an invoice or a receipt; `settings` are the store's."""
    return {
        **_head(order, settings, note),
        "lines": [_line(line) for line in lines],
        "sums": order_sums(order, lines),
    }


def refund_contents(
    order: Any, refund: Any, parts: Sequence[tuple[Any, Any]], settings: Any, note: str
) -> Json:
    """Of a credit note; `parts` are the lines of the refund, each with the order's."""
    return {
        **_head(order, settings, note),
        "lines": [_part(back, line) for back, line in parts],
        "sums": refund_sums(refund, [back for back, _ in parts]),
    }


def buyer_json(order: Any) -> Json | None:
    """Whom an order's invoice is made out to; `order` comes with its customer's `tax_id`.

    None for one of whom nothing is known: the order's customer is erased.
    """
    address = order.billing_address or order.shipping_address
    lines = _written(address, order.locale) if address else [order.name] if order.name else []
    if not lines and not order.email:
        return None
    return {
        "lines": lines,
        "email": order.email or "",
        "tax_id": order.tax_id or "",
        "locale": order.locale,
    }


def _head(order: Any, settings: Any, note: str) -> Json:
    return {
        "order_number": order.number,
        "ordered_at": None if order.placed_at is None else order.placed_at.isoformat(),
        "timezone": settings.timezone,
        "locale": settings.locale,
        "corrects": "",
        "seller": seller_json(settings),
        "note": note,
    }


def seller_json(settings: Any) -> Json:
    """The store, by its legal name."""
    address = Address(
        country=settings.country or "",
        company=settings.legal_name or settings.name,
        street1=settings.line1,
        street2=settings.line2,
        postal_code=settings.postal_code,
        city=settings.city,
        region=settings.region,
    )
    if settings.country:
        lines = address_lines(address, settings.locale)
    else:
        city = f"{settings.postal_code} {settings.city}".strip()
        every = (address.company, settings.line1, settings.line2, city, settings.region)
        lines = [line for line in every if line]
    registration = f"{settings.registration_name} {settings.registration_number}".strip()
    return {
        "lines": lines,
        "tax_id": settings.tax_id,
        "email": settings.email,
        "phone": settings.phone,
        "website": settings.website,
        "registration": registration,
        "logo": settings.logo_url,
    }


def _written(address: Mapping[str, Any], locale: str) -> list[str]:
    known = {name: address.get(name) or "" for name in ADDRESS}
    return address_lines(Address(**known), locale)


def _line(line: Any) -> Json:
    return {
        "title": line.title,
        "details": _details(line),
        "sku": line.sku or "",
        "quantity": line.quantity,
        "unit_price": plain(line.unit_price),
        "amount": plain(line.subtotal),
        "discount": plain(line.discount),
        **_charged(line),
    }


def _part(back: Any, line: Any) -> Json:
    return {
        "title": line.title,
        "details": _details(line),
        "sku": line.sku or "",
        "quantity": back.quantity,
        "unit_price": None,
        "amount": plain(back.gross),
        "discount": "0",
        **_charged(back),
    }


def _charged(row: Any) -> Json:
    taxes = [
        {"name": tax["name"], "percent": tax["percent"], "amount": tax["amount"]}
        for tax in row.taxes
    ]
    return {
        "net": plain(row.net),
        "tax": plain(row.tax),
        "gross": plain(row.gross),
        "taxes": taxes,
    }


def _details(line: Any) -> str:
    """What tells the variant from others: `Colour: Blue, Size: L`."""
    named = (f"{option['name']}: {option['value']}" for option in line.options)
    return ", ".join(named) or line.variant_title
