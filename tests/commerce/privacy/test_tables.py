"""No column that may tell something about a customer can be forgotten."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Date,
    Enum,
    ForeignKey,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from commerce import migrate
from commerce.core.columns import PERSONAL, is_secret
from commerce.core.db import UnitOfWork
from commerce.privacy.kinds import CUSTOMER, ERASED, Erased
from commerce.privacy.tables import blank_of, held_tables

METADATA = migrate.metadata()
TELLING = (String, JSONB, ARRAY, Date, LargeBinary)
# Reviewed: these say nothing about a person.
IMPERSONAL = {
    "carts.currency",
    "carts.kept_by",  # which program keeps it
    "carts.kept_for",  # a digest
    "carts.source",  # which door it came in by
    "metafields.namespace",  # what integrations call their data
    "metafields.key",
    "outgoing_messages.kind",  # which template
    "outgoing_messages.error",  # the class of an error
    "outgoing_messages.event_key",  # which event, and a part of a digest
    "notification_log.event_key",
    "notification_log.reason",  # the class of an error
    "orders.number",
    "orders.currency",
    "orders.coupon_codes",  # of the promotions that gave something
    "orders.manual_discount",
    "orders.rounding",  # and all else that an order was calculated by
    "orders.exact",
    "orders.taxes",
    "orders.discounts",
    "orders.trace",
    "orders.shipping_method",
    "orders.shipping_charge",
    "orders.surcharges",
    "order_lines.title",  # what was sold, as the shop calls it
    "order_lines.variant_title",
    "order_lines.sku",
    "order_lines.options",
    "order_lines.image_url",
    "order_lines.slug",
    "order_lines.taxes",
    "order_lines.exact",
    "order_events.actor",  # ids of people
    "order_events.data",  # numbers and states
    "returns.requested_by",
    "refunds.actor",
    "refunds.key",
    "refunds.currency",
    "refunds.taxes",
    "refund_lines.taxes",
    "invoices.number",
    "invoices.currency",
    "invoices.contents",  # all that is printed but for the buyer
    "jobs.error",  # of what kind
    "jobs.owner",  # ids of people
    "jobs.owner_scopes",
    "jobs.deduplication_key",
    *(
        f"batch_operations.{name}"  # of staff and keys alone
        for name in ("reference", "query", "document_id", "variables", "operation_name", "answer")
    ),
}


def flaws_of_columns(metadata: MetaData) -> list[str]:
    """Columns that could tell something, of which nobody has said whether they do."""
    return [
        str(column)
        for held in held_tables(metadata)
        for column in held.table.columns
        if isinstance(column.type, TELLING)
        and not isinstance(column.type, Enum)
        and PERSONAL not in column.info
        and not is_secret(column)
        and str(column) not in IMPERSONAL
    ]


def flaws_of_tables(metadata: MetaData) -> list[str]:
    """Tables that lead to a customer, by foreign keys or by name, without saying so."""
    held = {table.name for table in metadata.tables.values() if CUSTOMER in table.info}
    return [
        table.name
        for table in metadata.tables.values()
        if table.name not in held and ("customer_id" in table.columns or _leads(table, held))
    ]


def _leads(table: Table, held: Iterable[str]) -> bool:
    return any(key.column.table.name in held for key in table.foreign_keys)


def flaws_of_erasure(metadata: MetaData) -> list[str]:
    """Tables that do not say what becomes of their rows, or whose columns cannot be blank."""
    flaws = []
    for held in held_tables(metadata):
        if held.table.info.get(ERASED) not in {way.value for way in Erased}:
            flaws.append(held.name)
        if held.erased is Erased.BLANKED:
            flaws += [str(column) for column in held.personal if not _can_be_blank(column)]
    return flaws


def _can_be_blank(column: Column[Any]) -> bool:
    try:
        blank_of(column)
    except TypeError:
        return False
    return True


def unmarked_models(metadata: MetaData) -> set[str]:
    """Tables of the program that the walk would not see."""
    return {
        str(model.__tablename__)
        for model in SQLModel.__subclasses__()
        if "table" in model.model_config and str(model.__tablename__) not in metadata.tables
    }


CHECKS = (flaws_of_columns, flaws_of_tables, flaws_of_erasure)


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_forgotten(check: Callable[[MetaData], list[str]]) -> None:
    assert check(METADATA) == []


def test_the_walk_sees_every_model() -> None:
    assert unmarked_models(METADATA) == set()


def forgetful(**columns: Any) -> MetaData:
    """Customers, and a table of theirs that somebody has just added."""
    metadata = MetaData()
    Table(
        "customers",
        metadata,
        Column("id", BigInteger, primary_key=True),
        info={"customer": "id", "erased": "blanked"},
    )
    info = columns.pop("info", {"customer": "customer_id", "erased": "deleted"})
    owner = Column("customer_id", BigInteger, ForeignKey("customers.id"))
    made = [Column(name, *kind) for name, kind in columns.items()]
    Table("diaries", metadata, Column("id", BigInteger, primary_key=True), owner, *made, info=info)
    return metadata


@pytest.mark.parametrize("kind", [Text(), JSONB(), ARRAY(Text()), Date(), LargeBinary(), String(9)])
def test_a_new_column_is_noticed(kind: Any) -> None:
    assert is_secret(Column("words", kind)) or flaws_of_columns(forgetful(words=(kind,))) == [
        "diaries.words"
    ]


def test_a_new_table_is_noticed() -> None:
    metadata = forgetful(info={})
    assert flaws_of_tables(metadata) == ["diaries"]


def test_a_table_behind_a_table_is_noticed() -> None:
    metadata = forgetful()
    diary = Column("diary_id", BigInteger, ForeignKey("diaries.id"))
    Table("pages", metadata, Column("id", BigInteger, primary_key=True), diary)
    assert flaws_of_tables(metadata) == ["pages"]


def test_a_table_must_say_what_becomes_of_its_rows() -> None:
    assert flaws_of_erasure(forgetful(info={"customer": "customer_id"})) == ["diaries"]


def test_a_column_that_cannot_be_blank_is_noticed() -> None:
    blanked = {"customer": "customer_id", "erased": "blanked"}
    metadata = forgetful(info=blanked)
    metadata.tables["diaries"].append_column(
        Column("born", Date, nullable=False, info={PERSONAL: "Date of birth."})
    )
    assert flaws_of_erasure(metadata) == ["diaries.born"]


@pytest.mark.parametrize(
    ("kind", "blank"),
    [(Text(), ""), (JSONB(), {}), (ARRAY(Text()), []), (LargeBinary(), b"")],
)
def test_what_takes_no_null_is_left_empty(kind: Any, blank: object) -> None:
    assert blank_of(Column("words", kind, nullable=False)) == blank
    assert blank_of(Column("words", kind, nullable=True)) is None


def test_numbers_that_must_be_there_cannot_be_blank() -> None:
    with pytest.raises(TypeError, match="cannot be blank"):
        blank_of(Column("height", Numeric, nullable=False))


def test_every_personal_column_of_a_customer_says_what_it_means() -> None:
    unsaid = [
        str(column)
        for held in held_tables(METADATA)
        for column in held.personal
        if not isinstance(column.info[PERSONAL], str)
    ]
    assert unsaid == []


async def test_every_table_refuses_rows_of_the_erased(uow: UnitOfWork) -> None:
    """A new table of customers needs the trigger too; see the migration `0008_erasure`."""
    guarded = await uow.scalars(
        text(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname IN ('refuse_erased', 'keep_erased') AND tgenabled = 'O'"
        )
    )
    telling = {held.name for held in held_tables(METADATA) if held.personal}
    owned = {held.name for held in held_tables(METADATA) if "customer_id" in held.table.columns}
    assert telling | owned <= set(guarded) <= {held.name for held in held_tables(METADATA)}
