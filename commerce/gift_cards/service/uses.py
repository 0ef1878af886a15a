"""Paying with gift cards: drawn for a cart, kept by its order, given back."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from commerce.core.problems import Problem
from commerce.gift_cards.kinds import EntryKind
from commerce.gift_cards.problems import GiftCardChanged
from commerce.gift_cards.repository.balances import BalanceRepository, CardRow, Note
from commerce.gift_cards.repository.uses import UseRepository, UseRow
from commerce.gift_cards.rules.cards import is_spendable
from commerce.gift_cards.rules.uses import returns_of
from commerce.pricing.rules.draft import GiftCard
from commerce.pricing.rules.gift_cards import GiftCardUse

CHANGED: Final = GiftCardChanged("A gift card has changed meanwhile. Look at the cart again.")


class GiftCardUseService:
    """Runs in the caller's transaction, which has locked the cart or is about to lock the order.

    `draw`, `release` and `give_back` lock cards: call them before locking orders.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        balances: BalanceRepository,
        uses: UseRepository,
        actor: str,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._balances = balances
        self._uses = uses
        self._actor = actor
        self._clock = clock

    async def by_ids(self, ids: Collection[int]) -> Mapping[int, CardRow]:
        """The cards that somebody has shown the codes of."""
        return await self._balances.by_ids(ids)

    async def usable(self, ids: Sequence[int], currency: str) -> list[GiftCard]:
        """In the given order, those that may be spent on something in this currency."""
        cards, now = await self._balances.by_ids(ids), self._clock()
        found = (cards[id_] for id_ in dict.fromkeys(ids) if id_ in cards)
        return [
            GiftCard(card.id, card.balance)
            for card in found
            if card.currency == currency and is_spendable(card, now)
        ]

    async def draw(self, cart_id: int, uses: Sequence[GiftCardUse]) -> Problem | None:
        """Have the cart draw these amounts, and no others.

        What it has drawn already is not drawn again. With an answer the transaction is to be
        rolled back.
        """
        self._uow.hold(Rank.GIFT_CARD)
        wanted = {use.id: use.amount for use in uses if use.amount > 0}
        held = await self._uses.held(cart_id)
        if {use.gift_card_id: use.amount for use in held} == wanted:
            return None
        await self._balances.locked({*wanted, *(use.gift_card_id for use in held)})
        await self._put_back(held, None, cart_id=cart_id)
        if not wanted:
            return None
        balances = await self._balances.take(wanted, self._clock())
        if len(balances) < len(wanted):
            return CHANGED
        await self._uses.hold(cart_id, wanted)
        changes = {id_: -amount for id_, amount in wanted.items()}
        note = Note(EntryKind.DRAW, self._actor, cart_id=cart_id)
        await self._balances.write_down(changes, balances, note)
        return None

    async def attach(self, cart_id: int, order_id: int) -> None:
        """What the cart, which is locked, has drawn is its order's from here on."""
        await self._uses.attach(cart_id, order_id)

    async def release(self, cart_id: int) -> None:
        """Put back what the cart has drawn: no order came of it."""
        self._uow.hold(Rank.GIFT_CARD)
        held = await self._uses.held(cart_id)
        await self._balances.locked({use.gift_card_id for use in held})
        await self._put_back(held, None, cart_id=cart_id)

    async def give_back(self, order_id: int, amount: Decimal | None = None) -> Decimal:
        """Put back `amount` of what the order was paid with, or all of it.

        Answers how much it was: never more than is left of what was drawn. Cards that are disabled
        or over by now take it, too.
        """
        uses = await self._uses.locked_of_order(order_id)
        await self._balances.locked({use.gift_card_id for use in uses})
        cart_id = uses[0].cart_id if uses else None  # an order is of one cart
        return await self._put_back(uses, amount, cart_id=cart_id, order_id=order_id)

    async def _put_back(
        self,
        uses: Sequence[UseRow],
        amount: Decimal | None,
        *,
        cart_id: int | None = None,
        order_id: int | None = None,
    ) -> Decimal:
        parts = returns_of(uses, amount)
        if not parts:
            return Decimal(0)
        cards = {use.gift_card_id: parts[use.id] for use in uses if use.id in parts}
        await self._uses.give_back(parts)
        note = Note(EntryKind.GIVE_BACK, self._actor, cart_id=cart_id, order_id=order_id)
        await self._balances.write_down(cards, await self._balances.put(cards), note)
        return sum(parts.values(), Decimal(0))
