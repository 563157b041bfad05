"""Sessions, business days and the counting of full days, worked out from the published holidays alone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
OPEN = time(9, 30)


def _days(text: str) -> set[date]:
    return {date.fromisoformat(each) for each in text.split()}


NO_SESSION = _days("""
    2022-01-17 2022-02-21 2022-04-15 2022-05-30 2022-06-20 2022-07-04 2022-09-05 2022-11-24 2022-12-26
    2023-01-02 2023-01-16 2023-02-20 2023-04-07 2023-05-29 2023-06-19 2023-07-04 2023-09-04 2023-11-23 2023-12-25
    2024-01-01 2024-01-15 2024-02-19 2024-03-29 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-11-28 2024-12-25
    2025-01-01 2025-01-09 2025-01-20 2025-02-17 2025-04-18 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-11-27 2025-12-25
    2026-01-01 2026-01-19 2026-02-16
""")
EARLY_CLOSES = _days("2023-07-03 2023-11-24 2024-07-03 2024-11-29 2024-12-24 2025-07-03 2025-11-28 2025-12-24")
GOOD_FRIDAYS = _days("2022-04-15 2023-04-07 2024-03-29 2025-04-18")
SEC_HOLIDAYS = _days("2022-10-10 2022-11-11 2023-10-09 2023-11-10 2024-10-14 2024-11-11 2025-10-13 2025-11-11")


def is_session(day: date) -> bool:
    return day.weekday() < 5 and day not in NO_SESSION


def is_business_day(day: date) -> bool:
    return day.weekday() < 5 and day not in (NO_SESSION - GOOD_FRIDAYS) | SEC_HOLIDAYS


def _step(day: date, counts, times: int, direction: int) -> date:
    while times:
        day += timedelta(days=direction)
        times -= counts(day)
    return day


def session_after(day: date, times: int = 1) -> date:
    return _step(day, is_session, times, 1)


def session_before(day: date, times: int = 1) -> date:
    return _step(day, is_session, times, -1)


def business_day_after(day: date, times: int = 1) -> date:
    return _step(day, is_business_day, times, 1)


def business_day_from(day: date) -> date:
    """The day itself if it is a business day, else the next one."""
    return day if is_business_day(day) else business_day_after(day)


def three_months_after(day: date) -> date:
    """The same day three months later; for days that every month has."""
    return date(day.year + (day.month > 9), (day.month + 2) % 12 + 1, day.day)


def sessions_between(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if is_session(day)]


def valid_through(day: date, clock: str) -> date:
    """The second session that elapses completely after this moment."""
    before_open = is_session(day) and time.fromisoformat(clock) < OPEN
    first = day if before_open else session_after(day)
    return session_after(first)


def available_from(day: date, clock: str) -> date:
    """The first day on which trading is allowed after news of this moment."""
    return session_after(valid_through(day, clock))


def first_allowed(adopted: date) -> date:
    """The first session on which the plan of someone who is neither director nor executive officer may trade."""
    return session_after(adopted + timedelta(days=30))


def a_year_after(day: date) -> date:
    """The same day of the next year, or 1 March."""
    return date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def last_matching_day(day: date) -> date:
    """The last day of less than six months: the same day six months later, or the first of the month after it, less two days."""
    month = day.month + 6
    year, month = day.year + (month > 12), (month - 1) % 12 + 1
    try:
        anniversary = date(year, month, day.day)
    except ValueError:
        anniversary = date(year + month // 12, month % 12 + 1, 1)
    return anniversary - timedelta(days=2)


def instant(day: date, clock: str, *, in_utc: bool = False) -> str:
    """A moment of New York as ISO text, with New York's offset or as UTC."""
    moment = datetime.combine(day, time.fromisoformat(clock), NEW_YORK)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if in_utc else moment.isoformat()


def day_of(moment: str | date) -> date:
    """The date in New York of a moment written as ISO text; a date is its own."""
    return moment if isinstance(moment, date) else datetime.fromisoformat(moment).astimezone(NEW_YORK).date()
