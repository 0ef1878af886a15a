"""The filter and the order of customers."""

import strawberry

from commerce.core.criteria import TagsAre
from commerce.customers import criteria
from resolvers.customers.kinds import CustomerOrderField, GroupKind
from resolvers.filters import (
    DateTimeFilter,
    IDFilter,
    StringFilter,
    all_wanted,
    each_wanted,
    keys_wanted,
    optional,
    wanted_of,
)
from resolvers.search.kinds import Direction
from resolvers.search.wheres import TagsFilter


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
            region=wanted_of(self.region),
            city=wanted_of(self.city),
            postal_code=wanted_of(self.postal_code),
        )


@strawberry.input(description="Which customers; every given part must hold.")
class CustomerWhere:
    id: IDFilter | None = optional("Their id.")
    external_id: StringFilter | None = optional("Their id in another system.")
    search: str | None = optional(
        "Parts of names, company, e-mail address or phone number, each of which must be found."
    )
    email: StringFilter | None = optional("Their e-mail address, whatever the case.")
    email_md5: str | None = optional("The MD5 digest of their e-mail address in small letters.")
    name: StringFilter | None = optional("Both names, the given one first.")
    company: StringFilter | None = optional("Their company.")
    phone: StringFilter | None = optional("Their phone number: `+491701234567`.")
    locale: StringFilter | None = optional("The language they read.")
    group_id: IDFilter | None = optional("In one of these groups.")
    group_kind: list[GroupKind] | None = optional("In a group of one of these kinds.")
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
            ids=keys_wanted(self.id, "Customer"),
            external_id=wanted_of(self.external_id),
            words=self.search,
            email=wanted_of(self.email),
            email_md5=self.email_md5,
            name=wanted_of(self.name),
            company=wanted_of(self.company),
            phone=wanted_of(self.phone),
            locale=wanted_of(self.locale),
            group_ids=keys_wanted(self.group_id, "CustomerGroup"),
            group_kinds=all_wanted(self.group_kind),
            tags=self._tags(),
            addresses=self._addresses(),
            has_password=self.has_password,
            email_verified=self.email_verified,
            accepts_email=self.accepts_email,
            accepts_sms=self.accepts_sms,
            tax_exempt=self.tax_exempt,
            blocked=self.blocked,
            erased=self.erased,
            created_at=wanted_of(self.created_at),
            updated_at=wanted_of(self.updated_at),
            every=each_wanted(self.and_) or None,
            some=each_wanted(self.or_),
            none=wanted_of(self.not_),
        )

    def _tags(self) -> tuple[TagsAre, ...] | None:
        one = None if self.tag is None else TagsAre(all_of=(self.tag,))
        several = wanted_of(self.tags)
        return tuple(tags for tags in (one, several) if tags is not None) or None

    def _addresses(self) -> tuple[criteria.AddressIs, ...] | None:
        code = self.country
        one = None if code is None else criteria.AddressIs(countries=(code.upper(),))
        whole = wanted_of(self.address)
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
