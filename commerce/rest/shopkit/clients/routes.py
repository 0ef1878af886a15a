"""Clients: our customers."""

from typing import Any, Final

from commerce.rest.route import Route
from commerce.rest.shopkit.clients import inputs, shapes
from commerce.rest.shopkit.envelope import CONFLICTS

PARTS: Final = (inputs.ADDRESS, inputs.BLOCK, inputs.UNBLOCK)
WRITES: Final[dict[str, Any]] = {
    "problems": CONFLICTS,
    "renamed": inputs.RENAMED,
    "seed": False,
}
# Of john@example.com and jane@example.com.
DIGESTS: Final = ("d4c74594d841139328695756648b6bd6", "9e26471d35a78862c17e467d87cddedf")

ROUTES: Final = (
    Route(
        "GET",
        "/client",
        "ShopkitClients",
        inputs.clients,
        shapes.clients,
        query=inputs.FILTERS,
        seed=False,
        about="Clients, the newest first.",
    ),
    Route(
        "POST",
        "/client",
        inputs.CREATE,
        status=201,
        flow=inputs.added,
        further=(inputs.READ, *PARTS),
        body=inputs.NEW,
        about="Add a client.",
        **WRITES,
    ),
    Route(
        "GET",
        "/client/{hash}",
        "ShopkitClients",
        inputs.by_hash,
        shapes.found,
        seed=False,
        about="The client whose e-mail address has this MD5 digest.",
        examples={"hash": DIGESTS},
    ),
    Route(
        "PUT",
        "/client/{hash}",
        inputs.READ,
        flow=inputs.changed,
        further=(inputs.UPDATE, *PARTS),
        body=inputs.CHANGED,
        about="Change the client with this id.",
        **WRITES,
    ),
    Route(
        "DELETE",
        "/client/{hash}",
        inputs.READ,
        flow=inputs.erased,
        further=(inputs.ERASE,),
        seed=False,
        about="Forget the client with this id.",
    ),
)
