"""What carts are sent."""

from typing import Final

from commerce.rest.fields import Field
from commerce.rest.kinds import mapping, record, text, whole

MAX_UNITS: Final = 9_999
NEW_ITEM: Final = record(
    Field("variant_id", whole(1), required=True),
    Field("quantity", whole(1, MAX_UNITS), default=1),
)
NEW_ITEM_OF: Final = record(
    Field("product_variant_id", whole(1)),
    Field("variant_id", whole(1), about="The same."),
    Field("quantity", whole(1, MAX_UNITS), default=1),
    Field("data", mapping(), about="What is asked for with it: another line for other data."),
)
QUANTITY: Final = record(
    Field("quantity", whole(0, MAX_UNITS), required=True, about="0 takes the item out.")
)
CODE: Final = record(Field("code", text(100, least=1), required=True))
SOME_CODE: Final = record(Field("code", text(100), about="Absent: all of them."))
