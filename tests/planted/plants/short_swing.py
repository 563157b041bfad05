"""Purchases and sales within less than six months."""

from datetime import date, timedelta

from tests.planted.calendar import is_session, last_matching_day
from tests.planted.issuer import UNCERTAIN_AT_EDGAR
from tests.planted.records import Trade
from tests.planted.registry import fault, twin

MONTH_ENDS = {
    date(2023, 8, 28): date(2024, 2, 26),
    date(2023, 8, 29): date(2024, 2, 27),
    date(2023, 8, 30): date(2024, 2, 28),
    date(2023, 8, 31): date(2024, 2, 28),
    date(2023, 3, 31): date(2023, 9, 29),
    date(2024, 5, 31): date(2024, 11, 29),
    date(2024, 10, 31): date(2025, 4, 29),
    date(2024, 1, 11): date(2024, 7, 9),
    date(2024, 1, 5): date(2024, 7, 3),
}
"""First days and the last day that matches them, worked out by hand."""

CHEAP, DEAR = "30.00", "42.50"


def owner(book):
    return book.person("ten_percent_holder")


def first_day(book, extra: int) -> tuple[date, date]:
    """A session, and the session that lies so many days after its last matching day."""
    first = book.any_session()
    later = last_matching_day(first) + timedelta(days=extra)
    fits = is_session(later) and later < date(2025, 12, 1) and later not in UNCERTAIN_AT_EDGAR
    return (first, later) if fits else first_day(book, extra)


def pair(book, holder, first: date, later: date, *, buys_first: bool | None = None, gain: bool = True, **said) -> Trade:
    """A purchase and a sale, cleared where need be, reported and filed; gives the later one."""
    buys_first = book.random.choice([True, False]) if buys_first is None else buys_first
    prices = (CHEAP, DEAR) if buys_first == gain else (DEAR, CHEAP)
    kinds = ("buy", "sell") if buys_first else ("sell", "buy")
    trades = [book.tell(book.trade(holder, kind, day, price=price, **said)) for kind, price, day in zip(kinds, prices, (first, later), strict=True)]
    return trades[1]


def profit(book, person, share_class: str = "COM") -> None:
    book.expect("short_swing_profit", person, share_class)


@fault("short_swing_profit")
def bought_and_sold_within_weeks(book) -> None:
    director, days = book.insider(), book.open_days(15)
    book.proper(director, "buy", days[0], price=CHEAP)
    book.proper(director, "sell", days[14], price=DEAR)
    profit(book, director)


@fault("short_swing_profit")
def bought_and_sold_on_the_last_matching_day(book) -> None:
    holder = owner(book)
    pair(book, holder, *first_day(book, 0))
    profit(book, holder)


@fault("short_swing_profit")
def bought_and_sold_on_the_last_matching_day_of_a_month_end(book) -> None:
    holder = owner(book)
    pair(book, holder, *book.random.choice(list(MONTH_ENDS.items())))
    profit(book, holder)


@fault("short_swing_profit")
def bought_and_sold_on_one_day(book) -> None:
    holder, day = owner(book), book.any_session()
    pair(book, holder, day, day)
    profit(book, holder)


@fault("short_swing_profit")
def gained_a_cent_in_another_class(book) -> None:
    holder, (first, later) = owner(book), first_day(book, -book.random.randrange(100))
    book.tell(book.trade(holder, "buy", first, symbol="ACMP", quantity=book.amount(), price="30.00"))
    book.tell(book.trade(holder, "sell", later, symbol="ACMP", quantity=1, price="30.01"))
    profit(book, holder, "PREF")


@fault("short_swing_profit")
def lost_more_than_was_gained(book) -> None:
    holder, (first, later) = owner(book), first_day(book, -120)
    for kind, day, price, quantity in (("buy", first, "50.00", 900), ("sell", later, "20.00", 900), ("buy", later, "19.00", 10)):
        book.tell(book.trade(holder, kind, day, price=price, quantity=quantity))
    profit(book, holder)


@fault("short_swing_profit")
def director_bought_and_the_spouse_sold(book) -> None:
    director, days = book.insider(), book.open_days(12)
    spouse = book.relative(director, same_household=True)
    book.proper(director, "buy", days[0], price=CHEAP)
    sale = book.trade(spouse, "sell", days[11], price=DEAR)
    book.clear(sale, asked_by=director)
    book.report(sale)
    book.file(sale, owner=director)
    profit(book, director)


@fault("short_swing_profit")
def bought_in_office_and_sold_after_it(book) -> None:
    day = date(2024, 6, 12)
    director = book.insider(until=book.random.choice([day, date(2024, 8, 15)]))
    book.proper(director, "buy", day, price=CHEAP)
    book.file(book.trade(director, "sell", date(2024, 11, 13), price=DEAR))
    profit(book, director)


@fault("short_swing_profit")
def sold_to_cover_taxes_and_bought(book) -> None:
    director, days = book.insider(), book.open_days(12)
    book.proper(director, "sell_to_cover", days[0], price=DEAR)
    book.proper(director, "buy", days[11], price=CHEAP)
    profit(book, director)


@fault("short_swing_profit")
def fell_below_ten_percent_by_the_sale(book) -> None:
    first, later = first_day(book, -book.random.randrange(150))
    holder = book.person("ten_percent_holder", until=later)
    pair(book, holder, first, later)
    profit(book, holder)


@twin("short_swing_profit")
def crossed_ten_percent_by_the_purchase(book) -> None:
    first, later = first_day(book, -book.random.randrange(150))
    holder = book.person("ten_percent_holder", since=first)
    pair(book, holder, first, later, buys_first=True)


@twin("short_swing_profit")
def bought_and_sold_two_days_after_the_last_matching_day(book) -> None:
    pair(book, owner(book), *first_day(book, 2))


@twin("short_swing_profit")
def bought_and_sold_at_a_loss_or_at_cost(book) -> None:
    pair(book, owner(book), *first_day(book, -10), gain=False)
    holder, (first, later) = owner(book), first_day(book, -10)
    for kind, day in (("buy", first), ("sell", later)):
        book.tell(book.trade(holder, kind, day, price="30.00"))


@twin("short_swing_profit")
def bought_before_the_office(book) -> None:
    director = book.insider(since=date(2024, 5, 15))
    book.trade(director, "buy", date(2024, 4, 10), price=CHEAP)
    book.proper(director, "sell", date(2024, 6, 12), price=DEAR)


@twin("short_swing_profit")
def bought_one_class_and_sold_another(book) -> None:
    holder, (first, later) = owner(book), first_day(book, -10)
    book.tell(book.trade(holder, "buy", first, price=CHEAP))
    book.tell(book.trade(holder, "sell", later, price=DEAR, symbol=book.random.choice(["ACMB", "ACMP"])))


@twin("short_swing_profit")
def received_and_sold_or_withheld_and_bought(book) -> None:
    one, other, (first, later) = owner(book), owner(book), first_day(book, -10)
    book.file(book.trade(one, "grant", first, price="0.00"))
    book.tell(book.trade(one, "exercise_cash", first, price="5.00"))
    book.tell(book.trade(one, "sell", later, price=DEAR))
    book.file(book.trade(other, "tax_withholding", first, price=DEAR))
    book.tell(book.trade(other, "gift_out", first, price=None))
    book.tell(book.trade(other, "buy", later, price=CHEAP))


@twin("short_swing_profit")
def officer_outside_section_16_bought_and_sold(book) -> None:
    officer, days = book.officer(), book.open_days(12)
    book.proper(officer, "buy", days[0], price=CHEAP)
    book.proper(officer, "sell", days[11], price=DEAR)
