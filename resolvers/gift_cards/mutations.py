"""Issuing and changing gift cards."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.gift_cards.rules.issues import Issue, Recipient
from resolvers.context import Info
from resolvers.filters import optional
from resolvers.gift_cards.types import GiftCard
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.scalars import CurrencyCode

WRITE = Scope.WRITE_GIFT_CARDS
UNSET: Any = strawberry.UNSET


@strawberry.input(description="Who is sent the code by mail. Nothing of it is kept.")
class GiftCardRecipientInput:
    email: str = strawberry.field(description="Where the mail goes.")
    name: str = strawberry.field(default="", description="How it greets.")
    message: str = strawberry.field(default="", description="What it says besides.")
    locale: str | None = optional("Its language: `de`; the store's when absent.")


@strawberry.input(description="What all cards of a request have in common.")
class GiftCardTerms:
    amount: Decimal = strawberry.field(description="What is on each.")
    currency_code: CurrencyCode | None = optional("Its currency; the store's when absent.")
    expires_at: datetime | None = optional("It can be spent until just before this time.")
    note: str = strawberry.field(default="", description="The shop's note on it.")


@strawberry.input(description="A gift card to issue.")
class GiftCardIssueInput(GiftCardTerms):
    code: str | None = optional(
        "The code of another shop's card: 12 to 40 letters and digits. Absent, one is made."
    )
    recipient: GiftCardRecipientInput | None = optional("Who is sent the code.")
    reference: str | None = optional(
        "Names this request: sent again, it answers the same card and code, and sends no mail."
    )


@strawberry.input(description="Many gift cards to issue, all alike.")
class GiftCardBulkIssueInput(GiftCardTerms):
    count: int = strawberry.field(description="How many: 1 to 250.")
    reference: str = strawberry.field(
        description="Names this request: sent again, it answers the same cards and codes."
    )


@strawberry.input(description="Money to put on a gift card or take off it.")
class GiftCardAdjustInput:
    id: strawberry.ID = strawberry.field(description="The card.")
    change: Decimal = strawberry.field(description="How much; less than zero takes off.")
    reason: str = strawberry.field(description="Why.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="Changes to a gift card; what is absent stays.")
class GiftCardUpdateInput:
    id: strawberry.ID = strawberry.field(description="The card.")
    disabled: bool | None = strawberry.field(
        default=UNSET, description="True puts it out of use, false back into it."
    )
    expires_at: datetime | None = strawberry.field(
        default=UNSET, description="It can be spent until just before this time; null is for ever."
    )
    note: str | None = strawberry.field(default=UNSET, description="The shop's note on it.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="A gift card and its code, which is shown here alone.")
class IssuedGiftCard:
    gift_card: GiftCard = public("The card.")
    code: str | None = public(
        "The code; null when it was asked for again and the server's secret is another one now."
    )


@strawberry.type(description="The gift card that was issued, or why none was.")
class GiftCardIssuePayload:
    gift_card: GiftCard | None = public("The card; null with errors.")
    code: str | None = public("Its code, which is shown here alone; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "GiftCardIssuePayload":
        if isinstance(result, Problem):
            return cls(gift_card=None, code=None, user_errors=[user_error(result)])
        (issued,) = result
        return cls(gift_card=GiftCard.of(issued.card), code=issued.code, user_errors=[])


@strawberry.type(description="The gift cards that were issued, or why none was.")
class GiftCardBulkIssuePayload:
    issued: list[IssuedGiftCard] = public("The cards with their codes; empty with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "GiftCardBulkIssuePayload":
        if isinstance(result, Problem):
            return cls(issued=[], user_errors=[user_error(result)])
        cards = [IssuedGiftCard(gift_card=GiftCard.of(one.card), code=one.code) for one in result]
        return cls(issued=cards, user_errors=[])


@strawberry.type(description="The gift card as it is now, or why nothing was changed.")
class GiftCardPayload:
    gift_card: GiftCard | None = public("The card; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "GiftCardPayload":
        if isinstance(result, Problem):
            return cls(gift_card=None, user_errors=[user_error(result)])
        return cls(gift_card=GiftCard.of(result), user_errors=[])


@strawberry.type
class GiftCardMutations:
    @mutation(WRITE, description="Issue a gift card. Its code is shown once: here.")
    async def gift_card_issue(self, info: Info, input: GiftCardIssueInput) -> GiftCardIssuePayload:
        to = input.recipient
        recipient = None if to is None else Recipient(to.email, to.name, to.message, to.locale)
        issue = Issue(
            **await _terms(info, input),
            code=input.code,
            recipient=recipient,
            reference=input.reference,
        )
        return GiftCardIssuePayload.of(await info.context.services.gift_cards.issue(issue))

    @mutation(WRITE, description="Issue up to 250 gift cards. Their codes are shown once: here.")
    async def gift_card_bulk_issue(
        self, info: Info, input: GiftCardBulkIssueInput
    ) -> GiftCardBulkIssuePayload:
        issue = Issue(**await _terms(info, input), count=input.count, reference=input.reference)
        return GiftCardBulkIssuePayload.of(await info.context.services.gift_cards.issue(issue))

    @mutation(
        WRITE,
        description="Put money on a gift card, or take it off, and say why.",
        needs_key=True,
    )
    async def gift_card_adjust(self, info: Info, input: GiftCardAdjustInput) -> GiftCardPayload:
        id_ = require_key(input.id, "GiftCard", "id")
        if isinstance(id_, Problem):
            return GiftCardPayload.of(id_)
        cards = info.context.services.gift_cards
        return GiftCardPayload.of(
            await cards.adjust(id_, input.change, input.reason, input.expected_version)
        )

    @mutation(WRITE, description="Change the given parts of a gift card.")
    async def gift_card_update(self, info: Info, input: GiftCardUpdateInput) -> GiftCardPayload:
        id_ = require_key(input.id, "GiftCard", "id")
        if isinstance(id_, Problem):
            return GiftCardPayload.of(id_)
        values = given(input, "id", "expected_version", nullable=("expires_at",))
        cards = info.context.services.gift_cards
        return GiftCardPayload.of(await cards.change(id_, values, input.expected_version))


async def _terms(info: Info, input_: GiftCardTerms) -> dict[str, Any]:
    """In the store's currency unless another one is named."""
    currency = input_.currency_code or (await info.context.services.store.settings()).currency
    return {
        "amount": input_.amount,
        "currency": currency,
        "expires_at": input_.expires_at,
        "note": input_.note,
    }
