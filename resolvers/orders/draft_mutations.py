"""Orders that the shop's people make, and orders bought again."""

from decimal import Decimal
from enum import Enum
from typing import Any, Self

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.orders.rules.editing import LineEdit
from resolvers.addresses import PostalAddressInput
from resolvers.carts.types import Cart
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.inputs import given
from resolvers.mutations import Transactional, mutation
from resolvers.nodes import require_key
from resolvers.orders.edit_mutations import OrderLineEditInput, line_edits
from resolvers.orders.inputs import OrderPayload, expected_version, part
from resolvers.orders.lines import OrderLine
from resolvers.orders.surcharges import OrderSurchargeInput, surcharge_terms
from resolvers.permissions import owner, public
from resolvers.problems import UserError, user_error
from resolvers.scalars import JSON

WRITE = Scope.WRITE_ORDERS
TERMS = ("customer_id", "coupon_codes", "shipping_method_id", "discount")
NULLABLE = ("customer_id", "shipping_method_id", "discount")


@strawberry.enum(description="How a discount by hand is counted.")
class OrderDiscountKind(Enum):
    PERCENT = strawberry.enum_value("percent", description="So much of a hundred.")
    AMOUNT = strawberry.enum_value("amount", description="So much of the whole order.")


@strawberry.input(description="What the shop's people take off by hand.")
class OrderDiscountInput:
    kind: OrderDiscountKind = strawberry.field(description="How it is counted.")
    value: Decimal = strawberry.field(description="How much.")
    title: str = strawberry.field(description="What it is called on the order.")


@strawberry.input(description="What the price of a draft depends on, beside its lines.")
class OrderDraftTerms:
    customer_id: strawberry.ID | None = part("For whom it is; null: for nobody with an account.")
    coupon_codes: list[str] | None = part("Coupons, all of them.")
    shipping_method_id: strawberry.ID | None = part("How it is sent; null: not at all.")
    discount: OrderDiscountInput | None = part("What is taken off by hand; null: nothing.")
    surcharges: list[OrderSurchargeInput] | None = part(
        "What is charged beside goods and shipping, all of it."
    )


@strawberry.input(description="An order to make for somebody.")
class OrderDraftCreateInput(OrderDraftTerms):
    lines: list[OrderLineEditInput] = strawberry.field(description="What to sell.")
    email: str | None = part("Where the buyer is written to.")
    phone: str | None = part("The buyer's phone number from `+` on.")
    billing_address: PostalAddressInput | None = part("Whom the bill is for.")
    shipping_address: PostalAddressInput | None = part("Where it is sent.")
    note: str | None = part("What the buyer wishes.")
    extra_fields: JSON | None = part("Answers to the shop's questions: an object of texts.")


@strawberry.input(description="What to change about a draft; what is left out stays.")
class OrderDraftUpdateInput(OrderDraftTerms):
    order_id: strawberry.ID = strawberry.field(description="The draft.")
    lines: list[OrderLineEditInput] = strawberry.field(
        default_factory=list, description="Lines to change or to add."
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="A draft to place.")
class OrderDraftCompleteInput:
    order_id: strawberry.ID = strawberry.field(description="The draft.")
    expected_version: int | None = expected_version()


@strawberry.input(description="An order to put into a cart again.")
class OrderRepeatInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")


@strawberry.type(description="The draft, or why there is none.")
class OrderDraftCreatePayload(OrderPayload):
    pass


@strawberry.type(description="The draft as it is now, or why nothing was changed.")
class OrderDraftUpdatePayload(OrderPayload):
    pass


@strawberry.type(description="The order as it is placed, or why it is not.")
class OrderDraftCompletePayload(OrderPayload):
    pass


@strawberry.type(description="A cart with what is still sold.")
class OrderRepeatPayload:
    cart: Cart | None = public("The cart; null with errors.")
    missing: list[OrderLine] = public(
        "Lines that are not sold any more.", directives=[ListSize(assumed_size=5)]
    )
    user_errors: list[UserError] = public("Why there is no cart; empty when there is.")

    @classmethod
    def of(cls, result: Any) -> Self:
        if isinstance(result, Problem):
            return cls(cart=None, missing=[], user_errors=[user_error(result)])
        missing = [OrderLine.of(line, result.cart.currency) for line in result.missing]
        return cls(cart=Cart.of(result.cart), missing=missing, user_errors=[])


@strawberry.type
class OrderDraftMutations:
    @mutation(WRITE, description="Make an order for somebody: a draft, priced and not promised.")
    async def order_draft_create(
        self, info: Info, input: OrderDraftCreateInput
    ) -> OrderDraftCreatePayload:
        wanted = wanted_order(input)
        if isinstance(wanted, Problem):
            return OrderDraftCreatePayload.of(wanted)
        drafts = info.context.services.order_drafts
        return OrderDraftCreatePayload.of(await drafts.create(*wanted))

    @mutation(WRITE, description="Change a draft; everything is priced anew.")
    async def order_draft_update(
        self, info: Info, input: OrderDraftUpdateInput
    ) -> OrderDraftUpdatePayload:
        id_, lines = require_key(input.order_id, "Order", "order_id"), line_edits(input.lines)
        terms = _terms(input)
        for found in (id_, lines, terms):
            if isinstance(found, Problem):
                return OrderDraftUpdatePayload.of(found)
        drafts = info.context.services.order_drafts
        done = await drafts.update(id_, lines, terms, input.expected_version)  # type: ignore[arg-type]  # no problems
        return OrderDraftUpdatePayload.of(done)

    @mutation(
        WRITE,
        description="Place a draft: its coupons are counted, its goods are promised, its buyer is"
        " told.",
    )
    async def order_draft_complete(
        self, info: Info, input: OrderDraftCompleteInput
    ) -> OrderDraftCompletePayload:
        id_ = require_key(input.order_id, "Order", "order_id")
        if isinstance(id_, Problem):
            return OrderDraftCompletePayload.of(id_)
        drafts = info.context.services.order_drafts
        return OrderDraftCompletePayload.of(await drafts.complete(id_, input.expected_version))

    @owner(
        WRITE,
        description="Put what an order has into a cart again, as far as it is still sold, at"
        " today's prices. Customers have one cart: it is added there.",
        extensions=[Transactional()],
    )
    async def order_repeat(self, info: Info, input: OrderRepeatInput) -> OrderRepeatPayload:
        id_ = require_key(input.order_id, "Order", "order_id")
        if isinstance(id_, Problem):
            return OrderRepeatPayload.of(id_)
        return OrderRepeatPayload.of(await info.context.services.order_repeats.repeat(id_))


def wanted_order(
    input_: OrderDraftCreateInput, *besides: str
) -> tuple[list[LineEdit], dict[str, Any], dict[str, Any]] | Problem:
    """Lines, columns and terms of a new order; fields named `besides` are somebody else's."""
    lines, terms = line_edits(input_.lines), _terms(input_)
    if isinstance(lines, Problem):
        return lines
    if isinstance(terms, Problem):
        return terms
    left_out = ("lines", "surcharges", *TERMS, *besides)
    values = given(input_, *left_out, nullable=("email", "phone"))
    for name in ("billing_address", "shipping_address"):
        if name in values:
            values[name] = given(values[name], nullable=("phone",))
    return lines, values, terms


def _terms(input_: OrderDraftTerms) -> dict[str, Any] | Problem:
    """The columns that the given terms fill."""
    terms = surcharge_terms(input_.surcharges)
    if isinstance(terms, Problem):
        return terms
    for name, value in given(input_, *_besides(input_), nullable=NULLABLE).items():
        if name == "discount":
            terms["manual_discount"] = None if value is None else _discount(value)
        elif name == "coupon_codes":
            terms[name] = value
        else:
            kind = "Customer" if name == "customer_id" else "ShippingMethod"
            key = None if value is None else require_key(value, kind, name)
            if isinstance(key, Problem):
                return key
            terms[name] = key
    return terms


def _besides(input_: OrderDraftTerms) -> list[str]:
    return [name for name in vars(input_) if name not in TERMS]


def _discount(given_: OrderDiscountInput) -> dict[str, Any]:
    return {
        "kind": given_.kind.value,
        "value": format(given_.value, "f"),
        "title": given_.title,
    }
