"""What something would cost, without a cart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commerce.carts.repository.goods import GoodsRepository
from commerce.carts.rules.content import CartContent, Priced, WantedLine
from commerce.carts.rules.details import MAX_CODES, code_flaw
from commerce.carts.rules.lines import NewLine, lines_flaw
from commerce.carts.service.carts import CartService
from commerce.carts.service.guesses import CouponGuessService
from commerce.carts.service.pricing import CartPricingService
from commerce.core.criteria import check_leaves
from commerce.core.places import Place
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import Viewer
from commerce.customers.service.profiles import ProfileService


@dataclass(frozen=True, slots=True)
class WantedItem:
    """By the id of a variant or by its SKU."""

    quantity: int
    variant_id: int | None = None
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    lines: Sequence[WantedItem]
    place: Place
    codes: Sequence[str] = ()
    currency: str | None = None
    shipping_method_id: int | None = None
    payment_method: str | None = None


class CartCalculationService:
    def __init__(
        self,
        carts: CartService,
        pricing: CartPricingService,
        goods: GoodsRepository,
        profiles: ProfileService,
        guesses: CouponGuessService,
        viewer: Viewer,
    ) -> None:
        self._carts = carts
        self._pricing = pricing
        self._goods = goods
        self._profiles = profiles
        self._guesses = guesses
        self._viewer = viewer

    async def calculate(self, question: Question) -> Priced | Problem:
        """As the viewer would pay it. Nothing is stored; lines are numbered from 1."""
        content = await self._content(question)
        if isinstance(content, Problem):
            return content
        refused = await self._guesses.may_try() if content.codes else None
        if refused is not None:
            return refused
        await self._pricing.prepare(content, self._carts.now())
        priced = await self._pricing.priced(content, self._carts.now())
        await self._guesses.count(priced.result.rejections)
        return priced

    async def _content(self, question: Question) -> CartContent | Problem:
        currency = await self._carts.currency_of(question.currency)
        if isinstance(currency, Problem):
            return currency
        flaw = _codes_flaw(question.codes)
        lines = flaw or await self._lines(question.lines)
        if isinstance(lines, Problem):
            return lines
        content = CartContent(
            currency=currency,
            lines=tuple(lines),
            codes=tuple(question.codes),
            place=question.place,
            shipping_method_id=question.shipping_method_id,
            payment_method=question.payment_method,
        )
        return await self._as_viewer(content)

    async def _lines(self, items: Sequence[WantedItem]) -> list[WantedLine] | Problem:
        skus = {item.sku for item in items if item.sku is not None}
        check_leaves(tuple(skus))
        ids = await self._goods.ids_by_sku(skus) if skus else {}
        wanted: list[NewLine] = []
        for place, item in enumerate(items):
            variant_id = item.variant_id if item.sku is None else ids.get(item.sku)
            if variant_id is None:
                return NotFound("There is no such variant.", ("lines", str(place)))
            wanted.append(NewLine(variant_id, item.quantity))
        flaw = lines_flaw(wanted)
        if flaw is not None:
            return flaw
        return [
            WantedLine(number, line.variant_id, line.quantity)
            for number, line in enumerate(wanted, 1)
        ]

    async def _as_viewer(self, content: CartContent) -> CartContent:
        customer = await self._profiles.own()
        if customer is None:
            return replace(content, customer_group_id=self._viewer.customer_group_id)
        return replace(
            content,
            email=customer.email,
            customer_id=customer.id,
            customer_group_id=customer.group_id,
            tax_exempt=customer.tax_exempt,
        )


def _codes_flaw(codes: Sequence[str]) -> Invalid | None:
    if len(codes) > MAX_CODES:
        return Invalid(f"A cart takes at most {MAX_CODES} coupon codes.", ("codes",))
    flaws = (code_flaw((), code) for code in codes)
    return next((flaw for flaw in flaws if flaw is not None), None)
