"""The cooling-off between the adoption of a plan and its first trade."""

from datetime import date, timedelta

from tests.planted import issuer
from tests.planted.calendar import first_allowed, session_before
from tests.planted.plants.plans import NEW, OLD, change, plan_sale
from tests.planted.registry import fault, twin

FIRST_DAYS_OF_INSIDERS = {
    date(2023, 5, 10): date(2023, 8, 11),  # the report filed after 17:30 on 7 August counts as of the 8th: two business days after it
    date(2023, 8, 30): date(2023, 11, 30),  # the report of 27 November, accepted at 17:30:00
    date(2024, 5, 10): date(2024, 8, 9),  # ninety days
    date(2024, 9, 10): date(2024, 12, 10),  # ninety days
    date(2024, 3, 15): date(2024, 6, 14),  # ninety days
    date(2024, 6, 30): date(2024, 9, 30),  # adopted on the last day of the quarter: ninety days, the last of them a Saturday
    date(2025, 5, 12): date(2025, 8, 11),  # ninety days, the last of them a Sunday
}
"""First day on which a plan of an insider adopted on a day may trade, worked out by hand from the issuer's reports."""


LONGEST = [
    (date(2024, 11, 12), date(2025, 3, 13)),  # the report came on 31 March 2025, after 120 days
    (date(2025, 7, 15), date(2025, 11, 13)),  # no report is on record
]


def too_soon(book, trade) -> None:
    book.expect("plan_cooling_off", trade.holder, trade)


@fault("plan_cooling_off")
def officer_sold_on_the_thirtieth_day(book) -> None:
    officer, day = book.officer(), book.random.choice([day for day in issuer.OPEN_DAYS_IN_ORDER if day - timedelta(days=30) >= NEW])
    too_soon(book, plan_sale(book, officer, day, book.plan(officer, day - timedelta(days=30))))


@fault("plan_cooling_off")
def insider_sold_the_session_before_the_first_day(book) -> None:
    adopted, first = book.random.choice(list(FIRST_DAYS_OF_INSIDERS.items()))
    insider = book.insider()
    too_soon(book, plan_sale(book, insider, session_before(first), book.plan(insider, adopted)))


@fault("plan_cooling_off")
def insider_sold_on_the_hundred_and_twentieth_day_in_a_closed_window(book) -> None:
    insider, (adopted, first) = book.insider(), book.random.choice(LONGEST)
    trade = plan_sale(book, insider, session_before(first), book.plan(insider, adopted), cleared=False)
    too_soon(book, trade)
    book.expect("window_closed", insider, trade)
    book.expect("clearance_missing", insider, trade)


@fault("plan_cooling_off")
def sold_too_soon_after_changing_the_plan(book) -> None:
    officer, day = book.officer(), book.random.choice([date(2023, 5, 30), date(2024, 6, 10), date(2025, 8, 25)])
    plan = book.plan(officer, date(2022, 12, 1))
    change(book, plan, day - timedelta(days=book.random.randrange(5, 31)), "amount", max_per_day=5000, reported_on=day)
    too_soon(book, plan_sale(book, officer, day, plan))


@fault("plan_cooling_off")
def ten_percent_holder_sold_on_the_thirtieth_day(book) -> None:
    holder, day = book.person("ten_percent_holder"), book.random.choice([date(2023, 5, 10), date(2024, 2, 14), date(2025, 10, 8)])
    too_soon(book, plan_sale(book, holder, day, book.plan(holder, day - timedelta(days=30)), cleared=False))


@twin("plan_cooling_off")
def officer_sold_on_the_thirty_first_day(book) -> None:
    officer, day = book.officer(), book.random.choice([date(2023, 6, 6), date(2024, 2, 14), date(2025, 10, 8)])
    plan_sale(book, officer, day, book.plan(officer, day - timedelta(days=31)), cleared=False)


@twin("plan_cooling_off")
def insider_sold_on_the_first_day(book) -> None:
    adopted, first = book.random.choice([*FIRST_DAYS_OF_INSIDERS.items(), *LONGEST])
    insider = book.insider()
    plan_sale(book, insider, first, book.plan(insider, adopted), cleared=False)


@twin("plan_cooling_off")
def sold_under_a_plan_of_the_old_law_or_before_its_change(book) -> None:
    officer = book.insider()
    plan = book.plan(officer, OLD)
    plan_sale(book, officer, date(2023, 3, 6), plan, cleared=False)
    change(book, plan, date(2023, 3, 7), "price", limit_price="30.00", reported_on=date(2023, 3, 7))


@twin("plan_cooling_off")
def adopted_as_an_officer_and_sold_as_a_director(book) -> None:
    director = book.person("director", since=date(2024, 10, 1))
    book.add("roles", person_id=director.id, role="other_officer", from_on=date(2019, 1, 1), until_on=date(2024, 9, 30))
    adopted = date(2024, 9, 10)
    plan_sale(book, director, first_allowed(adopted), book.plan(director, adopted, certified=False), cleared=False)
