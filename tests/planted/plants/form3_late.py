"""First forms of new insiders, in time and late."""

from datetime import date, timedelta

from tests.planted.calendar import business_day_after, business_day_from
from tests.planted.registry import fault, twin

DUE = {
    date(2024, 3, 4): date(2024, 3, 14),
    date(2024, 2, 8): date(2024, 2, 20),  # a Sunday, and Washington's Birthday
    date(2024, 5, 15): date(2024, 5, 28),  # a Saturday, and Memorial Day
    date(2024, 6, 12): date(2024, 6, 24),  # a Saturday
    date(2024, 3, 19): date(2024, 3, 29),  # Good Friday is a business day
    date(2025, 4, 8): date(2025, 4, 18),
    date(2024, 11, 1): date(2024, 11, 12),  # Veterans Day
    date(2024, 10, 4): date(2024, 10, 15),  # Columbus Day
    date(2023, 10, 31): date(2023, 11, 13),  # Veterans Day, observed on a Friday
    date(2024, 12, 30): date(2025, 1, 10),  # a day of mourning
}
"""Days of appointment and the last day for a Form 3."""
ROLES = ("director", "executive_officer", "ten_percent_holder", "president", "ceo")
UNCONFIRMED = date(2024, 12, 24)


def appointed(book):
    """Someone new under Section 16, the day, and the last day for the form."""
    since = book.any_session()
    if since + timedelta(days=10) == UNCONFIRMED:
        return appointed(book)
    return book.person(book.random.choice(ROLES), since=since), since, business_day_from(since + timedelta(days=10))


def first_form(book, person, since, day, clock: str = "17:00", **said) -> str:
    accession = book.new_id("F")
    named = {"form": "3", "person_id": person.id, "issuer_id": "ACME", "period_on": since, "accepted_at": book.at(day, clock)}
    book.add("filings", accession=accession, **{**named, **said})
    return accession


def late(book, person, accession: str) -> None:
    book.expect("form3_late", person, accession)


@fault("form3_late")
def filed_the_first_form_a_second_after_ten_of_the_last_day(book) -> None:
    person, since, due = appointed(book)
    late(book, person, first_form(book, person, since, due, "22:00:01"))


@fault("form3_late")
def filed_the_first_form_the_business_day_after_the_last(book) -> None:
    person, since, due = appointed(book)
    late(book, person, first_form(book, person, since, business_day_after(due, book.random.randrange(1, 9)), "06:00"))


@fault("form3_late")
def filed_the_first_form_a_day_late_around_a_holiday(book) -> None:
    since, due = book.random.choice(list(DUE.items()))
    person = book.person("director", since=since)
    late(book, person, first_form(book, person, since, business_day_after(due), "06:00"))


@fault("form3_late")
def came_back_after_years_and_filed_late(book) -> None:
    since = book.random.choice(list(DUE))
    person = book.insider(until=date(2022, 6, 30))
    book.add("roles", person_id=person.id, role="director", from_on=since)
    late(book, person, first_form(book, person, since, business_day_after(DUE[since]), "06:00"))


@fault("form3_late")
def amended_a_first_form_that_was_late(book) -> None:
    person, since, due = appointed(book)
    accession = first_form(book, person, since, business_day_after(due, 2))
    first_form(book, person, since, business_day_after(due, 9), form="3/A", amends=accession)
    late(book, person, accession)


@fault("form3_late")
def nobody_noted_when_the_first_form_was_accepted(book) -> None:
    person, since, _ = appointed(book)
    book.expect("form3_late", person, first_form(book, person, since, since, accepted_at=None), "undecided")


@twin("form3_late")
def filed_the_first_form_at_ten_of_the_last_day(book) -> None:
    person, since, due = appointed(book)
    first_form(book, person, since, due, "22:00:00")


@twin("form3_late")
def filed_the_first_form_on_the_last_day_around_a_holiday(book) -> None:
    since, due = book.random.choice(list(DUE.items()))
    first_form(book, book.person("executive_officer", since=since), since, due, "21:30")


@twin("form3_late")
def filed_the_first_form_before_the_appointment(book) -> None:
    person, since, _ = appointed(book)
    first_form(book, person, since, since - timedelta(days=book.random.randrange(1, 20)))


@twin("form3_late")
def took_a_further_role_and_filed_again(book) -> None:
    person, since, due = appointed(book)
    first_form(book, person, since, due)
    further = since + timedelta(days=book.random.randrange(30, 200))
    book.add("roles", person_id=person.id, role=book.random.choice(["director", "executive_officer", "other_officer"]), from_on=further)
    first_form(book, person, further, further + timedelta(days=25))


@twin("form3_late")
def amended_a_first_form_months_later(book) -> None:
    person, since, due = appointed(book)
    first_form(book, person, since, due + timedelta(days=100), form="3/A", amends=first_form(book, person, since, due))


@fault("form3_late")
def filed_a_first_form_of_which_no_role_tells_the_day(book) -> None:
    person, day = book.officer(), book.any_session()
    book.expect("form3_late", person, first_form(book, person, day, day, period_on=None), "undecided")
