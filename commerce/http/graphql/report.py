"""What answers say of themselves: what they cost, and while developing also what they may."""

from dataclasses import asdict
from functools import cache

from commerce.http.graphql.errors import Json
from commerce.http.graphql.limits import Limits
from commerce.http.record import RequestRecord


def cost_report(record: RequestRecord) -> Json:
    """Empty for a request that was refused before its cost was known."""
    if not record.cost_limit:
        return {}
    cost: Json = {"requested": record.cost, "limit": record.cost_limit}
    left = record.allowance
    if left is not None:
        cost["throttle"] = {
            "limit": left.limit,
            "remaining": left.remaining,
            "resetAt": int(left.reset_at),
        }
    return {"cost": cost}


@cache
def limits_report(limits: Limits) -> Json:
    return {"limits": asdict(limits)}
