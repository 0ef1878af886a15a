"""What Cartino measures in."""

from decimal import Decimal
from typing import Any, Final

from commerce.core.money import currency_codes
from commerce.rest.fields import ValueKind, unfit

GRAMS: Final = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
MILLIMETRES: Final = {"cm": Decimal(10), "in": Decimal("25.4"), "m": Decimal(1000)}


def currency_code() -> ValueKind:
    """`EUR`, in whatever case."""

    def read(value: Any) -> str:
        code = str(value).strip().upper()
        if code not in currency_codes():
            raise unfit("must be a currency code")
        return code

    return ValueKind(read, {"type": "string", "pattern": "^[A-Za-z]{3}$"})
