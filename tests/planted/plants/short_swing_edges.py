"""Short-swing profits of unusual kinds: splits, changed names, shares of an interest, derivatives, dealings with the issuer."""

from datetime import date

from tests.planted.issuer import RENAMED_ON
from tests.planted.plants.short_swing import CHEAP, DEAR, first_day, owner, profit
from tests.planted.registry import fault, twin

BEFORE_THE_SPLIT, AFTER_THE_SPLIT = date(2024, 10, 15), date(2025, 1, 15)


def across_the_split(book, price: str):
    """A hundred shares of class B bought at 30 before two came for one, and two hundred sold after it."""
    holder = owner(book)
    book.holding(holder.account, 5000, "ACMB")
    book.tell(book.trade(holder, "buy", BEFORE_THE_SPLIT, symbol="ACMB", quantity=1000, price="30.00"))
    book.tell(book.trade(holder, "sell", AFTER_THE_SPLIT, symbol="ACMB", quantity=2000, price=price))
    return holder


@fault("short_swing_profit")
def gained_across_a_split(book) -> None:
    profit(book, across_the_split(book, book.random.choice(["15.01", "18.00"])), "B")


@twin("short_swing_profit")
def gained_nothing_across_a_split(book) -> None:
    across_the_split(book, "15.00")


@fault("short_swing_profit")
def bought_under_the_old_name_and_sold_under_the_new(book) -> None:
    holder = owner(book)
    book.tell(book.trade(holder, "buy", date(2024, 1, 10), symbol="ACMPO", price=CHEAP))
    book.tell(book.trade(holder, "sell", book.random.choice([RENAMED_ON, date(2024, 7, 8)]), symbol="ACMP", price=DEAR))
    profit(book, holder, "PREF")


@fault("short_swing_profit")
def bought_from_the_issuer_and_sold(book) -> None:
    holder, (first, later) = owner(book), first_day(book, -20)
    book.tell(book.trade(holder, "buy", first, price=CHEAP, venue="issuer"))
    book.tell(book.trade(holder, "sell", later, price=DEAR))
    profit(book, holder)


@fault("short_swing_profit")
def bought_and_tendered(book) -> None:
    profit(book, sold_with_the_code(book, "U"))


def sold_with_the_code(book, code: str):
    """An owner who bought and disposed of shares at a gain, the latter with a code of its own."""
    holder, (first, later) = owner(book), first_day(book, -20)
    book.tell(book.trade(holder, "buy", first, price=CHEAP))
    sale = book.trade(holder, "sell", later, price=DEAR, sec_code=code)
    book.report(sale)
    book.file(sale, sec_code=code)
    return holder


@fault("short_swing_profit")
def bought_and_disposed_otherwise_at_a_price(book) -> None:
    profit(book, sold_with_the_code(book, "J"))


@twin("short_swing_profit")
def bought_and_disposed_in_an_exempt_way(book) -> None:
    sold_with_the_code(book, book.random.choice(["D", "F", "G", "W", "Z", "C", "X"]))


@fault("short_swing_profit")
def partnership_bought_and_sold(book) -> None:
    profit(book, partners(book, "0.25"))


@twin("short_swing_profit")
def partnership_without_an_interest_of_the_director_bought_and_sold(book) -> None:
    partners(book, "0")


def partners(book, share: str):
    """A director whose partnership buys and sells at a gain, on clearances, reported and filed."""
    director, days = book.insider(), book.open_days(12)
    partnership = book.relative(director, "general_partner_of", pecuniary_share=share)
    for kind, day, price in (("buy", days[0], CHEAP), ("sell", days[11], DEAR)):
        trade = book.trade(partnership, kind, day, price=price)
        book.clear(trade, asked_by=director)
        book.report(trade)
        book.file(trade, owner=director)
    return director


@fault("short_swing_profit")
def written_calls_expired(book) -> None:
    holder = owner(book)
    book.holding(holder.account, 0, "ACMCALL")
    first, later = first_day(book, -book.random.randrange(100))
    book.trade(holder, "short_sell", first, symbol="ACMCALL", quantity=5, price="1.20")
    book.trade(holder, "expiry", later, symbol="ACMCALL", quantity=5, price=None)
    profit(book, holder)


@fault("short_swing_profit")
def bought_and_sold_calls_of_one_series(book) -> None:
    holder, (first, later) = owner(book), first_day(book, -20)
    book.holding(holder.account, 0, "ACMCALL")
    book.trade(holder, "buy", first, symbol="ACMCALL", quantity=5, price="1.20")
    book.trade(holder, "sell", later, symbol="ACMCALL", quantity=5, price="1.21")
    profit(book, holder)


@fault("short_swing_profit")
def bought_shares_and_wrote_calls(book) -> None:
    holder, (first, later) = owner(book), first_day(book, -20)
    book.holding(holder.account, 0, "ACMCALL")
    book.tell(book.trade(holder, "buy", first, price=CHEAP))
    book.trade(holder, "short_sell", later, symbol="ACMCALL", quantity=5, price="1.20")
    book.expect("short_swing_profit", holder, "COM", "undecided")


@fault("short_swing_profit")
def both_insiders_of_a_joint_account_gained(book) -> None:
    one, other = owner(book), owner(book)
    book.account(one.account, other)
    for kind, day, price in zip(("buy", "sell"), first_day(book, -20), (CHEAP, DEAR), strict=True):
        trade = book.tell(book.trade(one, kind, day, price=price))
        book.file(trade, owner=other)
    profit(book, one)
    profit(book, other)


@fault("short_swing_profit")
def bought_little_and_sold(book) -> None:
    holder, (first, later) = owner(book), first_day(book, -20)
    book.tell(book.trade(holder, "buy", first, quantity=100, price=CHEAP, sec_code="L"))
    book.tell(book.trade(holder, "sell", later, price=DEAR))
    profit(book, holder)
