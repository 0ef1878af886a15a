"""What customers agreed to: a line of the ledger."""

from datetime import datetime

import strawberry

from commerce.core.viewer import Scope
from resolvers.customers.kinds import MarketingChannel
from resolvers.permissions import owner
from resolvers.rows import FromRow

READ = Scope.READ_CUSTOMERS


@strawberry.type(description="One yes or no to being written to.")
class MarketingConsent(FromRow):
    channel: MarketingChannel = owner(READ, description="How.")
    granted: bool = owner(READ, description="Whether it was a yes.")
    source: str = owner(READ, description="Where it was given.")
    created_at: datetime = owner(READ, description="When.")
