"""What a shop must look like after all that was done to it: whole units and Decimals, no more.

It shares no code with the product: prices are net, in euros, and taxes are added to them.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NOTHING = Decimal(0)
COUPON_LEAVES = Decimal("0.9")  # ten percent off


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass
class ModelGoods:
    """A variant: `rate` is 0.23 where it is taxed at 23 percent."""

    price: Decimal
    rate: Decimal
    on_hand: int
    allocated: int = 0

    @property
    def available(self) -> int:
        return self.on_hand - self.allocated


@dataclass
class ModelCart:
    """Units by the place of their variant among the goods."""

    token: str
    units: dict[int, int] = field(default_factory=dict)
    coupon: bool = False
    gift_card: bool = False
    bought: bool = False


@dataclass
class ModelOrder:
    """`gift` is what a gift card has paid and not got back; `pending` goes back by and by."""

    id: int
    units: dict[int, int]
    total: Decimal
    gift: Decimal
    by_hand: bool
    authorized: Decimal = NOTHING
    captured: Decimal = NOTHING
    refunded: Decimal = NOTHING
    voided: Decimal = NOTHING
    refund_pending: Decimal = NOTHING
    void_pending: Decimal = NOTHING
    gift_refunded: Decimal = NOTHING
    sent: dict[int, int] = field(default_factory=dict)
    returned: dict[int, int] = field(default_factory=dict)
    canceled: bool = False

    @property
    def due(self) -> Decimal:
        return self.total - self.gift - self.gift_refunded

    @property
    def open(self) -> Decimal:
        """What may still be captured."""
        if self.by_hand:
            return self.due - self.captured
        return self.authorized - self.captured - self.voided - self.void_pending

    @property
    def refundable(self) -> Decimal:
        return self.captured - self.refunded - self.refund_pending

    @property
    def waiting(self) -> dict[int, int]:
        """Units that are still to be sent."""
        left = {key: units - self.sent.get(key, 0) for key, units in self.units.items()}
        return {key: units for key, units in left.items() if units}


class Model:
    def __init__(self, goods: list[ModelGoods], card: Decimal) -> None:
        self.goods = goods
        self.card = card
        self.carts: list[ModelCart] = []
        self.orders: list[ModelOrder] = []

    def total(self, cart: ModelCart) -> Decimal:
        """Rounded once, over all lines."""
        exact = NOTHING
        for place, units in cart.units.items():
            goods = self.goods[place]
            exact += units * goods.price * (1 + goods.rate)
        return cents(exact * COUPON_LEAVES if cart.coupon else exact)

    def by_card(self, cart: ModelCart) -> Decimal:
        """What a gift card pays of it."""
        return min(self.card, self.total(cart)) if cart.gift_card else NOTHING

    def may_buy(self, cart: ModelCart) -> bool:
        there = all(units <= self.goods[place].available for place, units in cart.units.items())
        empty = cart.gift_card and self.card == 0  # a card that is used up is told, not passed over
        return bool(cart.units) and there and not empty and not cart.bought

    def buy(self, cart: ModelCart, order_id: int, method: str) -> None:
        total, gift = self.total(cart), self.by_card(cart)
        order = ModelOrder(order_id, dict(cart.units), total, gift, method == "manual")
        if method != "manual":
            order.authorized = order.due
        if method == "card":
            order.captured = order.due
        self.card -= gift
        for place, units in cart.units.items():
            self.goods[place].allocated += units
        cart.bought = True
        self.orders.append(order)

    def may_capture(self, order: ModelOrder, amount: Decimal) -> bool:
        return NOTHING < amount <= order.open

    def capture(self, order: ModelOrder, amount: Decimal) -> None:
        order.captured += amount
        if order.by_hand:
            order.authorized += amount

    def may_refund(self, order: ModelOrder, amount: Decimal) -> bool:
        left = order.refundable + order.gift
        return not order.canceled and NOTHING < amount <= left

    def refund(self, order: ModelOrder, amount: Decimal) -> None:
        """By the payment first, then to the gift card."""
        by_payment = min(amount, order.refundable)
        order.refunded += by_payment
        self._to_card(order, amount - by_payment)

    def may_cancel(self, order: ModelOrder) -> bool:
        return order.canceled or not order.sent

    def cancel(self, order: ModelOrder) -> None:
        if order.canceled:
            return
        order.canceled = True
        for place, units in order.waiting.items():
            self.goods[place].allocated -= units
        self._to_card(order, order.gift)
        if not order.by_hand:
            order.refund_pending += order.refundable
            order.void_pending += order.open

    def settle(self) -> None:
        """What was asked of providers is done."""
        for order in self.orders:
            order.refunded += order.refund_pending
            order.voided += order.void_pending
            order.refund_pending = order.void_pending = NOTHING

    def may_send(self, order: ModelOrder, place: int, units: int) -> bool:
        return not order.canceled and 0 < units <= order.waiting.get(place, 0)

    def send(self, order: ModelOrder, place: int, units: int) -> None:
        order.sent[place] = order.sent.get(place, 0) + units
        self.goods[place].on_hand -= units
        self.goods[place].allocated -= units

    def may_return(self, order: ModelOrder, place: int, units: int) -> bool:
        out = order.sent.get(place, 0) - order.returned.get(place, 0)
        return not order.canceled and 0 < units <= out

    def take_back(self, order: ModelOrder, place: int, units: int, *, restock: bool) -> None:
        order.returned[place] = order.returned.get(place, 0) + units
        if restock:
            self.goods[place].on_hand += units

    def may_move(self, place: int, delta: int) -> bool:
        return self.goods[place].available + delta >= 0

    def move(self, place: int, delta: int) -> None:
        self.goods[place].on_hand += delta

    def _to_card(self, order: ModelOrder, amount: Decimal) -> None:
        order.gift -= amount
        order.gift_refunded += amount
        self.card += amount
