"""Lists of customers walk an index: a page costs what it shows, not how many there are."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Select, text
from sqlalchemy.dialects import postgresql

from commerce.core.criteria import Direction, Range, TagsAre, TextIs
from commerce.core.db import UnitOfWork
from commerce.core.paging import PageArgs
from commerce.core.viewer import SYSTEM
from commerce.customers.criteria import (
    AddressIs,
    CustomerListing,
    CustomerOrder,
    CustomerOrderField,
    CustomerWhere,
)
from commerce.customers.repository.customers import CustomerRepository, page_statement

MANY = """
INSERT INTO customer_groups (id, name) VALUES (7, 'Trade');
INSERT INTO customers (email, external_id, first_name, last_name, company, phone, tags, group_id,
                       created_at, updated_at)
SELECT md5(n::text) || '@shop.test', 'erp-' || n, md5(n || 'a'), md5(n || 'b'), md5(n || 'c'),
       '+49170' || 1000000 + n, CASE WHEN n % 97 = 0 THEN '{vip}'::text[] ELSE '{}' END,
       CASE WHEN n % 50 = 0 THEN 7 ELSE 0 END,
       now() - n * interval '1 minute', now() - n % 700 * interval '1 minute'
  FROM generate_series(1, 3000) n;
INSERT INTO customer_addresses (customer_id, country)
SELECT id, CASE WHEN id % 200 = 0 THEN 'FR' ELSE 'DE' END FROM customers;
ANALYZE customers;
ANALYZE customer_addresses
"""
MIDNIGHT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
async def many(uow: UnitOfWork) -> UnitOfWork:
    for statement in MANY.split(";\n"):
        await uow.change(text(statement.replace(":", r"\:")))
    return uow


async def plan(uow: UnitOfWork, statement: Select[Any]) -> str:
    shown = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects are made untyped
    plain = str(shown).replace(":", r"\:").replace("%%", "%")
    return "\n".join(row[0] for row in await uow.rows(text(f"EXPLAIN {plain}")))


@pytest.mark.parametrize("field", CustomerOrderField)
async def test_a_page_is_a_walk_from_where_it_starts(
    many: UnitOfWork, field: CustomerOrderField
) -> None:
    for direction, backwards in product(Direction, (False, True)):
        listing = CustomerListing(order=(CustomerOrder(field, direction),))
        middle = await CustomerRepository(many, SYSTEM).page(listing, PageArgs(1, offset=1300))
        position = tuple(middle.rows[0][-middle.key_count :])
        for args in (
            PageArgs(24, backwards=backwards),
            PageArgs(24, position, backwards=backwards),
        ):
            shown = await plan(many, page_statement(listing, SYSTEM, args)[0])
            assert "Index" in shown, shown
            assert "Sort" not in shown, shown
            assert "Seq Scan" not in shown, shown
            if args.position is not None:
                assert "Index Cond" in shown, shown


SERVED_BY = (
    (CustomerWhere(words="c81e728d"), "ix_customers_words"),
    (CustomerWhere(words="c81e d9d4"), "ix_customers_words"),
    (CustomerWhere(email=TextIs(contains="c81e728d")), "ix_customers_words"),
    (CustomerWhere(email=TextIs(starts_with="c81e728d")), "ix_customers_words"),
    (CustomerWhere(name=TextIs(contains="c81e728d")), "ix_customers_words"),
    (CustomerWhere(phone=TextIs(contains="1702345")), "ix_customers_words"),
    (CustomerWhere(company=TextIs(contains="c81e728d")), "ix_customers_words"),
    (CustomerWhere(email=TextIs(("a@shop.test",))), "uq_customers_email"),
    (CustomerWhere(external_id=TextIs(("erp-1",))), "uq_customers_external_id"),
    (CustomerWhere(ids=(1, 2)), "pk_customers"),
    (CustomerWhere(tags=(TagsAre(("vip",)),)), "ix_customers_tags"),
    (CustomerWhere(group_ids=(7,)), "ix_customers_group_id_created_at_id"),
    (
        CustomerWhere(addresses=(AddressIs(countries=("FR",)),)),
        "ix_customer_addresses_country_customer_id",
    ),
    (CustomerWhere(created_at=Range(lt=MIDNIGHT)), "ix_customers_created_at_id"),
    (CustomerWhere(updated_at=Range(lt=MIDNIGHT)), "ix_customers_updated_at_id"),
)


async def test_a_filter_that_finds_few_is_served_by_its_index(many: UnitOfWork) -> None:
    for where, index in SERVED_BY:
        shown = await plan(many, page_statement(CustomerListing(where), SYSTEM, PageArgs(24))[0])
        assert index in shown, f"{where}\n{shown}"
        assert "Seq Scan on customers" not in shown, f"{where}\n{shown}"
