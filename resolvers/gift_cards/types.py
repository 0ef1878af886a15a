"""A gift card and its ledger."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from commerce.gift_cards.rules.cards import is_spendable
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.gift_cards.kinds import EntryKind
from resolvers.money import Money
from resolvers.nodes import Node, node_id
from resolvers.permissions import public, requires

READ = Scope.READ_GIFT_CARDS


@strawberry.type(description="A change of a gift card's balance.")
class GiftCardEntry:
    kind: EntryKind = requires(READ, description="Why it changed.")
    amount: Money = requires(READ, description="By how much; less than zero when paid with.")
    balance: Money = requires(READ, description="What was on the card then.")
    reason: str = requires(READ, description="What somebody said of it.")
    actor: str = requires(READ, description="Who did it: `api_key:12`.")
    order_id: strawberry.ID | None = requires(READ, description="The order it came back from.")
    created_at: datetime = requires(READ, description="When.")

    @classmethod
    def of(cls, row: Any, currency: str) -> "GiftCardEntry":
        return cls(
            kind=row.kind,
            amount=Money.of(row.amount, currency),
            balance=Money.of(row.balance, currency),
            reason=row.reason,
            actor=row.actor,
            order_id=None if row.order_id is None else node_id("Order", row.order_id),
            created_at=row.created_at,
        )


@strawberry.type(description="Money of the store's that whoever has the code may spend.")
class GiftCard(Node):
    row: strawberry.Private[Any]
    last_characters: str = public("The end of its code; nobody can read the rest.")
    balance: Money = public("What is on it.")
    expires_at: datetime | None = public("It can be spent until just before this time.")
    disabled: bool = public("Whether the shop has put it out of use.")
    issued: Money = requires(READ, description="What was on it at first.")
    note: str = requires(READ, description="The shop's note on it.")
    version: int = requires(READ, description="Counts its changes, payments aside.")
    created_at: datetime = requires(READ, description="When it was issued.")
    updated_at: datetime = requires(READ, description="When it was last changed, payments aside.")

    @classmethod
    def of(cls, row: Any) -> "GiftCard":
        return cls(
            row=row,
            id=node_id("GiftCard", row.id),
            database_id=row.id,
            last_characters=row.last_characters,
            balance=Money.of(row.balance, row.currency),
            expires_at=row.expires_at,
            disabled=row.disabled_at is not None,
            issued=Money.of(row.issued, row.currency),
            note=row.note,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @public("Whether it can be paid with now.")
    def spendable(self, info: Info) -> bool:
        return is_spendable(self.row, info.context.services.clock())

    @requires(READ, description="Its ledger, the newest entry first.")
    async def entries(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[GiftCardEntry]:
        loaders, id_ = info.context.loaders.gift_cards, self.database_id
        paging = Paging(info, "gift_card.entries", first, after, last, before)
        page = await loaders.entry_pages.load((id_, paging.args))
        return paging.connection(
            page,
            lambda row: GiftCardEntry.of(row, self.row.currency),
            lambda limit: loaders.entry_counts.load((id_, limit)),
        )
