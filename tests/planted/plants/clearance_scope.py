"""Clearances meant for another person, security, side, amount or order."""

from tests.planted.calendar import session_before
from tests.planted.issuer import SPLIT_ON
from tests.planted.plants.clearance_time import sale
from tests.planted.registry import fault, twin


def mismatched(book, trade) -> None:
    book.expect("clearance_mismatch", trade.holder, trade)


@fault("clearance_mismatch")
def cleared_for_the_other_side(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, side="buy")
    mismatched(book, trade)


@fault("clearance_mismatch")
def cleared_for_another_class(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, symbol=book.random.choice(["ACMB", "ACMP", "ACMN"]))
    mismatched(book, trade)


@fault("clearance_mismatch")
def cleared_for_another_account(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, account_id=book.account(book.new_id("A"), trade.holder))
    mismatched(book, trade)


@fault("clearance_mismatch")
def cleared_for_the_spouse_alone(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, covers=book.relative(trade.holder).id)
    mismatched(book, trade)


@twin("clearance_mismatch")
def cleared_for_the_very_account_or_any(book) -> None:
    for account in (True, False):
        trade = sale(book, book.open_day())
        book.clear(trade, account_id=trade.holder.account if account else None, covers=trade.holder.id)


def exceeded(book, trade) -> None:
    book.expect("clearance_exceeded", trade.holder, trade)


def after_the_split(book, quantity: int):
    """A sale on the day of a split of two for one, on a clearance for a thousand shares of the day before."""
    officer = book.officer()
    book.holding(officer.account, 9_000, "ACMB")
    trade = book.trade(officer, "sell", SPLIT_ON, symbol="ACMB", quantity=quantity)
    book.clear(trade, session_before(SPLIT_ON), "11:00", quantity=1000)
    return trade


@fault("clearance_exceeded")
def sold_one_share_too_many(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, quantity=trade.quantity - 1)
    exceeded(book, trade)


@fault("clearance_exceeded")
def sold_too_much_in_two_fills(book) -> None:
    officer, days, order = book.officer(), book.open_days(2), book.new_id("O")
    fills = [
        book.trade(officer, "sell", days[0], "10:00", quantity=600, order_id=order),
        book.trade(officer, "sell", days[0], "10:20", quantity=500, order_id=order),
    ]
    book.clear(fills[0], quantity=550)
    exceeded(book, fills[0])


@fault("clearance_exceeded")
def sold_too_much_in_two_orders_on_a_clearance_for_several(book) -> None:
    officer, day = book.officer(), book.open_day()
    first, second = book.trade(officer, "sell", day, "10:00", quantity=700), book.trade(officer, "sell", day, "12:00", quantity=500)
    book.clear(first, quantity=1000, multi_trade=True)
    exceeded(book, second)


@fault("clearance_exceeded")
def sold_one_share_too_many_after_a_split(book) -> None:
    exceeded(book, after_the_split(book, 2001))


@twin("clearance_exceeded")
def sold_exactly_what_was_cleared(book) -> None:
    trade = sale(book, book.open_day(), quantity=1000)
    book.clear(trade, quantity=400)
    book.clear(trade, quantity=600)
    after_the_split(book, 2000)


def reused(book, trade, person=None) -> None:
    book.expect("clearance_reused", person or trade.holder, trade)


def two_orders(book, **said):
    """Two sales of 500 on one clearance of a thousand."""
    officer, days = book.officer(), book.open_days(2)
    first = book.trade(officer, "sell", days[0], "10:00", quantity=500)
    second = book.trade(officer, "sell", book.random.choice(days), "15:00", quantity=500)
    book.clear(first, quantity=book.random.choice([1000, 5000, None]), **said)
    return second


@fault("clearance_reused")
def two_orders_on_one_clearance(book) -> None:
    reused(book, two_orders(book))


@fault("clearance_reused")
def three_orders_on_one_clearance(book) -> None:
    officer, day = book.insider(), book.open_day()
    orders = [book.tell(book.trade(officer, "sell", day, clock)) for clock in ("10:00", "11:00", "12:00")]
    book.clear(orders[0], quantity=None)
    reused(book, orders[1])
    reused(book, orders[2])


@fault("clearance_reused")
def spouse_traded_on_a_clearance_already_used(book) -> None:
    officer, day = book.officer(), book.open_day()
    spouse = book.relative(officer)
    own, hers = book.trade(officer, "sell", day, "10:00"), book.trade(spouse, "sell", day, "11:00")
    book.clear(own, covers=f"{officer.id};{spouse.id}", quantity=None)
    reused(book, hers, officer)


@twin("clearance_reused")
def two_orders_on_a_clearance_for_several(book) -> None:
    two_orders(book, multi_trade=True)


@twin("clearance_reused")
def one_order_filled_on_two_days(book) -> None:
    officer, days, order = book.officer(), book.open_days(2), book.new_id("O")
    fills = [book.trade(officer, "sell", day, quantity=500, order_id=order) for day in days]
    book.clear(fills[0], quantity=1000)
