"""What answers say of themselves: what they cost, and while developing also what they may."""

from dataclasses import asdict
from functools import cache

from commerce.http.graphql.errors import Json
from commerce.http.graphql.limits import Limits
from commerce.http.record import RequestRecord


def cost_report(record: RequestRecord) -> Json:
    """Empty for a request that was refused before its cost was known, unless it came too fast."""
    known = {"requested": record.cost, "limit": record.cost_limit}
    cost: Json = known if record.cost_limit else {}
    left = record.allowance
    if left is not None:
        cost["throttle"] = {
            "limit": left.limit,
            "remaining": left.remaining,
            "resetAt": int(left.reset_at),
        }
    return {"cost": cost} if cost else {}


@cache
def limits_report(limits: Limits) -> Json:
    return {"limits": asdict(limits)}
