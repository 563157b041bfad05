"""Forms 4 that came late."""

from datetime import date

from tests.planted.calendar import business_day_after, session_after
from tests.planted.registry import fault, twin

DUE = {
    date(2024, 10, 10): date(2024, 10, 15),  # Columbus Day
    date(2024, 10, 14): date(2024, 10, 16),  # executed on Columbus Day
    date(2024, 11, 7): date(2024, 11, 12),  # Veterans Day
    date(2024, 11, 8): date(2024, 11, 13),
    date(2023, 11, 8): date(2023, 11, 13),  # Veterans Day, observed on a Friday
    date(2023, 11, 9): date(2023, 11, 14),
    date(2024, 3, 27): date(2024, 3, 29),  # Good Friday is a business day
    date(2024, 3, 28): date(2024, 4, 1),
    date(2025, 1, 7): date(2025, 1, 10),  # a day of mourning
    date(2025, 1, 8): date(2025, 1, 13),
    date(2024, 7, 2): date(2024, 7, 5),
    date(2024, 7, 3): date(2024, 7, 8),
    date(2024, 12, 31): date(2025, 1, 3),
}
"""Trade days around holidays and the last day for their Form 4."""


def owner(book):
    """A ten percent holder, who needs neither window nor clearance."""
    return book.person("ten_percent_holder")


def reported(book, kind: str, day, holder=None, clock="any", **said):
    """A trade of an owner that a Compliance Officer knows of and the SEC does not."""
    trade = book.trade(holder or owner(book), kind, day, clock, **said)
    book.report(trade)
    return trade


def any_trade(book):
    return reported(book, book.random.choice(["buy", "sell"]), book.any_session())


def late(book, trade, person=None) -> None:
    book.expect("form4_late", person or trade.holder, trade)


@fault("form4_late")
def filed_a_second_after_ten_in_the_evening(book) -> None:
    trade = any_trade(book)
    book.file(trade, business_day_after(trade.day, 2), "22:00:01")
    late(book, trade)


@fault("form4_late")
def filed_the_business_day_after_the_last(book) -> None:
    trade = any_trade(book)
    book.file(trade, business_day_after(trade.day, 3), "06:00")
    late(book, trade)


@fault("form4_late")
def filed_a_day_late_around_a_holiday(book) -> None:
    traded, due = book.random.choice(list(DUE.items()))
    trade = reported(book, "sell", traded)
    book.file(trade, business_day_after(due))
    late(book, trade)


@fault("form4_late")
def director_filed_late(book) -> None:
    trade = reported(book, "sell", book.open_day(), book.insider())
    book.clear(trade)
    book.file(trade, business_day_after(trade.day, book.random.randrange(3, 15)))
    late(book, trade)


@fault("form4_late")
def filed_the_rest_of_the_trade_late(book) -> None:
    trade = any_trade(book)
    book.file(trade, quantity=trade.quantity - 1)
    book.file(trade, business_day_after(trade.day, 4), quantity=1)
    late(book, trade)


@fault("form4_late")
def filed_the_sale_of_the_spouse_late(book) -> None:
    insider = book.insider()
    trade = book.trade(book.relative(insider, same_household=True), "sell", book.open_day())
    book.clear(trade, asked_by=insider)
    book.report(trade)
    book.file(trade, business_day_after(trade.day, 3), owner=insider)
    late(book, trade, insider)


@fault("form4_late")
def first_showed_the_sale_in_an_amendment(book) -> None:
    holder, day = owner(book), book.any_session()
    first, second = reported(book, "sell", day, holder, "10:00"), reported(book, "sell", session_after(day), holder, "11:00")
    amendment = book.file(first, business_day_after(day, 6), form="4/A", amends=book.file(first))
    book.line(amendment, second, 2)
    late(book, second)


@fault("form4_late")
def put_the_sale_on_a_form_5(book) -> None:
    trade = reported(book, "sell", date(2024, 9, 4))
    book.file(trade, date(2025, 2, 10), form="5")
    late(book, trade)


@fault("form4_late")
def filed_an_exempt_kind_late(book) -> None:
    trade = book.trade(owner(book), book.random.choice(["grant", "tax_withholding", "stock_in_lieu_purchase"]), book.any_session())
    book.file(trade, business_day_after(trade.day, 3))
    late(book, trade)


@fault("form4_late")
def filed_late_a_sale_of_which_no_account_tells(book) -> None:
    holder, day = owner(book), book.any_session()
    accession = filed_alone(book, holder, day, business_day_after(day, 3))
    book.expect("form4_late", holder, accession)


def filed_alone(book, holder, day, accepted) -> str:
    """A Form 4 with a sale that stands in no account."""
    accession = book.new_id("F")
    book.add("filings", accession=accession, form="4", person_id=holder.id, issuer_id="ACME", accepted_at=book.at(accepted, "17:00"), period_on=day)
    said = {"symbol": "ACM", "sec_code": "S", "acquired": False, "traded_on": day, "quantity": book.amount(), "price": book.dollars()}
    book.add("filing_lines", accession=accession, line=1, derivative=False, **said)
    return accession


@twin("form4_late")
def filed_at_ten_in_the_evening_of_the_last_day(book) -> None:
    trade = any_trade(book)
    book.file(trade, business_day_after(trade.day, 2), "22:00:00")


@twin("form4_late")
def filed_on_the_last_day_around_a_holiday(book) -> None:
    traded, due = book.random.choice(list(DUE.items()))
    book.file(reported(book, "sell", traded), due, "21:30")


@twin("form4_late")
def amended_what_had_been_filed_in_time(book) -> None:
    trade = any_trade(book)
    book.file(trade, business_day_after(trade.day, 8), form="4/A", amends=book.file(trade))
