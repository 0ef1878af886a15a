"""Every table is audited or left out for a reason, and the triggers do as is said."""

from typing import Any

import pytest
from sqlalchemy import Column, LargeBinary, Text, text

from commerce import migrate
from commerce.audit.tables import AUDITED, LEFT_OUT, shown_columns, unseen_columns
from commerce.core.columns import PERSONAL, is_secret
from commerce.core.db import UnitOfWork

TABLES = migrate.metadata().tables
EVENTS = {"audit_insert", "audit_update", "audit_delete"}
ARGUMENTS = text(
    r"SELECT tgname, string_to_array(encode(tgargs, 'escape'), '\000') FROM pg_trigger"
    " WHERE tgrelid = to_regclass(:name) AND tgname LIKE 'audit\\_%' AND tgenabled = 'O'"
)


def test_every_table_is_audited_or_left_out_for_a_reason() -> None:
    """To have a new table audited, add it to `AUDITED` and call `storegraph_audit` for it in its
    migration, with what the next test prints.
    """
    assert AUDITED.keys() | LEFT_OUT.keys() == TABLES.keys()
    assert not AUDITED.keys() & LEFT_OUT.keys()


def wanted_call(name: str) -> str:
    """What a migration executes to have the table audited as it is said to be."""
    how, table = AUDITED[name], TABLES[name]
    shown, unseen = shown_columns(table, how), unseen_columns(table, how)
    lists = ", ".join(f"'{{{','.join(names)}}}'" for names in (shown, unseen))
    return f"SELECT storegraph_audit('{name}', '{how.kind}', '{how.target}', {lists})"


def listed(text: str) -> set[str]:
    return set(text.strip("{}").split(","))


@pytest.mark.parametrize("name", AUDITED)
async def test_the_triggers_of_a_table_do_as_is_said(uow: UnitOfWork, name: str) -> None:
    how, table = AUDITED[name], TABLES[name]
    found = {row[0]: row[1] for row in await uow.rows(ARGUMENTS, {"name": name})}
    assert found.keys() == EVENTS, wanted_call(name)
    for kind, target, keys, shown, unseen, _end in found.values():
        assert (kind, target) == (how.kind, how.target), wanted_call(name)
        assert listed(keys) == {column.name for column in table.primary_key.columns}
        assert listed(shown) == set(shown_columns(table, how)), wanted_call(name)
        assert listed(unseen) == set(unseen_columns(table, how)), wanted_call(name)


@pytest.mark.parametrize("name", AUDITED)
def test_no_value_that_is_secret_or_personal_is_kept(name: str) -> None:
    table = TABLES[name]
    kept = [table.columns[column] for column in shown_columns(table, AUDITED[name])]
    assert not [column.name for column in kept if is_secret(column) or PERSONAL in column.info]


@pytest.mark.parametrize(
    "column",
    [Column(name, Text()) for name in ("password_hash", "secret", "refresh_token", "sha256")]
    + [Column("data", LargeBinary())],
    ids=lambda column: column.name,
)
def test_secrets_are_known_by_name_and_type(column: Column[Any]) -> None:
    assert is_secret(column)


def test_names_are_no_secrets() -> None:
    assert not is_secret(Column("name", Text()))


def test_a_mark_reaches_the_table() -> None:
    """Marks that get lost on their way would leave everything below without effect."""
    marked = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if PERSONAL in column.info
    }
    assert {"customers.email", "customer_addresses.city", "staff_members.name"} <= marked


async def test_the_log_itself_refuses_change(uow: UnitOfWork) -> None:
    found = await uow.scalars(
        text(
            "SELECT tgtype::int FROM pg_trigger WHERE tgrelid = 'audit_log'::regclass"
            " AND tgname = 'append_only' AND tgenabled = 'O'"
        )
    )
    before, delete, update, truncate = 2, 8, 16, 32
    assert found == [before | delete | update | truncate]
