"""Why somebody is forgotten, and what becomes of the rows."""

from enum import Enum
from typing import Final

CUSTOMER: Final = "customer"  # in a table's info: the column that says whose a row is
ERASED: Final = "erased"  # in a table's info: what becomes of the rows
# In a table's info: the column and its value that make a row a customer's, where others own some.
ONLY: Final = "customer_only"
# In a table's info: the moment that the law has rows kept from, also those of the erased.
KEPT: Final = "kept_since"


class Erased(Enum):
    """What becomes of a table's rows when their customer is erased.

    Blanked ones keep what tells nothing about a person: an order its totals.
    """

    DELETED = "deleted"
    BLANKED = "blanked"


class ErasureReason(Enum):
    """Why; free text could tell what is to be forgotten."""

    CUSTOMER_REQUEST = "customer_request"
    RETENTION_ENDED = "retention_ended"
    CREATED_BY_MISTAKE = "created_by_mistake"
    OTHER = "other"
