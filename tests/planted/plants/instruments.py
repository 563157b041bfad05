"""Short sales and dealings in options."""

from datetime import date

from tests.planted.calendar import session_before
from tests.planted.issuer import SPLIT_ON
from tests.planted.registry import fault, twin


def short(book, trade, person=None) -> None:
    book.expect("short_sale", person or trade.holder, trade)


@fault("short_sale")
def sold_short_while_long(book) -> None:
    short(book, book.proper(book.designated(), "short_sell", book.open_day()))


@fault("short_sale")
def sold_with_a_mark_of_the_broker(book) -> None:
    short(book, book.proper(book.designated(), "sell", book.open_day(), marked_short=True))


@fault("short_sale")
def sold_one_share_more_than_held(book) -> None:
    short(book, book.proper(book.designated(shares=1000), "sell", book.open_day(), quantity=1001))


@fault("short_sale")
def sold_the_same_shares_twice(book) -> None:
    officer, days = book.officer(shares=1000), book.open_days(9)
    book.proper(officer, "sell", days[0], quantity=1000)
    short(book, book.proper(officer, "sell", days[8], quantity=1))


@fault("short_sale")
def spouse_sold_short(book) -> None:
    officer = book.officer()
    trade = book.trade(book.relative(officer), "short_sell", book.open_day())
    book.clear(trade, asked_by=officer)
    short(book, trade, officer)


@fault("short_sale")
def sold_after_giving_the_shares_away(book) -> None:
    officer, days = book.officer(shares=1000), book.open_days(6)
    gift = book.trade(officer, "gift_out", days[0], quantity=900)
    book.clear(gift)
    short(book, book.proper(officer, "sell", days[5], quantity=101))


@twin("short_sale")
def sold_exactly_what_was_held(book) -> None:
    book.proper(book.designated(shares=1000), "sell", book.open_day(), quantity=1000)


@twin("short_sale")
def sold_what_lay_in_another_account(book) -> None:
    officer = book.officer(shares=None)
    book.holding(book.account(book.new_id("A"), officer), 800)
    book.proper(officer, "sell", book.open_day(), quantity=800)


@twin("short_sale")
def sold_what_was_bought_or_received_the_same_day(book) -> None:
    officer, day = book.officer(shares=100), book.open_day()
    received = book.trade(officer, book.random.choice(["exercise_cash", "vest", "transfer_in", "gift_in"]), day, None, quantity=400)
    sold = book.trade(officer, "sell", day, None, quantity=100 + received.quantity)
    book.clear(sold, session_before(day), "18:00")


def sold_after_the_split(book, quantity: int):
    """A sale of class B after two shares came for each of a thousand."""
    officer = book.officer()
    book.holding(officer.account, 1000, "ACMB")
    return book.proper(officer, "sell", book.random.choice([SPLIT_ON, date(2025, 5, 14)]), symbol="ACMB", quantity=quantity)


@fault("short_sale")
def sold_one_share_more_than_a_split_gave(book) -> None:
    short(book, sold_after_the_split(book, 2001))


@twin("short_sale")
def sold_what_a_split_gave(book) -> None:
    sold_after_the_split(book, 2000)


@twin("short_sale")
def sold_under_the_new_name(book) -> None:
    officer = book.officer()
    book.holding(officer.account, 600, "ACMPO")
    book.proper(officer, "sell", date(2024, 5, 15), symbol="ACMP", quantity=600)


def option_trade(book, trader, kind: str, symbol: str, **said):
    return book.trade(trader, kind, book.any_session(), symbol=symbol, quantity=book.random.randrange(1, 20), price="2.35", **said)


def dealt_in_options(book, trade, person=None) -> None:
    book.expect("derivative_trade", person or trade.holder, trade)


@fault("derivative_trade")
def bought_a_put_or_a_call(book) -> None:
    dealt_in_options(book, option_trade(book, book.designated(), "buy", book.random.choice(["ACMPUT", "ACMCALL"])))


@fault("derivative_trade")
def wrote_a_call(book) -> None:
    dealt_in_options(book, option_trade(book, book.officer(), "short_sell", "ACMCALL"))


@fault("derivative_trade")
def exercised_a_traded_option(book) -> None:
    dealt_in_options(book, option_trade(book, book.officer(), "exercise", "ACMCALL"))


@fault("derivative_trade")
def spouse_bought_a_put(book) -> None:
    officer = book.officer()
    dealt_in_options(book, option_trade(book, book.relative(officer), "buy", "ACMPUT"), officer)


@fault("derivative_trade")
def bought_a_warrant_that_the_company_did_not_grant(book) -> None:
    dealt_in_options(book, option_trade(book, book.officer(), "buy", "ACMWAR"))


@fault("derivative_trade")
def closed_an_option_held_before_the_office(book) -> None:
    officer = book.officer(since=date(2023, 6, 1))
    book.holding(officer.account, 10, "ACMCALL", date(2023, 5, 31))
    dealt_in_options(book, book.trade(officer, "sell", date(2023, 6, 5), symbol="ACMCALL", quantity=10, price="1.10"))


@twin("derivative_trade")
def dealt_in_options_that_the_company_granted(book) -> None:
    option_trade(book, book.officer(), book.random.choice(["buy", "sell"]), "ACMESO")


@twin("derivative_trade")
def options_expired_or_were_assigned(book) -> None:
    option_trade(book, book.officer(), book.random.choice(["expiry", "assignment"]), book.random.choice(["ACMPUT", "ACMCALL"]))


@twin("derivative_trade")
def dealt_in_funds_and_broad_indices_or_without_an_office(book) -> None:
    option_trade(book, book.designated(), "buy", book.random.choice(["BROAD", "INDEXPUT", "RIVCALL"]))
    option_trade(book, book.person("employee"), "buy", "ACMPUT")


@fault("short_sale")
def ten_percent_holder_sold_more_than_was_held(book) -> None:
    short(book, book.tell(book.trade(book.person("ten_percent_holder", shares=300), "sell", book.any_session(), quantity=301)))
