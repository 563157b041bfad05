"""Rule 10b5-1 plans that were not approved, or changed without a word."""

from datetime import date, timedelta

from tests.planted.calendar import session_after, session_before
from tests.planted.registry import fault, twin

OLD, NEW = date(2023, 2, 24), date(2023, 2, 27)
"""A day under the old law of plans, and the first day of the present one."""


def adopted_long_before(book):
    """A day of open windows, and a day of adoption whose cooling-off was over by then."""
    day = book.open_day()
    return day, session_before(day, 100) if day >= date(2023, 9, 1) else date(2022, 12, 1)


def officers_plan(book, **said):
    """An officer, an open day well after the cooling-off, and a plan to sell."""
    officer = book.officer()
    day, adopted = adopted_long_before(book)
    return officer, day, book.plan(officer, adopted, **said)


def plan_sale(book, holder, day, plan: str, *, cleared: bool = True, **said):
    """A sale under a plan; cleared like any other, so that the plan's fault stands alone."""
    trade = book.tell(book.trade(holder, "sell", day, plan_id=plan, notified_on=day, **said))
    if cleared:
        book.clear(trade, quantity=None)
    return trade


def not_approved(book, person, plan: str, outcome="flagged") -> None:
    book.expect("plan_not_approved", person, plan, outcome)


@fault("plan_not_approved")
def nobody_approved_the_plan(book) -> None:
    officer, day, plan = officers_plan(book, **book.random.choice([{"approved_by": None}, {"approved_on": None}]))
    plan_sale(book, officer, day, plan)
    not_approved(book, officer, plan)


@fault("plan_not_approved")
def somebody_without_the_office_approved_the_plan(book) -> None:
    officer, day, plan = officers_plan(book, approved_by=book.person(book.random.choice(["employee", "executive_officer", "contractor"])).id)
    plan_sale(book, officer, day, plan)
    not_approved(book, officer, plan)


@fault("plan_not_approved")
def approved_the_day_after_the_first_trade_of_the_plan(book) -> None:
    officer, day, plan = officers_plan(book)
    book.rows["plans"][-1]["approved_on"] = session_after(day)
    plan_sale(book, officer, day, plan)
    not_approved(book, officer, plan)


@fault("plan_not_approved")
def no_copy_of_the_plan_was_handed_in_and_nothing_was_cleared(book) -> None:
    officer, day, plan = officers_plan(book, copy_received=False)
    trade = plan_sale(book, officer, day, plan, cleared=False)
    not_approved(book, officer, plan)
    book.expect("clearance_missing", officer, trade)


@fault("plan_not_approved")
def nobody_knows_of_a_copy_of_the_plan(book) -> None:
    officer, day = book.officer(), book.closed_day()
    plan = book.plan(officer, date(2022, 12, 1), copy_received=None)
    trade = plan_sale(book, officer, day, plan, cleared=False)
    for rule, subject in {"plan_not_approved": plan, "window_closed": trade, "clearance_missing": trade}.items():
        book.expect(rule, officer, subject, "undecided")


@twin("plan_not_approved")
def approved_on_the_day_of_the_first_trade_of_the_plan(book) -> None:
    officer, day, plan = officers_plan(book)
    book.rows["plans"][-1]["approved_on"] = day
    plan_sale(book, officer, day, plan, cleared=False)


@twin("plan_not_approved")
def approved_on_the_last_day_of_the_approver(book) -> None:
    officer, day, plan = officers_plan(book)
    adopted = book.rows["plans"][-1]["adopted_on"]
    book.rows["plans"][-1]["approved_by"] = book.person("corporate_legal_counsel", until=adopted).id
    plan_sale(book, officer, day, plan, cleared=False)


def change(book, plan: str, day, kind: str = "termination", **said) -> None:
    book.add("plan_changes", plan_id=plan, changed_on=day, kind=kind, **said)


def changed_silently(book, kind: str, **said) -> None:
    officer, day, plan = officers_plan(book)
    change(book, plan, day, kind, **said)
    book.expect("plan_change_unreported", officer, plan)


@fault("plan_change_unreported")
def ended_the_plan_without_a_word(book) -> None:
    changed_silently(book, "termination")


@fault("plan_change_unreported")
def changed_amount_or_price_without_a_word(book) -> None:
    changed_silently(book, *book.random.choice([("amount",), ("price",)]), max_per_day=700, limit_price="33.00")


@fault("plan_change_unreported")
def reported_one_change_of_two(book) -> None:
    officer, day, plan = officers_plan(book)
    change(book, plan, day, "timing", reported_on=day)
    change(book, plan, session_after(day, 3), "termination")
    book.expect("plan_change_unreported", officer, plan)


@twin("plan_change_unreported")
def reported_the_change_whenever(book) -> None:
    _, day, plan = officers_plan(book, terminated_on=date(2025, 12, 1))
    change(book, plan, day, "termination", reported_on=day + timedelta(days=book.random.randrange(60)))


@fault("plan_not_approved")
def approved_between_two_sales_in_a_closed_window(book) -> None:
    officer = book.officer()
    plan = book.plan(officer, date(2022, 12, 1), approved_on=date(2024, 10, 10))
    not_approved(book, officer, plan)
    for day in (date(2024, 10, 9), date(2024, 10, 16)):
        trade = plan_sale(book, officer, day, plan, cleared=False)
        book.expect("window_closed", officer, trade)
        book.expect("clearance_missing", officer, trade)


@twin("plan_not_approved")
def sold_to_cover_under_a_sound_plan(book) -> None:
    officer, day = book.officer(), book.closed_day()
    plan = book.plan(officer, date(2022, 12, 1), kind="sell_to_cover")
    book.trade(officer, "sell_to_cover", day, plan_id=plan)
