from decimal import Decimal

from commerce.pricing.rules.draft import TaxRate
from commerce.taxes.rules.percents import together


def test_taxes_together_are_a_percentage_of_the_net_price() -> None:
    vat, eco = TaxRate(1, "VAT", Decimal(23)), TaxRate(2, "Eco", Decimal(10), compound=True)
    assert (together([]), together([vat])) == (Decimal(0), Decimal(23))
    assert together([vat, eco]) == Decimal("35.3")
