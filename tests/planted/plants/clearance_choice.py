"""Several clearances behind one order: which of them count, and which failure is told."""

from decimal import Decimal

from tests.planted.calendar import session_before
from tests.planted.plants.clearance_time import sale
from tests.planted.registry import fault, twin


@fault("clearance_denied")
def denied_on_the_day_of_a_trade_whose_time_nobody_wrote_down(book) -> None:
    trade = sale(book, book.open_day(), None)
    book.clear(trade, decision="denied")
    book.expect("clearance_denied", trade.holder, trade)


@fault("clearance_after_trade")
def half_cleared_before_and_half_at_an_unknown_time(book) -> None:
    trade = sale(book, book.open_day(), quantity=1000)
    book.clear(trade, quantity=500)
    book.clear(trade, clock=None, quantity=500)
    book.expect("clearance_after_trade", trade.holder, trade, "undecided")


@twin("clearance_after_trade")
def wholly_cleared_before_and_once_more_at_an_unknown_time(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade)
    book.clear(trade, clock=None)


@fault("clearance_exceeded")
def sold_more_than_two_clearances_allow(book) -> None:
    trade = sale(book, book.open_day(), quantity=1000)
    book.clear(trade, quantity=400)
    book.clear(trade, quantity=599)
    book.expect("clearance_exceeded", trade.holder, trade)


@fault("clearance_exceeded")
def sold_a_millionth_of_a_share_too_many(book) -> None:
    trade = sale(book, book.open_day(), quantity=Decimal("100.500001"))
    book.clear(trade, quantity=Decimal("100.5"))
    book.expect("clearance_exceeded", trade.holder, trade)


@fault("clearance_stale")
def the_clearance_with_the_fewest_failures_was_stale(book) -> None:
    days = book.open_days(5)
    trade = sale(book, days[4])
    book.clear(trade, days[1])
    book.clear(trade, days[4], side="buy", account_id=book.account(book.new_id("A"), trade.holder))
    book.expect("clearance_stale", trade.holder, trade)


@fault("clearance_mismatch")
def the_latest_of_two_unfit_clearances_was_for_the_other_side(book) -> None:
    days = book.open_days(5)
    trade = sale(book, days[4])
    book.clear(trade, days[1])
    book.clear(trade, days[4], side="buy")
    book.expect("clearance_mismatch", trade.holder, trade)


@fault("clearance_unauthorised")
def stale_and_from_someone_without_the_office(book) -> None:
    days = book.open_days(5)
    trade = sale(book, days[4])
    book.clear(trade, days[1], decided_by=book.person("employee").id)
    book.expect("clearance_unauthorised", trade.holder, trade)
    book.expect("clearance_stale", trade.holder, trade)


@twin("clearance_reused")
def every_order_had_a_clearance_of_its_own(book) -> None:
    officer, day = book.officer(), book.open_day()
    orders = [book.trade(officer, "sell", day, clock, quantity=500) for clock in ("10:00", "11:00", "12:00")]
    for order in orders:
        book.clear(order)


@fault("clearance_reused")
def the_spouse_was_cleared_and_the_insider_used_it_twice(book) -> None:
    officer, days = book.officer(), book.open_days(2)
    spouse = book.relative(officer)
    first, second = (book.trade(spouse, "buy", day, "11:00") for day in days)
    book.clear(first, asked_by=officer, quantity=None)
    book.expect("clearance_reused", officer, second)


@fault("clearance_missing")
def gave_while_on_a_project_and_the_recipient_sold(book) -> None:
    officer, days = book.officer(), book.open_days(6)
    charity = book.person()
    book.add("lists", list_id=book.new_id("L"), person_id=officer.id, kind="project", issuer_id="ACME", added_at=book.at(days[1], "10:00"))
    gift = book.trade(officer, "gift_out", days[0], recipient_id=charity.id)
    book.trade(charity, "sell", days[5])
    book.expect("clearance_missing", officer, gift)


@twin("clearance_missing")
def spouse_sold_under_a_sound_plan_of_the_officer(book) -> None:
    officer, day = book.officer(), book.closed_day()
    plan = book.plan(officer, session_before(day, 400))
    book.trade(book.relative(officer), "sell", day, plan_id=plan)
