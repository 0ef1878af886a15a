"""The store from GraphQL to Shopkit's JSON.

What only its storefront knows is kept in the store's `design`, by Shopkit's names.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.rest.parameters import slug_of
from commerce.rest.route import Call, Json, Node
from commerce.rest.shopkit.store.payments import payments

META_LENGTH: Final = 140
LINKS: Final = ("facebook", "twitter", "instagram", "pinterest")
OF_DESIGN: Final = (
    "custom_css",
    "custom_js",
    "head_html",
    "footer_html",
    "footer_info",
    "meta_tags",
    "category_default_order",
    "basecolor",
    "secondarycolor",
    "theme",
)
ASSETS: Final = ("url", "images", "css", "plugins", "scripts")
PRIMARY: Final = ("primary", "main", "header")
SECONDARY: Final = ("secondary", "footer")
# What an item of a menu may lead to, and what Shopkit calls it.
TARGETS: Final = {
    "page": "menu_page",
    "category": "menu_category",
    "product": "menu_product",
    "collection": "menu_collection",
}


def store(
    shop: Node,
    menus: Sequence[Node],
    methods: Sequence[Node],
    lists: Sequence[Node],
    call: Call,
) -> Json:
    design = shop["design"] if isinstance(shop["design"], Mapping) else {}
    return {
        **_head(shop, design),
        **_contact(shop),
        **{name: design.get(name) for name in OF_DESIGN},
        "dark_mode": bool(design.get("dark_mode")),
        "page_title": shop["seoTitle"] or shop["name"],
        "meta_description": shop["seoDescription"] or shop["description"][:META_LENGTH],
        "navigation": {
            "primary": _menu(menus, PRIMARY, call),
            "secondary": _menu(menus, SECONDARY, call),
        },
        "payments": payments(methods),
        "assets": _assets(design),
        "images_header": list(design.get("images_header") or ()),
        "taxes_included": any(each["isDefault"] and each["pricesIncludeTax"] for each in lists),
        "domain": call.origin.partition("://")[2],
        "is_ssl": call.origin.startswith("https://"),
    }


def _head(shop: Node, design: Mapping[str, Any]) -> dict[str, Any]:
    links = {link["name"]: link["url"] for link in shop["socialLinks"]}
    return {
        "username": design.get("username") or slug_of(shop["name"]),
        "name": shop["name"],
        "logo": shop["logoUrl"] or None,
        "description": shop["description"],
        "notice": shop["notice"] or None,
        **{name: links.get(name) for name in LINKS},
        "favicon": shop["faviconUrl"] or None,
        "currency": shop["currencyCode"],
    }


def _contact(shop: Node) -> dict[str, Any]:
    town = f"{shop['postalCode']} {shop['city']}".strip()
    return {
        "show_email": shop.get("showEmail", shop["email"] is not None),
        "email": shop["email"],
        "phone": shop["phone"] or None,
        "cellphone": shop["mobile"] or None,
        "address": "\n".join(line for line in (shop["line1"], shop["line2"], town) if line),
        "latitude": shop["latitude"] or "",
        "longitude": shop["longitude"] or "",
    }


def _assets(design: Mapping[str, Any]) -> Json:
    held = design.get("assets")
    known = held if isinstance(held, Mapping) else {}
    return {name: known.get(name) for name in ASSETS}


def _menu(menus: Sequence[Node], codes: Sequence[str], call: Call) -> list[Json]:
    by_code = {menu["code"]: menu for menu in menus}
    menu = next((by_code[code] for code in codes if code in by_code), None)
    return [] if menu is None else [_item(item, call) for item in menu["items"]]


def _item(item: Node, call: Call) -> Json:
    """What leads to a thing of the shop is named by its id, any other by its path."""
    target = next((name for name in TARGETS if item[name] is not None), None)
    url = item["url"]
    path = url.removeprefix(call.origin).strip("/")
    return {
        "menu_text": item["title"],
        "menu_type": TARGETS[target or "page"],
        "menu_url": url if "://" in url else f"{call.origin}/{path}".rstrip("/"),
        "menu_item": str(item[target]["databaseId"]) if target else path or "/",
        "target_blank": item["newTab"],
    }
