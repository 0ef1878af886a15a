from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.core.attempts import Attempts
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, SYSTEM, Scope, Viewer, ViewerKind
from commerce.gift_cards.models import GiftCard
from commerce.gift_cards.rules.codes import digest_of
from commerce.integrations.rate_limits.memory import memory_limiter
from commerce.notifications.handlers import Handlers
from commerce.notifications.models import OutgoingMessage
from commerce.notifications.rendering import MailRenderer, Store
from commerce.wiring import Services
from commerce.wiring.message_handlers import MESSAGE_HANDLERS
from tests.conftest import Ask
from tests.support.gift_cards import balances, make_gift_card
from tests.support.mutations import done, errors
from tests.support.services import PORTS, SECRET

FIELDS = """id lastCharacters balance { amount currencyCode } issued { amount } expiresAt disabled
  spendable note version"""
ISSUE = """mutation ($input: GiftCardIssueInput!) { giftCardIssue(input: $input) {
  giftCard { FIELDS } code userErrors { code path } } }""".replace("FIELDS", FIELDS)
BULK = """mutation ($input: GiftCardBulkIssueInput!) { giftCardBulkIssue(input: $input) {
  issued { code giftCard { id balance { amount } } } userErrors { code path } } }"""
ADJUST = """mutation ($input: GiftCardAdjustInput!) { giftCardAdjust(input: $input) {
  giftCard { FIELDS } userErrors { code path } } }""".replace("FIELDS", FIELDS)
UPDATE = """mutation ($input: GiftCardUpdateInput!) { giftCardUpdate(input: $input) {
  giftCard { FIELDS } userErrors { code path } } }""".replace("FIELDS", FIELDS)
LOOKUP = """query ($code: String!) { giftCardLookup(code: $code) {
  giftCard { lastCharacters balance { amount } spendable expiresAt disabled }
  userErrors { code path } } }"""


async def test_a_card_is_issued_with_a_code_that_is_shown_once(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    made = await done(ask, ISSUE, amount="50", note="for Ada")
    code = made["code"]
    assert len(code.replace("-", "")) == 16
    assert made["giftCard"] == made["giftCard"] | {
        "lastCharacters": code[-4:],
        "balance": {"amount": "50.00", "currencyCode": "EUR"},
        "issued": {"amount": "50.00"},
        "spendable": True,
        "disabled": False,
    }
    (row,) = await uow.rows(select(*GiftCard.__table__.c))  # type: ignore[attr-defined]  # SQLModel sets it
    assert row.code_sha256 == digest_of(code)
    assert code.replace("-", "") not in str(row)
    typed = f" {code.lower().replace('-', ' ')} "
    found = (await ask_anonymously(LOOKUP, {"code": typed}))["data"]["giftCardLookup"]
    assert found["giftCard"]["balance"] == {"amount": "50.00"}
    assert await balances(uow) == [50]


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC", "a\0b", "\ud800", "x" * 100_000])
async def test_codes_of_nothing_are_not_found(ask_anonymously: Ask, code: str) -> None:
    found = (await ask_anonymously(LOOKUP, {"code": code}))["data"]["giftCardLookup"]
    assert (found["giftCard"], errors(found)) == (None, [("NOT_FOUND", ["code"])])


async def test_a_request_under_a_reference_answers_the_same_code_again(
    ask: Ask, uow: UnitOfWork
) -> None:
    asked = {"amount": "5", "reference": "order-7", "recipient": {"email": "ada@shop.test"}}
    first = await done(ask, ISSUE, **asked)
    assert await done(ask, ISSUE, **asked) == first
    assert await uow.scalar(select(func.count(col(OutgoingMessage.id)))) == 1
    other = await done(ask, ISSUE, **asked | {"amount": "6"})
    assert errors(other) == [("IDEMPOTENCY_CONFLICT", ["reference"])]
    bulk = {"amount": "1", "count": 250, "reference": "campaign"}
    issued = (await done(ask, BULK, **bulk))["issued"]
    assert len({one["code"] for one in issued}) == 250
    assert (await done(ask, BULK, **bulk))["issued"] == issued
    assert await uow.scalar(select(func.count(col(GiftCard.id)))) == 251


async def test_a_card_of_another_shop_keeps_its_code(ask: Ask) -> None:
    made = await done(ask, ISSUE, amount="5", code="old-shop-12345")
    assert (made["code"], made["giftCard"]["lastCharacters"]) == ("old-shop-12345", "2345")
    again = await done(ask, ISSUE, amount="5", code="OLD SHOP 12345 ")
    assert errors(again) == [("TAKEN", ["code"])]


REFUSED: list[tuple[dict[str, Any], list[str]]] = [
    ({"amount": "0"}, ["amount"]),
    ({"amount": "-1"}, ["amount"]),
    ({"amount": "0.001"}, ["amount"]),
    ({"amount": "1e20"}, ["amount"]),
    ({"currencyCode": "JPY", "amount": "0.5"}, ["amount"]),
    ({"note": "n" * 2001}, ["note"]),
    ({"note": "\0"}, ["note"]),
    ({"code": "short"}, ["code"]),
    ({"code": "GIFT-CARD-CODE-ÄÖÜ"}, ["code"]),
    ({"reference": " "}, ["reference"]),
    ({"reference": "\ud800"}, ["reference"]),
    ({"recipient": {"email": "nobody"}}, ["recipient", "email"]),
    ({"recipient": {"email": "a@b.test", "message": "\0"}}, ["recipient", "message"]),
    ({"recipient": {"email": "a@b.test", "locale": "x" * 40}}, ["recipient", "locale"]),
]


async def test_what_cannot_be_issued(ask: Ask, uow: UnitOfWork) -> None:
    for given, path in REFUSED:
        refused = await done(ask, ISSUE, **{"amount": "1", **given})
        assert errors(refused) == [("INVALID", path)], given
    for count in (0, 251):
        refused = await done(ask, BULK, amount="1", count=count, reference="r")
        assert errors(refused) == [("INVALID", ["count"])]
    assert await uow.scalar(select(func.count(col(GiftCard.id)))) == 0


async def test_the_recipient_is_written_to_in_their_language(ask: Ask, open_unit: Any) -> None:
    day = (system_clock() + timedelta(days=400)).isoformat()
    to = {"email": "ada@shop.test", "name": "Ada", "message": "Alles Gute!", "locale": "de-AT"}
    code = (await done(ask, ISSUE, amount="50", expiresAt=day, recipient=to))["code"]
    handlers = Handlers(
        MESSAGE_HANDLERS,
        lambda uow: Services(uow, SYSTEM, system_clock, PORTS),
        open_unit,
        PORTS.message_cipher,
    )
    async with open_unit() as uow:
        (row,) = await uow.rows(select(*OutgoingMessage.__table__.c))  # type: ignore[attr-defined]  # SQLModel sets it
    assert code.encode() not in row.data
    mail: Any = (await handlers.message(row)).message
    assert (mail.to, mail.locale) == ("ada@shop.test", "de-AT")
    renderer = MailRenderer(Store("Laden", "http://store.test"))
    german = renderer.render(mail.template, mail.locale, mail.context)
    assert german.subject == "Ein Gutschein über € 50,00 für Laden"
    for part in ("Hallo Ada", "Alles Gute!", f"Ihr Code: {code}", "Sie können ihn bis zum"):
        assert part in german.text
        assert part in german.html
    english = renderer.render(mail.template, "xx-nonsense", mail.context)
    assert f"Your code: {code}" in english.text


async def test_a_balance_is_adjusted_with_a_reason(ask: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("GiftCard", (await make_gift_card(uow)).id)
    less = await done(ask, ADJUST, id=id_, change="-20.50", reason="refund in cash")
    assert less["giftCard"]["balance"]["amount"] == "29.50"
    late = await done(ask, ADJUST, id=id_, change="1", reason="again", expectedVersion=1)
    assert errors(late) == [("VERSION_CONFLICT", ["expectedVersion"])]
    for change in ("0", "-29.51", "0.001", "1e12", "999999999999"):
        refused = await done(ask, ADJUST, id=id_, change=change, reason="r")
        assert errors(refused) == [("INVALID", ["change"])], change
    for reason in ("", "\0", "r" * 201):
        refused = await done(ask, ADJUST, id=id_, change="1", reason=reason)
        assert errors(refused) == [("INVALID", ["reason"])]
    missing = await done(ask, ADJUST, id=global_id("GiftCard", 404), change="1", reason="r")
    assert errors(missing) == [("NOT_FOUND", ["id"])]
    listed = await ask(
        """query ($id: ID!) { giftCard(id: $id) { entries(first: 9) {
          nodes { kind amount { amount } balance { amount } reason actor }
          totalCount { count } } } }""",
        {"id": id_},
    )
    entries = listed["data"]["giftCard"]["entries"]
    assert entries["totalCount"] == {"count": 2}
    assert entries["nodes"][0] == {
        "kind": "ADJUST",
        "amount": {"amount": "-20.50"},
        "balance": {"amount": "29.50"},
        "reason": "refund in cash",
        "actor": "api_key:1",
    }
    assert await balances(uow) == [pytest.approx(29.5)]


async def test_a_card_is_put_out_of_use_and_back(ask: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("GiftCard", (await make_gift_card(uow)).id)
    for _ in range(2):
        off = (await done(ask, UPDATE, id=id_, disabled=True))["giftCard"]
        assert (off["disabled"], off["spendable"], off["version"]) == (True, False, 2)
    on = await done(ask, UPDATE, id=id_, disabled=False, note="found", expectedVersion=2)
    assert (on["giftCard"]["spendable"], on["giftCard"]["note"]) == (True, "found")
    over = await done(ask, UPDATE, id=id_, expiresAt="2020-01-01T00:00:00Z")
    assert (over["giftCard"]["spendable"], over["giftCard"]["disabled"]) == (False, False)
    assert errors(await done(ask, UPDATE, id="nonsense")) == [("NOT_FOUND", ["id"])]
    assert errors(await done(ask, UPDATE, id=id_, note="\0")) == [("INVALID", ["note"])]


@pytest.mark.parametrize("many", [1, 5])
async def test_lists_cost_the_same_for_any_number(
    ask: Ask, uow: UnitOfWork, statements: list[str], many: int
) -> None:
    for number in range(many):
        await make_gift_card(uow, str(number + 1), f"CODE-CODE-{number}")
    statements.clear()
    found = await ask(
        """{ giftCards(first: 9, where: {balance: {gte: "1"}, disabled: false}) {
          nodes { entries(first: 1) { nodes { kind } totalCount { count } } }
          totalCount { count } } }"""
    )
    assert found["data"]["giftCards"]["totalCount"] == {"count": many}
    assert len(statements) == 4  # cards, their count, a page of each ledger, their counts


async def test_cards_are_found_by_filter(ask: Ask, uow: UnitOfWork) -> None:
    await make_gift_card(uow, "5", "AAAA-BBBB-1111", note="Spring campaign")
    await make_gift_card(uow, "9", "AAAA-BBBB-2222", currency="USD", disabled_at=system_clock())
    query = """query ($where: GiftCardWhere) { giftCards(where: $where) {
      nodes { lastCharacters } } }"""
    wheres: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["2222", "1111"]),
        ({"lastCharacters": {"eq": "1111"}}, ["1111"]),
        ({"note": {"contains": "spring"}}, ["1111"]),
        ({"currencyCode": "USD"}, ["2222"]),
        ({"disabled": False}, ["1111"]),
        ({"balance": {"gt": "5"}}, ["2222"]),
        ({"spendableAt": "2026-05-01T00:00:00Z"}, ["1111"]),
        ({"createdAt": {"lt": "2020-01-01T00:00:00Z"}}, []),
        ({"id": {"eq": "nonsense"}}, []),
    ]
    for where, last in wheres:
        found = (await ask(query, {"where": where}))["data"]["giftCards"]["nodes"]
        assert [node["lastCharacters"] for node in found] == last, where


async def test_nobody_sees_cards_but_by_their_codes(ask: Ask, uow: UnitOfWork) -> None:
    card = await make_gift_card(uow)
    id_ = global_id("GiftCard", card.id)
    for viewer in (
        ANONYMOUS,
        Viewer(ViewerKind.CUSTOMER, 1),
        Viewer(ViewerKind.API_KEY, 2, frozenset({Scope.READ_ORDERS, Scope.READ_PROMOTIONS})),
    ):
        found = await ask("query ($id: ID!) { node(id: $id) { id } }", {"id": id_}, viewer)
        assert found["data"] == {"node": None}


async def test_guesses_are_counted_except_for_those_who_see_all(uow: UnitOfWork) -> None:
    await make_gift_card(uow)
    ports = replace(PORTS, attempts=Attempts(memory_limiter(system_clock), SECRET))
    guest = Services(uow, ANONYMOUS, system_clock, ports).gift_cards
    codes = ["ABCD-EFGH-JKLM", *["WRONG-WRONG-WRONG"] * 9, "ABCD-EFGH-JKLM"]
    answers = [getattr(await guest.find(code), "code", "FOUND") for code in codes]
    assert answers == ["FOUND", *["NOT_FOUND"] * 9, "TOO_MANY_ATTEMPTS"]
    clerk = Services(uow, SYSTEM, system_clock, ports).gift_cards
    assert {type(await clerk.find("ABCD-EFGH-JKLM")).__name__ for _ in range(20)} == {"Row"}
