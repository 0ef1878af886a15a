"""What lists of customers and groups are asked for, as plain values.

None means that nothing is asked. The values print themselves in full: cursors are bound to a list
by them.
"""

from dataclasses import dataclass
from enum import Enum

from commerce.core.criteria import Direction, Ids, TagsAre, TextIs, Times
from commerce.customers.kinds import GroupKind


@dataclass(frozen=True, slots=True)
class GroupWhere:
    ids: Ids | None = None
    name: TextIs | None = None
    external_id: TextIs | None = None


@dataclass(frozen=True, slots=True)
class AddressIs:
    """An entry of the address book that is all of this."""

    countries: tuple[str, ...] | None = None
    region: TextIs | None = None
    city: TextIs | None = None
    postal_code: TextIs | None = None


@dataclass(frozen=True, slots=True)
class CustomerWhere:
    """All that is given must hold. `words` must all be found in names, e-mail address or phone."""

    ids: Ids | None = None
    external_id: TextIs | None = None
    words: str | None = None
    email: TextIs | None = None
    email_md5: str | None = None
    name: TextIs | None = None
    company: TextIs | None = None
    phone: TextIs | None = None
    locale: TextIs | None = None
    group_ids: Ids | None = None
    group_kinds: tuple[GroupKind, ...] | None = None
    tags: tuple[TagsAre, ...] | None = None
    addresses: tuple[AddressIs, ...] | None = None
    has_password: bool | None = None
    email_verified: bool | None = None
    accepts_email: bool | None = None
    accepts_sms: bool | None = None
    tax_exempt: bool | None = None
    blocked: bool | None = None
    erased: bool | None = None
    created_at: Times | None = None
    updated_at: Times | None = None
    every: "tuple[CustomerWhere, ...] | None" = None
    some: "tuple[CustomerWhere, ...] | None" = None
    none: "CustomerWhere | None" = None


EVERY_CUSTOMER = CustomerWhere()


class CustomerOrderField(Enum):
    NAME = "name"
    EMAIL = "email"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


@dataclass(frozen=True, slots=True)
class CustomerOrder:
    field: CustomerOrderField
    direction: Direction = Direction.ASC


@dataclass(frozen=True, slots=True)
class CustomerListing:
    """Which customers, in which order."""

    where: CustomerWhere = EVERY_CUSTOMER
    order: tuple[CustomerOrder, ...] = ()
