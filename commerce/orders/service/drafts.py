"""Orders that the shop's people make for somebody, and orders that are made of orders."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from commerce.carts.rules.content import Priced
from commerce.carts.service.pricing import CartPricingService
from commerce.core.clock import Clock
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.text import text_flaw
from commerce.customers.repository.profiles import ProfileRepository
from commerce.inventory.service.allocations import AllocationService
from commerce.orders.kinds import OrderSource, OrderStatus
from commerce.orders.problems import InvalidTransition
from commerce.orders.repository.writing import LineRow, OrderRow
from commerce.orders.rules.editing import LineEdit, content_of, repriced, wanted_lines
from commerce.orders.rules.placing import wants_of
from commerce.orders.rules.snapshots import Placement
from commerce.orders.rules.surcharges import surcharges_flaw
from commerce.orders.rules.texts import MAX_SHORT, checked_order
from commerce.orders.service.claims import ClaimService
from commerce.orders.service.desk import MISSING, OrderDesk
from commerce.orders.service.editing import OrderEditService
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.writing import OrderWriter
from commerce.promotions.problems import CouponRejected
from commerce.promotions.rules.rejections import explained
from commerce.store.service import StoreService

MAX_CODES: Final = 10
HUNDRED: Final = Decimal(100)
MOST_OFF: Final = Decimal(10) ** 12
# What a draft is before anything is said of it.
BLANK: Final[Mapping[str, Any]] = {
    "status": OrderStatus.DRAFT,
    "customer_id": None,
    "customer_group_id": 0,
    "tax_exempt": False,
    "email": None,
    "phone": None,
    "billing_address": None,
    "shipping_address": None,
    "shipping_method": None,
    "note": "",
    "extra_fields": {},
    "coupon_codes": (),
    "manual_discount": None,
    "surcharges": (),
    "gift_cards": Decimal(0),
}
NO_CUSTOMER: Final = NotFound("There is no Customer with this id.", ("customer_id",))


class OrderDraftService:
    def __init__(
        self,
        desk: OrderDesk,
        editing: OrderEditService,
        writer: OrderWriter,
        pricing: CartPricingService,
        customers: ProfileRepository,
        claims: ClaimService,
        payments: OrderPaymentService,
        allocations: AllocationService,
        store: StoreService,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._editing = editing
        self._writer = writer
        self._pricing = pricing
        self._customers = customers
        self._claims = claims
        self._payments = payments
        self._allocations = allocations
        self._store = store
        self._clock = clock

    async def create(
        self, lines: Sequence[LineEdit], values: Mapping[str, Any], terms: Mapping[str, Any]
    ) -> OrderRow | Problem:
        """A draft: priced as of today, and promised to nobody. `terms` as for `update`."""
        columns = checked_order(values)
        if isinstance(columns, Problem):
            return columns
        known = await self._terms(terms, columns.get("email"))
        if isinstance(known, Problem):
            return known
        currency = (await self._store.settings()).currency
        base = SimpleNamespace(**{**BLANK, "currency": currency, **columns, **known})
        wanted = surcharges_flaw(base.surcharges, currency) or wanted_lines((), lines, currency)
        if isinstance(wanted, Problem):
            return wanted
        today = await self._pricing.priced(content_of(base, wanted), self._clock())
        priced = repriced(base, wanted, today)
        if isinstance(priced, Problem):
            return priced
        custom = frozenset(each.id for each in wanted if each.custom)
        return await self._writer.place(_placement(base, priced, custom))

    async def update(
        self,
        order_id: int,
        lines: Sequence[LineEdit],
        terms: Mapping[str, Any],
        expected_version: int | None = None,
    ) -> OrderRow | Problem:
        """Other lines, and other `terms`: customer, coupons, way of shipping, surcharges, what is
        taken off.
        """
        seen = await self._desk.seen(order_id)
        if seen is None or seen.status is not OrderStatus.DRAFT:
            return MISSING if seen is None else _no_draft(seen.status)
        known = await self._terms(terms, seen.email)
        if isinstance(known, Problem):
            return known
        return await self._editing.edit(order_id, lines, expected_version, known)

    async def complete(
        self, order_id: int, expected_version: int | None = None
    ) -> OrderRow | Problem:
        """Place a draft: its discounts are counted, its goods are promised, its buyer is told.

        Twice is once. What it comes to stays; a coupon that is not good any more is refused.
        """
        seen = await self._desk.seen(order_id)
        if seen is None:
            return MISSING
        if seen.status is not OrderStatus.DRAFT:
            return seen if seen.source is OrderSource.STAFF else _no_draft(seen.status)
        lines = await self._desk.lines(order_id)
        refused = version_conflict(
            "order", seen.version, expected_version
        ) or await self._uncounted(seen, lines)
        if refused is not None:
            return refused
        given = await self._allocations.allocate(order_id, wants_of(lines), None)
        if isinstance(given, Problem):
            return given
        order = await self._desk.taken(order_id, seen.version)
        if isinstance(order, Problem):
            return order
        changes = {"status": OrderStatus.PENDING, "placed_at": self._clock()}
        placed = await self._desk.done(order, changes)
        await self._writer.announce(placed, lines)
        return await self._payments.once_placed(placed)

    async def _uncounted(self, draft: OrderRow, lines: Sequence[LineRow]) -> Problem | None:
        """Why the discounts of the draft are not counted.

        Whoever places the same draft meanwhile has used its coupons, and not somebody else.
        """
        rejected = await self._expired(draft, lines) or await self._claims.redeem(draft)
        if rejected is None:
            return None
        now = await self._desk.seen(draft.id)
        changed = None if now is None else version_conflict("order", now.version, draft.version)
        message = f"{rejected.message} Change the draft to price it without."
        return changed or replace(rejected, message=message, path=("order_id",))

    async def _expired(self, draft: OrderRow, lines: Sequence[LineRow]) -> CouponRejected | None:
        """Why a coupon of the draft would give nothing today, if there is one."""
        wanted = wanted_lines(lines, (), draft.currency)
        if not draft.coupon_codes or isinstance(wanted, Problem):
            return None
        today = await self._pricing.priced(content_of(draft, wanted), self._clock())
        priced = repriced(draft, wanted, today)
        if isinstance(priced, Problem) or not priced.result.rejections:
            return None
        rejection = priced.result.rejections[0]
        why = explained(rejection, priced.draft.promotions, priced.result.subtotal)
        return replace(why, message=f"{rejection.code}: {why.message}")

    async def _terms(self, terms: Mapping[str, Any], email: str | None) -> dict[str, Any] | Problem:
        """The columns of `terms`, with what follows from the customer, who is written to at the
        account's address unless there is an `email`.
        """
        columns = {name: value for name, value in terms.items() if name != "shipping_method_id"}
        if "shipping_method_id" in terms:
            columns["shipping_method"] = {"method_id": terms["shipping_method_id"]}
        flaw = _codes_flaw(columns.get("coupon_codes")) or _discount_flaw(
            columns.get("manual_discount")
        )
        if flaw is not None:
            return flaw
        if columns.get("customer_id") is None:
            return columns
        found = await self._customers.by_ids([columns["customer_id"]])
        customer = found.get(columns["customer_id"])
        if customer is None or customer.erased_at is not None:
            return NO_CUSTOMER
        columns["customer_group_id"] = customer.group_id
        if email is None:
            columns["email"] = customer.email
        return {**columns, "tax_exempt": customer.tax_exempt}


def _placement(base: Any, priced: Priced, custom: frozenset[int]) -> Placement:
    return Placement(
        priced=priced,
        customer_id=base.customer_id,
        email=base.email,
        phone=base.phone,
        billing=base.billing_address,
        shipping=base.shipping_address,
        note=base.note,
        extra_fields=base.extra_fields,
        status=OrderStatus.DRAFT,
        source=OrderSource.STAFF,
        manual_discount=base.manual_discount,
        custom_prices=custom,
    )


def _codes_flaw(codes: Sequence[str] | None) -> Invalid | None:
    if len(codes or ()) > MAX_CODES:
        return Invalid(f"An order has at most {MAX_CODES} coupons.", ("coupon_codes",))
    for place, code in enumerate(codes or ()):
        flaw = text_flaw(code, MAX_SHORT, "coupon_codes", str(place))
        if flaw is not None:
            return flaw
    return None


def _discount_flaw(discount: Mapping[str, Any] | None) -> Invalid | None:
    if discount is None:
        return None
    value = Decimal(discount["value"])
    if not value.is_finite() or not 0 < value < MOST_OFF:
        return Invalid("This is more than nothing.", ("discount", "value"))
    if discount["kind"] == "percent" and value > HUNDRED:
        return Invalid("A percentage is at most 100.", ("discount", "value"))
    return text_flaw(discount["title"], MAX_SHORT, "discount", "title")


def _no_draft(status: OrderStatus) -> InvalidTransition:
    message = f"The order is no draft, but {status.name}."
    return InvalidTransition(message, ("order_id",), status.name)
