"""Rules of handing over whole products that need no data."""

from commerce.interchange.rules.sets import ProductSet, SetResult, StockSet, VariantSet

__all__ = ["ProductSet", "SetResult", "StockSet", "VariantSet"]
