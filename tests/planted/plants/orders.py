"""Standing orders and managed accounts."""

from tests.planted.calendar import session_after, session_before, valid_through
from tests.planted.registry import fault, twin


def order(book, person, *, expires=None, placed=None, clock="11:00", **said) -> str:
    """An order that was never filled."""
    order_id = book.new_id("O")
    usual = {
        "symbol": "ACM",
        "side": "buy",
        "quantity": 500,
        "order_type": "limit",
        "time_in_force": "gtd",
        "status": book.random.choice(["open", "cancelled", "expired"]),
    }
    book.add("orders", order_id=order_id, account_id=person.account, placed_at=placed and book.at(placed, clock), expires_on=expires, **{**usual, **said})
    return order_id


def staff(book):
    """An employee or an officer, none of whom has a clearance."""
    return book.random.choice([book.person("employee"), book.designated()])


def stands(book, person, order_id: str, outcome="flagged") -> None:
    book.expect("standing_order", person, order_id, outcome)


@fault("standing_order")
def order_good_till_cancelled(book) -> None:
    person = staff(book)
    stands(book, person, order(book, person, placed=book.any_session(), order_type=book.random.choice(["market", "limit", "stop"]), time_in_force="gtc"))


@fault("standing_order")
def limit_order_one_session_too_long(book) -> None:
    person, placed, clock = staff(book), book.any_session(), book.random.choice(["08:00", "09:29:59", "09:30:00", "11:00", "17:00"])
    stands(
        book,
        person,
        order(book, person, placed=placed, clock=clock, expires=session_after(valid_through(placed, clock)), order_type=book.random.choice(["limit", "stop"])),
    )


@fault("standing_order")
def market_order_good_till_a_day_too_late(book) -> None:
    person, placed = staff(book), book.any_session()
    stands(book, person, order(book, person, placed=placed, expires=session_after(valid_through(placed, "11:00")), order_type="market", time_in_force="gtc"))


@fault("standing_order")
def limit_order_longer_than_its_clearance(book) -> None:
    officer, days = book.officer(), book.open_days(4)
    book.decide(officer, days[0], "08:00", side="buy", quantity=500)
    stands(book, officer, order(book, officer, placed=days[1], clock="10:00", expires=days[2]))


@fault("standing_order")
def filled_order_good_till_cancelled(book) -> None:
    said = {"order_type": "limit", "time_in_force": "gtc", "order_id": book.new_id("O")}
    day = book.open_day()
    trade = book.proper(book.officer(), "buy", day, order_placed_at=book.at(session_before(day, 3), "10:00"), **said)
    stands(book, trade.holder, said["order_id"])


@fault("standing_order")
def filled_order_without_a_number_good_till_cancelled(book) -> None:
    person, day = book.person("employee"), book.any_session()
    trade = book.trade(person, "sell", day, order_id=None, order_type="stop", time_in_force="gtc", order_placed_at=book.at(session_before(day, 3), "10:00"))
    stands(book, person, trade.id)


@fault("standing_order")
def limit_order_of_which_nobody_knows_when_it_was_placed(book) -> None:
    person = book.person("employee")
    stands(book, person, order(book, person, expires=book.any_session()), "undecided")


@twin("standing_order")
def limit_order_until_the_second_full_day(book) -> None:
    placed, clock = book.any_session(), book.random.choice(["08:00", "09:29:59", "09:30:00", "11:00", "17:00"])
    order(book, staff(book), placed=placed, clock=clock, expires=valid_through(placed, clock))
    order(book, staff(book), placed=placed, clock=clock, time_in_force="day")


@twin("standing_order")
def limit_order_as_long_as_its_clearance(book) -> None:
    officer, days = book.officer(), book.open_days(3)
    book.decide(officer, days[0], "08:00", side="buy", quantity=500)
    order(book, officer, placed=days[1], clock="10:00", expires=days[1])


@twin("standing_order")
def long_order_of_an_approved_plan_or_of_others(book) -> None:
    officer, day = book.officer(), book.any_session()
    plan = book.plan(officer, day, side="buy")
    order(book, officer, placed=day, time_in_force="gtc", plan_id=plan)
    order(book, book.relative(officer), placed=day, time_in_force="gtc")
    order(book, book.person("employee"), placed=day, time_in_force="gtc", symbol="ELS")


def managed_trade(book, holder, kind: str, symbol: str = "ACM", **said):
    return (
        book.proper(holder, kind, book.open_day(), symbol=symbol, **said)
        if holder.roles[0] not in {"employee", "contractor"}
        else book.trade(holder, kind, book.any_session(), symbol=symbol, **said)
    )


def adviser_traded(book, trade) -> None:
    book.expect("managed_account_trade", trade.holder, trade)


@fault("managed_account_trade")
def adviser_of_an_employee_bought(book) -> None:
    adviser_traded(book, managed_trade(book, book.person("employee", managed=True), book.random.choice(["buy", "sell"])))


@fault("managed_account_trade")
def adviser_of_an_officer_traded_on_a_clearance(book) -> None:
    adviser_traded(book, managed_trade(book, book.designated(managed=True), book.random.choice(["buy", "sell", "cover"])))


@fault("managed_account_trade")
def adviser_of_counsel_bought_notes(book) -> None:
    adviser_traded(book, managed_trade(book, book.person("corporate_legal_counsel", managed=True), "buy", book.random.choice(["ACMN", "ACMP"])))


@twin("managed_account_trade")
def adviser_bought_a_fund_or_another_company(book) -> None:
    book.trade(book.designated(managed=True), "buy", book.any_session(), symbol=book.random.choice(["BROAD", "ELS"]))


@twin("managed_account_trade")
def adviser_of_a_contractor_or_a_spouse_bought(book) -> None:
    managed_trade(book, book.person("contractor", managed=True), "buy")
    officer = book.officer()
    account = book.account(book.new_id("A"), spouse := book.relative(officer), managed=True)
    book.clear(book.trade(spouse, "buy", book.open_day(), account_id=account), asked_by=officer)


@fault("standing_order")
def long_order_placed_the_day_before_the_plan_was_approved(book) -> None:
    officer, day = book.officer(), book.any_session()
    plan = book.plan(officer, session_before(day), side="buy", approved_on=day)
    stands(book, officer, order(book, officer, placed=session_before(day), time_in_force="gtc", plan_id=plan))


@twin("standing_order")
def statement_and_order_book_disagree(book) -> None:
    person, day = book.person("employee"), book.any_session()
    number = order(book, person, placed=day, time_in_force="day", status="filled")
    book.trade(person, "buy", day, "15:00", order_id=number, order_type="limit", time_in_force="gtc", order_placed_at=book.at(day, "11:00"))


@twin("standing_order")
def limit_order_as_long_as_the_longer_of_two_clearances(book) -> None:
    officer, days = book.officer(), book.open_days(4)
    for day in days[:2]:
        book.decide(officer, day, "08:00", side="buy", quantity=500)
    order(book, officer, placed=days[1], clock="10:00", expires=days[2])
