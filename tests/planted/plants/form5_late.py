"""Yearly forms, in time and late."""

from datetime import date

from tests.planted.calendar import business_day_after
from tests.planted.plants.form4_late import owner, reported
from tests.planted.registry import fault, twin

DUE = {date(2022, 12, 31): date(2023, 2, 14), date(2023, 12, 31): date(2024, 2, 14), date(2024, 12, 31): date(2025, 2, 14)}
"""Ends of fiscal years and the last day for a Form 5."""
SESSIONS = [date(2023, 4, 18), date(2023, 9, 5), date(2023, 11, 29), date(2024, 2, 6), date(2024, 6, 12), date(2024, 10, 21)]


def a_year(book):
    return book.random.choice(list(DUE.items()))


def yearly_form(book, person, year, day, clock: str = "17:00", **said) -> str:
    accession = book.new_id("F")
    named = {"form": "5", "person_id": person.id, "issuer_id": "ACME", "period_on": year, "accepted_at": book.at(day, clock)}
    book.add("filings", accession=accession, **{**named, **said})
    return accession


def small_purchase(book, year):
    """A purchase that may wait for Form 5, and that a Compliance Officer knows of."""
    return reported(book, "buy", book.random.choice([day for day in SESSIONS if day.year == year.year]), quantity=100, price="45.00")


def late(book, person, accession: str) -> None:
    book.expect("form5_late", person, accession)


@fault("form5_late")
def filed_the_yearly_form_a_second_after_ten_of_the_last_day(book) -> None:
    person, (year, due) = book.insider(), a_year(book)
    late(book, person, yearly_form(book, person, year, due, "22:00:01"))


@fault("form5_late")
def filed_the_yearly_form_the_business_day_after_the_last(book) -> None:
    person, (year, due) = owner(book), a_year(book)
    late(book, person, yearly_form(book, person, year, business_day_after(due, book.random.randrange(1, 9)), "06:00"))


@fault("form5_late")
def filed_the_yearly_form_of_the_year_before(book) -> None:
    person = book.insider()
    late(book, person, yearly_form(book, person, date(2023, 12, 31), date(2025, 2, 10)))


@fault("form5_late")
def reported_a_small_purchase_too_late_after_the_year(book) -> None:
    year, due = book.random.choice(list(DUE.items())[1:])
    trade = small_purchase(book, year)
    accession = yearly_form(book, trade.holder, year, business_day_after(due, 2))
    book.line(accession, trade)
    late(book, trade.holder, accession)


@fault("form5_late")
def left_during_the_year_and_filed_for_it_too_late(book) -> None:
    person = book.insider(until=date(2024, 8, 15))
    late(book, person, yearly_form(book, person, date(2024, 12, 31), date(2025, 2, 18), "06:00"))


@fault("form5_late")
def amended_a_yearly_form_that_was_late(book) -> None:
    person, (year, due) = book.insider(), a_year(book)
    accession = yearly_form(book, person, year, business_day_after(due))
    yearly_form(book, person, year, business_day_after(due, 30), form="5/A", amends=accession)
    late(book, person, accession)


@fault("form5_late")
def nobody_noted_when_the_yearly_form_was_accepted(book) -> None:
    person, (year, due) = book.insider(), a_year(book)
    book.expect("form5_late", person, yearly_form(book, person, year, due, accepted_at=None), "undecided")


@twin("form5_late")
def filed_the_yearly_form_at_ten_of_the_last_day(book) -> None:
    year, due = a_year(book)
    yearly_form(book, book.insider(), year, due, "22:00:00")


@twin("form5_late")
def filed_the_yearly_form_before_the_year_was_over(book) -> None:
    yearly_form(book, book.insider(), date(2024, 12, 31), date(2024, 12, 16))


@twin("form5_late")
def reported_a_small_purchase_after_the_year(book) -> None:
    year, due = book.random.choice(list(DUE.items())[1:])
    trade = small_purchase(book, year)
    book.line(yearly_form(book, trade.holder, year, due, "21:00"), trade)


@twin("form5_late")
def amended_a_yearly_form_months_later(book) -> None:
    person, (year, due) = book.insider(), a_year(book)
    yearly_form(book, person, year, business_day_after(due, 60), form="5/A", amends=yearly_form(book, person, year, due))
