"""The two calendars: sessions of the exchange and business days of the SEC. The only importer of exchange_calendars.

Sources: exchange_calendars at the locked version with the corrections file; the business-day file (5 U.S.C. 6103
and the SEC's closing notices). Mixing the two is the commonest error in this field.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

FIRST, LAST = date(2018, 1, 1), date(2027, 6, 30)
"""The days for which both calendars are held to published lists."""
AROUND = date(2017, 6, 15), date(2028, 12, 31)
"""The days within which fiscal quarters end of which a window, or the quarter before or after it, meets the calendars."""


@dataclass(frozen=True)
class Days:
    """Days that count, in order. Every expression gives null for a date outside FIRST to LAST, or where it would end there."""

    days: pl.Series

    def _at(self, index: pl.Expr) -> pl.Expr:
        inside = index.is_between(0, len(self.days) - 1)
        return pl.lit(self.days).gather(pl.when(inside).then(index))

    def _first_index(self, day: pl.Expr, side: str) -> pl.Expr:
        found = pl.lit(self.days).search_sorted(day, side=side).cast(pl.Int64)  # type: ignore[arg-type]  # literal of two
        return pl.when(day.is_between(FIRST, LAST)).then(found)

    def counts(self, day: pl.Expr) -> pl.Expr:
        """Whether each day counts."""
        return pl.when(day.is_between(FIRST, LAST)).then(day.is_in(self.days.implode()))

    def on_or_after(self, day: pl.Expr, more: pl.Expr | int = 0) -> pl.Expr:
        """The first day that counts on or after each day, and `more` of them further."""
        return self._at(self._first_index(day, "left") + more)

    def after(self, day: pl.Expr, count: pl.Expr | int = 1) -> pl.Expr:
        """The count-th day that counts after each day."""
        return self._at(self._first_index(day, "right") + count - 1)

    def before(self, day: pl.Expr, count: pl.Expr | int = 1) -> pl.Expr:
        """The count-th day that counts before each day."""
        return self._at(self._first_index(day, "left") - count)

    def index(self, day: pl.Expr) -> pl.Expr:
        """Position of the first day that counts on or after each day."""
        return self._first_index(day, "left")


@dataclass(frozen=True)
class Sessions:
    """Regular sessions: every one, those of full length, and those that close early."""

    every: Days
    full_length: Days
    early: Days
    version: str

    def closes_at(self, day: pl.Expr) -> pl.Expr:
        """Time of the close on each day, New York: 16:00, or 13:00 on an early close."""
        return pl.when(self.early.counts(day)).then(pl.time(13, 0)).otherwise(pl.time(16, 0))


@dataclass(frozen=True)
class BusinessDays:
    """SEC business days, twice: unverified closures taken as open, and taken as closed."""

    sooner: Days
    later: Days


def sessions(corrections: pl.DataFrame, exchange: str = "XNYS") -> Sessions:
    """Sessions of the exchange with the corrections (day, kind: closed, early_close or open) laid over them."""
    import exchange_calendars

    calendar = exchange_calendars.get_calendar(exchange, start=str(FIRST), end=str(LAST))
    held = {day.date() for day in calendar.sessions}
    early = {day.date() for day in calendar.early_closes}
    for day, kind in corrections.select("day", "kind").rows():
        held = held - {day} if kind == "closed" else held | {day}
        early = early | {day} if kind == "early_close" else early - {day}
    return Sessions(_days(held), _days(held - early), _days(early), exchange_calendars.__version__)


def business_days(closures: pl.DataFrame) -> BusinessDays:
    """Weekdays without the closures (day, kind, source, verified) of the SEC's calendar."""
    every = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    weekdays = {day for day in every if day.weekday() < 5}  # noqa: PLR2004 - Saturday is 5
    verified = set(closures.filter("verified")["day"])
    return BusinessDays(_days(weekdays - verified), _days(weekdays - set(closures["day"])))


def _days(held: set[date]) -> Days:
    return Days(pl.Series("day", sorted(held), dtype=pl.Date))


def months_later(day: pl.Expr, months: pl.Expr | int, *, clamp: bool = False) -> pl.Expr:
    """The same day of a later month; where the month lacks it, the first of the month after (or, clamped, its last day)."""
    count = pl.lit(months) if isinstance(months, int) else months
    month_start = day.dt.truncate("1mo").dt.offset_by(pl.format("{}mo", count))
    same_day = month_start + pl.duration(days=day.dt.day().cast(pl.Int64) - 1)
    exists = same_day.dt.month() == month_start.dt.month()
    fallback = month_start.dt.month_end() if clamp else month_start.dt.offset_by("1mo")
    return pl.when(exists).then(same_day).otherwise(fallback)
