"""Many orders in one call: each of them answers for itself."""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.errors import Flaw, Kind, Refusal, RefusedError, invalid
from commerce.rest.fields import UnfitError, ValueKind
from commerce.rest.kinds import whole
from commerce.rest.printing import Word
from commerce.rest.route import Ask, Call, Json, Node, Reply, Steps
from commerce.rest.shopkit.envelope import REFUSALS
from commerce.rest.shopkit.keys import key
from commerce.rest.shopkit.orders.changing import ORDER, changed
from commerce.rest.shopkit.orders.inputs import MAX_BULK, NUMBERED, ONE

ISSUE: Final = "ShopkitInvoiceIssue"
UPDATED: Final = "Order updated."
INVOICED: Final = "Invoice created."
NO_SERIES: Final = "No invoice app active"
TOO_MANY: Final = "Too many items."
NUMBER: Final = whole()
SAID: Final = tuple(
    sorted({*(message for _, message in REFUSALS.values()), UPDATED, INVOICED, NO_SERIES})
)

Work = Callable[[Mapping[str, Any]], Generator[Ask, Any, Any]]


def put_many(call: Call) -> Steps:
    return (yield from _each(call.body, NUMBERED, _change, UPDATED))


def invoice_many(call: Call) -> Steps:
    items = [item if isinstance(item, dict) else {"id": item} for item in call.body]
    return (yield from _each(items, ONE, _invoice, INVOICED))


def invoice(call: Call) -> Steps:
    """Once: who asks again is told that there is one."""
    try:
        yield from _issued(key(call.params["id"], "Order"))
    except NoSeriesError:
        return Reply({"message": NO_SERIES}, 400)
    return Reply({"message": INVOICED}, 201)


class NoSeriesError(RefusedError):
    """Nothing gives invoices their numbers."""


def _each(items: Sequence[Any], kind: ValueKind, work: Work, done: str) -> Steps:
    if len(items) > MAX_BULK:
        return Reply({"message": TOO_MANY}, 413)
    numbers = [_number(item) for item in items]
    answers = []
    for number, item in zip(numbers, items, strict=True):
        code, message = yield from _answer(item, kind, work, done)
        answers.append({"code": code, "message": Word.one_of(SAID, message), "id": number})
    return answers


def _number(item: Any) -> int:
    """By which an answer is told from the others; who sends an item without is refused at once."""
    try:
        number: int = NUMBER.read(item.get("id") if isinstance(item, dict) else None)
    except UnfitError:
        raise invalid("id", "must be an integer") from None
    return number


def _answer(
    item: Any, kind: ValueKind, work: Work, done: str
) -> Generator[Ask, Any, tuple[int, str]]:
    try:
        yield from work(kind.read(item))
    except UnfitError:
        return REFUSALS[Kind.INVALID]
    except NoSeriesError:
        return 400, NO_SERIES
    except RefusedError as error:
        if error.refusal.kind in (Kind.INTERNAL, Kind.UNAVAILABLE, Kind.UNAUTHENTICATED):
            raise
        return REFUSALS[error.refusal.kind]
    return 200, done


def _change(item: Mapping[str, Any]) -> Generator[Ask, Any, Node]:
    return (yield from changed(global_id("Order", item["id"]), item))


def _invoice(item: Mapping[str, Any]) -> Generator[Ask, Any, Json]:
    return (yield from _issued(global_id("Order", item["id"])))


def _issued(id_: str) -> Generator[Ask, Any, Json]:
    node = yield Ask(ORDER, {"id": id_})
    if node["archivedAt"] is not None:
        raise RefusedError(Refusal(Kind.NOT_FOUND))
    try:
        return (yield Ask(ISSUE, {"input": {"orderId": id_, "mustBeNew": True}}))
    except RefusedError as error:
        if error.refusal.field == "series":
            raise NoSeriesError(Refusal(Kind.INVALID, flaws=(Flaw("series", NO_SERIES),))) from None
        raise
