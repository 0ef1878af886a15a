"""The filter and the order of customers."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import strawberry

from commerce.core.criteria import Ids, TagsAre
from commerce.customers import criteria
from resolvers.customers.kinds import CustomerOrderField
from resolvers.filters import DateTimeFilter, IDFilter, StringFilter, optional
from resolvers.search.kinds import Direction
from resolvers.search.wheres import TagsFilter

Asked = TypeVar("Asked")
Wanted = TypeVar("Wanted")


@strawberry.input(description="What an entry of the address book must be; every given part holds.")
class CustomerAddressFilter:
    country_codes: list[str] | None = optional("In one of these countries: `DE`.")
    region: StringFilter | None = optional("Its region, by the code after the dash: `CA`.")
    city: StringFilter | None = optional("Its city.")
    postal_code: StringFilter | None = optional("Its postal code.")

    def wanted(self) -> criteria.AddressIs:
        codes = self.country_codes
        return criteria.AddressIs(
            countries=None if codes is None else tuple(code.upper() for code in codes),
            region=_asked(self.region, StringFilter.wanted),
            city=_asked(self.city, StringFilter.wanted),
            postal_code=_asked(self.postal_code, StringFilter.wanted),
        )


@strawberry.input(description="Which customers; every given part must hold.")
class CustomerWhere:
    id: IDFilter | None = optional("Their id.")
    external_id: StringFilter | None = optional("Their id in another system.")
    search: str | None = optional(
        "Parts of names, company, e-mail address or phone number, each of which must be found."
    )
    email: StringFilter | None = optional("Their e-mail address, whatever the case.")
    name: StringFilter | None = optional("Both names, the given one first.")
    company: StringFilter | None = optional("Their company.")
    phone: StringFilter | None = optional("Their phone number: `+491701234567`.")
    locale: StringFilter | None = optional("The language they read.")
    group_id: IDFilter | None = optional("In one of these groups.")
    tag: str | None = optional("With this tag.")
    tags: TagsFilter | None = optional("With these tags.")
    address: CustomerAddressFilter | None = optional("With such an entry in the address book.")
    country: str | None = optional("With an address in this country: `DE`.")
    has_password: bool | None = optional("Whether they can sign in.")
    email_verified: bool | None = optional("Whether they have proved to read their address.")
    accepts_email: bool | None = optional("Whether they want marketing mails.")
    accepts_sms: bool | None = optional("Whether they want marketing text messages.")
    tax_exempt: bool | None = optional("Whether they pay no tax.")
    blocked: bool | None = optional("Whether they are kept from signing in.")
    erased: bool | None = optional("Whether they were erased; those are else left out.")
    created_at: DateTimeFilter | None = optional("When they were added.")
    updated_at: DateTimeFilter | None = optional("When they were last changed.")
    and_: "list[CustomerWhere] | None" = optional("All of these hold.", name="and")
    or_: "list[CustomerWhere] | None" = optional("At least one of these holds.", name="or")
    not_: "CustomerWhere | None" = optional("This does not hold.", name="not")

    def wanted(self) -> criteria.CustomerWhere:
        return criteria.CustomerWhere(
            ids=_keys(self.id, "Customer"),
            external_id=_asked(self.external_id, StringFilter.wanted),
            words=self.search,
            email=_asked(self.email, StringFilter.wanted),
            name=_asked(self.name, StringFilter.wanted),
            company=_asked(self.company, StringFilter.wanted),
            phone=_asked(self.phone, StringFilter.wanted),
            locale=_asked(self.locale, StringFilter.wanted),
            group_ids=_keys(self.group_id, "CustomerGroup"),
            tags=self._tags(),
            addresses=self._addresses(),
            has_password=self.has_password,
            email_verified=self.email_verified,
            accepts_email=self.accepts_email,
            accepts_sms=self.accepts_sms,
            tax_exempt=self.tax_exempt,
            blocked=self.blocked,
            erased=self.erased,
            created_at=_asked(self.created_at, DateTimeFilter.wanted),
            updated_at=_asked(self.updated_at, DateTimeFilter.wanted),
            every=_each(self.and_, CustomerWhere.wanted) or None,
            some=_each(self.or_, CustomerWhere.wanted),
            none=_asked(self.not_, CustomerWhere.wanted),
        )

    def _tags(self) -> tuple[TagsAre, ...] | None:
        one = None if self.tag is None else TagsAre(all_of=(self.tag,))
        several = _asked(self.tags, TagsFilter.wanted)
        return tuple(tags for tags in (one, several) if tags is not None) or None

    def _addresses(self) -> tuple[criteria.AddressIs, ...] | None:
        code = self.country
        one = None if code is None else criteria.AddressIs(countries=(code.upper(),))
        whole = _asked(self.address, CustomerAddressFilter.wanted)
        return tuple(address for address in (one, whole) if address is not None) or None


@strawberry.input(description="One key of a sort order of customers.")
class CustomerOrder:
    field: CustomerOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(
        default=Direction.ASC, description="Which way; from low to high by default."
    )


def listing_of(
    where: CustomerWhere | None, order_by: list[CustomerOrder] | None
) -> criteria.CustomerListing:
    return criteria.CustomerListing(
        criteria.EVERY_CUSTOMER if where is None else where.wanted(),
        tuple(criteria.CustomerOrder(each.field, each.direction) for each in order_by or ()),
    )


def _asked(asked: Asked | None, meaning: Callable[[Asked], Wanted]) -> Wanted | None:
    return None if asked is None else meaning(asked)


def _each(
    asked: Iterable[Asked] | None, meaning: Callable[[Asked], Wanted]
) -> tuple[Wanted, ...] | None:
    return None if asked is None else tuple(map(meaning, asked))


def _keys(ids: IDFilter | None, kind: str) -> Ids | None:
    return None if ids is None else ids.keys(kind)
