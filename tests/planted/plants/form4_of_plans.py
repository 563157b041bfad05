"""Forms 4 of plan trades, whose deadline counts from the notice."""

from datetime import date

from tests.planted.calendar import business_day_after
from tests.planted.plants.form4_late import late, owner
from tests.planted.registry import fault, twin


@twin("form4_late")
def filed_a_plan_sale_two_business_days_after_the_notice(book) -> None:
    holder, day = owner(book), book.any_session()
    notified = business_day_after(day, book.random.randrange(1, 4))
    trade = book.trade(holder, "sell", day, plan_id=book.plan(holder, date(2022, 12, 1)), notified_on=notified)
    book.report(trade)
    book.file(trade, business_day_after(notified, 2), "22:00:00")


@fault("form4_late")
def filed_a_plan_sale_three_business_days_after_the_notice(book) -> None:
    holder, day = owner(book), book.any_session()
    notified = business_day_after(day, book.random.randrange(1, 4))
    trade = book.trade(holder, "sell", day, plan_id=book.plan(holder, date(2022, 12, 1)), notified_on=notified)
    book.report(trade)
    book.file(trade, business_day_after(notified, 3), "08:00:00")
    late(book, trade)


@fault("form4_late")
def filed_on_the_third_business_day_a_plan_sale_whose_day_was_chosen(book) -> None:
    holder, day = owner(book), book.any_session()
    trade = book.trade(holder, "sell", day, plan_id=book.plan(holder, date(2022, 12, 1)), notified_on=business_day_after(day), date_chosen_by_insider=True)
    book.report(trade)
    book.file(trade, business_day_after(day, 3), "08:00:00")
    late(book, trade)


@fault("form4_late")
def filed_on_the_sixth_business_day_a_plan_sale_that_was_noticed_late(book) -> None:
    holder, day = owner(book), book.any_session()
    trade = book.trade(holder, "sell", day, plan_id=book.plan(holder, date(2022, 12, 1)), notified_on=business_day_after(day, 4), date_chosen_by_insider=False)
    book.report(trade)
    book.file(trade, business_day_after(day, 6), "08:00:00")
    late(book, trade)


def told_nobody_when(book, business_days: int):
    """A plan sale whose notice nobody wrote down, filed so many business days after it."""
    holder, day = owner(book), book.any_session()
    trade = book.trade(holder, "sell", day, plan_id=book.plan(holder, date(2022, 12, 1)))
    book.report(trade)
    book.file(trade, business_day_after(day, business_days), "22:00:00")
    return trade


@fault("form4_late")
def filed_a_plan_sale_without_a_notice_on_the_sixth_business_day(book) -> None:
    late(book, told_nobody_when(book, 6))


@twin("form4_late")
def filed_a_plan_sale_without_a_notice_on_the_fifth_business_day(book) -> None:
    told_nobody_when(book, 5)
