"""Files of the store as Shopkit's media."""

from pathlib import PurePath

from commerce.rest.errors import not_found
from commerce.rest.printing import seconds_with_offset
from commerce.rest.route import Call, Json, Node, Reply
from commerce.rest.shopkit.envelope import listed
from commerce.rest.shopkit.pictures import SIZES


def media(connection: Node, call: Call) -> Reply:
    return listed([file(node, call) for node in connection["nodes"]], connection, call)


def file(node: Node, call: Call) -> Json:
    """What is no picture has one address, which opens it for an hour."""
    name = PurePath(node["filename"])
    return {
        "id": node["databaseId"],
        "checksum": node["md5"],
        "file_name": node["filename"],
        "file_ext": name.suffix.removeprefix(".").lower(),
        "file_type": node["mimeType"],
        "file_size": node["size"],
        "image_width": node["width"],
        "image_height": node["height"],
        "url": {size: node[size] and node[size]["url"] for size in SIZES} | _document(node),
        "created_at": seconds_with_offset(node["createdAt"], call.zone),
    }


def _document(node: Node) -> dict[str, str]:
    return {"full": node["url"]} if node["url"] else {}


def created(_payload: Node, _call: Call) -> Reply:
    """Without a body: what is fetched from elsewhere is there later."""
    return Reply(None, 201)


def deleted(payload: Node, _call: Call) -> Reply:
    if not payload["deletedIds"]:
        raise not_found()
    return Reply(None, 204)
