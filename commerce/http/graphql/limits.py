"""What one request may ask for: visitors of the shop less than its staff and API keys."""

from dataclasses import dataclass
from typing import Any, Final

from commerce.core.problems import RequestError
from commerce.core.viewer import Viewer


class LimitExceededError(RequestError):
    """Asks for more than one request may; `limit` names which of the `Limits`."""

    code = "LIMIT_EXCEEDED"

    def __init__(self, limit: str, most: int, message: str | None = None) -> None:
        super().__init__(message or f"{NAMES[limit]}: at most {most} are allowed.")
        self.limit = limit
        self.most = most

    @property
    def extensions(self) -> dict[str, Any]:
        return {"limit": {"name": self.limit, "most": self.most}}


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts are taken after fragments are expanded, as execution would.

    `repeats` bounds what validation has to compare: the sum, over all field names, of the square
    of how often the document selects the name. The `input_` limits hold for variables and for
    values written into the document alike.
    """

    characters: int = 20_000
    tokens: int = 1_500
    comments: int = 100
    depth: int = 12
    aliases: int = 30
    fragments: int = 40
    directives: int = 30
    root_fields: int = 15
    mutations: int = 5
    repeats: int = 15_000
    introspections: int = 2
    cost: int = 2_000
    input_depth: int = 10
    input_characters: int = 10_000
    input_items: int = 100
    input_values: int = 2_000


NAMES: Final = {
    "characters": "Characters of the document",
    "tokens": "Tokens of the document",
    "comments": "Comments in the document",
    "depth": "Levels of nested fields",
    "aliases": "Aliases",
    "fragments": "Fragments",
    "directives": "Directives",
    "root_fields": "Fields of the query itself",
    "mutations": "Mutations in one request",
    "repeats": "Pairs of fields of the same name",
    "introspections": "Questions about the schema, and aliases within them",
    "cost": "Cost of the operation",
    "input_depth": "Levels of a nested value",
    "input_characters": "Characters of one text",
    "input_items": "Items of one list",
    "input_values": "Values in the input",
}

STOREFRONT_LIMITS: Final = Limits()
BACK_OFFICE_LIMITS: Final = Limits(
    characters=40_000,
    tokens=3_000,
    comments=200,
    depth=15,
    aliases=60,
    fragments=60,
    directives=60,
    root_fields=30,
    mutations=10,
    repeats=50_000,
    cost=10_000,
    input_depth=12,
    input_characters=100_000,
    input_items=250,
    input_values=20_000,
)


@dataclass(frozen=True, slots=True)
class LimitTable:
    """Signing in as a customer is free: it buys no larger limits."""

    storefront: Limits = STOREFRONT_LIMITS
    back_office: Limits = BACK_OFFICE_LIMITS

    def of(self, viewer: Viewer) -> Limits:
        return self.storefront if viewer.in_storefront else self.back_office
