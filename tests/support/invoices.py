"""Builders of refunds, invoices and papers."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from sqlalchemy import Row, select, update

from commerce.core.db import UnitOfWork
from commerce.invoices.kinds import PaperKind
from commerce.invoices.models import Invoice, InvoiceSeries
from commerce.invoices.rules.papers import Paper, PaperLine, PaperSum, Party
from commerce.orders.rules.splitting import Share
from commerce.orders.rules.units import LineUnits
from commerce.orders.service.refunds import Carried
from commerce.store.models import Store
from tests.support.order_work import done
from tests.support.orders import lines_of

SELLER = {
    "legal_name": "Mugs & More GmbH",
    "line1": "Ring 1",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
    "tax_id": "DE123456789",
    "registration_name": "Amtsgericht Berlin",
    "registration_number": "HRB 12345",
}


async def set_store(uow: UnitOfWork, **values: Any) -> None:
    await uow.transact(lambda: uow.change(update(Store).values(**values)))


async def make_series(uow: UnitOfWork, code: str, **values: Any) -> Any:
    given = {"code": code, **values}
    return await done(uow, lambda own: own.invoice_series.upsert(None, given))


async def issue(uow: UnitOfWork, order: Any, series: str | None = None) -> Any:
    return await done(uow, lambda own: own.invoices.issue(order.id, series))


async def refund(
    uow: UnitOfWork,
    order: Any,
    units: int = 1,
    shipping: str | None = None,
    *,
    settled: bool = True,
) -> Any:
    """Money back for units of the order's first line."""
    line = (await lines_of(uow, order))[0]
    wanted = [LineUnits(line.id, units)] if units else []

    async def work(own: Any) -> Any:
        taken = await own.repositories.orders.to_change(order.id)
        back = None if shipping is None else Decimal(shipping)
        plan = await own.order_refunds.plan(taken, wanted, back)
        by = Carried(Share(None, plan.amount), settled=settled)
        return await own.order_refunds.open(taken, plan, [by] if plan.amount else [])

    return await done(uow, work)


async def invoices_now(uow: UnitOfWork) -> list[Row[Any]]:
    columns = Invoice.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return list(await uow.rows(select(*columns).order_by(columns.id)))


async def series_now(uow: UnitOfWork, code: str) -> Row[Any]:
    columns = InvoiceSeries.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return (await uow.rows(select(*columns).where(columns.code == code)))[0]


def paper(kind: PaperKind = PaperKind.INVOICE, lines: int = 3, **values: Any) -> Paper:
    amounts = [Decimal(place + 1) * Decimal("77.32") for place in range(lines)]
    made: dict[str, Any] = {
        "kind": kind,
        "number": "RE-0001",
        "dated": date(2026, 3, 4),
        "currency": "EUR",
        "locale": "en",
        "order_number": "1337",
        "ordered_on": date(2026, 3, 3),
        "corrects": "",
        "seller": Party(("Mugs & More GmbH", "Ring 1", "10115 Berlin"), tax_id="DE123456789"),
        "buyer": Party(("Ada Byron", "Ring 2", "10115 Berlin"), tax_id="DE987654321"),
        "lines": tuple(
            PaperLine(
                f"Lamp {place}",
                "Colour: Blue",
                f"SKU-{place:04}",
                place + 1,
                Decimal("77.32"),
                (Decimal(23),),
                amount,
            )
            for place, amount in enumerate(amounts)
        ),
        "sums": (PaperSum("total", sum(amounts, Decimal(0))),),
        "note": "",
    }
    return Paper(**{**made, **values})


def text_of(pdf: bytes) -> str:
    """All that is printed, spaces of any kind as one."""
    return " ".join(" ".join(page.split()) for page in pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
