"""What things cost: a price book with its sources, estimates before, a meter during, one purse over all.

A price that is not known is None from end to end and is shown as "unknown", never as zero.
"""

from stillroom.money.amounts import UNKNOWN, Amount, Band, about, rate, usd
from stillroom.money.estimate import Line, Step
from stillroom.money.meter import Budget, Meter, Reading
from stillroom.money.prices import Kind, Price, PriceBook, TokenPrices
from stillroom.money.purse import Purse, Share

__all__ = [
    "UNKNOWN",
    "Amount",
    "Band",
    "Budget",
    "Kind",
    "Line",
    "Meter",
    "Price",
    "PriceBook",
    "Purse",
    "Reading",
    "Share",
    "Step",
    "TokenPrices",
    "about",
    "rate",
    "usd",
]
