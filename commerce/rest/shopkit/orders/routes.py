"""Orders: listed, shown, changed, deleted, invoiced."""

from typing import Final

from commerce.rest.fields import Field
from commerce.rest.kinds import whole
from commerce.rest.route import Route
from commerce.rest.shopkit.orders import bulk, changing, inputs, listing, shapes

ONE: Final = "/order/{id}"
ORDER: Final = changing.ORDER

ROUTES: Final = (
    Route(
        "GET",
        "/order",
        ORDER,
        inputs.by_query,
        shapes.found,
        when=("id",),
        query=(Field("id", whole(1), required=True), *inputs.LISTED),
        about="An order by its id.",
    ),
    Route(
        "GET",
        "/order",
        "ShopkitOrders",
        query=inputs.LISTED,
        flow=listing.get_many,
        further=(listing.COUPON,),
        about="Orders, the newest first.",
    ),
    Route(
        "PUT",
        "/order",
        ORDER,
        body=inputs.CHANGE,
        flow=changing.without_id,
        about="Refused: the id belongs in the path.",
    ),
    Route(
        "PUT",
        "/order/bulk",
        ORDER,
        body=inputs.BULK,
        flow=bulk.put_many,
        further=changing.STEPS,
        seldom=changing.SELDOM,
        seed=False,
        about="Change up to 50 orders.",
    ),
    Route(
        "PUT",
        "/order/bulk/invoice",
        bulk.ISSUE,
        body=inputs.BULK_INVOICES,
        flow=bulk.invoice_many,
        further=(ORDER,),
        seed=False,
        about="Issue the invoices of up to 50 orders.",
    ),
    Route("GET", ONE, ORDER, inputs.by_path, shapes.found, about="An order."),
    Route(
        "PUT",
        ONE,
        ORDER,
        body=inputs.CHANGE,
        flow=changing.put,
        further=changing.STEPS,
        seldom=changing.SELDOM,
        about="Change an order: its status, whether it is paid, notes, tracking.",
    ),
    Route(
        "DELETE",
        ONE,
        "ShopkitOrderArchive",
        flow=changing.delete,
        further=(ORDER, "ShopkitOrderCancel"),
        about="Delete an order; what was not sent goes back to the stock.",
    ),
    Route(
        "POST",
        "/order/{id}/invoice",
        bulk.ISSUE,
        status=201,
        flow=bulk.invoice,
        further=(ORDER,),
        seed=False,
        about="Issue the invoice of an order.",
    ),
)
