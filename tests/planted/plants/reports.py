"""Reports to a Compliance Officer that came after the day of the trade."""

from datetime import date

from tests.planted.calendar import business_day_after, session_after
from tests.planted.registry import fault, twin


def filed(book, holder, kind: str, day, clock="any", **said):
    """A cleared trade of an insider with its Form 4, of which no Compliance Officer has heard yet."""
    trade = book.trade(holder, kind, day, clock, **said)
    book.clear(trade)
    book.file(trade)
    return trade


def sold(book, **said):
    return filed(book, book.insider(), book.random.choice(["buy", "sell", "sell_to_cover"]), book.open_day(), **said)


def late(book, trade, person=None) -> None:
    book.expect("internal_report_late", person or trade.holder, trade)


@fault("internal_report_late")
def reported_at_midnight(book) -> None:
    trade = sold(book)
    book.report(trade, session_after(trade.day), "00:00:00")
    late(book, trade)


@fault("internal_report_late")
def reported_on_the_second_business_day(book) -> None:
    trade = sold(book)
    book.report(trade, business_day_after(trade.day, 2), trade_id=book.random.choice([None, trade.id]))
    late(book, trade)


@fault("internal_report_late")
def reported_a_gift_or_an_exercise_late(book) -> None:
    insider = book.insider()
    trade = book.trade(insider, book.random.choice(["gift_out", "exercise_cash", "exercise_net"]), book.any_session())
    if trade.kind == "gift_out":
        book.clear(trade)
    book.file(trade)
    book.report(trade, session_after(trade.day))
    late(book, trade)


@fault("internal_report_late")
def reported_the_trade_of_the_family_late(book) -> None:
    insider = book.insider()
    relation, born = book.random.choice([("parent", None), ("child", date(1990, 5, 5)), ("sibling", None), ("other_family", None)])
    trade = book.trade(book.relative(insider, relation, same_household=False, born_on=born), "sell", book.any_session())
    book.report(trade, session_after(trade.day), person_id=insider.id)
    late(book, trade, insider)


@fault("internal_report_late")
def reported_the_second_of_two_trades_the_day_after(book) -> None:
    insider, day = book.insider(), book.open_day()
    first, second = (filed(book, insider, "sell", day, clock, quantity=500) for clock in ("10:00", "14:00"))
    book.report(first, day, trade_id=None)
    book.report(second, session_after(day), trade_id=None)
    late(book, second)


@fault("internal_report_late")
def reported_the_rest_of_a_trade_the_day_after(book) -> None:
    trade = sold(book)
    book.report(trade, quantity=trade.quantity - 1, trade_id=None)
    book.report(trade, session_after(trade.day), quantity=1, trade_id=None)
    late(book, trade)


@fault("internal_report_late")
def reported_a_plan_sale_the_day_after_the_notice(book) -> None:
    trade = plan_sale_noticed_later(book)
    book.report(trade, session_after(trade.day, 2))
    late(book, trade)


def plan_sale_noticed_later(book):
    """A sale under an old plan, of which the insider was told on the next session."""
    insider, day = book.insider(), book.any_session()
    trade = book.trade(insider, "sell", day, plan_id=book.plan(insider, date(2022, 12, 1)), notified_on=session_after(day))
    book.file(trade)
    return trade


@fault("internal_report_late")
def reported_a_corrected_trade_late(book) -> None:
    trade, again = corrected(book)
    book.report(again, session_after(trade.day))
    late(book, trade)


def corrected(book):
    """A sale whose price the broker corrected: as first told, and as it stands."""
    insider, day = book.insider(), book.open_day()
    trade = book.trade(insider, "sell", day, "11:00")
    again = book.trade(insider, "sell", day, "11:00", quantity=trade.quantity, action="correct", amends=trade.id, order_id=book.rows["trades"][-1]["order_id"])
    book.clear(trade)
    book.file(again)
    return trade, again


@twin("internal_report_late")
def reported_in_the_last_second_of_the_day(book) -> None:
    trade = sold(book)
    book.report(trade, trade.day, "23:59:59")


@twin("internal_report_late")
def reported_on_the_day_of_the_notice(book) -> None:
    trade = plan_sale_noticed_later(book)
    book.report(trade, session_after(trade.day))


@twin("internal_report_late")
def reported_two_trades_at_once(book) -> None:
    insider, day = book.insider(), book.open_day()
    first, _ = (filed(book, insider, "sell", day, clock, quantity=500) for clock in ("10:00", "14:00"))
    book.report(first, trade_id=None, quantity=book.random.choice([1000, None]))


@twin("internal_report_late")
def reported_the_trade_that_was_later_corrected(book) -> None:
    trade, _ = corrected(book)
    book.report(trade)
