"""Forms 4 that never came."""

from datetime import date

from tests.planted.calendar import session_before
from tests.planted.plants.form4_late import any_trade, owner, reported
from tests.planted.registry import fault, twin


def never_filed(book, trade, person=None) -> None:
    book.expect("form4_missing", person or trade.holder, trade)


@fault("form4_missing")
def filed_nothing(book) -> None:
    never_filed(book, any_trade(book))


@fault("form4_missing")
def filed_one_share_too_few(book) -> None:
    trade = any_trade(book)
    book.file(trade, quantity=trade.quantity - 1)
    never_filed(book, trade)


@fault("form4_missing")
def filed_the_other_way(book) -> None:
    trade = reported(book, "sell", book.any_session())
    book.file(trade, sec_code="P", acquired=True)
    never_filed(book, trade)


@fault("form4_missing")
def director_filed_nothing_of_the_spouse(book) -> None:
    insider = book.insider()
    trade = book.trade(book.relative(insider), "sell", book.open_day())
    book.clear(trade, asked_by=insider)
    book.report(trade, person_id=insider.id)
    never_filed(book, trade, insider)


@fault("form4_missing")
def only_one_insider_of_a_joint_account_filed(book) -> None:
    one, other = owner(book), owner(book)
    book.account(one.account, other)
    trade = book.tell(book.trade(one, "sell", book.any_session()))
    never_filed(book, trade, other)


@fault("form4_missing")
def filed_nothing_of_an_exempt_kind(book) -> None:
    kind = book.random.choice(["grant", "tax_withholding", "exercise_cash", "gift_out"])
    trade = book.trade(owner(book), kind, book.any_session())
    if kind in {"exercise_cash", "gift_out"}:
        book.report(trade)
    never_filed(book, trade)


def bought_for(book, quantity: int, price: str, day, holder=None):
    return reported(book, "buy", day, holder, quantity=quantity, price=price)


@fault("form4_missing")
def bought_a_cent_more_than_is_small(book) -> None:
    never_filed(book, bought_for(book, 1, "10000.01", book.any_session()))


@fault("form4_missing")
def sold_after_a_small_purchase(book) -> None:
    holder, days = owner(book), book.open_days(10)
    small = bought_for(book, 100, "45.00", days[0], holder)
    book.file(reported(book, "sell", days[9], holder, price="44.00"))
    never_filed(book, small)


@twin("form4_missing")
def bought_little_and_filed_nothing(book) -> None:
    quantity, price = book.random.choice([(200, "50.00"), (100, "45.00"), (1, "10000.00")])
    bought_for(book, quantity, price, book.any_session())


@twin("form4_missing")
def filed_in_two_forms(book) -> None:
    trade = any_trade(book)
    book.file(trade, quantity=trade.quantity - 100)
    book.file(trade, quantity=100)


@twin("form4_missing")
def nothing_to_file(book) -> None:
    holder = owner(book)
    for kind in ("vest", "gift_in", "espp_purchase", "dividend_reinvestment", "transfer_in", "transfer_out"):
        book.trade(holder, kind, book.any_session())
    officer = book.officer()
    book.proper(officer, "sell", book.open_day())
    book.trade(book.insider(since=date(2025, 12, 1)), "sell", session_before(date(2025, 12, 1)))


@fault("form4_missing")
def filed_nothing_of_a_sale_after_the_office_that_matches(book) -> None:
    director = book.insider(until=date(2024, 8, 15))
    book.proper(director, "buy", date(2024, 6, 12), price="30.00")
    never_filed(book, book.trade(director, "sell", date(2024, 11, 13), price="42.50"))
    book.expect("short_swing_profit", director, "COM")


@twin("form4_missing")
def filed_nothing_of_a_sale_after_the_office_that_matches_nothing(book) -> None:
    director = book.insider(until=date(2024, 8, 15))
    book.proper(director, "sell", date(2024, 6, 12))
    book.trade(director, "sell", date(2024, 11, 13))


@twin("form4_missing")
def filed_a_line_without_a_symbol(book) -> None:
    trade = any_trade(book)
    book.file(trade, symbol=None)
