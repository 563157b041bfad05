"""Files that belong to the program: defaults of the law, the business-day file, corrections to the sessions."""

import hashlib
from functools import cache
from importlib.resources import files

import polars as pl

from transforms.calendar import BusinessDays, Sessions, business_days, sessions

DAYS = {"day": pl.Date, "kind": pl.String, "source": pl.String, "verified": pl.Boolean}


def text(name: str) -> str:
    """The text of a file of the program."""
    return files("transforms").joinpath(name).read_text(encoding="utf-8")


def sha256(name: str) -> str:
    """The hash of a file of the program."""
    return hashlib.sha256(text(name).encode()).hexdigest()


def _days(name: str) -> pl.DataFrame:
    return pl.read_csv(text(name).encode(), schema=DAYS)


@cache
def calendars(exchange: str = "XNYS") -> tuple[Sessions, BusinessDays]:
    """Sessions of the exchange and business days of the SEC."""
    return sessions(_days("session_corrections.csv"), exchange), business_days(_days("business_day_closures.csv"))


class Opened(dict[str, tuple[Sessions, BusinessDays]]):
    """Calendars by exchange, opened at their first use."""

    def __missing__(self, exchange: str) -> tuple[Sessions, BusinessDays]:
        """Open the calendars of an exchange."""
        self[exchange] = calendars(exchange)
        return self[exchange]
