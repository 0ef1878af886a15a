"""Tables of staff, their roles and API keys."""

from commerce.staff.models.api_keys import ApiKey

__all__ = ["ApiKey"]
