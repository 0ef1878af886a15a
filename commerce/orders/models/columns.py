"""What the tables of orders say of themselves."""

from typing import Final

# What belongs to an order stays when its customer is erased, without what tells of a person.
BLANKED: Final = {"erased": "blanked"}
OF_ORDER: Final = {"info": {"customer": "order_id", **BLANKED}}
