"""The time axis that the pictures share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.reports.words import MONTHS

WIDTH, LEFT, RIGHT = 1040.0, 88.0, 16.0
"""Of every picture, in units of its own; LEFT is where the names of the lanes stand."""
STEPS = ((200, 1), (1150, 3), (2400, 6), (100_000, 12))
"""Longest span in days, and how many months apart its ticks stand."""


@dataclass(frozen=True)
class Tick:
    """A mark on the axis."""

    x: float
    label: str
    is_year: bool


@dataclass(frozen=True)
class Axis:
    """Days from left to right."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day stands; days outside stand at the edge."""
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    @property
    def one_day(self) -> float:
        """How wide a day is."""
        return (WIDTH - LEFT - RIGHT) / max((self.last - self.first).days, 1)

    def middle(self, day: date) -> float:
        """Where the middle of a day stands."""
        return round(min(self.at(day) + self.one_day / 2, WIDTH - RIGHT), 1)

    def whole(self, start: date, end: date) -> tuple[float, float]:
        """Left end and width of a stretch of days, both inside."""
        left = self.at(start)
        return left, round(min(self.at(end) + self.one_day, WIDTH - RIGHT) - left, 1)

    def holds(self, start: date, end: date) -> bool:
        """Whether any of these days is on the axis."""
        return start <= self.last and end >= self.first

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """First days of months, as many as stay readable."""
        span = (self.last - self.first).days
        step = next(months for days, months in STEPS if span <= days)
        days = [start for start in _months(self.first, self.last) if (start.month - 1) % step == 0]
        return tuple(Tick(self.at(start), _label(start, is_first=n == 0), start.month == 1) for n, start in enumerate(days))


def spanning(days: list[date], shortest: int, as_of: date) -> Axis:
    """An axis over some days with a little room on both sides, of so many days at least, and not beyond the night."""
    first, last = min(days), max(days)
    room = max((last - first).days // 25, 10, (shortest - (last - first).days) // 2)
    return Axis(first - timedelta(days=room), max(min(last + timedelta(days=room), as_of), last))


def _months(first: date, last: date) -> Iterator[date]:
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        if date(year, month, 1) >= first:
            yield date(year, month, 1)
        year, month = year + month // 12, month % 12 + 1


def _label(day: date, *, is_first: bool) -> str:
    name = MONTHS[day.month - 1][:3]
    return f"{name} {day.year}" if is_first or day.month == 1 else name
