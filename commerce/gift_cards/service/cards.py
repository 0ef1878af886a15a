"""Issuing, finding and changing gift cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from commerce.core.attempts import GIFT_CARD
from commerce.core.clock import Clock
from commerce.core.criteria import check_leaves
from commerce.core.money import amount_flaw
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import (
    Invalid,
    NotFound,
    Problem,
    Taken,
    version_conflict,
)
from commerce.core.text import text_flaw
from commerce.core.viewer import Scope, Viewer
from commerce.customers.service.callers import Caller
from commerce.gift_cards.codes import GiftCardCodes
from commerce.gift_cards.criteria import GiftCardWhere
from commerce.gift_cards.kinds import EntryKind
from commerce.gift_cards.repository.balances import BalanceRepository, Note
from commerce.gift_cards.repository.cards import GiftCardRepository, GiftCardRow
from commerce.gift_cards.rules.codes import digest_of, last_characters
from commerce.gift_cards.rules.issues import MAX_NAME, Issue, change_flaw, issue_flaw
from commerce.gift_cards.service.mails import GiftCardMails

MISSING: Final = NotFound("There is no gift card with this id.", ("id",))
UNKNOWN: Final = NotFound("There is no gift card with this code.", ("code",))
TAKEN: Final = Taken("Another gift card has this code.", ("code",))


@dataclass(frozen=True, slots=True)
class Issued:
    """A card and its code, which nobody can read from the card. None when it is not known."""

    card: GiftCardRow
    code: str | None


class GiftCardService:
    def __init__(
        self,
        cards: GiftCardRepository,
        balances: BalanceRepository,
        codes: GiftCardCodes,
        mails: GiftCardMails,
        caller: Caller,
        viewer: Viewer,
        clock: Clock,
    ) -> None:
        self._cards = cards
        self._balances = balances
        self._codes = codes
        self._mails = mails
        self._caller = caller
        self._viewer = viewer
        self._clock = clock

    async def find(self, code: str) -> GiftCardRow | Problem:
        """The card with this code, in any spelling. Guesses are counted, but for those who may
        read all cards.
        """
        if not self._viewer.may(Scope.READ_GIFT_CARDS):
            refused = await self._caller.may_try(GIFT_CARD)
            if refused is not None:
                return refused
        return await self._cards.by_code(digest_of(code)) or UNKNOWN

    async def page(self, where: GiftCardWhere, args: PageArgs) -> Page[GiftCardRow]:
        check_leaves(where)
        return await self._cards.page(where, args)

    async def count(self, where: GiftCardWhere, limit: int | None) -> Count:
        check_leaves(where)
        return await self._cards.count(where, limit)

    async def issue(self, issue: Issue) -> Sequence[Issued] | Problem:
        """Issue cards, and mail the code of a single one to the recipient.

        Under a reference this is done once: asked for again, it answers the same cards with the
        same codes, and sends no mail.
        """
        flaw = issue_flaw(issue)
        if flaw is not None:
            return flaw
        if issue.reference is None:
            return await self._issue(issue, None, [self._codes.new() for _ in range(issue.count)])
        actor = self._viewer.name
        codes = [self._codes.derived(actor, issue.reference, place) for place in range(issue.count)]
        batch = await self._cards.claim(actor, issue.reference, issue.digest)
        if isinstance(batch, Problem):
            return batch
        if batch.is_new:
            return await self._issue(issue, batch.row.id, codes)
        kept = {digest_of(code): code for code in (codes if issue.code is None else [issue.code])}
        rows = await self._cards.of_batch(batch.row.id)
        return [Issued(row, kept.get(row.code_sha256)) for row in rows]

    async def adjust(
        self, id_: int, change: Decimal, reason: str, expected_version: int | None = None
    ) -> GiftCardRow | Problem:
        """Put `change` on the card, or take it off when it is less than zero, and say why."""
        stored = await self._to_change(id_, expected_version)
        if isinstance(stored, Problem):
            return stored
        flaw = amount_flaw(abs(change), stored.currency)
        after = stored.balance + change
        if flaw is None and not change:
            flaw = "must not be zero"
        elif flaw is None and after < 0:
            flaw = "is more than there is on the card"
        elif flaw is None:
            flaw = amount_flaw(after, stored.currency)
        if flaw is not None:
            return Invalid(f"This {flaw}.", ("change",))
        problem = text_flaw(reason, MAX_NAME, "reason")
        if problem is not None:
            return problem
        changed = await self._cards.change(id_, {"balance": after})
        note = Note(EntryKind.ADJUST, self._viewer.name, reason)
        await self._balances.write_down({id_: change}, {id_: after}, note)
        return changed

    async def change(
        self, id_: int, values: Mapping[str, Any], expected_version: int | None = None
    ) -> GiftCardRow | Problem:
        """Write the given values: `note`, `expires_at`, `disabled`."""
        flaw = change_flaw(values)
        stored = flaw or await self._to_change(id_, expected_version)
        if isinstance(stored, Problem):
            return stored
        given = dict(values)
        if "disabled" in given:
            disabled = given.pop("disabled")
            given["disabled_at"] = (stored.disabled_at or self._clock()) if disabled else None
        changes = {name: new for name, new in given.items() if new != getattr(stored, name)}
        return await self._cards.change(id_, changes) if changes else stored

    async def _issue(
        self, issue: Issue, batch_id: int | None, made: Sequence[str]
    ) -> Sequence[Issued] | Problem:
        codes = made if issue.code is None else [issue.code]
        rows = await self._cards.add(
            [_card(issue, batch_id, place, code) for place, code in enumerate(codes)]
        )
        if len(rows) < len(codes):
            return TAKEN
        amounts = {row.id: row.balance for row in rows}
        await self._balances.write_down(
            amounts, amounts, Note(EntryKind.ISSUE, self._viewer.name, issue.note)
        )
        if issue.recipient is not None:
            await self._mails.send(rows[0], codes[0], issue.recipient)
        return [Issued(row, code) for row, code in zip(rows, codes, strict=True)]

    async def _to_change(self, id_: int, expected_version: int | None) -> GiftCardRow | Problem:
        stored = (await self._balances.locked([id_])).get(id_)
        if stored is None:
            return MISSING
        return version_conflict("gift card", stored.version, expected_version) or stored


def _card(issue: Issue, batch_id: int | None, place: int, code: str) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "place": place,
        "code_sha256": digest_of(code),
        "last_characters": last_characters(code),
        "currency": issue.currency,
        "issued": issue.amount,
        "balance": issue.amount,
        "expires_at": issue.expires_at,
        "note": issue.note,
    }
