"""Rules of stock that need data."""

from commerce.inventory.service.stock import StockService

__all__ = ["StockService"]
