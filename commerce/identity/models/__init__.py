"""Tables of sessions and tokens."""

from commerce.identity.models.purpose_tokens import PurposeToken
from commerce.identity.models.sessions import Session

__all__ = ["PurposeToken", "Session"]
