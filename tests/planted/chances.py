"""Days, amounts and times of day by chance, all from one seed."""

from datetime import date
from random import Random

from tests.planted import issuer
from tests.planted.calendar import EARLY_CLOSES, instant


class Chances:
    """A seeded source of days and amounts."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def at(self, day: date, clock: str) -> str:
        """A moment of New York, written in one of the two ways in which sources write it."""
        return instant(day, clock, in_utc=self.random.random() < 0.3)

    def open_days(self, count: int) -> list[date]:
        """So many consecutive sessions inside one open window."""
        window = self.random.choice([days for days in issuer.WINDOWS if len(days) >= count])
        first = self.random.randrange(len(window) - count + 1)
        days = window[first : first + count]
        return self.open_days(count) if issuer.UNCERTAIN_AT_EDGAR.intersection(days) else days

    def open_day(self) -> date:
        return self.open_days(1)[0]

    def spaced_days(self, count: int) -> list[date]:
        """At most so many days of open windows, in order and a week or more apart."""
        days = sorted({self.open_day() for _ in range(count)})
        return [day for n, day in enumerate(days) if n == 0 or (day - days[n - 1]).days >= 7]

    def closed_day(self) -> date:
        return self.random.choice(issuer.CLOSED_DAYS)

    def any_session(self) -> date:
        day = self.random.choice(issuer.EVERY_SESSION)
        return self.any_session() if day in issuer.UNCERTAIN_AT_EDGAR else day

    def amount(self) -> int:
        return self.random.randrange(400, 1000)

    def dollars(self) -> str:
        return f"{self.random.randrange(30, 60)}.{self.random.randrange(100):02d}"

    def clock(self, day: date) -> str:
        """A time between the open and the close."""
        return f"{self.random.randrange(10, 13 if day in EARLY_CLOSES else 16):02d}:{self.random.randrange(60):02d}"
