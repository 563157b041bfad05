"""Holdings of options and hedges."""

from datetime import date

from tests.planted.registry import fault, twin


def holds(book, holder, symbol: str, quantity: int, person=None, *, fires: bool = True, **said) -> None:
    book.holding(holder.account, quantity, symbol, said.pop("held_on", book.any_session()), pledged=None, **said)
    if fires:
        book.expect("derivative_holding", person or holder, f"{holder.account}:{symbol}")


@fault("derivative_holding")
def holds_an_option(book) -> None:
    holds(book, book.designated(), book.random.choice(["ACMPUT", "ACMCALL"]), 5)


@fault("derivative_holding")
def has_written_options(book) -> None:
    holds(book, book.officer(), "ACMCALL", -5, position="short")


@fault("derivative_holding")
def spouse_holds_an_option(book) -> None:
    officer = book.officer()
    holds(book, book.relative(officer), "ACMPUT", 3, officer)


@fault("derivative_holding")
def holds_a_hedge(book) -> None:
    holds(book, book.officer(), book.random.choice(["ACMSWAP", "ACMFWD", "ACMCOLLAR", "ACMFUT", "ACMWAR"]), 1, position="unknown")


@fault("derivative_holding")
def holds_what_was_held_before_the_office_on_its_first_day(book) -> None:
    officer = book.officer(since=date(2023, 6, 1))
    holds(book, officer, "ACMCALL", 10, held_on=date(2023, 5, 31), fires=False)
    holds(book, officer, "ACMCALL", 10, held_on=date(2023, 6, 1))


@twin("derivative_holding")
def holds_what_is_free(book) -> None:
    holds(book, book.designated(), book.random.choice(["ACMESO", "POOL", "INDEXPUT", "BROAD", "RIVCALL"]), 5, fires=False)
    holds(book, book.officer(), "ACMPUT", 0, fires=False)
    holds(book, book.person("employee"), "ACMPUT", 5, fires=False)


@twin("derivative_holding")
def held_an_option_until_the_day_before_the_office(book) -> None:
    holds(book, book.officer(since=date(2023, 6, 1)), "ACMCALL", 10, held_on=date(2023, 5, 31), fires=False)


@fault("derivative_holding")
def holds_an_option_on_two_statements_and_in_two_accounts(book) -> None:
    officer = book.officer()
    for held_on in (date(2024, 3, 28), date(2024, 6, 28)):
        holds(book, officer, "ACMPUT", 5, held_on=held_on)
    other = book.account(book.new_id("A"), officer)
    book.holding(other, 1, "ACMPUT", date(2024, 6, 28), pledged=None)
    book.expect("derivative_holding", officer, f"{other}:ACMPUT")
