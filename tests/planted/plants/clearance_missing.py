"""Trades that nobody had cleared."""

from tests.planted.plants.clearance_time import sale
from tests.planted.registry import fault, twin


def missing(book, trade, person=None) -> None:
    book.expect("clearance_missing", person or trade.holder, trade)


@fault("clearance_missing")
def traded_without_asking(book) -> None:
    missing(book, book.tell(book.trade(book.designated(), book.random.choice(["buy", "sell", "sell_to_cover"]), book.open_day())))


@fault("clearance_missing")
def traded_while_the_request_was_pending(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, decision="pending")
    missing(book, trade)


@fault("clearance_missing")
def traded_eleven_sessions_after_the_approval(book) -> None:
    days = book.open_days(12)
    trade = sale(book, days[11])
    book.clear(trade, days[0])
    missing(book, trade)


@fault("clearance_missing")
def approved_two_sessions_after_the_trade(book) -> None:
    days = book.open_days(3)
    trade = sale(book, days[0])
    book.clear(trade, days[2])
    missing(book, trade)


@fault("clearance_missing")
def denied_a_second_after_the_trade(book) -> None:
    trade = sale(book, book.open_day(), "11:00:00")
    book.clear(trade, trade.day, "11:00:01", decision="denied")
    missing(book, trade)


@fault("clearance_missing")
def compliance_officer_traded_without_asking(book) -> None:
    officer = book.person(book.random.choice(["compliance_designee", "corporate_legal_counsel"]))
    missing(book, book.trade(officer, "buy", book.any_session()))


@fault("clearance_missing")
def traded_privately_without_asking(book) -> None:
    missing(book, book.trade(book.officer(), "sell", book.any_session(), venue="private"))


@fault("clearance_missing")
def child_traded_the_day_before_turning_eighteen(book) -> None:
    officer, days = book.officer(), book.open_days(2)
    child = book.relative(officer, "child", same_household=False, born_on=days[1].replace(year=days[1].year - 18))
    missing(book, book.trade(child, "buy", days[0]), officer)


@fault("clearance_missing")
def household_traded_without_asking(book) -> None:
    officer = book.officer()
    relation, household = book.random.choice(
        [("parent", True), ("household_member", None), ("child", True), ("sibling", True), ("general_partner_of", None), ("trustee_of", None)]
    )
    missing(book, book.trade(book.relative(officer, relation, same_household=household), "sell", book.open_day()), officer)


@fault("clearance_missing")
def only_one_holder_of_a_joint_account_was_cleared(book) -> None:
    one, other = book.officer(), book.officer()
    book.account(one.account, other)
    missing(book, book.proper(one, "sell", book.open_day()), other)


@fault("clearance_missing")
def one_order_of_three_fills_without_asking(book) -> None:
    officer, day, order = book.officer(), book.open_day(), book.new_id("O")
    fills = [book.trade(officer, "sell", day, clock, order_id=order) for clock in ("10:00", "10:30", "11:15")]
    missing(book, fills[0])


@fault("clearance_missing")
def child_of_unknown_age_traded_without_asking(book) -> None:
    officer = book.officer()
    trade = book.trade(book.relative(officer, "child", same_household=False), "buy", book.open_day())
    book.expect("clearance_missing", officer, trade, "undecided")


@twin("clearance_missing")
def child_traded_on_turning_eighteen(book) -> None:
    officer, day = book.officer(), book.open_day()
    child = book.relative(officer, "child", same_household=False, born_on=day.replace(year=day.year - 18))
    book.trade(child, "buy", day)


@twin("clearance_missing")
def traded_with_the_issuer(book) -> None:
    book.tell(book.trade(book.designated(), "buy", book.any_session(), venue="issuer"))


@twin("clearance_missing")
def both_holders_of_a_joint_account_were_cleared(book) -> None:
    one, other = book.officer(), book.officer()
    book.account(one.account, other)
    trade = book.trade(one, "sell", book.open_day())
    book.clear(trade, covers=f"{one.id};{other.id}")
