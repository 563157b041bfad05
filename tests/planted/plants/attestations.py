"""Quarterly attestations that came late, or that the quarter's data contradict."""

from datetime import date, timedelta

from tests.planted.calendar import session_after
from tests.planted.plants.form4_late import filed_alone
from tests.planted.plants.hedges_and_margin import MARGIN, STATEMENT, account_of
from tests.planted.registry import fault, twin

QUARTERS = [date(year, month, day) for year in (2023, 2024, 2025) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)) if (year, month) < (2025, 12)]
STATEMENTS = ("policy_read", "accounts_complete", "trades_complete", "no_margin_or_pledge", "no_derivatives")


def attests(book, person, quarter: date, *, answered: int | None = 10, clock: str = "15:00", **said) -> None:
    """An attestation that was answered so many days after the quarter with yes to every question that is not named."""
    moment = book.at(quarter + timedelta(days=answered), clock) if answered is not None else None
    yes = dict.fromkeys(STATEMENTS, True if moment else None)
    book.add("attestations", person_id=person.id, quarter_ended_on=quarter, sent_on=quarter + timedelta(days=1), answered_at=moment, **{**yes, **said})


def quarter_of(day: date) -> date:
    return min(quarter for quarter in QUARTERS if quarter >= day)


def overdue(book, person, quarter: date) -> None:
    book.expect("attestation_overdue", person, quarter)


@fault("attestation_overdue")
def never_answered(book) -> None:
    person, quarter = book.designated(), book.random.choice(QUARTERS)
    attests(book, person, quarter, answered=None)
    overdue(book, person, quarter)


@fault("attestation_overdue")
def answered_at_midnight_after_the_last_day(book) -> None:
    person, quarter = book.designated(), book.random.choice(QUARTERS)
    attests(book, person, quarter, answered=16, clock="00:00:00")
    overdue(book, person, quarter)


@fault("attestation_overdue")
def answered_on_the_monday_after_a_last_day_on_a_weekend(book) -> None:
    person, (quarter, days) = book.officer(), book.random.choice([(date(2023, 3, 31), 17), (date(2023, 6, 30), 17), (date(2023, 9, 30), 16)])
    attests(book, person, quarter, answered=days)
    overdue(book, person, quarter)


@twin("attestation_overdue")
def answered_in_the_last_second(book) -> None:
    attests(book, book.designated(), book.random.choice(QUARTERS), answered=15, clock="23:59:59")


def contradicted(book, person, quarter: date, statement: str) -> None:
    book.expect("attestation_contradicted", person, f"{quarter}:{statement}")


def margin_account(book, person, holder=None) -> None:
    book.expect("margin_holding", person, account_of(book, holder or person, "margin", **MARGIN))


@fault("attestation_contradicted")
def denied_a_margin_account(book) -> None:
    person = book.designated()
    margin_account(book, person, book.random.choice([None, book.relative(person)]))
    attests(book, person, quarter_of(STATEMENT))
    contradicted(book, person, quarter_of(STATEMENT), "no_margin_or_pledge")


@fault("attestation_contradicted")
def denied_a_pledge(book) -> None:
    person = book.insider()
    account = account_of(book, person, "cash", pledged=True)
    book.expect("pledged_holding", person, account)
    attests(book, person, quarter_of(STATEMENT))
    contradicted(book, person, quarter_of(STATEMENT), "no_margin_or_pledge")


@fault("attestation_contradicted")
def denied_an_option_or_a_hedge(book) -> None:
    person, (symbol, rule) = book.officer(), book.random.choice([("ACMPUT", "derivative_trade"), ("ACMSWAP", "hedging_instrument")])
    day = book.random.choice([*QUARTERS, date(2024, 4, 1), date(2024, 7, 1), date(2025, 2, 12)])
    trade = book.trade(book.random.choice([person, book.relative(person)]), "buy", day, symbol=symbol, quantity=2, price="3.10")
    book.expect(rule, person, trade)
    attests(book, person, quarter_of(day))
    contradicted(book, person, quarter_of(day), "no_derivatives")


@fault("attestation_contradicted")
def denied_an_option_held_on_the_last_day_of_the_quarter(book) -> None:
    person, quarter = book.officer(), book.random.choice(QUARTERS)
    book.holding(person.account, 4, "ACMCALL", quarter, pledged=None)
    book.expect("derivative_holding", person, f"{person.account}:ACMCALL")
    attests(book, person, quarter)
    contradicted(book, person, quarter, "no_derivatives")


@fault("attestation_contradicted")
def said_that_all_trades_were_reported(book) -> None:
    insider, day = book.insider(), book.open_day()
    trade = book.trade(insider, "sell", day)
    book.clear(trade)
    book.file(trade)
    book.expect("internal_report_missing", insider, trade)
    attests(book, insider, quarter_of(day))
    contradicted(book, insider, quarter_of(day), "trades_complete")


@fault("attestation_contradicted")
def said_that_all_accounts_were_listed(book) -> None:
    insider, day = book.insider(), book.open_day()
    filed_alone(book, insider, day, session_after(day))
    attests(book, insider, quarter_of(day))
    contradicted(book, insider, quarter_of(day), "accounts_complete")
    contradicted(book, insider, quarter_of(day), "trades_complete")


@twin("attestation_contradicted")
def said_no_where_no_was_true(book) -> None:
    one, other = book.officer(), book.officer()
    margin_account(book, one)
    attests(book, one, quarter_of(STATEMENT), no_margin_or_pledge=book.random.choice([False, None]))
    book.holding(other.account, 4, "ACMCALL", date(2024, 6, 28), pledged=None)
    book.expect("derivative_holding", other, f"{other.account}:ACMCALL")
    attests(book, other, quarter_of(STATEMENT), no_derivatives=False)


@twin("attestation_contradicted")
def said_yes_of_the_quarters_before_and_after(book) -> None:
    one, other = book.officer(), book.officer()
    for person, held_on in ((one, date(2024, 7, 1)), (other, date(2024, 3, 31))):
        book.holding(person.account, 4, "ACMCALL", held_on, pledged=None)
        book.expect("derivative_holding", person, f"{person.account}:ACMCALL")
        attests(book, person, date(2024, 6, 30))


@twin("attestation_contradicted")
def reported_late_and_said_that_all_was_reported(book) -> None:
    insider, day = book.insider(), book.open_day()
    trade = book.trade(insider, "sell", day)
    book.clear(trade)
    book.file(trade)
    book.report(trade, session_after(day))
    book.expect("internal_report_late", insider, trade)
    attests(book, insider, quarter_of(day))
