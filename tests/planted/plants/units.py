"""One order or several, one person who answers or two, and days that are no sessions."""

from datetime import date

from tests.planted import issuer
from tests.planted.calendar import session_after
from tests.planted.registry import fault, twin

UNNUMBERED = {"order_id": None, "order_type": None, "time_in_force": None}
SATURDAY_IN_A_WINDOW, SATURDAY_OUTSIDE = date(2024, 6, 8), date(2024, 10, 12)


@fault("clearance_missing")
def sales_of_one_day_without_a_number_are_one_order(book) -> None:
    officer, day = book.officer(), book.open_day()
    book.trade(officer, "sell", day, "14:00", **UNNUMBERED)
    first = book.trade(officer, "sell_to_cover", day, "10:00", **UNNUMBERED)
    book.expect("clearance_missing", officer, first)
    bought = book.trade(officer, "buy", day, "12:00", **UNNUMBERED)
    book.expect("clearance_missing", officer, bought)


@fault("window_closed")
def two_fills_of_an_order_in_a_closed_window_are_one_finding(book) -> None:
    officer, day, order = book.officer(), book.closed_day(), book.new_id("O")
    fills = [book.trade(officer, "sell", day, clock, order_id=order) for clock in ("10:00", "10:05")]
    for rule in ("window_closed", "clearance_missing"):
        book.expect(rule, officer, fills[0])


@twin("clearance_reused")
def sales_of_one_day_without_a_number_on_one_clearance(book) -> None:
    officer, day = book.officer(), book.open_day()
    fills = [book.trade(officer, "sell", day, clock, quantity=500, **UNNUMBERED) for clock in ("10:00", "14:00")]
    book.clear(fills[0], quantity=1000)


@fault("clearance_reused")
def the_sale_without_a_time_came_first(book) -> None:
    officer, days = book.officer(), book.open_days(2)
    timed = book.trade(officer, "sell", days[1], "10:00")
    book.trade(officer, "sell", days[1], None)
    book.clear(timed, days[0], "11:00", quantity=None)
    book.expect("clearance_reused", officer, timed)


@fault("clearance_missing")
def spouse_in_office_traded_without_asking(book) -> None:
    one, other = book.officer(), book.officer()
    book.tie(one, other, "spouse")
    trade = book.trade(other, "sell", book.open_day())
    book.expect("clearance_missing", one, trade)
    book.expect("clearance_missing", other, trade)


@twin("clearance_missing")
def spouse_in_office_asked_herself(book) -> None:
    one, other = book.officer(), book.officer()
    book.tie(one, other, "spouse")
    book.clear(book.trade(other, "sell", book.open_day()))


@fault("clearance_missing")
def spouse_traded_on_the_last_day_of_the_marriage(book) -> None:
    officer, day = book.officer(), book.open_day()
    book.expect("clearance_missing", officer, book.trade(book.relative(officer, until=day), "sell", day))


@twin("clearance_missing")
def spouse_traded_the_day_after_the_divorce_or_before_the_wedding(book) -> None:
    officer, days = book.officer(), book.open_days(2)
    book.trade(book.relative(officer, until=days[0]), "sell", days[1])
    book.trade(book.relative(officer, since=days[1]), "sell", days[0])


@fault("window_closed")
def sale_dated_on_a_saturday_outside_the_window(book) -> None:
    officer = book.officer()
    trade = book.trade(officer, "sell", SATURDAY_OUTSIDE, None)
    book.expect("window_closed", officer, trade)
    book.expect("clearance_missing", officer, trade)


@twin("window_closed")
def sale_dated_on_a_saturday_inside_the_window(book) -> None:
    trade = book.trade(book.officer(), "sell", SATURDAY_IN_A_WINDOW, None)
    book.clear(trade, date(2024, 6, 7), "11:00")


@fault("window_closed")
def president_or_secretary_traded_in_a_closed_window(book) -> None:
    role = book.random.choice(["president", "ceo", "secretary"])
    trade = book.trade(book.person(role), book.random.choice(["buy", "sell"]), book.closed_day())
    if role != "secretary":
        book.report(trade)
        book.file(trade)
    clearance = book.clear(trade)
    book.expect("window_closed", trade.holder, trade)
    book.expect("clearance_window_unsound", clearance.decided_by, clearance)


@twin("window_closed")
def gave_shares_to_someone_who_had_sold_the_day_before(book) -> None:
    charity = book.person()
    book.trade(charity, "sell", date(2025, 10, 7))
    book.clear(book.trade(book.officer(), "gift_out", date(2025, 10, 8), recipient_id=charity.id))


@fault("internal_report_missing")
def reported_after_the_day_of_the_run(book) -> None:
    insider, day = book.insider(), date(2025, 9, 22)
    trade = book.trade(insider, "sell", day)
    book.clear(trade)
    book.file(trade)
    book.report(trade, session_after(issuer.AS_OF))
    book.expect("internal_report_missing", insider, trade)


@fault("form4_missing")
def filed_after_the_day_of_the_run(book) -> None:
    holder = book.person("ten_percent_holder")
    trade = book.trade(holder, "sell", book.any_session())
    book.report(trade)
    book.file(trade, session_after(issuer.AS_OF))
    book.expect("form4_missing", holder, trade)


@fault("clearance_reused")
def an_order_begun_before_the_approval_draws_first(book) -> None:
    """Units draw in the order of their first fills, whatever becomes of these: the second order finds the clearance used."""
    officer, days, begun = book.officer(), book.open_days(3), book.new_id("O")
    early = book.trade(officer, "sell", days[0], "10:00", order_id=begun)
    book.trade(officer, "sell", days[2], "13:00", order_id=begun)
    second = book.trade(officer, "sell", days[2], "10:00")
    book.clear(early, days[1], "10:00", quantity=None)
    book.expect("clearance_after_trade", officer, early)
    book.expect("clearance_reused", officer, second)


@fault("clearance_exceeded")
def nothing_was_left_of_a_possible_clearance_for_several(book) -> None:
    """What is unknown about a clearance is told of the order that drew on it, and of no other."""
    officer, day = book.officer(), book.open_day()
    first, second = (book.trade(officer, "sell", day, clock, quantity=500) for clock in ("10:00", "11:00"))
    book.clear(first, multi_trade=True, decided_by=None)
    book.expect("clearance_unauthorised", officer, first, "undecided")
    book.expect("clearance_exceeded", officer, second)
