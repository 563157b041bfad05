"""Clearances that were refused."""

from tests.planted.calendar import session_before
from tests.planted.plants.clearance_time import sale
from tests.planted.registry import fault, twin


def other_than(book, approver: str) -> str:
    return book.random.choice([each for each in ("LAW", "SCR", "CDE", "CEO") if each != approver])


def denied(book, trade, person=None) -> None:
    book.expect("clearance_denied", person or trade.holder, trade)


@fault("clearance_denied")
def traded_after_a_denial(book) -> None:
    days = book.open_days(3)
    trade = sale(book, days[2])
    book.clear(trade, book.random.choice(days[:2]), decision="denied")
    denied(book, trade)


@fault("clearance_denied")
def traded_at_the_instant_of_the_denial(book) -> None:
    trade = sale(book, book.open_day(), "11:00")
    book.clear(trade, trade.day, "11:00", decision="denied")
    denied(book, trade)


@fault("clearance_denied")
def traded_the_other_way_or_another_security_after_a_denial(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, session_before(trade.day), decision="denied", **book.random.choice([{"side": "buy"}, {"symbol": "ACMB"}, {"symbol": "ACMN"}]))
    denied(book, trade)


@fault("clearance_denied")
def spouse_traded_after_a_denial(book) -> None:
    officer = book.officer()
    trade = book.trade(book.relative(officer), "buy", book.open_day())
    book.clear(trade, session_before(trade.day, 10), decision="denied", asked_by=officer)
    denied(book, trade, officer)


@fault("clearance_denied")
def gave_after_a_denial(book) -> None:
    gift = book.trade(book.officer(), "gift_out", book.any_session())
    book.clear(gift, decision="denied")
    denied(book, gift)


@twin("clearance_denied")
def the_same_approver_thought_again(book) -> None:
    trade = sale(book, book.open_day())
    refusal = book.clear(trade, session_before(trade.day), decision="denied")
    book.clear(trade, decided_by=refusal.decided_by)


@twin("clearance_denied")
def denied_eleven_sessions_before_the_trade(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, session_before(trade.day, 11), decision="denied")
    book.expect("clearance_missing", trade.holder, trade)


def approved_after_a_denial(book, day, denied_on, outcome="flagged", **said):
    """A sale on an approval of its morning, after somebody else had said no."""
    trade = sale(book, day)
    approval = book.clear(trade)
    book.clear(trade, denied_on, **{"decided_by": other_than(book, approval.decided_by), "decision": "denied", **said})
    if outcome:
        book.expect("clearance_after_denial", trade.holder, approval, outcome)
    return trade


@fault("clearance_after_denial")
def another_approver_said_yes_after_a_denial(book) -> None:
    day = book.open_day()
    approved_after_a_denial(book, day, session_before(day, book.random.randrange(1, 10)))


@fault("clearance_after_denial")
def another_approver_said_yes_ten_sessions_after_a_denial(book) -> None:
    day = book.open_day()
    approved_after_a_denial(book, day, session_before(day, 10))


@fault("clearance_after_denial")
def another_approver_said_yes_to_the_spouse(book) -> None:
    officer, days = book.officer(), book.open_days(2)
    spouse = book.relative(officer)
    approval = book.decide(officer, days[1], side="buy", covers=f"{officer.id};{spouse.id}")
    book.decide(officer, days[0], side="buy", decision="denied", covers=spouse.id, decided_by=other_than(book, approval.decided_by))
    book.expect("clearance_after_denial", officer, approval)


@fault("clearance_after_denial")
def nobody_knows_who_denied(book) -> None:
    day = book.open_day()
    approved_after_a_denial(book, day, session_before(day), "undecided", decided_by=None)


@twin("clearance_after_denial")
def another_approver_said_yes_eleven_sessions_after_a_denial(book) -> None:
    day = book.open_day()
    approved_after_a_denial(book, day, session_before(day, 11), None)


@twin("clearance_after_denial")
def another_approver_said_yes_to_something_else(book) -> None:
    day = book.open_day()
    approved_after_a_denial(book, day, session_before(day), None, **book.random.choice([{"side": "buy"}, {"symbol": "ACMB"}]))
