"""Switches, templates and the log in GraphQL."""

from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.notifications.kinds import NotificationState
from commerce.notifications.repository.log import NotificationLogRepository
from commerce.notifications.rules.topics import TOPICS
from tests.conftest import Ask
from tests.support.notifications import Time
from tests.support.staff import make_member

LOW = {"kind": "STOCK_LOW", "channel": "EMAIL", "audience": "STAFF"}
PLACED = {"kind": "ORDER_PLACED", "channel": "EMAIL", "audience": "CUSTOMER"}
SETTINGS = "{ notificationSettings { kind channel audience enabled variables version } }"
UPDATE = """
mutation ($input: NotificationSettingUpdateInput!) { notificationSettingUpdate(input: $input) {
  notificationSetting { enabled emails staffMemberIds version }
  userErrors { code path } } }
"""
SET = """
mutation ($input: NotificationTemplateSetInput!) { notificationTemplateSet(input: $input) {
  notificationTemplate { language subject body version } userErrors { code message path } } }
"""
DELETE = """
mutation ($input: NotificationTemplateDeleteInput!) { notificationTemplateDelete(input: $input) {
  deletedLanguage userErrors { code } } }
"""
PREVIEW = """
query ($input: NotificationTemplatePreviewInput!) { notificationTemplatePreview(input: $input) {
  preview { subject text html language } userErrors { code message path } } }
"""
LOG = """
query ($where: NotificationLogWhere) { notificationLog(where: $where, first: 5) {
  nodes { kind channel audience recipient orderId cartId state reason tries sentAt }
  totalCount { count } } }
"""


async def _done(ask: Ask, query: str, name: str, **given: Any) -> Any:
    return (await ask(query, {"input": given}))["data"][name]


async def test_all_that_can_be_told_is_listed_as_it_stands(ask: Ask, statements: list[str]) -> None:
    statements.clear()
    found = (await ask(SETTINGS))["data"]["notificationSettings"]
    assert len(statements) == 1
    on = {(each["kind"], each["channel"], each["audience"]): each["enabled"] for each in found}
    assert len(on) == len(found) == 15
    assert on["ORDER_PAID", "EMAIL", "STAFF"] is False
    assert on["ORDER_SHIPPED", "SMS", "CUSTOMER"] is True
    low = next(each for each in found if each["kind"] == "STOCK_LOW")
    assert (low["variables"], low["version"]) == (["places"], 1)


async def test_a_switch_is_moved_and_recipients_are_chosen(ask: Ask, uow: UnitOfWork) -> None:
    member = global_id("StaffMember", await make_member(uow, "ada@shop.test"))
    given = {"enabled": False, "emails": ["desk@shop.test"], "staffMemberIds": [member]}
    done = await _done(ask, UPDATE, "notificationSettingUpdate", **LOW, **given)
    setting = done["notificationSetting"]
    assert setting == {**given, "version": 2}
    again = await _done(
        ask, UPDATE, "notificationSettingUpdate", **LOW, enabled=True, expectedVersion=1
    )
    assert again["userErrors"][0]["code"] == "VERSION_CONFLICT"


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({**LOW, "channel": "SMS"}, "NOT_FOUND", None),
        ({**LOW, "emails": ["nobody"]}, "INVALID", ["emails", "0"]),
        ({**LOW, "emails": [f"a{n}@b.test" for n in range(21)]}, "INVALID", ["emails"]),
        ({**LOW, "staffMemberIds": [global_id("StaffMember", 999)]}, "NOT_FOUND",
         ["staffMemberIds", "0"]),
        ({**LOW, "staffMemberIds": [global_id("Order", 1)]}, "NOT_FOUND",
         ["staffMemberIds", "0"]),
        ({**PLACED, "emails": ["a@b.test"]}, "INVALID", ["emails"]),
    ],
)  # fmt: skip
async def test_what_cannot_be_switched_so_is_refused(
    ask: Ask, given: dict[str, Any], code: str, path: list[str] | None
) -> None:
    (error,) = (await _done(ask, UPDATE, "notificationSettingUpdate", **given))["userErrors"]
    assert (error["code"], error["path"]) == (code, path)


async def test_own_words_are_kept_shown_and_taken_back(ask: Ask) -> None:
    words = {"subject": "Danke {{ number }}", "body": "<p>Hallo</p><script>x</script>"}
    shown = {**PLACED, "language": "de-AT"}
    built_in = (await _done(ask, PREVIEW, "notificationTemplatePreview", **shown))["preview"]
    assert (built_in["subject"], built_in["language"]) == ("Ihre Bestellung SG-1042", "de")
    tried = (await _done(ask, PREVIEW, "notificationTemplatePreview", **shown, **words))["preview"]
    assert (tried["subject"], tried["text"][:6]) == ("Danke SG-1042", "Hallo\n")
    assert "<p>Hallo</p>" in tried["html"]
    assert "<script" not in tried["html"]
    kept = await _done(ask, SET, "notificationTemplateSet", **PLACED, language="de_at", **words)
    assert kept["notificationTemplate"] == {**words, "language": "de-AT", "version": 1}
    assert (await _done(ask, PREVIEW, "notificationTemplatePreview", **shown))["preview"] == tried
    again = await _done(ask, SET, "notificationTemplateSet", **PLACED, language="de-AT", **words)
    assert again["notificationTemplate"]["version"] == 2
    gone = await _done(ask, DELETE, "notificationTemplateDelete", **shown)
    assert gone == {"deletedLanguage": "de-AT", "userErrors": []}
    gone = await _done(ask, DELETE, "notificationTemplateDelete", **shown)
    assert gone["userErrors"] == [{"code": "NOT_FOUND"}]
    found = (await _done(ask, PREVIEW, "notificationTemplatePreview", **shown))["preview"]
    assert found["subject"] == built_in["subject"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"subject": "{{ number", "body": "x"}, ["subject"]),
        ({"subject": "x", "body": "{{ customer.password }}"}, ["body"]),
        ({"subject": "x", "body": "{{ lines[7].title }}"}, ["body"]),
        ({"subject": " ", "body": "x"}, ["subject"]),
        ({"subject": "x", "body": "x", "language": "xx-invalid-"}, ["language"]),
    ],
)
async def test_a_template_that_cannot_be_filled_is_refused(
    ask: Ask, given: dict[str, Any], path: list[str]
) -> None:
    asked = {**PLACED, "language": "de", **given}
    for query, name in (
        (SET, "notificationTemplateSet"),
        (PREVIEW, "notificationTemplatePreview"),
    ):
        (error,) = (await _done(ask, query, name, **asked))["userErrors"]
        assert (error["code"], error["path"]) == ("INVALID", path)


async def test_a_short_message_is_text(ask: Ask) -> None:
    shown = {**PLACED, "channel": "SMS", "language": "en"}
    own = await _done(
        ask, PREVIEW, "notificationTemplatePreview", **shown, body="{{ number }} & <b>\nmore"
    )
    assert own["preview"]["text"] == "SG-1042 & <b> more"
    assert own["preview"]["html"] == ""


async def test_the_log_is_read_in_pages_by_whom_may_read_settings(
    ask: Ask, uow: UnitOfWork
) -> None:
    at = Time()()
    way = TOPICS["order_paid"].way
    log = NotificationLogRepository(uow, SYSTEM)
    for number in (1, 2):
        values = {
            **way._asdict(), "message_id": number, "recipient": "a…@example.com",
            "order_id": number, "state": NotificationState.SENT, "tries": 1,
            "tried_at": at, "sent_at": at,
        }  # fmt: skip
        await log.write(values)
    where = {"orderId": global_id("Order", 2), "kind": "ORDER_PAID"}
    found = (await ask(LOG, {"where": where}))["data"]["notificationLog"]
    assert found["totalCount"]["count"] == 1
    assert found["nodes"][0]["recipient"] == "a…@example.com"
    assert found["nodes"][0]["orderId"] == global_id("Order", 2)
    none = {"where": {"orderId": global_id("Cart", 2)}}
    assert (await ask(LOG, none))["data"]["notificationLog"]["nodes"] == []


async def test_who_may_not_read_settings_sees_nothing_in_the_log(ask: Ask, uow: UnitOfWork) -> None:
    values = {
        **TOPICS["stock_low"].way._asdict(),
        "message_id": 1,
        "state": NotificationState.WAITING,
    }
    await NotificationLogRepository(uow, SYSTEM).write(values)
    for scope, seen in ((Scope.READ_SETTINGS, 1), (Scope.READ_ORDERS, 0)):
        viewer = Viewer(ViewerKind.STAFF, id=1, scopes=frozenset({scope}))
        found = (await ask(LOG, {}, viewer))["data"]["notificationLog"]
        assert len(found["nodes"]) == seen
