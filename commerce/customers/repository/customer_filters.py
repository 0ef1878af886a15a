"""A filter of customers as SQL conditions."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
)
from sqlmodel import col

from commerce.core.comparisons import contains, range_is, tags_are, text_is
from commerce.core.criteria import TagsAre, TextIs, given
from commerce.core.db import among
from commerce.customers.criteria import AddressIs, CustomerWhere
from commerce.customers.kinds import GroupKind
from commerce.customers.models import (
    PLAIN_NAME,
    PLAIN_WORDS,
    Customer,
    CustomerAddress,
    CustomerGroup,
)

Condition = ColumnElement[bool]

NAME: Final = literal_column("storegraph_join(ARRAY[first_name, last_name])", Text())
NAME_PLAIN: Final = literal_column(PLAIN_NAME, Text())
WORDS: Final = literal_column(PLAIN_WORDS, Text())
# More would only cost: each one is looked up.
MAX_WORDS: Final = 10


def conditions(where: CustomerWhere) -> list[Condition]:
    return [CONDITIONS[name](value) for name, value in given(where).items()]


def _all_of(where: CustomerWhere) -> Condition:
    return and_(*conditions(where)) if given(where) else literal(True)


def _every(parts: tuple[CustomerWhere, ...]) -> Condition:
    return and_(*map(_all_of, parts)) if parts else literal(True)


def _some(parts: tuple[CustomerWhere, ...]) -> Condition:
    return or_(*map(_all_of, parts)) if parts else literal(False)


def _none(part: CustomerWhere) -> Condition:
    return not_(_all_of(part).is_(True))


def _words(text: str) -> Condition:
    return and_(literal(True), *(contains(WORDS, word) for word in text.split()[:MAX_WORDS]))


def _email(wanted: TextIs) -> Condition:
    """Whatever the case, as no two customers differ in it alone."""
    if wanted.any_of is not None:
        lowered = [text.lower() for text in wanted.any_of]
        return among(func.lower(col(Customer.email)), lowered, Text())
    return _in_words(col(Customer.email), wanted)


def _in_words(column: Any, wanted: TextIs, plain: Any = None) -> Condition:
    """For what is a part of the words, which have the index for parts of them."""
    is_so = text_is(column, wanted, plain)
    if wanted.any_of is not None:
        return is_so
    parts = (wanted.contains, wanted.starts_with)
    found = (contains(WORDS, part) for part in parts if part is not None)
    return and_(literal(True), *found, is_so)


def _address(wanted: AddressIs) -> Condition:
    address = CustomerAddress
    texts = (
        (col(address.region), wanted.region),
        (col(address.city), wanted.city),
        (col(address.postal_code), wanted.postal_code),
    )
    parts = [text_is(column, text) for column, text in texts if text is not None]
    if wanted.countries is not None:
        parts.append(among(col(address.country), wanted.countries, Text()))
    own = col(address.customer_id) == col(Customer.id)
    return exists().where(own, *parts).correlate(Customer)


def _tags(wanted: tuple[TagsAre, ...]) -> Condition:
    return and_(*(tags_are(col(Customer.tags), each) for each in wanted))


def _in_groups(kinds: tuple[GroupKind, ...]) -> Condition:
    of_kinds = select(col(CustomerGroup.id)).where(col(CustomerGroup.kind).in_(kinds))
    return col(Customer.group_id).in_(of_kinds)


def _is_set(column: Any) -> Callable[[bool], Condition]:
    return lambda wanted: column.is_not(None) if wanted else column.is_(None)


CONDITIONS: Mapping[str, Callable[[Any], Condition]] = {
    "ids": lambda ids: among(col(Customer.id), ids),
    "external_id": lambda wanted: text_is(col(Customer.external_id), wanted),
    "words": _words,
    "email": _email,
    "email_md5": lambda digest: func.md5(func.lower(col(Customer.email))) == digest,
    "name": lambda wanted: _in_words(NAME, wanted, NAME_PLAIN),
    "company": lambda wanted: _in_words(col(Customer.company), wanted),
    "phone": lambda wanted: _in_words(col(Customer.phone), wanted),
    "locale": lambda wanted: text_is(col(Customer.locale), wanted),
    "group_ids": lambda ids: among(col(Customer.group_id), ids),
    "group_kinds": _in_groups,
    "tags": _tags,
    "addresses": lambda wanted: and_(*map(_address, wanted)),
    "has_password": _is_set(col(Customer.password_hash)),
    "email_verified": _is_set(col(Customer.email_verified_at)),
    "accepts_email": lambda wanted: col(Customer.accepts_email).is_(wanted),
    "accepts_sms": lambda wanted: col(Customer.accepts_sms).is_(wanted),
    "tax_exempt": lambda wanted: col(Customer.tax_exempt).is_(wanted),
    "blocked": _is_set(col(Customer.blocked_at)),
    "erased": _is_set(col(Customer.erased_at)),
    "created_at": lambda bounds: range_is(col(Customer.created_at), bounds),
    "updated_at": lambda bounds: range_is(col(Customer.updated_at), bounds),
    "every": _every,
    "some": _some,
    "none": _none,
}
