"""What a cart comes to: one path for showing it, calculating without one, and buying it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from commerce.carts.kinds import CartWarningCode
from commerce.carts.ports import OrderHistory
from commerce.carts.repository.goods import GoodsRepository
from commerce.carts.rules.assembly import (
    GoodsByVariant,
    below_minimum,
    draft_lines,
    parcel_of,
    rounding_of,
    sorted_out,
    with_shipping,
)
from commerce.carts.rules.content import CartContent, CartWarning, Priced, PricedLine
from commerce.carts.rules.paying import (
    PaymentOption,
    paid_with,
    payment_options,
    sale_of,
    with_surcharges,
)
from commerce.core.places import Place
from commerce.core.problems import Problem
from commerce.core.setup import Setup
from commerce.customers.kinds import GENERAL_GROUP
from commerce.gift_cards.service.uses import GiftCardUseService
from commerce.payments.repository.methods import MethodRow
from commerce.payments.rules.offers import Sale
from commerce.payments.service.methods import PaymentMethodService
from commerce.pricing.rules.draft import Buyer, Draft, GiftCard
from commerce.pricing.rules.prices import PriceTerms
from commerce.pricing.rules.promotions import BuyerKind, Promotion
from commerce.pricing.rules.totals import Calculation, calculate
from commerce.promotions.service.offers import PromotionOfferService
from commerce.shipping.rules.parcels import Parcel, ShippingQuote
from commerce.shipping.service.quotes import QuoteService
from commerce.store.service import StoreService
from commerce.taxes.rules.table import TaxTable
from commerce.taxes.service.rates import TaxRateService

NO_QUOTES: Final[Sequence[ShippingQuote]] = ()


class CartPricingService:
    """`asks_carrier` says whether shipping prices may have to be asked for elsewhere."""

    def __init__(
        self,
        goods: GoodsRepository,
        store: StoreService,
        taxes: TaxRateService,
        offers: PromotionOfferService,
        quotes: QuoteService,
        methods: PaymentMethodService,
        cards: GiftCardUseService,
        history: OrderHistory | None,
        *,
        asks_carrier: bool,
    ) -> None:
        self._goods = goods
        self._store = store
        self._taxes = taxes
        self._offers = offers
        self._quotes = quotes
        self._methods = methods
        self._cards = cards
        self._history = history
        self._asks_carrier = asks_carrier

    @property
    def asks_others(self) -> bool:
        """Whether `prepare` may have anything to do."""
        return self._asks_carrier or self._taxes.asks_service

    async def prepare(self, content: CartContent, at: datetime) -> None:
        """Have at hand what others must be asked for. No transaction may be open."""
        await self._taxes.prepare(await self._taxed_at(content))
        if self._asks_carrier and content.place.country is not None:
            draft, lines, *_ = await self._drafted(content, at)
            parcel = parcel_of(draft, lines, content.customer_group_id)
            await self._quotes.prepare(content.place, parcel)

    async def priced(self, content: CartContent, at: datetime) -> Priced:
        """From the database alone, in the same few statements however many lines there are."""
        draft, lines, table, warnings, setup = await self._drafted(content, at)
        parcel = parcel_of(draft, lines, content.customer_group_id)
        quotes = await self._quoted(content, parcel, at, setup)
        quote = _chosen(content, quotes)
        if quote is None and content.shipping_method_id is not None and _sends(lines):
            message = "This way of shipping is not offered for the cart."
            path = ("shipping_method_id",)
            warnings.append(CartWarning(CartWarningCode.SHIPPING_UNAVAILABLE, message, path))
        cards = await self._spendable(content, warnings)
        whole = replace(with_shipping(draft, quote, table), gift_cards=cards)
        whole = with_surcharges(whole, content.surcharges, table)
        result = calculate(whole)
        warnings += below_minimum(content, lines, result)
        sale = sale_of(content, result.total, quote)
        method = await self._method(content, sale, warnings) if result.due else None
        if method is not None and method.surcharge_kind is not None:
            whole = paid_with(whole, method, table)
            result = calculate(whole)
        priced = Priced(
            content=content,
            draft=whole,
            result=result,
            lines=tuple(lines),
            quotes=tuple(quotes),
            quote=quote,
            warnings=tuple(warnings),
            sale=sale,
            payment_method=method,
            table=table,
        )
        unpayable = self.unpayable(priced)
        return priced if unpayable is None else _warned(priced, unpayable)

    async def payment_options(self, priced: Priced) -> Sequence[PaymentOption]:
        """The ways in which a cart can be paid, and what it comes to with each."""
        options = payment_options(priced, await self._methods.offered(priced.sale))
        return [one for one in options if self._unpayable(one.method, one.result, priced) is None]

    def unpayable(self, priced: Priced) -> Problem | None:
        """Why the way of paying that was chosen is of no use for what the cart comes to."""
        method = priced.payment_method
        return None if method is None else self._unpayable(method, priced.result, priced)

    def _unpayable(self, method: MethodRow, result: Calculation, priced: Priced) -> Problem | None:
        if not result.due:
            return None
        return self._methods.unpayable(method, result.due, priced.content.currency)

    async def _method(
        self, content: CartContent, sale: Sale, warnings: list[CartWarning]
    ) -> MethodRow | None:
        """The one to pay with; no statement where none was chosen."""
        if content.payment_method is None:
            return None
        found = await self._methods.usable(content.payment_method, sale)
        if not isinstance(found, Problem):
            return found
        message, path = "This way of paying is not offered for the cart.", ("payment_method",)
        warnings.append(CartWarning(CartWarningCode.PAYMENT_UNAVAILABLE, message, path))
        return None

    async def _drafted(
        self, content: CartContent, at: datetime
    ) -> tuple[Draft, list[PricedLine], TaxTable, list[CartWarning], Setup]:
        """What is calculated, still without shipping and gift cards; how the shop is set up is
        what it was when the goods were read.
        """
        goods = await self._read(content, at)
        setup = self._goods.setup_of(goods)
        settings = await self._store.settings(setup)
        lines, warnings = sorted_out(content, goods)
        table = await self._taxes.table(await self._taxed_at(content), setup)
        offers = await self._offered(content, goods, at)
        draft = Draft(
            currency=content.currency,
            lines=draft_lines(lines, goods, table),
            at=at.astimezone(await self._store.zone()),
            promotions=offers,
            codes=content.codes,
            buyer=await self._buyer(content, offers),
            country=content.place.country,
            rounding=rounding_of(settings, content.currency),
        )
        return draft, lines, table, warnings, setup

    async def _read(self, content: CartContent, at: datetime) -> GoodsByVariant:
        if not content.lines:
            return {}
        terms = PriceTerms(at, currency=content.currency, group=_group(content))
        return await self._goods.by_variants(content.quantities(), terms, content.cart_id)

    async def _taxed_at(self, content: CartContent) -> Place:
        """Where nobody has said where to, it is the shop's own country."""
        if content.place.country is not None:
            return content.place
        return Place((await self._store.settings()).country)

    async def _offered(
        self, content: CartContent, goods: GoodsByVariant, at: datetime
    ) -> tuple[Promotion, ...]:
        """No statement for what no promotion can apply to."""
        if not content.codes and not any(row.promoted for row in goods.values()):
            return ()
        return await self._offers.offers(content.codes, content.email, at)

    async def _quoted(
        self, content: CartContent, parcel: Parcel, at: datetime, setup: Setup
    ) -> Sequence[ShippingQuote]:
        if content.place.country is None:
            return NO_QUOTES
        return await self._quotes.quotes(content.place, parcel, at, setup)

    async def _buyer(self, content: CartContent, offers: Sequence[Promotion]) -> Buyer:
        """How many orders there were is looked up where a promotion asks for it alone."""
        orders = None
        asks = any(offer.conditions.buyers is not BuyerKind.ANYBODY for offer in offers)
        if asks and self._history is not None:
            orders = await self._history.placed_by(content.email, content.customer_id)
        return Buyer(_group(content), orders, content.tax_exempt)

    async def _spendable(
        self, content: CartContent, warnings: list[CartWarning]
    ) -> tuple[GiftCard, ...]:
        if not content.gift_card_ids:
            return ()
        cards = await self._cards.usable(content.gift_card_ids, content.currency)
        usable = {card.id for card in cards}
        for id_ in content.gift_card_ids:
            if id_ not in usable:
                message = "This gift card cannot be used any more."
                path = ("gift_cards", str(id_))
                warnings.append(CartWarning(CartWarningCode.GIFT_CARD_UNUSABLE, message, path))
        return tuple(cards)


def _warned(priced: Priced, unpayable: Problem) -> Priced:
    code, path = CartWarningCode.PAYMENT_UNAVAILABLE, unpayable.path
    warning = CartWarning(code, unpayable.message, path)
    return replace(priced, warnings=(*priced.warnings, warning))


def _group(content: CartContent) -> int:
    """Who is in no group, visitors too, is treated as a customer of the built-in one."""
    return GENERAL_GROUP if content.customer_group_id is None else content.customer_group_id


def _chosen(content: CartContent, quotes: Sequence[ShippingQuote]) -> ShippingQuote | None:
    wanted = content.shipping_method_id
    return next((quote for quote in quotes if quote.method_id == wanted), None)


def _sends(lines: Sequence[PricedLine]) -> bool:
    return any(line.requires_shipping for line in lines)
