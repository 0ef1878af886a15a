"""Column kinds that only orders use."""

from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

# What belongs to an order stays when its customer is erased, without what tells of a person.
BLANKED: Final = {"erased": "blanked"}
OF_ORDER: Final = {"info": {"customer": "order_id", **BLANKED}}


def details(empty: str = "{}") -> Any:
    """JSON that is read with its row and never searched."""
    return Field(
        default=None,
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": text(f"'{empty}'")},
    )


def optional_details() -> Any:
    return Field(default=None, sa_type=JSONB(none_as_null=True), nullable=True)


def some_money() -> Any:
    """Money in major units, exact; nothing unless it is said."""
    return Field(
        default=Decimal(0),
        sa_type=Numeric(18, 6),
        nullable=False,
        sa_column_kwargs={"server_default": text("0")},
    )


def number_elsewhere(**options: Any) -> Any:
    """The key of a row that may be gone: what was copied of it is enough."""
    return Field(default=None, sa_type=BigInteger, nullable=True, **options)
