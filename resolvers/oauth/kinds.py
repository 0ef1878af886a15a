"""The words of OAuth as GraphQL enums; types import them from here, so that they are."""

from commerce.oauth.kinds import GrantType
from resolvers.enums import described

described(
    GrantType,
    "How a program comes to its tokens.",
    AUTHORIZATION_CODE="A staff member lets it in, in a browser.",
    CLIENT_CREDENTIALS="It stands for itself, with its secret.",
    REFRESH_TOKEN="It gets the next token without being let in anew.",  # noqa: S106  # a description
)

__all__ = ["GrantType"]
