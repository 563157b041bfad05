"""Trades by people on a restricted or a project list."""

from datetime import date

from tests.planted.calendar import available_from, first_allowed, session_after, session_before
from tests.planted.registry import fault, twin

NEWS_HOURS = ("08:00", "09:29:59", "09:30:00", "10:00", "17:00")


def listed(book, person, kind: str, day, clock="10:00:00", issuer_id: str = "RIVAL", *, removed=None, public=None) -> None:
    """A person on a list from a moment on; `removed` and `public` are moments as well."""
    ends = {"removed_at": removed and book.at(*removed), "public_at": public and book.at(*public)}
    book.add("lists", list_id=book.new_id("L"), person_id=getattr(person, "id", person), kind=kind, issuer_id=issuer_id, added_at=book.at(day, clock), **ends)


def sells(book, holder, day, clock="any", symbol: str = "RIV"):
    return book.trade(holder, "sell" if symbol == "RIV" else "buy", day, clock, symbol=symbol)


def staff(book):
    return book.person(book.random.choice(["employee", "contractor", "other_officer"]))


def days_of(book, count: int):
    first = book.any_session()
    return [session_after(first, n) for n in range(1, count + 1)] if first.year < 2025 or first.month < 11 else days_of(book, count)


def barred(book, kind: str, trade, person=None, outcome="flagged") -> None:
    book.expect(f"{kind}_list_trade", person or trade.holder, trade, outcome)


def variants_of(kind: str) -> None:
    """The same faults and twins for either kind of list."""

    @fault(f"{kind}_list_trade")
    def traded_while_listed(book) -> None:
        days, person = days_of(book, 3), staff(book)
        listed(book, person, kind, days[0])
        barred(book, kind, sells(book, person, days[2], symbol=book.random.choice(["RIV", "RIVCALL"])))

    @fault(f"{kind}_list_trade")
    def traded_at_the_instant_of_the_entry(book) -> None:
        day, person = book.any_session(), staff(book)
        listed(book, person, kind, day)
        barred(book, kind, sells(book, person, day, "10:00:00"))

    @fault(f"{kind}_list_trade")
    def traded_the_day_before_the_news_was_old(book) -> None:
        days, person, clock = days_of(book, 6), staff(book), book.random.choice(NEWS_HOURS)
        listed(book, person, kind, days[0], public=(days[2], clock))
        barred(book, kind, sells(book, person, session_before(available_from(days[2], clock)), book.random.choice(["any", None])))

    @fault(f"{kind}_list_trade")
    def traded_a_second_before_the_removal(book) -> None:
        days, person = days_of(book, 3), staff(book)
        listed(book, person, kind, days[0], removed=(days[2], "11:00:00"))
        barred(book, kind, sells(book, person, days[2], "10:59:59"))

    @fault(f"{kind}_list_trade")
    def removed_after_the_news_and_traded_too_soon(book) -> None:
        days, person = days_of(book, 4), staff(book)
        listed(book, person, kind, days[0], removed=(days[2], "12:00"), public=(days[2], "10:00"))
        barred(book, kind, sells(book, person, days[3]))

    @fault(f"{kind}_list_trade")
    def removed_at_the_instant_of_the_news(book) -> None:
        days, person = days_of(book, 4), staff(book)
        listed(book, person, kind, days[0], removed=(days[2], "10:00"), public=(days[2], "10:00"))
        barred(book, kind, sells(book, person, days[3]))

    @fault(f"{kind}_list_trade")
    def traded_while_on_two_lists(book) -> None:
        days, person = days_of(book, 5), staff(book)
        listed(book, person, kind, days[0], removed=(days[1], "10:00"))
        listed(book, person, kind, days[0])
        listed(book, person, kind, days[2], public=(days[3], "10:00"))
        barred(book, kind, sells(book, person, days[4]))

    @fault(f"{kind}_list_trade")
    def traded_the_own_shares_on_a_clearance_while_listed(book) -> None:
        officer, day = book.designated(), book.open_day()
        listed(book, officer, kind, session_before(day), issuer_id="ACME")
        barred(book, kind, book.proper(officer, "sell", day))

    @fault(f"{kind}_list_trade")
    def traded_on_the_day_of_the_entry_without_a_time(book) -> None:
        day, person = book.any_session(), staff(book)
        listed(book, person, kind, day)
        barred(book, kind, sells(book, person, day, None), outcome="undecided")

    @fault(f"{kind}_list_trade")
    def traded_on_the_day_of_the_removal_without_a_time(book) -> None:
        days, person = days_of(book, 3), staff(book)
        listed(book, person, kind, days[0], removed=(days[2], "11:00"))
        barred(book, kind, sells(book, person, days[2], None), outcome="undecided")

    @twin(f"{kind}_list_trade")
    def traded_a_second_before_the_entry_or_the_day_before(book) -> None:
        days, person = days_of(book, 2), staff(book)
        listed(book, person, kind, days[1])
        sells(book, person, days[1], "09:59:59")
        sells(book, person, days[0], None)

    @twin(f"{kind}_list_trade")
    def traded_once_the_news_was_old(book) -> None:
        days, person, clock = days_of(book, 3), staff(book), book.random.choice(NEWS_HOURS)
        listed(book, person, kind, days[0], public=(days[2], clock))
        sells(book, person, available_from(days[2], clock))

    @twin(f"{kind}_list_trade")
    def traded_at_the_instant_of_the_removal(book) -> None:
        days, person = days_of(book, 4), staff(book)
        listed(book, person, kind, days[0], removed=(days[2], "11:00:00"), public=book.random.choice([None, (days[3], "10:00")]))
        sells(book, person, days[2], "11:00:00")

    @twin(f"{kind}_list_trade")
    def traded_funds_and_other_companies_while_listed(book) -> None:
        days, person = days_of(book, 3), staff(book)
        listed(book, person, kind, days[0])
        sells(book, person, days[2], symbol=book.random.choice(["RIVFUND", "ELS"]))


variants_of("restricted")
variants_of("project")


@fault("restricted_list_trade")
def traded_while_everyone_was_listed(book) -> None:
    if not any(row["person_id"] == "*" for row in book.rows["lists"]):
        listed(book, "*", "restricted", date(2023, 3, 1), issuer_id="QUIET")
    barred(book, "restricted", sells(book, staff(book), book.any_session(), symbol="QUI"))


@fault("restricted_list_trade")
def traded_under_a_sound_plan_while_restricted(book) -> None:
    officer, adopted = book.officer(), days_of(book, 1)[0]
    listed(book, officer, "restricted", session_after(adopted, 3), issuer_id="ACME")
    barred(book, "restricted", book.trade(officer, "sell", first_allowed(adopted), plan_id=book.plan(officer, adopted)))


@twin("restricted_list_trade")
def spouse_of_someone_restricted_or_somebody_without_a_role_traded(book) -> None:
    days, person = days_of(book, 3), staff(book)
    listed(book, person, "restricted", days[0])
    sells(book, book.relative(person), days[2])
    sells(book, book.person(), days[2], symbol="QUI")


@fault("project_list_trade")
def spouse_of_someone_on_a_project_traded(book) -> None:
    days, person = days_of(book, 3), staff(book)
    listed(book, person, "project", days[0])
    barred(book, "project", sells(book, book.relative(person, same_household=False), days[2]), person)


@fault("project_list_trade")
def traded_under_a_plan_adopted_on_the_day_of_the_entry(book) -> None:
    trade = plan_trade_while_listed(book, adopted_before=0)
    barred(book, "project", trade)


@twin("project_list_trade")
def traded_under_a_plan_adopted_the_day_before_the_entry(book) -> None:
    plan_trade_while_listed(book, adopted_before=1)


def plan_trade_while_listed(book, adopted_before: int):
    """A sale of a sound plan by an officer who came on a project list that many sessions after its adoption."""
    officer, adopted = book.officer(), days_of(book, 1)[0]
    listed(book, officer, "project", session_after(adopted, adopted_before) if adopted_before else adopted, issuer_id="ACME")
    return book.trade(officer, "sell", first_allowed(adopted), plan_id=book.plan(officer, adopted))
