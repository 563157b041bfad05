"""People who do as they should, with every kind of trade that is fine."""

from datetime import date, timedelta

from tests.planted import issuer
from tests.planted.calendar import business_day_after, session_after, session_before
from tests.planted.plants.attestations import QUARTERS, attests
from tests.planted.registry import innocent

TRADES = 25
DAYS_WITH_A_TRAP = [
    date(2024, 11, 29),  # an early close
    date(2024, 3, 12),  # the clocks changed two days before, while the announcement was counted
    date(2024, 11, 6),  # the clocks changed the day before the announcement
    date(2024, 11, 11),  # Veterans Day: a session, and no business day
    date(2024, 3, 28),  # the last session of a quarter that ends on a Sunday
    date(2025, 8, 27),  # the day after news that closes nothing
]


def clear_in_one_way_or_another(book, trade, person=None) -> None:
    """An approval of any sound kind."""
    eve = session_before(trade.day)
    ways = [(trade.day, "08:00"), (trade.day, "09:30:00"), (eve, "16:00"), (eve, "19:45")]
    if eve in issuer.OPEN_DAYS:
        ways += [(eve, "08:15"), (eve, "11:00"), (eve, None)]
    day, clock = book.random.choice(ways)
    asked = book.random.choice([{}, {"requested_at": None}, {"requested_at": book.at(session_before(trade.day, 3), "18:00")}])
    amount = book.random.choice([trade.quantity, trade.quantity + 500, None])
    said = {"quantity": amount, "account_id": book.random.choice([None, trade.holder.account]), "channel": book.random.choice(["email", "oral", "Email", None])}
    book.clear(trade, day, clock, asked_by=person, **said, **asked)


def tell_in_one_way_or_another(book, trade, insider=None) -> None:
    """The report and the Form 4 of an insider, at the last second or long before it."""
    insider = insider or trade.holder
    book.report(trade, clock=book.random.choice(["18:00", "23:59:59"]), person_id=insider.id, trade_id=book.random.choice([None, trade.id]))
    book.file(trade, business_day_after(trade.day, book.random.choice([1, 2, 2])), book.random.choice(["08:00", "17:31", "22:00:00"]), owner=insider)


@innocent
def officers_who_clear_every_trade(book) -> None:
    person = book.officer()
    for day in book.spaced_days(TRADES):
        clear_in_one_way_or_another(
            book, book.trade(person, book.random.choice(["buy", "sell", "sell_to_cover"]), day, symbol=book.random.choice(["ACM", "ACM", "ACMN", "ACMP"]))
        )
    for quarter in book.random.sample(QUARTERS, 4):
        attests(book, person, quarter, answered=book.random.randrange(1, 16))


@innocent
def insiders_who_only_buy_or_only_sell(book) -> None:
    person, kind = book.insider(), book.random.choice(["buy", "sell"])
    for day in book.spaced_days(TRADES):
        trade = book.trade(person, kind, day)
        clear_in_one_way_or_another(book, trade)
        tell_in_one_way_or_another(book, trade)
    for quarter in book.random.sample(QUARTERS, 4):
        attests(book, person, quarter)


@innocent
def sellers_who_clear_every_day_anew(book) -> None:
    person = book.designated()
    for day in book.open_days(8):
        trade = book.tell(book.trade(person, "sell", day))
        book.clear(trade, day, "08:00", quantity=book.random.choice([trade.quantity, None]))


@innocent
def families_of_insiders_who_only_sell(book) -> None:
    person = book.insider()
    spouse = book.relative(person, same_household=True)
    for day in book.spaced_days(TRADES):
        trade = book.trade(book.random.choice([person, spouse]), "sell", day)
        clear_in_one_way_or_another(book, trade, person)
        tell_in_one_way_or_another(book, trade, person)


@innocent
def relatives_who_are_not_bound(book) -> None:
    officer = book.officer()
    tied = [("parent", None), ("sibling", None), ("child", date(1995, 1, 1)), ("controls", None)]
    others = [book.relative(officer, relation, same_household=False, born_on=born) for relation, born in tied]
    for _ in range(TRADES // 2):
        book.trade(book.random.choice(others), book.random.choice(["buy", "sell"]), book.any_session())


@innocent
def employees_contractors_and_outsiders(book) -> None:
    person = book.person(*book.random.choice([("employee",), ("employee",), ("contractor",), ()]))
    for _ in range(TRADES):
        order = book.random.choice([{}, {"order_id": None, "order_type": None, "time_in_force": None}])
        book.trade(person, book.random.choice(["buy", "sell"]), book.any_session(), book.random.choice(["any", None]), **order)


@innocent
def joint_accounts_cleared_for_both(book) -> None:
    one, other = book.officer(), book.officer()
    book.account(one.account, other)
    for day in book.spaced_days(TRADES):
        book.clear(book.trade(one, book.random.choice(["buy", "sell"]), day), covers=f"{one.id};{other.id}")


@innocent
def sellers_under_sound_plans(book) -> None:
    person = book.designated()
    adopted = book.random.choice([date(2022, 12, 1), date(2023, 5, 10), date(2024, 3, 15)])
    plan = book.plan(person, adopted, limit_price="30.00", max_per_day=1000)
    days = {day for day in (book.any_session() for _ in range(TRADES)) if day > adopted + timedelta(days=130)}
    for day in sorted(days):
        book.tell(book.trade(person, "sell", day, plan_id=plan, notified_on=day))


@innocent
def receivers_of_shares(book) -> None:
    person = book.designated()
    free = ["vest", "gift_in", "transfer_in", "transfer_out", "grant", "tax_withholding", "exercise_cash", "exercise_net", "stock_in_lieu_purchase"]
    for _ in range(TRADES // 2):
        trade = book.trade(person, book.random.choice(free), book.any_session(), None)
        if person.is_insider and trade.kind in free[4:]:
            tell_in_one_way_or_another(book, trade)
    for _ in range(3):
        book.trade(person, book.random.choice(["dividend_reinvestment", "espp_purchase"]), book.open_day(), None)


@innocent
def dealers_with_the_issuer_or_in_private(book) -> None:
    person = book.officer()
    for day in book.spaced_days(8):
        clear_in_one_way_or_another(book, book.trade(person, "sell", day, venue="private"))
    for _ in range(8):
        book.trade(person, book.random.choice(["buy", "sell"]), book.any_session(), venue="issuer")


@innocent
def designated_people_who_buy_other_companies(book) -> None:
    person = book.designated()
    for _ in range(TRADES):
        book.trade(
            person, book.random.choice(["buy", "sell", "short_sell"]), book.any_session(), symbol=book.random.choice(["ELS", "RIV", "BROAD", "INDEXPUT"])
        )


@innocent
def ten_percent_holders_who_only_buy(book) -> None:
    person = book.person("ten_percent_holder")
    for day in sorted({book.any_session() for _ in range(TRADES)}):
        tell_in_one_way_or_another(book, book.trade(person, "buy", day))


@innocent
def statements_without_times(book) -> None:
    person = book.officer()
    for day in book.spaced_days(TRADES):
        eve = session_before(day)
        book.clear(
            book.trade(person, "buy", day, None, order_id=None, order_type=None, time_in_force=None), eve, "11:00" if eve in issuer.OPEN_DAYS else "16:00"
        )


@innocent
def orders_of_several_fills(book) -> None:
    person = book.officer()
    for day in book.spaced_days(TRADES // 2):
        order = book.new_id("O")
        after = session_after(day) if session_after(day) in issuer.OPEN_DAYS else day
        fills = [book.trade(person, "sell", on, clock, order_id=order, quantity=100) for on, clock in ((day, "10:00"), (day, "10:01"), (after, "15:00"))]
        book.clear(fills[0], quantity=300)


@innocent
def mistakes_that_were_cancelled_or_corrected(book) -> None:
    person = book.officer()
    for day in [book.closed_day() for _ in range(4)]:
        wrong = book.trade(person, "short_sell", day, "11:00")
        book.trade(person, "short_sell", day, "11:00", quantity=wrong.quantity, action="cancel", amends=wrong.id, order_id=book.rows["trades"][-1]["order_id"])
    for day in book.spaced_days(8):
        wrong = book.trade(person, "sell", day, "11:00", quantity=900)
        book.clear(wrong, quantity=500)
        book.trade(person, "sell", day, "11:00", quantity=500, action="correct", amends=wrong.id, order_id=book.rows["trades"][-1]["order_id"])


@innocent
def traders_on_days_with_a_trap(book) -> None:
    for day in DAYS_WITH_A_TRAP:
        trade = book.trade(book.insider(), "sell", day)
        clear_in_one_way_or_another(book, trade)
        tell_in_one_way_or_another(book, trade)


@innocent
def givers_who_asked_before(book) -> None:
    person = book.designated()
    for _ in range(8):
        gift = book.tell(book.trade(person, "gift_out", book.any_session(), recipient_id=book.person().id))
        book.clear(gift, multi_trade=True)
