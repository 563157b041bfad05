"""Trades before their clearance, after it had run out or after it was revoked."""

from datetime import date

from tests.planted.calendar import session_after, session_before, valid_through
from tests.planted.registry import fault, twin

WEEKENDS = [date(2023, 5, 13), date(2023, 8, 12), date(2024, 5, 18), date(2024, 9, 14), date(2024, 11, 16), date(2025, 6, 7), date(2025, 8, 16)]


def sale(book, day, clock="any", **said):
    """A sale by a designated person, with the report and Form 4 that it needs."""
    return book.tell(book.trade(book.designated(), "sell", day, clock, **said))


@fault("clearance_after_trade")
def approved_a_second_after_the_trade(book) -> None:
    trade = sale(book, book.open_day(), "11:00:00")
    book.clear(trade, trade.day, "11:00:01")
    book.expect("clearance_after_trade", trade.holder, trade)


@fault("clearance_after_trade")
def approved_later_on_the_day_of_the_trade(book) -> None:
    trade = sale(book, book.open_day(), "10:15")
    book.clear(trade, trade.day, "12:45")
    book.expect("clearance_after_trade", trade.holder, trade)


@fault("clearance_after_trade")
def approved_on_the_session_after_the_trade(book) -> None:
    days = book.open_days(2)
    trade = sale(book, days[0], book.random.choice(["any", None]))
    book.clear(trade, days[1])
    book.expect("clearance_after_trade", trade.holder, trade)


@fault("clearance_after_trade")
def approved_on_the_day_of_a_trade_whose_time_nobody_wrote_down(book) -> None:
    trade = sale(book, book.open_day(), None)
    book.clear(trade)
    book.expect("clearance_after_trade", trade.holder, trade, "undecided")


@fault("clearance_after_trade")
def approved_at_a_time_that_nobody_wrote_down(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, trade.day, None)
    book.expect("clearance_after_trade", trade.holder, trade, "undecided")


@twin("clearance_after_trade")
def approved_at_the_instant_of_the_trade(book) -> None:
    trade = sale(book, book.open_day(), "11:00")
    book.clear(trade, trade.day, "11:00")


@twin("clearance_after_trade")
def approved_the_day_before_a_trade_without_a_time(book) -> None:
    days = book.open_days(2)
    trade = sale(book, days[1], None)
    book.clear(trade, days[0], book.random.choice(["08:00", "11:00", "18:00", None]))


def cleared_and_traded(book, clock, later: int, weekend: date | None = None, traded_at: str = "any"):
    """A sale so many sessions after the last day of its clearance."""
    days = book.open_days(12)
    decided = weekend or days[2]
    last = valid_through(decided, clock or "00:00")
    trade = sale(book, session_after(last, later) if later else last, traded_at)
    book.clear(trade, decided, clock)
    return trade


def stale(book, trade) -> None:
    book.expect("clearance_stale", trade.holder, trade)


@fault("clearance_stale")
def traded_two_sessions_after_an_approval_before_the_open(book) -> None:
    stale(book, cleared_and_traded(book, book.random.choice(["07:15", "09:29:59"]), 1))


@fault("clearance_stale")
def traded_three_sessions_after_an_approval_during_the_session(book) -> None:
    stale(book, cleared_and_traded(book, book.random.choice(["09:30:00", "11:00", "15:59", "21:30"]), 1))


@fault("clearance_stale")
def traded_after_an_approval_without_a_time_had_run_out(book) -> None:
    stale(book, cleared_and_traded(book, None, 1))


@fault("clearance_stale")
def traded_three_sessions_after_an_approval_at_the_weekend(book) -> None:
    stale(book, cleared_and_traded(book, "10:00", 1, book.random.choice(WEEKENDS)))


@fault("clearance_stale")
def traded_ten_sessions_after_the_approval(book) -> None:
    days = book.open_days(11)
    trade = sale(book, days[10])
    book.clear(trade, days[0])
    stale(book, trade)


@fault("clearance_stale")
def traded_the_day_after_an_extension(book) -> None:
    days = book.open_days(8)
    trade = sale(book, days[6])
    book.clear(trade, days[0], extended_until_on=days[5])
    stale(book, trade)


@twin("clearance_stale")
def traded_on_the_last_day_of_the_clearance(book) -> None:
    cleared_and_traded(book, "08:00", 0, traded_at="18:30")
    cleared_and_traded(book, book.random.choice(["07:15", "09:29:59", "09:30:00", "11:00", "18:30", "21:30", None]), 0)
    cleared_and_traded(book, "10:00", 0, book.random.choice(WEEKENDS))


@twin("clearance_stale")
def traded_on_the_last_day_of_an_extension(book) -> None:
    days = book.open_days(8)
    book.clear(sale(book, days[6]), days[0], extended_until_on=days[6])


def revoked(book, trade, outcome="flagged") -> None:
    book.expect("clearance_revoked", trade.holder, trade, outcome)


@fault("clearance_revoked")
def traded_minutes_after_the_revocation(book) -> None:
    trade = sale(book, book.open_day(), "11:05")
    book.clear(trade, revoked_at=book.at(trade.day, "11:00"))
    revoked(book, trade)


@fault("clearance_revoked")
def traded_at_the_instant_of_the_revocation(book) -> None:
    trade = sale(book, book.open_day(), "11:00")
    book.clear(trade, revoked_at=book.at(trade.day, "11:00"))
    revoked(book, trade)


@fault("clearance_revoked")
def traded_the_day_after_the_revocation(book) -> None:
    days = book.open_days(2)
    trade = sale(book, days[1], book.random.choice(["any", None]))
    book.clear(trade, days[0], "11:00", revoked_at=book.at(days[0], "21:30"))
    revoked(book, trade)


@fault("clearance_revoked")
def traded_without_a_time_on_the_day_of_the_revocation(book) -> None:
    trade = sale(book, (days := book.open_days(2))[1], None)
    book.clear(trade, days[0], "11:00", revoked_at=book.at(trade.day, "11:00"))
    revoked(book, trade, "undecided")


@twin("clearance_revoked")
def traded_a_second_before_the_revocation(book) -> None:
    trade = sale(book, book.open_day(), "10:59:59")
    book.clear(trade, revoked_at=book.at(trade.day, "11:00:00"))


@twin("clearance_revoked")
def traded_on_a_second_approval_after_the_revocation(book) -> None:
    trade = sale(book, book.open_day(), "11:05")
    book.clear(trade, session_before(trade.day), "18:00", revoked_at=book.at(trade.day, "10:00"))
    book.clear(trade, trade.day, "11:03")
