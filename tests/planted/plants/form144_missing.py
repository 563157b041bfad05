"""Sales of insiders with a notice, without one, and too small for one."""

from datetime import date, timedelta

from tests.planted import issuer
from tests.planted.calendar import business_day_after, session_after, session_before, three_months_after
from tests.planted.registry import fault, twin

LOW, FIRST_DAY = "8.00", date(2023, 4, 13)
"""A price at which shares pass their limit before dollars do, and the first day of the electronic form."""
CERTAIN = set(issuer.EVERY_SESSION) - issuer.UNCERTAIN_AT_EDGAR
LATER = [(day, three_months_after(day)) for day in issuer.EVERY_SESSION if day > date(2023, 4, 17) and day.day < 28]
APART = [pair for pair in LATER if set(pair) <= CERTAIN]
"""Pairs of sessions exactly three months apart."""
A_DAY_LESS = [pair for pair in [(day + timedelta(days=1), later) for day, later in LATER] if set(pair) <= CERTAIN]
"""Pairs of sessions a day less than three months apart."""


def seller(book, **named):
    """A ten percent holder who files no Form 144 by themselves."""
    person = book.person("ten_percent_holder", **named)
    book.without_notices.add(person.id)
    return person


def a_day(book):
    """A session since the form is electronic."""
    day = book.any_session()
    return day if day > FIRST_DAY else a_day(book)


def sold(book, holder, day, quantity: int, price: str = LOW, **said):
    """A sale that everybody knows of but the readers of Forms 144."""
    return book.tell(book.trade(holder, book.random.choice(["sell", "sell_to_cover"]), day, quantity=quantity, price=price, **said))


def unnoticed(book, trade, person=None, outcome: str = "flagged") -> None:
    book.expect("form144_missing", person or trade.holder, trade, outcome)


@fault("form144_missing")
def sold_a_share_too_many(book) -> None:
    unnoticed(book, sold(book, seller(book), a_day(book), 5001))


@fault("form144_missing")
def sold_for_a_cent_too_much(book) -> None:
    unnoticed(book, sold(book, seller(book), a_day(book), 1, "50000.01"))


@fault("form144_missing")
def sold_a_share_too_many_within_three_months(book) -> None:
    holder, (day, later) = seller(book), book.random.choice(A_DAY_LESS)
    sold(book, holder, day, 3000)
    unnoticed(book, sold(book, holder, later, 2001))


@fault("form144_missing")
def sold_a_share_too_many_in_two_orders_of_a_day(book) -> None:
    holder, day = seller(book), a_day(book)
    for quantity, clock in ((3000, "10:00"), (2001, "12:00")):
        unnoticed(book, sold(book, holder, day, quantity, clock=clock))


@fault("form144_missing")
def gave_notice_a_second_after_ten_in_the_evening(book) -> None:
    trade = sold(book, seller(book), a_day(book), 5001)
    book.notify(trade.holder, trade.day, "22:00:01")
    unnoticed(book, trade)


@fault("form144_missing")
def gave_notice_the_day_after(book) -> None:
    trade = sold(book, seller(book), a_day(book), 6000)
    book.notify(trade.holder, business_day_after(trade.day))
    unnoticed(book, trade)


@fault("form144_missing")
def gave_notice_after_the_order_had_been_placed(book) -> None:
    day = a_day(book)
    trade = sold(book, seller(book), day, 5001, order_placed_at=book.at(session_before(day), "15:00"))
    book.notify(trade.holder, day, "05:00")
    unnoticed(book, trade)


@fault("form144_missing")
def gave_notice_three_months_before(book) -> None:
    day, later = book.random.choice(APART)
    trade = sold(book, seller(book), later, 5001)
    book.notify(trade.holder, day, "12:00")
    unnoticed(book, trade)


@fault("form144_missing")
def gave_notice_for_one_holder_of_a_joint_account(book) -> None:
    one, other = seller(book), seller(book)
    book.account(one.account, other)
    trade = sold(book, one, a_day(book), 5001)
    book.file(trade, owner=other)
    book.notify(one, trade.day)
    unnoticed(book, trade, other)


@fault("form144_missing")
def sold_a_share_too_many_after_a_split(book) -> None:
    holder, (day, later) = seller(book), around_the_split()
    book.holding(holder.account, 50_000, "ACMB")
    sold(book, holder, day, 1500, symbol="ACMB")
    unnoticed(book, sold(book, holder, later, 2001, symbol="ACMB"))


def around_the_split() -> tuple[date, date]:
    """The sessions before and on the day of the split of two for one."""
    return session_before(issuer.SPLIT_ON), issuer.SPLIT_ON


@fault("form144_missing")
def sold_a_share_too_many_on_the_first_day(book) -> None:
    unnoticed(book, sold(book, seller(book), FIRST_DAY, 5001))


@fault("form144_missing")
def director_sold_a_share_too_many(book) -> None:
    director = book.insider()
    book.without_notices.add(director.id)
    unnoticed(book, book.proper(director, "sell", date(2024, 6, 12), quantity=5001, price=LOW))


@fault("form144_missing")
def sold_at_a_price_that_nobody_wrote_down(book) -> None:
    unnoticed(book, sold(book, seller(book), a_day(book), 400, None), outcome="undecided")


@twin("form144_missing")
def sold_exactly_as_much_as_is_small(book) -> None:
    sold(book, seller(book), a_day(book), *book.random.choice([(5000, LOW), (2500, "20.00"), (5000, "10.00")]))


@twin("form144_missing")
def sold_twice_exactly_three_months_apart(book) -> None:
    holder = seller(book)
    for day in book.random.choice(APART):
        sold(book, holder, day, 5000)


@twin("form144_missing")
def gave_notice_at_ten_in_the_evening(book) -> None:
    trade = sold(book, seller(book), a_day(book), 5001)
    book.notify(trade.holder, trade.day, "22:00:00")


@twin("form144_missing")
def gave_notice_a_day_less_than_three_months_before(book) -> None:
    day, later = book.random.choice(A_DAY_LESS)
    trade = sold(book, seller(book), later, 9000)
    book.notify(trade.holder, day, "12:00")


@twin("form144_missing")
def gave_notice_on_the_evening_of_the_order(book) -> None:
    day = session_after(a_day(book))
    placed = session_before(day)
    trade = sold(book, seller(book), day, 5001, order_placed_at=book.at(placed, "15:00"))
    book.notify(trade.holder, placed, "22:00:00")


@twin("form144_missing")
def sold_a_share_too_many_on_the_last_day_of_paper(book) -> None:
    sold(book, seller(book), session_before(FIRST_DAY), 5001)


@twin("form144_missing")
def sold_few_shares_around_a_split(book) -> None:
    holder, (day, later) = seller(book), around_the_split()
    book.holding(holder.account, 50_000, "ACMB")
    sold(book, holder, day, 1500, symbol="ACMB")
    sold(book, holder, later, 2000, symbol="ACMB")


@twin("form144_missing")
def sold_much_in_private_and_little_in_public(book) -> None:
    holder, day = seller(book), a_day(book)
    sold(book, holder, day, 5001, venue="private")
    sold(book, holder, session_after(day), 5000)


@twin("form144_missing")
def gave_more_shares_away_than_may_be_sold(book) -> None:
    holder, day = seller(book), a_day(book)
    sold(book, holder, day, 5000)
    book.tell(book.trade(holder, "gift_out", day, quantity=5000))


@twin("form144_missing")
def the_parent_of_an_insider_sold_much(book) -> None:
    insider = seller(book)
    trade = book.trade(book.relative(insider, "parent", same_household=False), "sell", a_day(book), quantity=9000)
    book.report(trade, person_id=insider.id)


@twin("form144_missing")
def an_officer_outside_section_16_sold_much(book) -> None:
    book.proper(book.officer(), "sell", book.open_day(), quantity=9000)
