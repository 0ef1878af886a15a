"""Making carts, and putting things into them."""

from typing import Any

import strawberry

from commerce.carts.rules.lines import MAX_LINES, NewLine
from commerce.core.problems import NotFound, Problem
from resolvers.carts.inputs import CartInput, CartPayload, problem_of, ref_of
from resolvers.context import Info
from resolvers.mutations import Transactional, at_most
from resolvers.nodes import require_key, require_keys
from resolvers.permissions import public
from resolvers.scalars import JSON, CurrencyCode


@strawberry.input(description="Units of a variant. Other extra fields make another line.")
class CartLineInput:
    variant_id: strawberry.ID = strawberry.field(description="What is bought.")
    quantity: int = strawberry.field(default=1, description="How many units: 1 to 9,999.")
    extra_fields: JSON | None = strawberry.field(
        default=None, description="What is asked for with the goods: an engraving."
    )


@strawberry.input(description="A new cart. Customers have one: theirs is filled if there is one.")
class CartCreateInput:
    lines: list[CartLineInput] = strawberry.field(
        default_factory=list, description="What is put into it, at most 100."
    )
    currency_code: CurrencyCode | None = strawberry.field(
        default=None, description="One that the store sells in; absent, its own."
    )
    attribution: JSON | None = strawberry.field(
        default=None, description="What led the buyer to the shop."
    )
    source: str = strawberry.field(default="", description="Which door it comes in by: `app`.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Whose cart it is, for the shop's people who may write carts; absent, one's"
        " own.",
    )


@strawberry.input(description="The cart to go on with, whichever that is.")
class CartOpenInput:
    cart_token: str | None = strawberry.field(
        default=None,
        description="The token of a cart. Programs may send any text that tells one visitor of"
        " theirs from others.",
    )


@strawberry.input(description="What is put into a cart, all of it or nothing.")
class CartLinesAddInput(CartInput):
    lines: list[CartLineInput] = strawberry.field(description="What, at most 100.")


@strawberry.input(description="How many units a line has from now on.")
class CartLineUpdateInput:
    id: strawberry.ID = strawberry.field(description="The line.")
    quantity: int = strawberry.field(description="0 removes it.")


@strawberry.input(description="How many units lines have from now on.")
class CartLinesUpdateInput(CartInput):
    lines: list[CartLineUpdateInput] = strawberry.field(description="Which, at most 100.")


@strawberry.input(description="Lines that are taken out of a cart.")
class CartLinesRemoveInput(CartInput):
    line_ids: list[strawberry.ID] = strawberry.field(description="Which, at most 100.")


@strawberry.input(description="How many units of a variant are in a cart, whatever there was.")
class CartLineSetInput(CartInput):
    line: CartLineInput = strawberry.field(description="What, and how many; 0 removes it.")


@strawberry.input(description="A cart that loses all of its lines.")
class CartClearInput(CartInput):
    pass


@strawberry.type
class CartLineMutations:
    @public("Make a cart, with something in it or empty.", extensions=[Transactional()])
    async def cart_create(self, info: Info, input: CartCreateInput) -> CartPayload:
        lines, owner = _lines(input.lines), _owner(input)
        if isinstance(lines, Problem) or isinstance(owner, Problem):
            return CartPayload.of(problem_of(lines, owner))
        values: dict[str, Any] = {
            "currency": input.currency_code,
            "attribution": {} if input.attribution is None else input.attribution,
            "source": input.source,
        }
        service = info.context.services.cart_lines
        return CartPayload.of(await service.create(values, lines, owner))

    @public(
        "The cart to go on with, made if there is none: the one with the token, else one's own."
        " Customers have one; programs and the shop's people one, and one for each token they"
        " send. Asked many times at once it is one cart.",
        extensions=[Transactional()],
    )
    async def cart_open(self, info: Info, input: CartOpenInput) -> CartPayload:
        return CartPayload.of(await info.context.services.cart_keeping.open(input.cart_token))

    @public(
        "Put things into a cart; more units of what is in it already.",
        extensions=[Transactional()],
    )
    async def cart_lines_add(self, info: Info, input: CartLinesAddInput) -> CartPayload:
        ref, lines = ref_of(input), _lines(input.lines)
        if isinstance(ref, Problem) or isinstance(lines, Problem):
            return CartPayload.of(problem_of(ref, lines))
        service = info.context.services.cart_lines
        return CartPayload.of(await service.add(ref, lines, input.expected_version))

    @public("Set how many units lines have.", extensions=[Transactional()])
    async def cart_lines_update(self, info: Info, input: CartLinesUpdateInput) -> CartPayload:
        at_most(input.lines, "lines", MAX_LINES)
        ids = require_keys([line.id for line in input.lines], "CartLine", "lines")
        ref = ref_of(input)
        if isinstance(ref, Problem) or isinstance(ids, Problem):
            return CartPayload.of(problem_of(ref, ids))
        wanted = dict(zip(ids, (line.quantity for line in input.lines), strict=True))
        service = info.context.services.cart_lines
        return CartPayload.of(await service.update(ref, wanted, input.expected_version))

    @public("Take lines out of a cart.", extensions=[Transactional()])
    async def cart_lines_remove(self, info: Info, input: CartLinesRemoveInput) -> CartPayload:
        at_most(input.line_ids, "lineIds", MAX_LINES)
        ref, ids = ref_of(input), require_keys(input.line_ids, "CartLine", "line_ids")
        if isinstance(ref, Problem) or isinstance(ids, Problem):
            return CartPayload.of(problem_of(ref, ids))
        service = info.context.services.cart_lines
        return CartPayload.of(await service.remove(ref, ids, input.expected_version))

    @public("Set how many units of a variant are in a cart.", extensions=[Transactional()])
    async def cart_line_set(self, info: Info, input: CartLineSetInput) -> CartPayload:
        ref, lines = ref_of(input), _lines([input.line])
        if isinstance(ref, Problem) or isinstance(lines, Problem):
            return CartPayload.of(problem_of(ref, lines))
        service = info.context.services.cart_lines
        return CartPayload.of(await service.set(ref, lines[0], input.expected_version))

    @public("Take everything out of a cart.", extensions=[Transactional()])
    async def cart_clear(self, info: Info, input: CartClearInput) -> CartPayload:
        ref = ref_of(input)
        if isinstance(ref, Problem):
            return CartPayload.of(ref)
        service = info.context.services.cart_lines
        return CartPayload.of(await service.clear(ref, input.expected_version))


def _owner(input_: CartCreateInput) -> int | NotFound | None:
    if input_.customer_id is None:
        return None
    return require_key(input_.customer_id, "Customer", "customer_id")


def _lines(inputs: list[CartLineInput]) -> list[NewLine] | NotFound:
    at_most(inputs, "lines", MAX_LINES)
    lines = []
    for place, line in enumerate(inputs):
        key = require_key(line.variant_id, "ProductVariant", "lines", str(place), "variant_id")
        if isinstance(key, NotFound):
            return key
        extra: Any = {} if line.extra_fields is None else line.extra_fields
        lines.append(NewLine(key, line.quantity, extra))
    return lines
