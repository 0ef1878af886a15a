"""The mail that says what is running low."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.catalog.repository.products import ProductRepository
from commerce.catalog.repository.variants import VariantRepository
from commerce.inventory.repository.locations import LocationRepository
from commerce.notifications.messages import Mail

LOW: Final = "stock_low"


class StockMailService:
    def __init__(
        self,
        variants: VariantRepository,
        products: ProductRepository,
        locations: LocationRepository,
    ) -> None:
        self._variants = variants
        self._products = products
        self._locations = locations

    async def low(self, data: Mapping[str, Any]) -> Mail | None:
        """As it was when it ran low; None when nothing of it is sold any more."""
        places = data["places"]
        variants = await self._variants.by_ids({place["variant_id"] for place in places})
        products = await self._products.by_ids({row.product_id for row in variants.values()})
        locations = await self._locations.by_ids({place["location_id"] for place in places})
        shown = [
            {
                "title": _title(products[variant.product_id], variant),
                "location": locations[place["location_id"]].name,
                "available": place["available"],
            }
            for place in places
            if (variant := variants.get(place["variant_id"])) is not None
        ]
        return Mail(LOW, data["to"], data["locale"], {"places": shown}) if shown else None


def _title(product: Any, variant: Any) -> str:
    named = f"{product.title} ({variant.title})" if variant.title else str(product.title)
    return f"{named}, {variant.sku}" if variant.sku else named
