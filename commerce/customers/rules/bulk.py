"""Many customers at once, some of which may be bad. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commerce.core.problems import Invalid, NotFound, Problem, Taken
from commerce.customers.kinds import GENERAL_GROUP
from commerce.customers.rules.extra_fields import ExtraValue, filled


@dataclass(slots=True)
class CustomerDraft:
    """A row of a request: what it says, whom it means, what is wrong with it."""

    index: int
    columns: dict[str, Any]
    extra: Sequence[ExtraValue] = ()
    stored: Any = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def email(self) -> str:
        """As it is compared; empty when none is given."""
        return (self.columns.get("email") or "").lower()

    @property
    def external_id(self) -> str | None:
        return self.columns.get("external_id")

    @property
    def changes(self) -> dict[str, Any]:
        """What is different from what is stored."""
        given = self.columns.items()
        changes = {name: new for name, new in given if new != getattr(self.stored, name)}
        if "email" in changes and self.email != (self.stored.email or "").lower():
            changes["email_verified_at"] = None
        return changes


def good(drafts: Iterable[CustomerDraft]) -> list[CustomerDraft]:
    return [draft for draft in drafts if not draft.problems]


def match(drafts: Iterable[CustomerDraft], found: Sequence[Any]) -> None:
    """Find each row's customer among those `found`, by external id or else by e-mail address."""
    by_id = {row.external_id: row for row in found if row.external_id is not None}
    by_email = {row.email.lower(): row for row in found}
    seen: set[object] = set()
    for draft in good(drafts):
        owner = by_email.get(draft.email)
        draft.stored = by_id.get(draft.external_id, owner)
        names = {("email", draft.email), ("id", draft.external_id)} - NOTHING
        if draft.stored is not None:
            names.add(("key", draft.stored.id))
        problem = _refused(draft, owner) if seen.isdisjoint(names) else REPEATED
        if problem is not None:
            draft.problems.append(problem)
        seen |= names


NOTHING = {("email", ""), ("id", None)}
REPEATED = Invalid("This customer was named before.", ())


def _refused(draft: CustomerDraft, owner: Any) -> Problem | None:
    """Why a row cannot be written over its customer, or cannot become one."""
    stored = draft.stored
    if stored is None:
        needed = Invalid("A new customer needs an e-mail address.", ("email",))
        return None if draft.email else needed
    if owner is not None and owner.id != stored.id:
        return Taken("Another customer has this e-mail address.", ("email",))
    known = stored.external_id
    if None not in (draft.external_id, known) and known != draft.external_id:
        return Taken("The customer with this address has another id.", ("external_id",))
    return None


def complete(
    drafts: Iterable[CustomerDraft], groups: Collection[int], fields: Mapping[str, Any]
) -> None:
    """Put in what rows say of groups, and of the store's own `fields`."""
    for draft in good(drafts):
        if "group_id" in draft.columns:
            group = draft.columns["group_id"]
            draft.columns["group_id"] = GENERAL_GROUP if group is None else group
            if draft.columns["group_id"] not in groups:
                missing = NotFound("There is no CustomerGroup with this id.", ("group_id",))
                draft.problems.append(missing)
        if draft.extra:
            held = {} if draft.stored is None else draft.stored.extra_fields
            values = filled(fields, held, draft.extra)
            if isinstance(values, Invalid):
                draft.problems.append(values)
            else:
                draft.columns["extra_fields"] = values
