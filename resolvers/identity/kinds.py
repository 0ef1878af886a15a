"""The words of identity as GraphQL enums; types import them from here, so that they are."""

from commerce.core.viewer import ViewerKind
from commerce.identity.kinds import Audience
from resolvers.enums import described

described(
    Audience,
    "Where somebody signs in.",
    STOREFRONT="As a customer.",
    STAFF="As one of the shop's people.",
)
described(
    ViewerKind,
    "What the server takes a caller for.",
    ANONYMOUS="Somebody unknown.",
    GUEST="Somebody unknown who holds guest tokens.",
    CUSTOMER="A customer who is signed in.",
    STAFF="A staff member who is signed in.",
    API_KEY="A program with an API key.",
    OAUTH_CLIENT="A program with an OAuth token.",
    SYSTEM="The server itself.",
)

__all__ = ["Audience", "ViewerKind"]
