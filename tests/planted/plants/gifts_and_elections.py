"""Gifts, elections and automatic purchases."""

from datetime import date

from tests.planted import issuer
from tests.planted.calendar import session_after, session_before
from tests.planted.registry import fault, twin


def gift(book, day=None, **said):
    """A gift by an officer to a charity that keeps it."""
    return book.trade(book.officer(), "gift_out", day or book.any_session(), recipient_id=book.person().id, **said)


def not_submitted(book, trade) -> None:
    book.expect("gift_not_submitted", trade.holder, trade)


@fault("gift_not_submitted")
def gave_without_asking(book) -> None:
    not_submitted(book, book.tell(book.trade(book.designated(), "gift_out", book.any_session(), recipient_id=book.person().id)))


@fault("gift_not_submitted")
def gave_on_a_clearance_to_sell(book) -> None:
    trade = gift(book, book.open_day())
    book.clear(trade, side="sell")
    not_submitted(book, trade)


@fault("gift_not_submitted")
def gave_after_the_clearance_had_run_out(book) -> None:
    trade = gift(book)
    book.clear(trade, session_before(trade.day, 2), "08:00")
    not_submitted(book, trade)


@fault("gift_not_submitted")
def gave_before_the_clearance(book) -> None:
    trade = gift(book, clock="10:00")
    book.clear(trade, trade.day, "10:00:01")
    not_submitted(book, trade)


@twin("gift_not_submitted")
def gave_on_a_clearance_in_any_window(book) -> None:
    book.clear(gift(book, book.closed_day()))
    book.clear(gift(book, clock=None))


@twin("gift_not_submitted")
def employee_gave_without_asking(book) -> None:
    book.trade(book.person("employee"), "gift_out", book.any_session(), recipient_id=book.person().id)


@twin("gift_not_submitted")
def recipient_sold_in_an_open_window(book) -> None:
    days = book.open_days(6)
    charity = book.person()
    book.clear(book.trade(book.officer(), "gift_out", days[0], recipient_id=charity.id))
    book.trade(charity, "sell", days[5])


def elected(book, person, day, kind: str, program: str = "", *, fires: bool = True) -> None:
    program = program or book.random.choice(["stock_in_lieu", "dividend_reinvestment", "espp"])
    book.add("elections", person_id=person.id, program=program, elected_on=day, kind=kind)
    if fires:
        book.expect("election_review", person, f"{program}:{day}:{kind}")


@fault("election_review")
def enrolled_in_a_closed_window(book) -> None:
    elected(book, book.designated(), book.closed_day(), "enrol")


@fault("election_review")
def paid_in_more_the_day_before_the_window(book) -> None:
    elected(book, book.designated(), session_before(book.random.choice(issuer.WINDOWS)[0]), "increase")


@fault("election_review")
def enrolled_while_on_a_project_list(book) -> None:
    officer, days = book.designated(), book.open_days(2)
    book.add("lists", list_id=book.new_id("L"), person_id=officer.id, kind="project", issuer_id="ACME", added_at=book.at(days[0], "10:00"))
    elected(book, officer, days[1], "enrol")


@twin("election_review")
def elected_in_an_open_window_or_stopped(book) -> None:
    person = book.designated()
    elected(book, person, book.open_day(), book.random.choice(["enrol", "increase"]), fires=False)
    elected(book, person, book.closed_day(), book.random.choice(["decrease", "stop"]), fires=False)
    elected(book, book.person("employee"), book.closed_day(), "enrol", fires=False)


def automatic(book, holder, day: date, person=None, *, fires: bool = True) -> None:
    trade = book.trade(holder, book.random.choice(["dividend_reinvestment", "espp_purchase"]), day, None)
    if fires:
        book.expect("automatic_purchase_review", person or holder, trade)


@fault("automatic_purchase_review")
def bought_automatically_in_a_closed_window(book) -> None:
    automatic(book, book.designated(), book.closed_day())


@fault("automatic_purchase_review")
def spouse_bought_automatically_in_a_closed_window(book) -> None:
    officer = book.designated()
    automatic(book, book.relative(officer), book.closed_day(), officer)


@fault("automatic_purchase_review")
def bought_automatically_on_the_first_day_after_the_quarter(book) -> None:
    automatic(book, book.officer(), session_after(book.random.choice(issuer.ENDS_OF_WINDOWS)))


@twin("automatic_purchase_review")
def bought_automatically_on_the_last_day_of_the_quarter_or_as_an_employee(book) -> None:
    automatic(book, book.designated(), book.random.choice(issuer.ENDS_OF_WINDOWS), fires=False)
    automatic(book, book.person("employee"), book.closed_day(), fires=False)
