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
