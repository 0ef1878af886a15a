"""Gift cards: one, by its code or its id, or a list of them."""

from datetime import datetime
from typing import Annotated

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.gift_cards.criteria import GiftCardWhere as Where
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.filters import (
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    StringFilter,
    keys_wanted,
    optional,
    wanted_of,
)
from resolvers.gift_cards.types import GiftCard
from resolvers.nodes import key_of
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error
from resolvers.scalars import CurrencyCode

READ = Scope.READ_GIFT_CARDS


@strawberry.input(description="Which gift cards; every given part must hold.")
class GiftCardWhere:
    id: IDFilter | None = optional("Their id.")
    last_characters: StringFilter | None = optional("The end of their code, in capitals.")
    note: StringFilter | None = optional("The shop's note on them.")
    currency_code: CurrencyCode | None = optional("Their currency.")
    balance: DecimalFilter | None = optional("What is on them.")
    disabled: bool | None = optional("Whether they were put out of use.")
    spendable_at: datetime | None = optional("Those that can be paid with at this time.")
    expires_at: DateTimeFilter | None = optional("When they expire.")
    created_at: DateTimeFilter | None = optional("When they were issued.")

    def wanted(self) -> Where:
        last = self.last_characters
        return Where(
            ids=keys_wanted(self.id, "GiftCard"),
            last_characters=wanted_of(last),
            note=wanted_of(self.note),
            currency=self.currency_code,
            balance=wanted_of(self.balance),
            disabled=self.disabled,
            spendable_at=self.spendable_at,
            expires_at=wanted_of(self.expires_at),
            created_at=wanted_of(self.created_at),
        )


@strawberry.type(description="The gift card with a code, or why there is none.")
class GiftCardLookup:
    gift_card: GiftCard | None = public("The card; null with errors.")
    user_errors: list[UserError] = public("`NOT_FOUND`, or `TOO_MANY_ATTEMPTS` after many guesses.")


@strawberry.type
class GiftCardQueries:
    @public("What is on the gift card with this code. Each look counts as a guess.")
    async def gift_card_lookup(
        self,
        info: Info,
        code: Annotated[
            str, strawberry.argument(description="The code, in any case, hyphens or not.")
        ],
    ) -> GiftCardLookup:
        found = await info.context.services.gift_cards.find(code)
        if isinstance(found, Problem):
            return GiftCardLookup(gift_card=None, user_errors=[user_error(found)])
        return GiftCardLookup(gift_card=GiftCard.of(found), user_errors=[])

    @requires(READ, description="A gift card by its id.")
    async def gift_card(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> GiftCard | None:
        key = key_of(id, "GiftCard")
        row = None if key is None else await info.context.loaders.gift_cards.by_id.load(key)
        return None if row is None else GiftCard.of(row)

    @requires(READ, description="Gift cards, the newest first.")
    async def gift_cards(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            GiftCardWhere | None, strawberry.argument(description="Which ones; absent means all.")
        ] = None,
    ) -> Connection[GiftCard]:
        wanted = Where() if where is None else where.wanted()
        paging = Paging(info, list_scope("gift_cards", wanted), first, after, last, before)
        cards = info.context.services.gift_cards
        page = await cards.page(wanted, paging.args)
        return paging.connection(page, GiftCard.of, lambda limit: cards.count(wanted, limit))
