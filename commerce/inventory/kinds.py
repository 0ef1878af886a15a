"""The closed sets of words the stock ledger uses."""

from enum import Enum


class MovementKind(Enum):
    """Why stock moved."""

    ADJUSTMENT = "adjustment"
    COUNT = "count"
    IMPORT = "import"
    RECEIPT = "receipt"
    TRANSFER = "transfer"
    SALE = "sale"
    RETURN = "return"
