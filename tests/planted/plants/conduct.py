"""Supervisors who kept a suspicion to themselves, and reviewers of their own affairs."""

from datetime import date, timedelta

from tests.planted.calendar import session_after
from tests.planted.registry import fault, twin


def suspects(book, reporter, about: str, aware: date, clock: str = "10:00", *, told: tuple[date, str] | None, fires: bool = True) -> None:
    escalation = book.new_id("E")
    book.add(
        "escalations", escalation_id=escalation, reported_by=reporter.id, about_id=about, aware_at=book.at(aware, clock), reported_at=told and book.at(*told)
    )
    if fires:
        book.expect("escalation_late", reporter, escalation)


def chain(book, links: int):
    """A supervisor and somebody so many links below."""
    top = below = book.person("employee")
    for _ in range(links):
        below = book.person("employee", supervisor=below.id)
    return top, below


@fault("escalation_late")
def supervisor_passed_it_on_at_midnight(book) -> None:
    boss, other = chain(book, 1)
    day = book.any_session()
    suspects(book, boss, other.id, day, told=(day + timedelta(days=1), "00:00:00"))


@fault("escalation_late")
def supervisor_of_supervisors_never_passed_it_on(book) -> None:
    boss, other = chain(book, book.random.randrange(2, 5))
    suspects(book, boss, other.id, book.any_session(), told=None)


@fault("escalation_late")
def somebody_passed_it_on_late_about_someone_without_a_supervisor(book) -> None:
    day = book.any_session()
    suspects(book, book.person("employee"), book.person("contractor").id, day, "23:30", told=(session_after(day), "09:00"))


@twin("escalation_late")
def supervisor_passed_it_on_in_the_last_second_of_the_day(book) -> None:
    boss, other = chain(book, book.random.randrange(1, 4))
    day = book.any_session()
    suspects(book, boss, other.id, day, told=(day, "23:59:59"), fires=False)


@twin("escalation_late")
def somebody_who_supervises_others_kept_it(book) -> None:
    _, about = chain(book, 1)
    boss, other = chain(book, 1)
    suspects(book, boss, about.id, book.any_session(), told=None, fires=False)
    suspects(book, other, about.id, book.any_session(), told=None, fires=False)


def case_of(book, person=None, holder=None):
    """A trade that nobody had cleared: whose case it is, and its id."""
    person = person or book.officer()
    trade = book.trade(holder or person, "sell", book.open_day())
    book.expect("clearance_missing", person, trade)
    return person, f"{person.id}/{trade.id}"


REVIEWED = date(2025, 11, 20)


def reviews(book, reviewer, case: str, *, fires: bool = True) -> None:
    review = book.new_id("V")
    book.add("reviews", review_id=review, case_id=case, reviewed_by=reviewer.id, reviewed_at=book.at(REVIEWED, "14:00"), decision="explained", note="seen")
    if fires:
        book.expect("review_own_case", reviewer, review)


@fault("review_own_case")
def reviewed_their_own_case(book) -> None:
    reviews(book, *case_of(book))


@fault("review_own_case")
def reviewed_the_case_of_their_own_trade(book) -> None:
    officer = book.officer()
    spouse = book.relative(officer)
    _, case = case_of(book, officer, spouse)
    reviews(book, spouse, case)


@fault("review_own_case")
def reviewed_the_case_of_a_son_or_a_partner(book) -> None:
    person, case = case_of(book)
    relation = book.random.choice(["parent", "sibling", "other_family", "spouse"])
    reviews(book, book.relative(person, relation, same_household=False), case)


@fault("review_own_case")
def reviewed_the_case_of_somebody_in_the_household(book) -> None:
    person, case = case_of(book)
    reviewer = book.person("employee")
    book.tie(reviewer, person, "household_member")
    reviews(book, reviewer, case)


@fault("review_own_case")
def reviewed_what_they_had_approved(book) -> None:
    approver, days = book.person("compliance_designee"), book.open_days(3)
    trade = book.trade(book.officer(), "sell", days[2])
    book.clear(trade, days[0], decided_by=approver.id)
    book.expect("clearance_stale", trade.holder, trade)
    reviews(book, approver, f"{trade.holder.id}/{trade.id}")


@twin("review_own_case")
def reviewed_the_case_of_another(book) -> None:
    _, case = case_of(book)
    reviews(book, book.person("compliance_designee"), case, fires=False)


@twin("review_own_case")
def reviewed_the_case_of_a_spouse_divorced_the_day_before(book) -> None:
    person, case = case_of(book)
    reviews(book, book.relative(person, until=REVIEWED - timedelta(days=1)), case, fires=False)


@twin("review_own_case")
def reviewed_what_another_had_approved(book) -> None:
    days = book.open_days(3)
    trade = book.trade(book.officer(), "sell", days[2])
    book.clear(trade, days[0], decided_by="LAW")
    book.expect("clearance_stale", trade.holder, trade)
    reviews(book, book.person("compliance_designee"), f"{trade.holder.id}/{trade.id}", fires=False)


@fault("review_own_case")
def reviewed_what_they_had_denied(book) -> None:
    denier, days = book.person("compliance_designee"), book.open_days(3)
    trade = book.trade(book.officer(), "sell", days[2])
    approval = book.clear(trade)
    book.clear(trade, days[0], decision="denied", decided_by=denier.id)
    book.expect("clearance_after_denial", trade.holder, approval)
    reviews(book, denier, f"{trade.holder.id}/{approval.id}")
