"""Clearances from those who may not give them, asked for too late, or confirmed by an unusual channel."""

from tests.planted.calendar import available_from, session_before
from tests.planted.plants.clearance_time import sale
from tests.planted.registry import fault, twin


def unauthorised(book, trade, outcome="flagged") -> None:
    book.expect("clearance_unauthorised", trade.holder, trade, outcome)


def cleared_by(book, day, approver):
    trade = sale(book, day)
    book.clear(trade, decided_by=approver and approver.id)
    return trade


@fault("clearance_unauthorised")
def approved_by_someone_without_the_office(book) -> None:
    approver = book.person(book.random.choice(["employee", "contractor", "director", "executive_officer", "other_officer", "general_manager"]))
    unauthorised(book, cleared_by(book, book.open_day(), approver))


@fault("clearance_unauthorised")
def approved_the_day_after_the_approver_left(book) -> None:
    days = book.open_days(2)
    unauthorised(book, cleared_by(book, days[1], book.person("corporate_legal_counsel", until=days[0])))


@fault("clearance_unauthorised")
def approved_the_day_before_the_approver_came(book) -> None:
    days = book.open_days(2)
    unauthorised(book, cleared_by(book, days[0], book.person("compliance_designee", since=days[1])))


@fault("clearance_unauthorised")
def approved_by_nobody_knows_whom(book) -> None:
    unauthorised(book, cleared_by(book, book.open_day(), None), "undecided")


@twin("clearance_unauthorised")
def approved_on_the_first_or_last_day_of_the_office(book) -> None:
    first, last = book.open_day(), book.open_day()
    cleared_by(book, first, book.person("president", since=first))
    cleared_by(book, last, book.person("corporate_legal_counsel", until=last))
    evening = sale(book, (days := book.open_days(2))[1])
    book.clear(evening, days[0], "21:30", decided_by=book.person("compliance_designee", until=days[0]).id)


def self_approved(book, trade, person=None) -> None:
    book.expect("clearance_self_approved", person or trade.holder, trade)


@fault("clearance_self_approved")
def compliance_officer_approved_their_own_trade(book) -> None:
    officer = book.person(book.random.choice(["compliance_designee", "corporate_legal_counsel", "secretary"]))
    trade = book.trade(officer, "sell", book.open_day())
    book.clear(trade, decided_by=officer.id)
    self_approved(book, trade)


@fault("clearance_self_approved")
def compliance_officer_approved_the_trade_of_the_spouse(book) -> None:
    officer = book.person("compliance_designee")
    trade = book.trade(book.relative(officer), "sell", book.open_day())
    book.clear(trade, asked_by=officer, decided_by=officer.id)
    self_approved(book, trade, officer)


@fault("clearance_self_approved")
def approved_by_the_spouse_in_office(book) -> None:
    trader, approver = book.officer(), book.person("compliance_designee")
    book.tie(approver, trader, "spouse")
    trade = book.trade(trader, "sell", book.open_day())
    book.clear(trade, decided_by=approver.id)
    self_approved(book, trade)
    self_approved(book, trade, approver)


@fault("clearance_self_approved")
def approved_by_the_other_holder_of_the_account(book) -> None:
    trader, approver = book.officer(), book.person("corporate_legal_counsel")
    book.account(trader.account, approver)
    trade = book.trade(trader, "sell", book.open_day())
    book.clear(trade, covers=f"{trader.id};{approver.id}", decided_by=approver.id)
    self_approved(book, trade)
    self_approved(book, trade, approver)


@fault("clearance_self_approved")
def approved_by_whoever_asked_for_another(book) -> None:
    approver = book.person("compliance_designee")
    trade = book.trade(book.officer(), "sell", book.open_day())
    book.clear(trade, asked_by=approver, decided_by=approver.id)
    self_approved(book, trade)


@fault("clearance_self_approved")
def officer_without_the_office_approved_their_own_trade(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, decided_by=trade.holder.id)
    self_approved(book, trade)
    unauthorised(book, trade)


@twin("clearance_self_approved")
def approved_by_a_brother_living_elsewhere(book) -> None:
    trader, approver = book.officer(), book.person("compliance_designee")
    book.tie(approver, trader, "sibling", same_household=False)
    book.clear(book.trade(trader, "sell", book.open_day()), decided_by=approver.id)


@twin("clearance_self_approved")
def approved_by_a_spouse_divorced_the_day_before(book) -> None:
    trader, approver, days = book.officer(), book.person("compliance_designee"), book.open_days(2)
    book.tie(approver, trader, "spouse", until=days[0])
    book.clear(book.trade(trader, "sell", days[1]), decided_by=approver.id)


def asked(book, clock, *, days_early: int):
    """A sale so many sessions before the first day that the request allows."""
    requested = book.open_days(6)[1]
    trade = sale(book, session_before(available_from(requested, clock), days_early) if days_early else available_from(requested, clock))
    book.clear(trade, requested_at=book.at(requested, clock))
    return trade


def hurried(book, trade) -> None:
    book.expect("clearance_lead_time", trade.holder, trade)


@fault("clearance_lead_time")
def asked_on_the_day_of_the_trade(book) -> None:
    trade = sale(book, book.open_day())
    book.clear(trade, requested_at=book.at(trade.day, "07:30"))
    hurried(book, trade)


@fault("clearance_lead_time")
def asked_one_session_too_late(book) -> None:
    hurried(book, asked(book, book.random.choice(["08:00", "09:29:59", "09:30:00", "11:00", "19:00"]), days_early=1))


@fault("clearance_lead_time")
def asked_at_a_time_that_nobody_wrote_down_two_sessions_before(book) -> None:
    days = book.open_days(4)
    trade = sale(book, days[2])
    book.clear(trade, requested_at=None, requested_on=days[0])
    hurried(book, trade)


@twin("clearance_lead_time")
def asked_just_early_enough(book) -> None:
    asked(book, book.random.choice(["08:00", "09:29:59", "09:30:00", "11:00", "19:00"]), days_early=0)


@twin("clearance_lead_time")
def asked_three_sessions_before_or_never(book) -> None:
    for requested in (True, False):
        trade = sale(book, book.open_day())
        book.clear(trade, requested_at=None, requested_on=session_before(trade.day, 3) if requested else None)


def confirmed_by(book, channel):
    trade = sale(book, book.open_day())
    book.clear(trade, channel=channel)
    return trade


@fault("clearance_channel")
def confirmed_by_chat(book) -> None:
    trade = confirmed_by(book, book.random.choice(["chat", "Teams", "WhatsApp"]))
    book.expect("clearance_channel", trade.holder, trade)


@fault("clearance_channel")
def confirmed_by_text_message(book) -> None:
    trade = confirmed_by(book, "text message")
    book.expect("clearance_channel", trade.holder, trade)


@fault("clearance_channel")
def spouse_confirmed_by_letter(book) -> None:
    officer = book.officer()
    trade = book.trade(book.relative(officer), "buy", book.open_day())
    book.clear(trade, asked_by=officer, channel="letter")
    book.expect("clearance_channel", officer, trade)


@twin("clearance_channel")
def confirmed_as_the_policy_says_or_silently(book) -> None:
    for channel in ("oral", "email", "ORAL", "Email", None):
        confirmed_by(book, channel)


@twin("clearance_channel")
def denied_or_unused_by_another_channel(book) -> None:
    officer, day = book.officer(), book.open_day()
    book.decide(officer, day, side="buy", channel="chat")
    book.proper(book.officer(), "sell", book.open_day())
