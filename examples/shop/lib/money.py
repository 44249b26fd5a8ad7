"""Prices are kept in pence, and shown in the currency that the visitor chose."""

from dataclasses import dataclass
from decimal import Decimal

from pyastro.runtime.cookies import Cookies

COOKIE = "currency"


@dataclass(frozen=True)
class Currency:
    """A currency, and how much of it a pound buys."""

    code: str
    symbol: str
    rate: Decimal

    def amount(self, pence: int) -> Decimal:
        """What so many pence are worth."""
        return pence * self.rate / 100


POUND = Currency("GBP", "£", Decimal(1))
CURRENCIES = {
    currency.code: currency
    for currency in (POUND, Currency("EUR", "€", Decimal("1.15")), Currency("USD", "$", Decimal("1.30")))
}


def chosen_currency(cookies: Cookies) -> Currency:
    """The currency of the visitor's cookie, else the pound."""
    cookie = cookies.get(COOKIE)
    return CURRENCIES.get(cookie.value, POUND) if cookie else POUND
