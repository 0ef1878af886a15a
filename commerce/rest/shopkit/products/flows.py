"""Changes of products that begin with a look at them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.errors import not_found
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Ask, Call, Flow, Json, Reply, Shape, Steps
from commerce.rest.shopkit.products import bodies, groups, options, shapes
from commerce.rest.shopkit.products.option_bodies import changed as option_changed

READ: Final = "ShopkitProduct"
SET: Final = "ShopkitProductSet"
ARCHIVE: Final = "ShopkitProductArchive"
ARCHIVE_OPTIONS: Final = "ShopkitOptionsArchive"
Change = Callable[[Mapping[str, Any], Call], dict[str, Any]]


def changed(call: Call) -> Steps:
    stored = yield from _stored(call)
    payload = yield Ask(SET, bodies.changed(call, stored))
    return shapes.written(payload, call)


def archived(call: Call) -> Steps:
    """What was deleted before is not there."""
    stored = yield from _stored(call)
    yield Ask(ARCHIVE, {"input": {"id": global_id("Product", stored["databaseId"])}})
    return Reply(None, 204)


def grouped(change: Change, shape: Shape) -> Flow:
    """A flow that says the groups and options of a product anew."""

    def flow(call: Call) -> Steps:
        stored = yield from _stored(call)
        payload = yield Ask(SET, change(stored, call))
        return shape(payload["product"], call)

    return flow


def option_set(call: Call) -> Steps:
    stored = yield from _stored(call)
    options.one_option(stored, call)
    payload = yield Ask(SET, option_changed(call, stored))
    return options.one_option(payload["product"], call)


def option_archived(call: Call) -> Steps:
    stored = yield from _stored(call)
    id_ = options.one_option(stored, call)["id"]
    product = global_id("Product", stored["databaseId"])
    variant = global_id("ProductVariant", id_)
    yield Ask(ARCHIVE_OPTIONS, {"input": {"productId": product, "variantIds": [variant]}})
    return Reply(None, 204)


def ungrouped(_node: Any, _call: Call) -> Json | Reply:
    return Reply(None, 204)


ADD_GROUP: Final = grouped(groups.with_group, options.group_list)
CHANGE_GROUP: Final = grouped(groups.with_changed_group, options.group_list)
REMOVE_GROUP: Final = grouped(groups.without_group, ungrouped)


def _stored(call: Call) -> Any:
    """The product of the path, as it is now."""
    id_ = key_in_path(call.params["id"], "Product")
    stored = yield Ask(READ, {"id": id_, "slug": None})
    if stored["status"] == "ARCHIVED":
        raise not_found()
    return stored
