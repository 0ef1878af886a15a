"""Carts as their buyers and the shop's people see them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry

from commerce.carts.rules import content
from commerce.carts.rules.content import Priced
from commerce.carts.rules.paying import PaymentOption
from commerce.carts.rules.states import state_of
from commerce.core.paging import Count
from commerce.core.viewer import Scope, Viewer
from commerce.pricing.rules.eligible import Rejection, normalised
from commerce.promotions.rules.rejections import MESSAGES
from resolvers.addresses import PostalAddress
from resolvers.carts.costs import CartCost
from resolvers.carts.kinds import CartState, CartWarningCode
from resolvers.carts.lines import CartLine, items_total, page_of_lines, stored_line
from resolvers.carts.pricing import Pricing
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.customers import types as customers
from resolvers.customers.lazy import LazyCustomer
from resolvers.money import Money
from resolvers.nodes import Node, node_id
from resolvers.payments.methods import PaymentMethod
from resolvers.permissions import public, requires
from resolvers.problems import camel
from resolvers.promotions.kinds import Reason
from resolvers.scalars import JSON, CurrencyCode
from resolvers.shipping.quotes import ShippingQuote
from resolvers.surcharges import Surcharge

READ = Scope.READ_CARTS


@strawberry.type(description="Something the buyer should know. Nothing was refused for it.")
class CartWarning:
    code: CartWarningCode = public("A stable word for programs.")
    message: str = public("A sentence for people.")
    path: list[str] | None = public("What it is about: `lines`, and the line's number.")
    available: int | None = public("How many units there are, where that is the matter.")

    @classmethod
    def of(cls, warning: content.CartWarning) -> "CartWarning":
        return cls(
            code=warning.code,
            message=warning.message,
            path=[camel(part) for part in warning.path] or None,
            available=warning.available,
        )


@strawberry.type(description="A coupon code that was typed in.")
class CartCoupon:
    code: str = public("As it was typed in.")
    applies: bool = public("Whether it gives something to the cart as it is.")
    discount: Money | None = public("What it gives.")
    reason: Reason | None = public("Why it gives nothing.")
    message: str | None = public("The same as a sentence for people.")


@strawberry.type(description="A gift card that pays.")
class CartGiftCard:
    id: strawberry.ID = public("The card, to remove it by.")
    last_characters: str = public("The end of its code.")
    balance: Money = public("What is on it.")
    amount: Money = public("What it pays of the cart.")


@strawberry.type(description="A way to pay a cart, and what that costs.")
class CartPaymentOption:
    method: PaymentMethod = public("The method.")
    surcharge: Surcharge | None = public("What paying so costs; null: nothing.")
    total: Money = public("What the cart comes to with it.")

    @classmethod
    def of(cls, option: PaymentOption, currency: str) -> "CartPaymentOption":
        charged = option.surcharge
        return cls(
            method=PaymentMethod.of(option.method),
            surcharge=None if charged is None else Surcharge.of(charged, currency),
            total=Money.of(option.result.total, currency),
        )


@strawberry.type(description="What somebody is about to buy.")
class Cart(Node):
    version: int = public("Counts its changes.")
    currency_code: CurrencyCode = public("What it is paid in.")
    email: str | None = public("E-mail address of the buyer.")
    phone: str | None = public("Phone number of the buyer.")
    locale: str | None = public("Language of mails: `de-AT`.")
    shipping_address: PostalAddress | None = public("Where the goods go.")
    billing_address: PostalAddress | None = public("Where the invoice goes; null is there, too.")
    note: str = public("What the buyer tells the shop.")
    extra_fields: JSON = public("Answers to questions the shop has added.")
    attribution: JSON = requires(READ, description="What led the buyer to the shop.")
    source: str = requires(READ, description="Which door it came in by.")
    reminded_at: datetime | None = requires(
        READ, description="When the buyer was written to, because it was left behind."
    )
    recovered: bool = requires(READ, description="Whether it was bought after that.")
    expires_at: datetime = public("When it is over, unless it is changed before.")
    created_at: datetime = public("When it was made.")
    updated_at: datetime = public("When it was last changed.")
    row: strawberry.Private[Any]
    pricing: strawberry.Private[Pricing]

    @classmethod
    def of(cls, row: Any, priced: Priced | None = None) -> "Cart":
        return cls(
            id=node_id("Cart", row.id),
            database_id=row.id,
            version=row.version,
            currency_code=CurrencyCode(row.currency),
            email=row.email,
            phone=row.phone,
            locale=row.locale,
            shipping_address=PostalAddress.maybe(row.shipping_address),
            billing_address=PostalAddress.maybe(row.billing_address),
            note=row.note,
            extra_fields=JSON(row.extra_fields),
            attribution=JSON(row.attribution),
            source=row.source,
            reminded_at=row.reminded_at,
            recovered=row.reminded_at is not None and row.order_id is not None,
            expires_at=row.expires_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
            row=row,
            pricing=Pricing(row, priced),
        )

    @public("What it has come to.")
    def state(self, info: Info) -> CartState:
        return state_of(self.row, info.context.services.clock())

    @public("What guests show to get at it; null for those who may read it only.")
    def token(self, info: Info) -> str | None:
        token: str | None = self.row.token
        return token if _may_change(info.context.viewer, self.row) else None

    @public("Whose it is; null for a guest's.")
    async def customer(self, info: Info) -> LazyCustomer | None:
        if self.row.customer_id is None:
            return None
        row = await info.context.loaders.customers.customer_by_id.load(self.row.customer_id)
        return None if row is None else customers.Customer.of(row)

    @public("What is in it, in the order of adding.")
    async def lines(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CartLine]:
        paging = Paging(info, "cart_lines", first, after, last, before)
        rows = await info.context.loaders.carts.lines.load(self.database_id)

        async def count(limit: int | None) -> Count:
            return Count(len(rows))

        page = page_of_lines(rows, paging.args)
        return paging.connection(
            page, lambda row: stored_line(row, self.currency_code, self.pricing), count
        )

    @public("How many units are in it.")
    async def total_quantity(self, info: Info) -> int:
        rows = await info.context.loaders.carts.lines.load(self.database_id)
        return sum(row.quantity for row in rows)

    @public("What all units cost when their lines were last changed: quick, also in lists.")
    async def items_total(self, info: Info) -> Money:
        rows = await info.context.loaders.carts.lines.load(self.database_id)
        return items_total(rows, self.currency_code)

    @public("What it comes to right now; at most 10 carts are priced at once.")
    async def cost(self, info: Info) -> CartCost:
        return CartCost.of(await self.pricing.get(info))

    @public("Whether anything in it has to be sent.")
    async def requires_shipping(self, info: Info) -> bool:
        return (await self.pricing.get(info)).requires_shipping

    @public(
        "All ways to send it to its address; none without one.",
        directives=[ListSize(assumed_size=5)],
    )
    async def shipping_options(self, info: Info) -> list[ShippingQuote]:
        quotes = (await self.pricing.get(info)).quotes
        return [ShippingQuote.of(quote, self.currency_code) for quote in quotes]

    @public("The way that was selected; null when none was, or it is not offered any more.")
    async def selected_shipping(self, info: Info) -> ShippingQuote | None:
        quote = (await self.pricing.get(info)).quote
        return None if quote is None else ShippingQuote.of(quote, self.currency_code)

    @public("All ways to pay it as it is.", directives=[ListSize(assumed_size=5)])
    async def payment_options(self, info: Info) -> list[CartPaymentOption]:
        priced = await self.pricing.get(info)
        options = await info.context.services.cart_pricing.payment_options(priced)
        return [CartPaymentOption.of(option, self.currency_code) for option in options]

    @public("The way of paying that was selected; null when none was, or it is not offered.")
    async def selected_payment(self, info: Info) -> PaymentMethod | None:
        method = (await self.pricing.get(info)).payment_method
        return None if method is None else PaymentMethod.of(method)

    @public(
        "What is charged beside goods and shipping, such as for the way of paying.",
        directives=[ListSize(assumed_size=3)],
    )
    async def surcharges(self, info: Info) -> list[Surcharge]:
        totals = (await self.pricing.get(info)).result.surcharges
        return [Surcharge.of(total, self.currency_code) for total in totals]

    @public("The codes that were typed in.", directives=[ListSize(assumed_size=3)])
    async def coupons(self, info: Info) -> list[CartCoupon]:
        if not self.row.codes:
            return []
        priced = await self.pricing.get(info)
        return [coupon_of(code, priced) for code in self.row.codes]

    @public("The gift cards that pay.", directives=[ListSize(assumed_size=3)])
    async def gift_cards(self, info: Info) -> list[CartGiftCard]:
        ids = self.row.gift_card_ids
        if not ids:
            return []
        priced = await self.pricing.get(info)
        cards = await info.context.loaders.carts.gift_cards.load_many(ids)
        return [_gift_card(card, priced) for card in cards if card is not None]

    @public("What the buyer should know of it as it is.", directives=[ListSize(assumed_size=5)])
    async def warnings(self, info: Info) -> list[CartWarning]:
        return [CartWarning.of(warning) for warning in (await self.pricing.get(info)).warnings]


def _may_change(viewer: Viewer, row: Any) -> bool:
    own = viewer.in_storefront or row.kept_by == viewer.name
    return own or viewer.may(Scope.WRITE_CARTS)


def coupon_of(code: str, priced: Priced) -> CartCoupon:
    rejection = next((one for one in priced.result.rejections if _same(one.code, code)), None)
    totals = priced.result.discounts
    given = next((one for one in totals if _same(one.promotion.code or "", code)), None)
    return CartCoupon(
        code=code,
        applies=rejection is None,
        discount=None if given is None else Money.of(given.amount, priced.content.currency),
        reason=None if rejection is None else rejection.reason,
        message=_message(rejection),
    )


def _message(rejection: Rejection | None) -> str | None:
    return None if rejection is None else MESSAGES[rejection.reason]


def _same(code: str, other: str) -> bool:
    return normalised(code) == normalised(other)


def _gift_card(card: Any, priced: Priced) -> CartGiftCard:
    used = next((use.amount for use in priced.result.gift_cards if use.id == card.id), Decimal(0))
    return CartGiftCard(
        id=node_id("GiftCard", card.id),
        last_characters=card.last_characters,
        balance=Money.of(card.balance, card.currency),
        amount=Money.of(used, card.currency),
    )
