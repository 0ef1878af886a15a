"""Whoever is erased is gone: from every table of a dump, from the log, and from the shop."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url, text

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.ids import global_id
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM
from commerce.integrations.embedded_postgres.programs import installed_programs
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.databases import migrated_database
from tests.support.machine import within
from tests.support.pricing import make_price
from tests.support.servers import commerce, serving
from tests.support.services import PORTS

PASSWORD = "canary-password-9f2a"
EMAIL = "canary-email@erasure.example"
NEW_EMAIL = "canary-moved@erasure.example"
DEVICE = "CanaryBrowser/1.0"
PROFILE = {
    "firstName": "Canaryfirst",
    "lastName": "Canarylast",
    "phone": "+4930901820",
    "company": "Canary Company",
    "dateOfBirth": "1901-02-03",
    "gender": "canarygender",
}
KEPT_BY_SHOP = {
    "externalId": "canary-external",
    "taxId": "CANARYTAX77",
    "fiscalCode": "CANARYFISCAL",
    "note": "canary note",
    "tags": ["canarytag"],
}
ADDRESS = {
    "firstName": "Canarydoor",
    "lastName": "Canarybell",
    "company": "Canary House",
    "street1": "Canary Street 1",
    "street2": "Canary Backyard",
    "postalCode": "10119",
    "city": "Canaryville",
}
CONTACT = {"value": "canary-contact", "handle": "canary-handle", "note": "canary-contact-note"}
# What buying something tells.
BOUGHT = {
    "phone": "+4930901821",
    "note": "canary-cart-note",
    "extraFields": {"engraving": "canary-engraving"},
    "attribution": {"utmSource": "canary-campaign"},
}
SENT_TO = {
    "firstName": "Canarygift",
    "lastName": "Canaryreceiver",
    "street1": "Canary Avenue 2",
    "city": "Canarytown",
}
SOURCE = "canary-source"
ANSWER = "canary-answer"
# The postal code's digits may be anywhere in a dump.
CANARIES = [
    EMAIL,
    DEVICE,
    SOURCE,
    ANSWER,
    *PROFILE.values(),
    *(value if isinstance(value, str) else value[0] for value in KEPT_BY_SHOP.values()),
    *(value for name, value in ADDRESS.items() if name != "postalCode"),
    *CONTACT.values(),
    BOUGHT["phone"],
    BOUGHT["note"],
    "canary-engraving",
    "canary-campaign",
    *SENT_TO.values(),
]
TOTALS = "SELECT count(*), sum(total), sum(net), sum(tax) FROM orders"

pytestmark = pytest.mark.timeout(180)


@dataclass
class Shop:
    """A running server, somebody with every right, and all that was said."""

    url: str
    key: str
    database: str
    folder: Path
    log: list[str] = field(default_factory=list)

    async def ask(self, query: str, caller: str | None = None, /, **values: Any) -> dict[str, Any]:
        """What the one root field answers; `caller` is a token, None nobody."""
        headers = {"User-Agent": DEVICE} | (
            {} if caller is None else {"Authorization": f"Bearer {caller}"}
        )
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30) as client:
            body = {"query": query, "variables": {"input": values}}
            answer = (await client.post("/graphql", json=body)).json()
        if "errors" in answer:
            return answer
        (payload,) = answer["data"].values()
        return dict(payload or {})

    async def change(
        self, field: str, caller: str | None = None, /, **input_: Any
    ) -> dict[str, Any]:
        """A mutation whose input is called after it, and that must succeed."""
        kind = f"{field[0].upper()}{field[1:]}Input"
        query = f"mutation ($input: {kind}!) {{ {field}(input: $input) {{ {ASKED[field]} }} }}"
        payload = await self.ask(query, caller, **input_)
        assert payload.get("userErrors") == [], (field, payload)
        return payload

    async def mailed_token(self) -> str:
        """The token of the next mail that verifies an address; mails are taken out of the
        folder, the others too.
        """
        end = monotonic() + within(15)
        while monotonic() < end:
            for file in sorted((self.folder / "outbox").glob("*.eml")):
                mail = message_from_bytes(file.read_bytes(), policy=SMTP)
                file.unlink()
                body = mail.get_body(("plain",))
                assert body is not None
                token = re.search(r"/account/verify\S*token=([\w-]+)", body.get_content())
                if token is not None:
                    return token[1]
            await asyncio.sleep(0.1)
        raise AssertionError("no mail came")

    async def dump(self) -> str:
        """The whole database, as a backup holds it."""
        url = make_url(self.database).set(drivername="postgresql")
        program = installed_programs().folder / "pg_dump"
        process = await asyncio.create_subprocess_exec(
            str(program),
            url.render_as_string(hide_password=False),
            env={"PATH": os.defpath},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await process.communicate()
        assert process.returncode == 0, error.decode()
        return out.decode()


SIGN_IN = """
mutation ($input: SessionCreateInput!) {
  sessionCreate(input: $input) { session { accessToken } userErrors { code } }
}
"""
ERASE = """
mutation ($input: CustomerEraseInput!) {
  customerErase(input: $input) { erasedAt userErrors { code path } }
}
"""
ERRORS = "userErrors { code message path }"
ASKED = {
    "customerRegister": ERRORS,
    "customerVerify": ERRORS,
    "sessionCreate": f"session {{ accessToken refreshToken }} {ERRORS}",
    "sessionRefresh": f"session {{ accessToken }} {ERRORS}",
    "customerProfileUpdate": f"customer {{ id }} {ERRORS}",
    "customerUpdate": ERRORS,
    "customerExtraFieldUpsert": ERRORS,
    "addressUpsert": ERRORS,
    "customerContactUpsert": ERRORS,
    "customerConsentSet": ERRORS,
    "customerEmailChangeRequest": ERRORS,
    "customerDataExport": f"export {ERRORS}",
    "customerErase": f"customerId erasedAt {ERRORS}",
    "cartCreate": f"cart {{ id }} {ERRORS}",
    "cartContactSet": ERRORS,
    "cartAddressSet": ERRORS,
    "cartNoteSet": ERRORS,
    "cartComplete": f"order {{ id }} {ERRORS}",
    "invoiceIssue": f"invoice {{ number }} {ERRORS}",
}


@pytest.fixture
async def shop(
    server_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Shop]:
    """With `request.param` as its settings."""
    log: list[str] = []
    async with migrated_database(server_url, "erasure") as database:
        settings = {"DATABASE_URL": database, "DATA_DIR": str(tmp_path)}
        settings |= getattr(request, "param", {})
        code, key, told = await commerce(
            "keys", "create", "--name", "t", "--all-scopes", **settings
        )
        assert code == 0, told
        async with serving(told=log, said=log, LOG_LEVEL="debug", **settings) as url:
            yield Shop(url, key.strip(), database, tmp_path, log)


async def register(shop: Shop) -> None:
    """Make an account, and follow the link in the mail."""
    await shop.change("customerRegister", email=EMAIL, password=PASSWORD)
    await shop.change("customerVerify", token=await shop.mailed_token())


async def sign_in(shop: Shop, email: str = EMAIL) -> dict[str, Any]:
    made = await shop.change("sessionCreate", email=email, password=PASSWORD)
    return dict(made["session"])


async def tell_everything(shop: Shop) -> tuple[str, dict[str, Any]]:
    """The id and session of a customer who has filled in all there is."""
    await register(shop)
    session = await sign_in(shop)
    token = session["accessToken"]
    me = (await shop.change("customerProfileUpdate", token, **PROFILE))["customer"]["id"]
    await shop.change("addressUpsert", token, country="DE", **ADDRESS)
    consent = {"channel": "EMAIL", "granted": True, "source": SOURCE}
    await shop.change("customerConsentSet", shop.key, customerId=me, **consent)
    await shop.change("customerExtraFieldUpsert", shop.key, key="pet", title="Pet", kind="TEXT")
    answers = [{"key": "pet", "value": ANSWER}]
    await shop.change("customerUpdate", shop.key, id=me, extraFields=answers, **KEPT_BY_SHOP)
    await shop.change("customerContactUpsert", shop.key, customerId=me, kind="OTHER", **CONTACT)
    await shop.change("customerEmailChangeRequest", token, newEmail=NEW_EMAIL, password=PASSWORD)
    await buy(shop, token)
    return me, session


async def buy(shop: Shop, token: str) -> None:
    """An order of the customer's with its invoice, and a cart that they have left."""
    async with database_of(shop) as database, units_on(database)() as uow:
        (prices,) = await uow.rows(text("SELECT * FROM price_lists"))
        bought = {"track_stock": False, "requires_shipping": False}
        variant = await make_variant(uow, await make_product(uow), **bought)
        await make_price(uow, prices, variant, "10")
    for total in ("10", None):
        lines = [{"variantId": global_id("ProductVariant", variant.id), "quantity": 1}]
        cart = (await shop.change("cartCreate", token, lines=lines))["cart"]["id"]
        told = {name: BOUGHT[name] for name in ("note", "extraFields", "attribution")}
        await shop.change("cartContactSet", token, cartId=cart, phone=BOUGHT["phone"])
        address = {"country": "DE", "postalCode": "10119", **SENT_TO}
        parts = {"shippingAddress": address, "billingAddress": address}
        await shop.change("cartAddressSet", token, cartId=cart, **parts)
        await shop.change("cartNoteSet", token, cartId=cart, **told)
        if total:
            wish = {"expectedTotal": total, "paymentMethod": "manual"}
            done = await shop.change("cartComplete", token, cartId=cart, **wish)
            await shop.change("invoiceIssue", shop.key, orderId=done["order"]["id"])


@asynccontextmanager
async def database_of(shop: Shop) -> AsyncIterator[Database]:
    database = Database(shop.database)
    try:
        yield database
    finally:
        await database.close()


async def totals(shop: Shop) -> list[Any]:
    async with database_of(shop) as database, units_on(database)() as uow:
        (row,) = await uow.rows(text(TOTALS))
        return list(row)


def found(canaries: list[str], text: str) -> list[str]:
    """Cities are printed in capitals, where post offices want them so."""
    plain = text.lower()
    return [canary for canary in canaries if canary.lower() in plain]


async def is_signed_out(shop: Shop, token: str) -> float:
    """After how many seconds the token is good for nothing."""
    start = monotonic()
    while (await shop.ask("{ me { id } }", token)).get("id"):
        assert monotonic() - start < within(3)
        await asyncio.sleep(0.05)
    return monotonic() - start


@pytest.mark.parametrize("shop", [{"INVOICE_RETENTION_YEARS": "0"}], indirect=True)
async def test_of_whoever_is_erased_nothing_is_left(shop: Shop) -> None:
    _, session = await tell_everything(shop)
    token = session["accessToken"]
    export = await shop.change("customerDataExport", token)
    assert found(CANARIES, json.dumps(export)) == CANARIES
    assert found(CANARIES, await shop.dump()) == CANARIES
    before = await totals(shop)
    assert before[0] == 1

    done = await shop.change("customerErase", token, reason="CUSTOMER_REQUEST", password=PASSWORD)
    assert done["erasedAt"]
    dump = await shop.dump()
    assert found([*CANARIES, NEW_EMAIL], dump) == []
    assert await totals(shop) == before
    await is_signed_out(shop, token)
    log = "".join(shop.log)
    assert "graphql" in log
    assert found([*CANARIES, NEW_EMAIL, PASSWORD], log) == []


def without_table(dump: str, table: str) -> tuple[str, str]:
    """The rows of one table, and the rest of a dump."""
    before, found, after = dump.partition(f"COPY public.{table} (")
    assert found
    rows, end, rest = after.partition("\n\\.\n")
    assert end
    return rows, before + rest


async def test_invoices_alone_keep_the_erased_and_not_for_ever(shop: Shop) -> None:
    me, _ = await tell_everything(shop)
    await shop.change("customerErase", shop.key, id=me, reason="CUSTOMER_REQUEST")
    invoices, rest = without_table(await shop.dump(), "invoices")
    assert found([*CANARIES, NEW_EMAIL], rest) == []
    # Who bought, as it is printed, and nothing else that the shop was told.
    assert found(CANARIES, invoices) == [EMAIL, KEPT_BY_SHOP["taxId"], *SENT_TO.values()]
    async with database_of(shop) as database, units_on(database)() as uow:
        later = system_clock().replace(year=system_clock().year + 11, day=1)
        services = Services(uow, SYSTEM, lambda: later, PORTS)
        assert await services.privacy.blank_kept() == 1
    assert found([*CANARIES, NEW_EMAIL], await shop.dump()) == []


async def test_the_erased_are_signed_out_and_may_come_back_as_somebody_else(shop: Shop) -> None:
    me, session = await tell_everything(shop)
    erased = await shop.change("customerErase", shop.key, id=me, reason="RETENTION_ENDED")
    again = await shop.change("customerErase", shop.key, id=me, reason="OTHER")
    assert again == erased
    await is_signed_out(shop, session["accessToken"])
    refused = await shop.ask(SIGN_IN, email=EMAIL, password=PASSWORD)
    assert refused["userErrors"] == [{"code": "INVALID_CREDENTIALS"}]

    await register(shop)
    token = (await sign_in(shop))["accessToken"]
    export = (await shop.change("customerDataExport", token))["export"]
    assert found(CANARIES, json.dumps(export)) == [EMAIL, DEVICE]


async def test_a_wrong_password_erases_nothing(shop: Shop) -> None:
    _, session = await tell_everything(shop)
    token = session["accessToken"]
    answer = await shop.ask(ERASE, token, reason="OTHER", password="not the password")
    refused = [{"code": "INVALID_CREDENTIALS", "path": ["password"]}]
    assert answer == {"erasedAt": None, "userErrors": refused}
    assert found(CANARIES, await shop.dump()) == CANARIES
