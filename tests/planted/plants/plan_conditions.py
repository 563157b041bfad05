"""Plans beside other plans, and plans without a certificate."""

from datetime import date, timedelta

from tests.planted.calendar import a_year_after
from tests.planted.plants.plans import OLD, change, plan_sale
from tests.planted.registry import fault, twin


def some_day(book) -> date:
    """A day of adoption under the present law."""
    return date(2023, 3, 1) + timedelta(days=book.random.randrange(600))


def two_plans(book, first: dict, second: dict, days_between: int):
    """A person with two plans adopted so many days apart, and the later of them."""
    person, adopted = book.designated(), some_day(book)
    book.plan(person, adopted, **first)
    return person, adopted, book.plan(person, adopted + timedelta(days=days_between), **second)


def overlapping(book, person, plan: str) -> None:
    book.expect("plan_overlap", person, plan)


@fault("plan_overlap")
def adopted_a_second_plan_beside_an_open_one(book) -> None:
    person, _, later = two_plans(book, {}, {}, book.random.randrange(200))
    overlapping(book, person, later)


@fault("plan_overlap")
def adopted_a_second_plan_on_the_last_day_of_the_first(book) -> None:
    person, adopted, later = two_plans(book, {}, {}, 100)
    book.rows["plans"][-2][book.random.choice(["ends_on", "terminated_on", "completed_on"])] = adopted + timedelta(days=100)
    overlapping(book, person, later)


@fault("plan_overlap")
def second_plan_starts_on_the_last_day_of_the_first(book) -> None:
    person, adopted, later = two_plans(book, {}, {}, 50)
    book.rows["plans"][-2]["ends_on"] = book.rows["plans"][-1]["first_trade_on"] = adopted + timedelta(days=200)
    overlapping(book, person, later)


@fault("plan_overlap")
def sold_under_a_second_plan_without_clearance(book) -> None:
    officer, day = book.officer(), book.closed_day()
    book.plan(officer, OLD)
    later = book.plan(officer, adopted := date(2023, 3, 1))
    trade = plan_sale(book, officer, day if day > adopted + timedelta(days=40) else date(2023, 4, 12), later, cleared=False)
    overlapping(book, officer, later)
    book.expect("window_closed", officer, trade)
    book.expect("clearance_missing", officer, trade)


@twin("plan_overlap")
def adopted_a_second_plan_the_day_after_the_first_ended(book) -> None:
    _, adopted, _ = two_plans(book, {}, {}, 101)
    book.rows["plans"][-2][book.random.choice(["ends_on", "terminated_on", "completed_on"])] = adopted + timedelta(days=100)


@twin("plan_overlap")
def second_plan_starts_after_the_first_or_covers_taxes(book) -> None:
    _, adopted, _ = two_plans(book, {}, {}, 50)
    book.rows["plans"][-2]["ends_on"], book.rows["plans"][-1]["first_trade_on"] = adopted + timedelta(days=200), adopted + timedelta(days=201)
    two_plans(book, *book.random.choice([({"kind": "sell_to_cover"}, {}), ({}, {"kind": "sell_to_cover"})]), 50)


@twin("plan_overlap")
def sold_under_the_earlier_of_two_plans(book) -> None:
    officer = book.officer()
    earlier = book.plan(officer, date(2023, 3, 1))
    overlapping_one = book.plan(officer, date(2023, 3, 10), kind="sell_to_cover")
    plan_sale(book, officer, book.random.choice([date(2024, 1, 10), date(2025, 4, 9)]), earlier, cleared=False)
    plan_sale(book, officer, book.random.choice([date(2024, 1, 11), date(2025, 4, 10)]), overlapping_one, cleared=False)


def single_trades(book, days_between: int):
    person, adopted, later = two_plans(book, {"kind": "single_trade"}, {"kind": "single_trade"}, days_between)
    book.rows["plans"][-2][book.random.choice(["completed_on", "terminated_on"])] = adopted + timedelta(days=60)
    return person, adopted, later


def one_too_many(book, person, plan: str) -> None:
    book.expect("plan_single_trade", person, plan)


@fault("plan_single_trade")
def adopted_a_second_single_trade_plan_within_the_year(book) -> None:
    person, _, later = single_trades(book, book.random.randrange(61, 360))
    one_too_many(book, person, later)


@fault("plan_single_trade")
def adopted_a_second_single_trade_plan_the_day_before_the_anniversary(book) -> None:
    person, adopted, later = single_trades(book, 300)
    book.rows["plans"][-1]["adopted_on"] = book.rows["plans"][-1]["approved_on"] = a_year_after(adopted) - timedelta(days=1)
    one_too_many(book, person, later)


@fault("plan_single_trade")
def sold_under_a_second_single_trade_plan_on_a_clearance(book) -> None:
    officer, day = book.officer(), book.random.choice([date(2024, 6, 12), date(2024, 12, 4), date(2025, 6, 11)])
    book.plan(officer, day - timedelta(days=300), kind="single_trade", completed_on=day - timedelta(days=200))
    later = book.plan(officer, day - timedelta(days=60), kind="single_trade")
    plan_sale(book, officer, day, later)
    one_too_many(book, officer, later)


@twin("plan_single_trade")
def adopted_a_second_single_trade_plan_on_the_anniversary(book) -> None:
    _, adopted, _ = single_trades(book, 300)
    book.rows["plans"][-1]["adopted_on"] = book.rows["plans"][-1]["approved_on"] = a_year_after(adopted)


@twin("plan_single_trade")
def adopted_another_kind_of_plan_or_the_first_under_the_old_law(book) -> None:
    person, adopted = book.designated(), some_day(book)
    book.plan(person, adopted, kind="single_trade", completed_on=adopted + timedelta(days=60))
    book.plan(person, adopted + timedelta(days=90))
    other = book.designated()
    book.plan(other, OLD, kind="single_trade", completed_on=OLD + timedelta(days=30))
    book.plan(other, OLD + timedelta(days=100), kind="single_trade")


def uncertified(book, person, plan: str, outcome="flagged") -> None:
    book.expect("plan_uncertified", person, plan, outcome)


@fault("plan_uncertified")
def insider_adopted_a_plan_without_the_certificate(book) -> None:
    person = book.insider()
    uncertified(book, person, book.plan(person, some_day(book), certified=False))


@fault("plan_uncertified")
def insider_adopted_a_plan_without_the_certificate_on_the_first_day_of_the_law(book) -> None:
    person = book.person("president")
    uncertified(book, person, book.plan(person, date(2023, 2, 27), certified=False))


@fault("plan_uncertified")
def insider_changed_an_old_plan_without_the_certificate(book) -> None:
    person, day = book.insider(), some_day(book)
    plan = book.plan(person, OLD, certified=False)
    change(book, plan, day, book.random.choice(["amount", "price", "timing"]), reported_on=day)
    uncertified(book, person, plan)


@fault("plan_uncertified")
def insider_sold_under_an_uncertified_plan_without_clearance(book) -> None:
    person, day = book.insider(), book.random.choice([date(2024, 10, 9), date(2025, 4, 9)])
    plan = book.plan(person, date(2023, 3, 1), certified=False)
    trade = plan_sale(book, person, day, plan, cleared=False)
    uncertified(book, person, plan)
    book.expect("window_closed", person, trade)
    book.expect("clearance_missing", person, trade)


@fault("plan_uncertified")
def nobody_knows_of_a_certificate(book) -> None:
    person = book.insider()
    uncertified(book, person, book.plan(person, some_day(book), certified=None), "undecided")


@twin("plan_uncertified")
def plan_that_needs_no_certificate(book) -> None:
    book.plan(book.officer(), some_day(book), certified=False)
    book.plan(book.insider(), OLD, certified=False)
    plan = book.plan(book.insider(), date(2023, 2, 26), certified=None)
    change(book, plan, some_day(book), "termination", reported_on=date(2025, 1, 2))


@fault("plan_overlap")
def adopted_three_plans_beside_each_other(book) -> None:
    person, adopted, second = two_plans(book, {}, {}, 20)
    third = book.plan(person, adopted + timedelta(days=40))
    overlapping(book, person, second)
    overlapping(book, person, third)
