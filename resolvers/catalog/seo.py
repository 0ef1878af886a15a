"""What search engines are told."""

from typing import Any

import strawberry

from resolvers.permissions import public


@strawberry.type(description="What search engines are told about a page.")
class Seo:
    title: str = public("Title of the page; empty means the thing's own.")
    description: str = public("Summary of the page.")
    keywords: str = public("Words it is to be found by, as the shop writes them.")

    @classmethod
    def of(cls, row: Any) -> "Seo":
        return cls(
            title=row.seo_title,
            description=row.seo_description,
            keywords=row.seo_keywords,
        )


@strawberry.input(description="What search engines are told about a page.")
class SeoInput:
    title: str | None = strawberry.field(default=strawberry.UNSET, description="Title of the page.")
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="Summary of the page."
    )
    keywords: str | None = strawberry.field(
        default=strawberry.UNSET, description="Words it is to be found by."
    )
