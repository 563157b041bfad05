"""The two calendars, held to published lists; and the counting primitive, held to worked dates."""

import csv
import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from flows.resources import calendars, text
from tests.worlds import ROOT, policy_text
from transforms.calendar import FIRST, LAST, months_later
from transforms.counting import available_from, last_full_day
from transforms.policy import Policy, read_policy

REAL = Path(os.environ.get("HINDSIGHT_REAL", ROOT.parent / "shared/real"))
NEW_YORK = ZoneInfo("America/New_York")
SESSIONS, BUSINESS = calendars()
WEEKDAYS_WITHOUT_SESSION = """
2018: 01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25  2019: 01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25
2020: 01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25  2021: 01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24
2022: 01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26  2023: 01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25
2024: 01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25  2025: 01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25
2026: 01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25  2027: 01-01 01-18 02-15 03-26 05-31 06-18
"""
SESSION_BUT_NO_BUSINESS_DAY = """
2018-10-08 2018-11-12 2019-10-14 2019-11-11 2019-12-24 2020-10-12 2020-11-11 2020-12-24 2021-06-18 2021-10-11 2021-11-11 2021-12-31 2022-10-10 2022-11-11
2023-10-09 2023-11-10 2024-10-14 2024-11-11 2025-10-13 2025-11-11 2026-10-12 2026-11-11
"""
BUSINESS_DAY_BUT_NO_SESSION = "2018-03-30 2019-04-19 2020-04-10 2021-04-02 2022-04-15 2023-04-07 2024-03-29 2025-04-18 2026-04-03 2027-03-26"
EARLY_CLOSES = """
2018-07-03 2018-11-23 2018-12-24 2019-07-03 2019-11-29 2019-12-24 2020-11-27 2020-12-24 2021-11-26 2022-11-25 2023-07-03 2023-11-24 2024-07-03 2024-11-29
2024-12-24 2025-07-03 2025-11-28 2025-12-24 2026-11-27 2026-12-24
"""


def weekdays() -> set[date]:
    return {day for day in pl.date_range(FIRST, LAST, eager=True).to_list() if day.weekday() < 5}


def test_sessions_are_the_published_ones() -> None:
    year, closed = "", set()
    for word in WEEKDAYS_WITHOUT_SESSION.split():
        if word.endswith(":"):
            year = word[:-1]
        else:
            closed.add(date.fromisoformat(f"{year}-{word}"))
    assert weekdays() - set(SESSIONS.every.days) == closed
    assert [str(day) for day in SESSIONS.early.days] == EARLY_CLOSES.split()


def test_business_days_differ_from_sessions_on_the_published_days() -> None:
    sessions, business = set(SESSIONS.every.days), set(BUSINESS.sooner.days)
    assert sorted(map(str, sessions - business)) == SESSION_BUT_NO_BUSINESS_DAY.split()
    assert sorted(map(str, business - sessions)) == BUSINESS_DAY_BUT_NO_SESSION.split()


def test_unverified_closures_are_open_in_one_count_and_closed_in_the_other() -> None:
    unverified = {row["day"] for row in csv.DictReader(text("business_day_closures.csv").splitlines()) if row["verified"] == "false"}
    assert {str(day) for day in set(BUSINESS.sooner.days) - set(BUSINESS.later.days)} == unverified


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside the repository")
def test_calendars_agree_with_independent_libraries() -> None:
    with (REAL / "calendars/oracle_business_days_2003_2026.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if str(FIRST) <= row["date"] <= str(LAST)]
    sessions, business = set(SESSIONS.every.days), set(BUSINESS.sooner.days)
    ordered = {date(2018, 12, 5), date(2019, 12, 24), date(2020, 12, 24), date(2021, 6, 18), date(2025, 1, 9)}
    for row in rows:
        day = date.fromisoformat(row["date"])
        assert (day in sessions) == (row["xc_XNYS"] == "1"), day
        if day not in ordered:
            assert (day in business) == (row["holidays_US"] == "1"), day


def policy(**readings: str) -> Policy:
    read = read_policy(policy_text({}), text("policy_defaults.toml"))
    for key, value in readings.items():
        read = read.under(key.replace("__", "."), value)
    return read


def counted(said: str, read: Policy, what: object) -> date:
    day, _, clock = said.partition(" ")
    moment = datetime.fromisoformat(said).astimezone(NEW_YORK) if clock else None
    frame = pl.DataFrame(
        {"on": [moment.date() if moment else date.fromisoformat(day)], "at": [moment]}, schema={"on": pl.Date, "at": pl.Datetime("us", "America/New_York")}
    )
    return frame.select(what(pl.col("on"), pl.col("at"), "counting.unknown_announcement_time", SESSIONS, read)).item()  # type: ignore[operator]


OPENINGS = [
    ("2020-11-02 08:00-05:00", "2020-11-04", "2020-11-04"), ("2020-11-02 09:29:59-05:00", "2020-11-04", "2020-11-04"),
    ("2020-11-02 09:30:00-05:00", "2020-11-05", "2020-11-05"), ("2020-11-02 16:05-05:00", "2020-11-05", "2020-11-05"),
    ("2024-11-02 10:00-04:00", "2024-11-06", "2024-11-06"), ("2024-11-27 07:00-05:00", "2024-12-02", "2024-12-03"),
    ("2024-11-27 16:30-05:00", "2024-12-03", "2024-12-04"), ("2024-11-28 12:00-05:00", "2024-12-03", "2024-12-04"),
    ("2024-11-29 13:30-05:00", "2024-12-04", "2024-12-04"), ("2024-07-03 12:59-04:00", "2024-07-09", "2024-07-09"),
    ("2024-12-24 07:00-05:00", "2024-12-27", "2024-12-30"), ("2025-01-08 07:00-05:00", "2025-01-13", "2025-01-13"),
    ("2025-01-08 16:05-05:00", "2025-01-14", "2025-01-14"), ("2024-10-14 07:00-04:00", "2024-10-16", "2024-10-16"),
    ("2020-07-02 16:05-04:00", "2020-07-08", "2020-07-08"), ("2024-03-08 14:29+00:00", "2024-03-12", "2024-03-12"),
    ("2024-03-11 14:29+00:00", "2024-03-14", "2024-03-14"), ("2024-03-11 13:29+00:00", "2024-03-13", "2024-03-13"),
    ("2024-11-01 13:29+00:00", "2024-11-05", "2024-11-05"), ("2024-11-04 14:29+00:00", "2024-11-06", "2024-11-06"),
    ("2024-11-04 14:30+00:00", "2024-11-07", "2024-11-07"), ("2025-03-05", "2025-03-10", "2025-03-10"),
]  # fmt: skip


@pytest.mark.parametrize(("announced", "opens_on", "half_days_skipped"), OPENINGS)
def test_the_window_opens_after_two_full_days(announced: str, opens_on: str, half_days_skipped: str) -> None:
    assert str(counted(announced, policy(), available_from)) == opens_on
    assert str(counted(announced, policy(counting__half_days="skip"), available_from)) == half_days_skipped


@pytest.mark.parametrize(
    ("received", "valid_through"),
    [
        ("2024-11-11 08:00-05:00", "2024-11-12"), ("2024-11-11 09:30-05:00", "2024-11-13"), ("2024-11-08 15:00-05:00", "2024-11-12"),
        ("2024-11-09 10:00-05:00", "2024-11-12"), ("2024-11-26 11:00-05:00", "2024-11-29"), ("2024-11-27 11:00-05:00", "2024-12-02"),
        ("2024-11-29 13:00-05:00", "2024-12-03"), ("2024-03-27 11:00-04:00", "2024-04-01"), ("2024-06-17 11:00-04:00", "2024-06-20"),
    ],
)  # fmt: skip
def test_a_clearance_lasts_two_full_days(received: str, valid_through: str) -> None:
    assert str(counted(received, policy(), last_full_day)) == valid_through


@pytest.mark.parametrize(
    ("earlier", "cutoff", "clamped"),
    [
        ("2024-01-01", "2024-06-29", "2024-06-29"), ("1972-12-20", "1973-06-18", "1973-06-18"), ("2023-08-29", "2024-02-27", "2024-02-27"),
        ("2023-08-31", "2024-02-28", "2024-02-27"), ("2022-08-29", "2023-02-27", "2023-02-26"), ("2024-02-29", "2024-08-27", "2024-08-27"),
        ("2023-03-31", "2023-09-29", "2023-09-28"), ("2023-12-31", "2024-06-29", "2024-06-28"), ("2024-10-31", "2025-04-29", "2025-04-28"),
    ],
)  # fmt: skip
def test_less_than_six_months(earlier: str, cutoff: str, clamped: str) -> None:
    day = pl.DataFrame({"d": [date.fromisoformat(earlier)]})
    two = pl.duration(days=2)
    told = day.select(rolled=months_later(pl.col("d"), 6) - two, clamped=months_later(pl.col("d"), 6, clamp=True) - two).row(0)
    assert tuple(map(str, told)) == (cutoff, clamped)


def test_a_date_outside_the_calendars_is_null_never_clamped() -> None:
    days = pl.DataFrame({"d": [date(2017, 12, 29), date(2027, 7, 1), date(2027, 6, 30), None]}, schema={"d": pl.Date})
    told = days.select(after=SESSIONS.every.after(pl.col("d")), before=SESSIONS.every.before(pl.col("d")), counts=SESSIONS.every.counts(pl.col("d")))
    assert told["after"].to_list() == [None] * 4
    assert told["before"].to_list() == [None, None, date(2027, 6, 29), None]
    assert told["counts"].to_list() == [None, None, True, None]
