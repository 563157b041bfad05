"""Trades outside an open window, and approvals that could only be used outside one."""

from datetime import date

from tests.planted import issuer
from tests.planted.calendar import session_after, session_before
from tests.planted.registry import fault, twin

SALES_AND_PURCHASES = ("buy", "sell", "sell_to_cover", "cover")
FIRST_DAYS = [window[0] for window in issuer.WINDOWS]


def cleared_while_closed(book, trade, person=None) -> None:
    """The trade and its approval of the same morning both fall into a closed window."""
    clearance = book.clear(trade, asked_by=person)
    book.expect("window_closed", person or trade.holder, trade)
    book.expect("clearance_window_unsound", clearance.decided_by, clearance)


def traded_on(book, day) -> None:
    kind = book.random.choice(SALES_AND_PURCHASES)
    cleared_while_closed(book, book.tell(book.trade(book.designated(), kind, day)))


@fault("window_closed")
def traded_the_day_before_the_window(book) -> None:
    traded_on(book, session_before(book.random.choice(FIRST_DAYS)))


@fault("window_closed")
def traded_on_any_closed_day(book) -> None:
    traded_on(book, book.closed_day())


@fault("window_closed")
def traded_in_an_empty_window(book) -> None:
    traded_on(book, book.random.choice(issuer.EMPTY_WINDOW))


@fault("window_closed")
def traded_before_any_announcement(book) -> None:
    traded_on(book, book.random.choice(issuer.UNANNOUNCED))


@fault("window_closed")
def traded_on_preliminary_results(book) -> None:
    traded_on(book, book.random.choice(issuer.PRELIMINARY))


@fault("window_closed")
def traded_while_a_restatement_was_fresh(book) -> None:
    traded_on(book, book.random.choice(issuer.RECLOSED))


@fault("window_closed")
def traded_after_the_quarter_on_a_clearance_of_its_last_day(book) -> None:
    last = book.random.choice(issuer.ENDS_OF_WINDOWS)
    trade = book.tell(book.trade(book.designated(), "sell", session_after(last)))
    book.clear(trade, last, "11:00")
    book.expect("window_closed", trade.holder, trade)


@fault("window_closed")
def spouse_traded_in_a_closed_window(book) -> None:
    officer = book.officer()
    trade = book.trade(book.relative(officer, same_household=False), "sell", book.closed_day())
    cleared_while_closed(book, trade, officer)


@fault("window_closed")
def both_holders_of_a_joint_account_traded_in_a_closed_window(book) -> None:
    one, other = book.officer(), book.officer()
    book.account(one.account, other)
    trade = book.trade(one, "buy", book.closed_day())
    cleared_while_closed(book, trade)
    book.rows["clearances"][-1]["covers"] = f"{one.id};{other.id}"
    book.expect("window_closed", other, trade)


def given_and_sold_on(book, sold_on: date):
    """A cleared gift of 2025-10-06, in a closed window, whose recipient sells on a day of that window."""
    gift = book.trade(book.officer(), "gift_out", date(2025, 10, 6), recipient_id=(charity := book.person()).id)
    book.trade(charity, "sell", sold_on)
    book.clear(gift)
    return gift


@fault("window_closed")
def gave_shares_that_were_sold_within_thirty_days_in_a_closed_window(book) -> None:
    gift = given_and_sold_on(book, book.random.choice([date(2025, 10, 6), date(2025, 10, 20), date(2025, 11, 5)]))
    book.expect("window_closed", gift.holder, gift)


@twin("window_closed")
def traded_on_the_first_day_of_the_window(book) -> None:
    book.proper(book.designated(), "buy", book.random.choice(FIRST_DAYS))


@twin("window_closed")
def traded_on_the_last_day_of_the_window(book) -> None:
    book.proper(book.designated(), "sell", book.random.choice(issuer.ENDS_OF_WINDOWS))


@twin("window_closed")
def traded_after_news_that_closes_nothing(book) -> None:
    book.proper(book.designated(), "sell", book.random.choice([date(2025, 8, 26), date(2025, 8, 27)]))


@twin("window_closed")
def traded_privately_in_a_closed_window(book) -> None:
    last = book.random.choice(issuer.ENDS_OF_WINDOWS)
    trade = book.tell(book.trade(book.officer(), "sell", session_after(last, 4), venue="private"))
    book.clear(trade, last, "11:00", extended_until_on=session_after(last, 5))


@twin("window_closed")
def traded_before_the_office_began_and_after_it_ended(book) -> None:
    first, last = book.random.choice([issuer.PRELIMINARY, issuer.UNANNOUNCED])[0], book.closed_day()
    book.trade(book.officer(since=session_after(first)), "sell", first)
    book.trade(book.officer(until=session_before(last)), "sell", last)


@twin("window_closed")
def gave_shares_that_were_sold_thirty_one_days_later(book) -> None:
    given_and_sold_on(book, date(2025, 11, 6))


@fault("clearance_window_unsound")
def approved_while_closed_and_never_used(book) -> None:
    clearance = book.decide(book.officer(), book.closed_day(), "11:00", side=book.random.choice(["buy", "sell"]))
    book.expect("clearance_window_unsound", clearance.decided_by, clearance)


@fault("clearance_window_unsound")
def approved_at_the_close_of_the_last_day(book) -> None:
    clearance = book.decide(book.officer(), book.random.choice(issuer.ENDS_OF_WINDOWS), "16:00")
    book.expect("clearance_window_unsound", clearance.decided_by, clearance)


@fault("clearance_window_unsound")
def approved_a_second_before_the_close_of_the_day_before_the_window(book) -> None:
    clearance = book.decide(book.officer(), session_before(book.random.choice(FIRST_DAYS)), "15:59:59")
    book.expect("clearance_window_unsound", clearance.decided_by, clearance)


@fault("clearance_window_unsound")
def approved_for_a_proposed_day_after_the_quarter(book) -> None:
    last = book.random.choice(issuer.ENDS_OF_WINDOWS)
    clearance = book.decide(book.officer(), last, "11:00", trade_on=session_after(last))
    book.expect("clearance_window_unsound", clearance.decided_by, clearance)


@fault("clearance_window_unsound")
def approved_without_a_time_the_day_before_the_window_and_revoked_later(book) -> None:
    first = book.random.choice(FIRST_DAYS)
    clearance = book.decide(book.officer(), session_before(first), None, revoked_at=book.at(first, "09:00"))
    book.expect("clearance_window_unsound", clearance.decided_by, clearance)


@twin("clearance_window_unsound")
def approved_at_the_close_of_the_day_before_the_window(book) -> None:
    first = book.random.choice(FIRST_DAYS)
    trade = book.tell(book.trade(book.officer(), "sell", first))
    book.clear(trade, session_before(first), "16:00")


@twin("clearance_window_unsound")
def approved_a_second_before_the_close_of_the_last_day(book) -> None:
    book.decide(book.officer(), book.random.choice(issuer.ENDS_OF_WINDOWS), "15:59:59")


@twin("clearance_window_unsound")
def approved_early_for_the_first_day_of_the_window(book) -> None:
    first = book.random.choice(FIRST_DAYS)
    book.decide(book.officer(), session_before(first, 3), "11:00", trade_on=first)


@twin("clearance_window_unsound")
def denied_or_left_pending_or_approved_a_gift_in_a_closed_window(book) -> None:
    book.decide(book.officer(), book.closed_day(), decision="denied")
    book.decide(book.officer(), book.closed_day(), decision="pending")
    book.decide(book.officer(), book.closed_day(), side="gift")
