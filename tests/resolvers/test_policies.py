"""Who may select what: the whole list is a file, so that every change of it is reviewed."""

from pathlib import Path

from commerce.core.viewer import Policy
from resolvers.schema import policies
from tests.support.graphql import schema
from tests.support.snapshots import assert_kept

SNAPSHOT = Path(__file__).with_name("policies.txt")


def written(policy: Policy) -> str:
    """`public`, `requires read_stock`, `owner or read_customers`."""
    names = " ".join(sorted(scope.value for scope in policy.scopes))
    if policy.owner:
        return f"owner or {names}" if names else "owner"
    return f"requires {names}" if names else "public"


def test_the_policies_are_the_reviewed_ones() -> None:
    lines = [
        f"{type_}.{field}: {written(policy)}"
        for (type_, field), policy in sorted(policies(schema()).items())
    ]
    assert_kept(SNAPSHOT, lines)


def test_every_mutation_asks_for_something_or_is_listed_as_open() -> None:
    open_ones = {
        field
        for (type_, field), policy in policies(schema()).items()
        if type_ == "Mutation" and policy.is_public
    }
    assert open_ones == OPEN_MUTATIONS


# What strangers may do: each carries its own proof (a cart's token, a link's, a password) or is
# limited in how often it may be tried.
OPEN_MUTATIONS = {
    "batchCreate",  # refused to visitors by the service: no scope stands for all that it may do
    "jobCancel",  # of one's own; strangers have none
    "jobRetry",
    "cartAddressSet",
    "cartClear",
    "cartComplete",
    "cartContactSet",
    "cartCouponApply",
    "cartCouponRemove",
    "cartCreate",
    "cartGiftCardApply",
    "cartGiftCardRemove",
    "cartLineSet",
    "cartLinesAdd",
    "cartLinesRemove",
    "cartLinesUpdate",
    "cartOpen",
    "cartNoteSet",
    "cartPaymentCancel",
    "cartPaymentSelect",
    "cartShippingSelect",
    "customerEmailChange",
    "customerRegister",
    "customerVerificationResend",
    "exportCreate",
    "customerVerify",
    "passwordReset",
    "passwordResetRequest",
    "sessionCreate",
    "sessionRefresh",
    "sessionRevoke",
    "staffAccept",
}
