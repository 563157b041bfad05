"""Properties: the counting of days."""

from datetime import datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_calendar import SESSIONS, policy
from transforms.counting import available_from


@settings(max_examples=40)
@given(st.datetimes(min_value=datetime(2020, 1, 2), max_value=datetime(2027, 5, 1)), st.integers(0, 5000))  # noqa: DTZ001 - the zone is put in below
def test_a_later_announcement_never_opens_the_window_earlier(moment: datetime, minutes: int) -> None:
    frame = pl.DataFrame({"at": [moment, moment + timedelta(minutes=minutes)]}).with_columns(
        pl.col("at").cast(pl.Datetime("us")).dt.replace_time_zone("America/New_York", ambiguous="earliest", non_existent="null")
    )
    opens = available_from(pl.col("at").dt.date(), pl.col("at"), "counting.unknown_announcement_time", SESSIONS, policy())
    told = frame.filter(pl.col("at").is_not_null()).select(opens).to_series().to_list()
    assert told == sorted(told)
    assert all(day in set(SESSIONS.every.days) for day in told)
