"""Trades as they stand: corrected, cancelled, told late, and seen in New York's time."""

from datetime import date, timedelta

from tests.planted import issuer
from tests.planted.registry import fault, twin


def amended(book, trade, action: str, **said):
    """A further line of the same order that cancels or corrects a trade."""
    order = next(row["order_id"] for row in reversed(book.rows["trades"]) if row["trade_id"] == trade.id)
    usual = {"quantity": trade.quantity, "price": trade.price, "order_id": order, "amends": trade.id}
    return book.trade(trade.holder, trade.kind, said.pop("day", trade.day), trade.clock, action=action, **{**usual, **said})


def forbidden(book, trade) -> None:
    book.expect("window_closed", trade.holder, trade)
    book.expect("clearance_missing", trade.holder, trade)


@fault("window_closed")
def a_chain_of_corrections_stands_for_the_first_trade(book) -> None:
    trade = book.trade(book.officer(), "sell", book.closed_day(), "11:00")
    amended(book, amended(book, trade, "correct"), "correct")
    forbidden(book, trade)


@fault("window_closed")
def corrected_to_a_closed_day(book) -> None:
    first = issuer.WINDOWS[8][0]
    trade = book.trade(book.officer(), "sell", first, "11:00")
    amended(book, trade, "correct", day=first - timedelta(days=1))
    forbidden(book, trade)


@fault("window_closed")
def corrected_nothing_that_is_known(book) -> None:
    officer, day = book.officer(), book.closed_day()
    forbidden(book, book.trade(officer, "sell", day, action="correct", amends="T-UNKNOWN"))


@fault("window_closed")
def a_cancellation_of_nothing_leaves_the_trade(book) -> None:
    officer, day = book.officer(), book.closed_day()
    forbidden(book, book.trade(officer, "sell", day))
    book.trade(officer, "sell", day, action="cancel", amends="T-UNKNOWN")


@twin("window_closed")
def corrected_to_an_open_day(book) -> None:
    first = issuer.WINDOWS[8][0]
    trade = book.trade(book.officer(), "sell", first - timedelta(days=1), "11:00")
    book.clear(amended(book, trade, "correct", day=first))


@twin("window_closed")
def a_correction_was_cancelled(book) -> None:
    trade = book.trade(book.officer(), "sell", book.closed_day(), "11:00")
    amended(book, amended(book, trade, "correct"), "cancel")


@twin("window_closed")
def told_after_the_day_of_the_run(book) -> None:
    book.trade(book.officer(), "sell", book.closed_day(), reported_on=issuer.AS_OF + timedelta(days=1))


@twin("window_closed")
def traded_in_the_evening_of_the_last_day_by_a_clock_of_another_zone(book) -> None:
    last = book.random.choice(issuer.ENDS_OF_WINDOWS)
    trade = book.trade(book.officer(), "sell", last, "19:40", traded_on=None)
    book.clear(trade)


@fault("window_closed")
def traded_on_the_first_and_on_the_last_day_of_the_office(book) -> None:
    for said in ({"since": date(2024, 10, 16)}, {"until": date(2024, 10, 16)}):
        forbidden(book, book.trade(book.officer(**said), "buy", date(2024, 10, 16)))
