"""Hedging instruments, margin accounts and pledges."""

from datetime import date

from tests.planted.registry import fault, twin

STATEMENT = date(2024, 6, 28)


def hedge(book, trader, kind: str, symbol: str, day=None):
    return book.trade(trader, kind, day or book.any_session(), symbol=symbol, quantity=10, price="5.00")


def hedged(book, trade, person=None) -> None:
    book.expect("hedging_instrument", person or trade.holder, trade)


@fault("hedging_instrument")
def bought_a_swap_or_a_collar(book) -> None:
    hedged(book, hedge(book, book.designated(), "buy", book.random.choice(["ACMSWAP", "ACMCOLLAR"])))


@fault("hedging_instrument")
def sold_forward_or_by_future(book) -> None:
    hedged(book, hedge(book, book.officer(), book.random.choice(["sell", "short_sell"]), book.random.choice(["ACMFWD", "ACMFUT"])))


@fault("hedging_instrument")
def joined_an_exchange_fund(book) -> None:
    hedged(book, hedge(book, book.officer(), "buy", "POOL"))


@fault("hedging_instrument")
def spouse_bought_a_collar(book) -> None:
    officer = book.officer()
    hedged(book, hedge(book, book.relative(officer), "buy", "ACMCOLLAR"), officer)


@fault("hedging_instrument")
def opened_a_swap_and_closed_it(book) -> None:
    officer, days = book.officer(), book.open_days(5)
    book.holding(officer.account, 0, "ACMSWAP")
    hedged(book, hedge(book, officer, "buy", "ACMSWAP", days[0]))
    hedge(book, officer, "sell", "ACMSWAP", days[4])


@twin("hedging_instrument")
def left_an_exchange_fund(book) -> None:
    officer = book.officer()
    book.holding(officer.account, 10, "POOL")
    hedge(book, officer, "sell", "POOL")


@twin("hedging_instrument")
def a_hedge_ended_or_belonged_to_others(book) -> None:
    hedge(book, book.officer(), book.random.choice(["expiry", "assignment"]), "ACMFUT")
    hedge(book, book.person("employee"), "buy", "ACMSWAP")
    hedge(book, book.officer(), "buy", book.random.choice(["INDEXPUT", "BROAD"]))


def account_of(book, holder, position: str, quantity: int = 500, symbol: str = "ACM", **account) -> str:
    """A further account of somebody, with a holding."""
    opened = book.account(book.new_id("A"), holder, **account)
    book.holding(opened, quantity, symbol, STATEMENT, position)
    return opened


MARGIN = {"kind": "margin", "margin_enabled": True}


def on_margin(book, person, account: str, outcome="flagged") -> None:
    book.expect("margin_holding", person, account, outcome)


@fault("margin_holding")
def holds_shares_on_margin(book) -> None:
    officer = book.designated()
    on_margin(book, officer, account_of(book, officer, "margin", **book.random.choice([MARGIN, {}])))


@fault("margin_holding")
def holds_shares_in_a_margin_account_nobody_says_how(book) -> None:
    officer = book.designated()
    on_margin(
        book,
        officer,
        account_of(book, officer, "unknown", **book.random.choice([MARGIN, {"kind": "margin", "margin_enabled": None}, {"margin_enabled": True}])),
    )


@fault("margin_holding")
def bought_in_a_margin_account(book) -> None:
    officer = book.designated(shares=None, **MARGIN)
    book.proper(officer, "buy", book.open_day())
    on_margin(book, officer, officer.account)


@fault("margin_holding")
def spouse_holds_shares_on_margin(book) -> None:
    officer = book.officer()
    on_margin(book, officer, account_of(book, book.relative(officer), "margin", **MARGIN))


@fault("margin_holding")
def holds_shares_in_an_account_that_contradicts_itself(book) -> None:
    officer = book.officer()
    on_margin(book, officer, account_of(book, officer, "unknown", kind="margin", margin_enabled=False), "undecided")


@twin("margin_holding")
def holds_paid_shares_in_a_margin_account(book) -> None:
    officer = book.designated(shares=None, **MARGIN)
    book.holding(officer.account, 5000)
    book.proper(officer, "buy", book.open_day())


@twin("margin_holding")
def holds_other_things_on_margin_or_has_no_office(book) -> None:
    account_of(book, book.designated(), "margin", symbol="ELS", **MARGIN)
    account_of(book, book.person("employee"), "margin", **MARGIN)
    account_of(book, book.designated(), "unknown", kind="retirement", margin_enabled=False)
    account_of(book, book.designated(), "short", -500, symbol="ELS", **MARGIN)


def pledged(book, person, account: str) -> None:
    book.expect("pledged_holding", person, account)


def pledging(book, holder, quantity: int = 0, symbol: str = "ACM", **account) -> str:
    opened = book.account(book.new_id("A"), holder, **account)
    book.holding(opened, 2000, symbol, STATEMENT, "cash", quantity)
    return opened


@fault("pledged_holding")
def director_pledged_some_shares(book) -> None:
    person = book.insider()
    pledged(book, person, pledging(book, person, book.random.choice([1, 700, 2000])))


@fault("pledged_holding")
def director_pledged_the_account(book) -> None:
    person = book.insider()
    pledged(book, person, pledging(book, person, pledged=True))


@fault("pledged_holding")
def officer_or_secretary_pledged_shares(book) -> None:
    person = book.person(book.random.choice(["other_officer", "secretary", "president"]))
    pledged(book, person, pledging(book, person, 300, symbol=book.random.choice(["ACM", "ACMB", "ACMP", "ACMN"])))


@twin("pledged_holding")
def general_manager_or_spouse_pledged_shares(book) -> None:
    pledging(book, book.person("general_manager"), 300)
    pledging(book, book.relative(book.insider()), pledged=True)


@twin("pledged_holding")
def director_pledged_other_things(book) -> None:
    pledging(book, book.insider(), 300, symbol="ELS", pledged=True)
    pledging(book, book.insider(), pledged=None)


def held_on_margin(book, day: date):
    """Somebody in office since 2023-06-01 with shares on margin on a day."""
    officer = book.designated(since=date(2023, 6, 1))
    account = book.account(book.new_id("A"), officer, **MARGIN)
    book.holding(account, 500, held_on=day, position="margin")
    return officer, account


@fault("margin_holding")
def held_shares_on_margin_on_the_first_day_of_the_office(book) -> None:
    on_margin(book, *held_on_margin(book, date(2023, 6, 1)))


@twin("margin_holding")
def held_shares_on_margin_the_day_before_the_office(book) -> None:
    held_on_margin(book, date(2023, 5, 31))
