"""Products, their options and option groups."""

from typing import Any, Final

from commerce.rest.fields import Field
from commerce.rest.kinds import choice, commas, text
from commerce.rest.route import Route
from commerce.rest.shopkit.envelope import CONFLICTS
from commerce.rest.shopkit.paging import PAGING
from commerce.rest.shopkit.products import (
    bodies,
    flows,
    groups,
    inputs,
    option_bodies,
    options,
    shapes,
)

WHEN: Final = ("id", "handle")
ONE: Final = "/product/{id}"
GROUPS: Final = "/product/{id}/option_group"
GROUP: Final = "/product/{id}/option_group/{group}"
OPTIONS: Final = "/product/{id}/option"
OPTION: Final = "/product/{id}/option/{option}"
SEARCHED: Final = (
    Field("query", text(1_000, least=1), required=True, about="Words to be found."),
    Field("fields", commas(choice(*inputs.PARTS)), about="Where; anywhere when not given."),
    *PAGING,
)
CHANGES: Final[dict[str, Any]] = {
    "further": (flows.SET,),
    "problems": CONFLICTS,
    "seed": False,
}

ROUTES: Final = (
    Route(
        "GET",
        "/product/search",
        "ShopkitProducts",
        inputs.search,
        shapes.products,
        query=SEARCHED,
        seed=False,
        about="Products with words in some of their parts.",
    ),
    Route(
        "GET",
        "/product",
        flows.READ,
        inputs.product_asked,
        shapes.product,
        when=WHEN,
        query=(*inputs.ASKED, *inputs.FILTERS),
        about="A product by its id or handle.",
    ),
    Route(
        "GET",
        "/product",
        "ShopkitProducts",
        inputs.products,
        shapes.products,
        query=inputs.FILTERS,
        about="Products, the newest first.",
    ),
    Route(
        "POST",
        "/product",
        flows.SET,
        bodies.added,
        shapes.written,
        201,
        body=bodies.NEW,
        problems=CONFLICTS,
        renamed=bodies.RENAMED,
        seed=False,
        about="Add a product.",
    ),
    Route(
        "GET",
        ONE,
        flows.READ,
        inputs.product,
        shapes.product,
        about="A product by its id or handle.",
    ),
    Route(
        "PUT",
        ONE,
        flows.READ,
        flow=flows.changed,
        body=bodies.CHANGED,
        renamed=bodies.RENAMED,
        about="Change a product.",
        **CHANGES,
    ),
    Route(
        "DELETE",
        ONE,
        flows.READ,
        flow=flows.archived,
        further=(flows.ARCHIVE,),
        seed=False,
        about="Delete a product.",
    ),
    Route(
        "GET",
        GROUPS,
        flows.READ,
        inputs.product_by_id,
        options.group_list,
        seed=False,
        about="The option groups of a product.",
    ),
    Route(
        "POST",
        GROUPS,
        flows.READ,
        status=201,
        flow=flows.ADD_GROUP,
        body=groups.NEW,
        about="Add an option group, and the options it makes.",
        **CHANGES,
    ),
    Route(
        "GET",
        GROUP,
        flows.READ,
        inputs.product_by_id,
        options.one_group,
        seed=False,
        about="An option group.",
    ),
    Route(
        "PUT",
        GROUP,
        flows.READ,
        flow=flows.CHANGE_GROUP,
        body=groups.CHANGED,
        about="Change an option group, and the options it makes.",
        **CHANGES,
    ),
    Route(
        "DELETE",
        GROUP,
        flows.READ,
        flow=flows.REMOVE_GROUP,
        about="Delete an option group.",
        **CHANGES,
    ),
    Route(
        "GET",
        OPTIONS,
        flows.READ,
        inputs.product_by_id,
        options.option_list,
        seed=False,
        about="The options of a product.",
    ),
    Route(
        "GET",
        OPTION,
        flows.READ,
        inputs.product_by_id,
        options.one_option,
        seed=False,
        about="An option.",
    ),
    Route(
        "PUT",
        OPTION,
        flows.READ,
        flow=flows.option_set,
        body=option_bodies.CHANGED,
        about="Change an option.",
        **CHANGES,
    ),
    Route(
        "DELETE",
        OPTION,
        flows.READ,
        flow=flows.option_archived,
        further=(flows.ARCHIVE_OPTIONS,),
        seed=False,
        about="Delete an option.",
    ),
)
