"""What search engines are told."""

import strawberry

from resolvers.permissions import public


@strawberry.type(description="What search engines are told about a page.")
class Seo:
    title: str = public("Title of the page; empty means the thing's own.")
    description: str = public("Summary of the page.")


@strawberry.input(description="What search engines are told about a page.")
class SeoInput:
    title: str | None = strawberry.field(default=strawberry.UNSET, description="Title of the page.")
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="Summary of the page."
    )
