"""Adding and changing many customers at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, Problem, Taken
from commerce.customers.repository.bulk import BulkCustomerRepository, CustomerRow
from commerce.customers.rules.bulk import CustomerDraft, complete, good, match
from commerce.customers.rules.customers import checked_customer
from commerce.customers.rules.extra_fields import ExtraValue
from commerce.customers.service.consents import ConsentService
from commerce.customers.service.extra_fields import ExtraFieldService

RACED: Final = Taken("Another customer has just taken this address or id.", ("email",))


@dataclass(frozen=True, slots=True)
class WantedCustomer:
    """What a row says; `problem` is why it could not even be read."""

    values: dict[str, Any]
    extra: Sequence[ExtraValue] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of a row; `customer` None where it failed, or nothing was written."""

    index: int
    customer: CustomerRow | None = None
    created: bool = False
    changed: bool = False
    problems: Sequence[Problem] = ()


class BulkCustomerService:
    def __init__(
        self,
        customers: BulkCustomerRepository,
        fields: ExtraFieldService,
        consents: ConsentService,
        clock: Clock,
    ) -> None:
        self._customers = customers
        self._fields = fields
        self._consents = consents
        self._clock = clock

    async def upsert(
        self, wanted: Sequence[WantedCustomer], *, skip_failed: bool
    ) -> list[BulkResult] | Problem:
        """A result for each row; the same call again changes nothing.

        With failed rows nothing is written, unless they are to be skipped. Six statements at most.
        """
        drafts = [self._draft(index, row) for index, row in enumerate(wanted)]
        if not _stopped(drafts, skip_failed):
            await self._look_around(good(drafts))
        if _stopped(drafts, skip_failed):
            return _nothing(drafts)
        results = await self._write(drafts)
        return _nothing(drafts) if _stopped(drafts, skip_failed) else results

    def _draft(self, index: int, row: WantedCustomer) -> CustomerDraft:
        columns = row.problem or checked_customer(row.values, self._clock().date())
        if isinstance(columns, Problem):
            return CustomerDraft(index, {}, problems=[columns])
        draft = CustomerDraft(index, columns, row.extra)
        if not draft.email and draft.external_id is None:
            draft.problems.append(Invalid("Give externalId or email.", ("email",)))
        return draft

    async def _look_around(self, drafts: Sequence[CustomerDraft]) -> None:
        """Hold what the rows name, and find what they mean."""
        says_fields = any(draft.extra for draft in drafts)
        fields = await self._fields.by_key() if says_fields else {}
        named = {draft.columns["group_id"] or 0 for draft in drafts if "group_id" in draft.columns}
        groups = await self._customers.groups(named) if named else set()
        external_ids = {draft.external_id for draft in drafts if draft.external_id is not None}
        emails = {draft.email for draft in drafts if draft.email}
        match(drafts, await self._customers.locked(external_ids, emails))
        complete(drafts, groups, fields)

    async def _write(self, drafts: Sequence[CustomerDraft]) -> list[BulkResult] | Problem:
        rows: dict[str | int, CustomerRow] = {}
        new = [draft for draft in good(drafts) if draft.stored is None]
        if new:
            added = await self._customers.add([draft.columns for draft in new])
            rows |= {row.email.lower(): row for row in added}
        known = [draft for draft in good(drafts) if draft.stored is not None]
        changes = [(draft.stored, draft.changes) for draft in known if draft.changes]
        if changes:
            changed = await self._customers.change(changes)
            if isinstance(changed, Problem):
                return changed
            rows |= {row.id: row for row in changed}
        results = [_result(draft, rows) for draft in drafts]
        await self._consents.note_all_changes(
            (result.customer.id, draft.stored, draft.columns)
            for draft, result in zip(drafts, results, strict=True)
            if result.customer is not None
        )
        return results


def _result(draft: CustomerDraft, rows: dict[str | int, CustomerRow]) -> BulkResult:
    if draft.problems:
        return BulkResult(draft.index, problems=draft.problems)
    if draft.stored is not None:
        row = rows.get(draft.stored.id)
        return BulkResult(draft.index, row or draft.stored, changed=row is not None)
    row = rows.get(draft.email)
    if row is None:
        draft.problems.append(RACED)
        return BulkResult(draft.index, problems=draft.problems)
    return BulkResult(draft.index, row, created=True, changed=True)


def _nothing(drafts: Sequence[CustomerDraft]) -> list[BulkResult]:
    return [BulkResult(draft.index, problems=draft.problems) for draft in drafts]


def _stopped(drafts: Sequence[CustomerDraft], skip_failed: bool) -> bool:
    """Whether nothing is to be written."""
    left = good(drafts)
    return not left or (len(left) < len(drafts) and not skip_failed)
