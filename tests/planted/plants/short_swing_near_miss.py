"""Purchases and sales a day too far apart for a short-swing profit."""

from datetime import timedelta

from tests.planted.plants.short_swing import MONTH_ENDS, first_day, owner, pair
from tests.planted.registry import fault, twin


def nearly(book, trade) -> None:
    book.expect("short_swing_near_miss", trade.holder, trade)


@fault("short_swing_near_miss")
def bought_and_sold_the_day_after_the_last_matching_day(book) -> None:
    nearly(book, pair(book, owner(book), *first_day(book, 1), buys_first=True))


@fault("short_swing_near_miss")
def sold_and_bought_the_day_after_the_last_matching_day(book) -> None:
    nearly(book, pair(book, owner(book), *first_day(book, 1), buys_first=False))


@fault("short_swing_near_miss")
def bought_and_sold_the_day_after_the_last_matching_day_of_a_month_end(book) -> None:
    first, last = book.random.choice(list(MONTH_ENDS.items()))
    nearly(book, pair(book, owner(book), first, last + timedelta(days=1)))


@twin("short_swing_near_miss")
def sold_at_a_loss_the_day_after_the_last_matching_day(book) -> None:
    pair(book, owner(book), *first_day(book, 1), gain=False)


@twin("short_swing_near_miss")
def sold_two_or_more_days_after_the_last_matching_day(book) -> None:
    pair(book, owner(book), *first_day(book, book.random.choice([2, 3, 30])))


@twin("short_swing_near_miss")
def bought_before_the_office_and_sold_the_day_after_the_last_matching_day(book) -> None:
    first, later = first_day(book, 1)
    holder = book.person("ten_percent_holder", since=first)
    pair(book, holder, first, later, buys_first=True)
