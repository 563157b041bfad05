"""Trades that were not as their plan says."""

from datetime import date

from tests.planted.calendar import session_after, session_before
from tests.planted.plants.plans import change, officers_plan, plan_sale
from tests.planted.registry import fault, twin


def deviated(book, trade) -> None:
    book.expect("plan_deviation", trade.holder, trade)


@fault("plan_deviation")
def sold_a_cent_below_the_limit_of_the_plan(book) -> None:
    officer, day, plan = officers_plan(book, limit_price="40.00")
    deviated(book, plan_sale(book, officer, day, plan, price="39.99"))


@fault("plan_deviation")
def sold_more_on_a_day_than_the_plan_allows(book) -> None:
    officer, day, plan = officers_plan(book, max_per_day=1000)
    for quantity in (600, 401):
        deviated(book, plan_sale(book, officer, day, plan, quantity=quantity))


@fault("plan_deviation")
def sold_before_the_first_day_of_the_plan(book) -> None:
    officer, day, plan = officers_plan(book)
    book.rows["plans"][-1]["first_trade_on"] = session_after(day)
    deviated(book, plan_sale(book, officer, day, plan))


@fault("plan_deviation")
def sold_the_day_after_the_plan_was_over(book) -> None:
    days, officer = book.open_days(2), book.officer()
    plan = book.plan(officer, date(2022, 12, 1), **{book.random.choice(["ends_on", "terminated_on", "completed_on"]): days[0]})
    deviated(book, plan_sale(book, officer, days[1], plan))


@fault("plan_deviation")
def sold_the_day_after_a_change_ended_the_plan(book) -> None:
    days, officer = book.open_days(2), book.officer()
    plan = book.plan(officer, date(2022, 12, 1))
    change(book, plan, days[0], reported_on=days[0])
    deviated(book, plan_sale(book, officer, days[1], plan))


@fault("plan_deviation")
def sold_off_the_plan_in_a_closed_window_without_clearance(book) -> None:
    officer, day = book.officer(), book.closed_day()
    trade = plan_sale(book, officer, day, book.plan(officer, date(2022, 12, 1), limit_price="40.00"), price="39.50", cleared=False)
    deviated(book, trade)
    book.expect("window_closed", officer, trade)
    book.expect("clearance_missing", officer, trade)


@fault("plan_deviation")
def sold_under_the_plan_at_a_price_that_nobody_wrote_down(book) -> None:
    officer, day, plan = officers_plan(book, limit_price="40.00")
    trade = plan_sale(book, officer, day, plan, price=None)
    book.expect("plan_deviation", officer, trade, "undecided")


@fault("plan_deviation")
def sold_below_a_limit_that_had_been_raised(book) -> None:
    officer, day, plan = officers_plan(book, limit_price="35.00")
    changed = session_before(day, 60) if day > date(2023, 9, 1) else session_before(day, 30)
    change(book, plan, changed, "price", limit_price="40.00", reported_on=changed)
    deviated(book, plan_sale(book, officer, day, plan, price="38.00"))


@twin("plan_deviation")
def sold_exactly_as_the_plan_says(book) -> None:
    officer, day, plan = officers_plan(book, limit_price="40.00", max_per_day=1000)
    book.rows["plans"][-1] |= {"first_trade_on": day, "ends_on": day, "terminated_on": day}
    for quantity in (600, 400):
        plan_sale(book, officer, day, plan, price="40.00", quantity=quantity, cleared=False)


@twin("plan_deviation")
def bought_with_the_label_of_a_plan_to_sell(book) -> None:
    officer, _, plan = officers_plan(book)
    book.proper(officer, "buy", book.open_day(), plan_id=plan)
