"""Reports to a Compliance Officer that never came."""

from tests.planted.calendar import session_after
from tests.planted.plants.reports import filed, sold
from tests.planted.registry import fault, twin


def unreported(book, trade, person=None) -> None:
    book.expect("internal_report_missing", person or trade.holder, trade)


@fault("internal_report_missing")
def never_reported(book) -> None:
    unreported(book, sold(book))


@fault("internal_report_missing")
def reported_one_share_too_few(book) -> None:
    trade = sold(book)
    book.report(trade, quantity=trade.quantity - 1, trade_id=None)
    unreported(book, trade)


@fault("internal_report_missing")
def reported_another_day_or_kind_or_security(book) -> None:
    trade = filed(book, book.insider(), "sell", book.open_day())
    book.report(trade, trade_id=None, **book.random.choice([{"kind": "buy"}, {"traded_on": session_after(trade.day)}, {"symbol": "ACMB"}]))
    unreported(book, trade)


@fault("internal_report_missing")
def never_reported_the_trade_of_the_family(book) -> None:
    insider = book.insider()
    trade = book.trade(book.relative(insider, book.random.choice(["parent", "sibling"]), same_household=False), "sell", book.any_session())
    unreported(book, trade, insider)


@fault("internal_report_missing")
def never_reported_the_trade_of_the_company(book) -> None:
    insider = book.insider()
    trade = book.trade(book.relative(insider, "controls"), "sell", book.any_session())
    book.file(trade, owner=insider)
    unreported(book, trade, insider)


@fault("internal_report_missing")
def ten_percent_holder_never_reported(book) -> None:
    trade = book.trade(book.person("ten_percent_holder"), "sell", book.any_session())
    book.file(trade)
    unreported(book, trade)


@fault("internal_report_missing")
def president_never_reported(book) -> None:
    unreported(book, filed(book, book.person("president"), "sell", book.open_day()))


@twin("internal_report_missing")
def reported_by_the_spouse_who_traded(book) -> None:
    insider = book.insider()
    trade = book.trade(book.relative(insider, same_household=False), "sell", book.open_day())
    book.clear(trade, asked_by=insider)
    book.report(trade, trade_id=None, person_id=book.random.choice([insider.id, trade.holder.id]))


@twin("internal_report_missing")
def nothing_to_report(book) -> None:
    book.proper(book.officer(), "sell", book.open_day())
    book.trade(book.insider(), book.random.choice(["vest", "espp_purchase", "transfer_in", "gift_in"]), book.open_day())
    book.trade(book.relative(book.insider(), "household_member", same_household=False), "transfer_out", book.open_day())
    book.trade(book.insider(), "sell", book.any_session(), symbol="ELS")


@twin("internal_report_missing")
def reported_by_number_with_too_few_shares_and_again_late(book) -> None:
    trade = sold(book)
    book.report(trade, quantity=1)
    book.report(trade, session_after(trade.day))
