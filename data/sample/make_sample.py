"""Writes the sample: fourteen months of a fictional issuer, Brindlecombe Instruments, Inc., with known endings.

Run as `python data/sample/make_sample.py`; the same bytes come out each time. The stories are written out, one function a
story; the ordinary trades around them are drawn from a seed and kept clean. README.md tells what comes of each.
"""

from datetime import date, timedelta
from decimal import Decimal

import formats
from world import (
    ACCOUNTS,
    BUSINESS,
    CALL,
    CUSIP,
    HEADINGS,
    ISSUER,
    ORDINARY,
    PEOPLE,
    PUT,
    ROSTER,
    SECTION_16,
    SESSIONS,
    SPLIT_ON,
    SYMBOL,
    WINDOWS,
    Book,
    Trade,
    at,
    lines,
    market,
    moment,
    on,
    step,
)  # fmt: skip


def roster(book: Book) -> None:
    """Who is who, and who keeps which account."""
    for person, name, supervisor, cik, held, since in lines(PEOPLE):
        book.row("people", person, name, f"{person}@brindlecombe.example" if held else "", supervisor, cik)
        for role in held.split():
            book.row("roles", person, role, since)
    book.row("roles", "solheim", "employee", "2017-08-21", "2024-06-30")
    book.rows(
        "relations",
        """
lindqvist | farouk | spouse | 2012-06-30 | | true | |
lindqvist | noa | child | 2013-04-18 | | true | | 2013-04-18
lindqvist | lal_llc | controls | 2019-01-01 | | | 1 |""",
    )
    for account, holders, broker, number, kind, margin, pledged, _ in lines(ACCOUNTS):
        for holder in holders.split():
            managed = "true" if account.endswith("managed") else "false"
            book.row("accounts", account, holder, broker, number, kind, margin, managed, pledged, "2022-01-03")


def market_data(book: Book) -> None:
    """Securities, the split, and five quarters announced after the close or before the open; one is restated."""
    book.rows(
        "securities",
        f"""
{SYMBOL} | {ISSUER} | common | COMMON | | | | | | {CUSIP} |
{CALL} | OCC | option | | {SYMBOL} | 100 | call | 25 | 2024-12-20 | | false
{PUT} | OCC | option | | {SYMBOL} | 100 | put | 20 | 2024-12-20 | | false
CALDO | CALD | common | | | | | | | 99CALD103 |
BROADX | FUNDCO | fund | | | | | | | 99FUND101 |""",
    )
    book.row("corporate_actions", SYMBOL, str(SPLIT_ON), "split", "2")
    announced = """
A-2023Q4 | final | 2023-12-31 | 2024-02-20 16:15
A-2024Q1 | final | 2024-03-31 | 2024-05-07 07:00
A-2024Q2 | final | 2024-06-30 | 2024-08-06 16:10
A-2024Q2R | restated | 2024-06-30 | 2024-09-04 08:00
A-CALDO | material | | 2024-10-07 08:00
A-2024Q3 | final | 2024-09-30 | 2024-11-05 16:05
A-2024Q4P | preliminary | 2024-12-31 | 2025-01-22 07:30
A-2024Q4 | final | 2024-12-31 | 2025-02-18 07:00"""
    for number, kind, quarter, told in lines(announced):
        book.row("announcements", number, ISSUER, kind, quarter, told.split()[0], moment(told))
    for form, quarter, accepted in lines(PERIODIC)[:-1]:
        book.row("periodic_filings", form, quarter, moment(accepted))


PERIODIC = """
10-K | 2023-12-31 | 2024-02-22 16:40
10-Q | 2024-03-31 | 2024-05-08 16:30
10-Q | 2024-06-30 | 2024-08-07 16:35
10-Q | 2024-09-30 | 2024-11-06 16:31
10-K | 2024-12-31 | 2025-02-20 16:42
"""
"""The last one is left to EDGAR's list."""


def sound_plan(book: Book) -> None:
    """The chief executive's Rule 10b5-1 plan sells outside the window; a Form 144 stands behind the largest sale."""
    book.rows(
        "plans", f"PLAN-1 | achterberg | standard | 2024-03-08 | reyes | 2024-03-07 | true | true | {SYMBOL} | sell | 1500 | 40 | 2024-06-17 | 2025-03-31"
    )
    for day, quantity in (("2024-07-08", "400"), ("2024-08-01", "400"), ("2024-10-08", "400"), ("2025-01-14", "2500")):
        terms = {"plan_id": "PLAN-1", "date_chosen_by_insider": "false", "notified_on": day}
        book.deal("achterberg", "achterberg_plan", "sell", quantity, day, uncleared=True, **terms)
    book.filings.append({"form": "144", "person_id": "achterberg", "at": "2025-01-14 08:30", "period_on": "2025-01-14", "lines": [], "place": ""})


def equity_awards(book: Book) -> None:
    """Shares vest, part is withheld for taxes, options that the company granted are exercised, purchase plans buy."""
    for day in ("2024-02-15", "2025-02-14"):
        for who, vested in (("achterberg", 900), ("fairweather", 500), ("nwosu", 400), ("reyes", 150)):
            units = vested * (1 if on(day) < SPLIT_ON else 2)
            book.trade(f"{who}_plan", "vest", str(units), day, venue="issuer")
            kept = book.trade(f"{who}_plan", "tax_withholding", str(units * 2 // 5), day, venue="issuer")
            if who in SECTION_16:
                book.file(who, kept, f"{step(BUSINESS, on(day), 1)} 18:05")
    book.deal("achterberg", "achterberg_plan", "exercise_cash", "600", "2024-12-05", "12.00", uncleared=True, venue="issuer")
    book.row("elections", "reyes", "espp", "2024-05-14", "enrol")
    book.row("elections", "osei", "dividend_reinvestment", "2024-10-21", "stop")
    for day in ("2024-06-28", "2024-12-31"):
        book.trade("reyes_plan", "espp_purchase", "60", day, venue="issuer")
    book.trade("lindqvist_joint", "dividend_reinvestment", "3.5", "2024-09-16")


def short_swing(book: Book) -> None:
    """A director sells, buys, sells and buys; the greedy pairing strands two of the four legs."""
    book.deal("baek", "baek_ib", "sell", "200", "2024-02-28", "47.00")
    book.deal("baek", "baek_ib", "buy", "200", "2024-03-12", "42.00")
    book.deal("baek", "baek_ib", "sell", "200", "2024-05-15", "50.00")
    last = book.deal("baek", "baek_ib", "buy", "400", "2024-11-12", "22.50", filed="")
    book.file("baek", last, "2024-11-13 17:52", place="edgar")


def near_miss(book: Book) -> None:
    """A purchase of 13 March and a sale of 12 September, one day after the last one that would match; later a late Form 4."""
    book.deal("fairweather", "fairweather_plan", "buy", "300", "2024-03-13", "42.20")
    book.deal("fairweather", "fairweather_plan", "sell", "400", "2024-09-12", "21.90")
    book.deal("fairweather", "fairweather_plan", "sell", "300", "2024-12-10", filed="2024-12-13 16:30")


def operating_officer(book: Book) -> None:
    """Cleared after the trade; a trade in a window that a restatement had closed; first day of a window; a late report."""
    book.deal("nwosu", "nwosu_cash", "sell", "150", "2024-05-14", clock="10:12", cleared={"decided_at": moment("2024-05-14 10:40")})
    book.deal("nwosu", "nwosu_cash", "sell", "200", "2024-09-05", cleared={"decided_at": moment("2024-09-03 15:00")})
    book.deal("nwosu", "nwosu_cash", "sell", "200", "2024-11-08", clock="10:31", cleared={"decided_at": moment("2024-11-08 08:10")}, filed="2024-11-13 21:58")
    book.deal("nwosu", "nwosu_cash", "sell", "100", "2024-12-17", told="2024-12-18 09:10")


def new_director(book: Book) -> None:
    """Bought before she was elected, sold after; the day of reopening; a sale one day before the window opened."""
    book.deal("venkat", "venkat_margin", "buy", "200", "2024-03-19", uncleared=True, told="", filed="")
    book.filings.append({"form": "3", "person_id": "venkat", "at": "2024-05-28 20:15", "period_on": "2024-05-15", "lines": [], "place": ""})
    book.deal("venkat", "venkat_margin", "sell", "150", "2024-08-21")
    book.deal("venkat", "venkat_margin", "sell", "150", "2024-09-06", cleared={"decided_at": moment("2024-09-06 08:10")})
    book.deal("venkat", "venkat_margin", "sell", "120", "2024-11-07", cleared={"decided_at": moment("2024-11-06 14:00")})


def long_name(book: Book) -> None:
    """A small purchase that waits for Form 5, a gift that was submitted, shares that secure a loan."""
    small = book.deal("hohenstein", "hohenstein_schwab", "buy", "350", "2024-08-27", filed="")
    book.file("hohenstein", small, "2025-02-11 18:40", form="5", code="L")
    book.deal("hohenstein", "hohenstein_schwab", "gift_out", "200", "2024-12-18", recipient_id="foodbank")


def family(book: Book) -> None:
    """A director's household: a child's account without a Form 4, a company of his, another account than cleared, a spouse."""
    book.deal("lindqvist", "lal_ib", "buy", "600", "2024-10-10", uncleared=True, told="", filed="2024-10-15 19:00")
    book.deal("lindqvist", "noa_custodial", "buy", "500", "2024-11-19", "22.50", cleared={"covers": "noa"}, filed="")
    book.deal("lindqvist", "lindqvist_ib", "buy", "300", "2024-12-16", cleared={"account_id": "lindqvist_joint"})
    book.deal("lindqvist", "farouk_schwab", "buy", "50", "2025-01-27", uncleared=True)


def treasurer(book: Book) -> None:
    """Sold after a denial; asked too late; an order larger than its clearance, and one that just fits."""
    for order, day, first, second, whole in (("20", "2024-06-12", "300", "200", "500"), ("21", "2024-12-05", "400", "250", "650")):
        book.deal("osei", "osei_ib", "sell", first, day, cleared={"quantity": "500"}, space=3 if first == "300" else 13, order=order)
        book.deal("osei", "osei_ib", "sell", second, day, uncleared=True, order=order)
        book.row("orders", order, "osei_ib", SYMBOL, "sell", whole, "market", "day", at(on(day), "10:00"), "", "filled")
    book.deal("osei", "osei_ib", "sell", "300", "2024-08-22", cleared={"decision": "denied", "decided_at": moment("2024-08-20 15:30")})
    book.deal("osei", "osei_ib", "sell", "100", "2024-11-20", cleared={"requested_at": moment("2024-11-18 10:00")})
    book.deal("osei", "osei_ib", "buy", "100", "2024-10-09", "31.40", uncleared=True, space=0, symbol="CALDO")


def sales_officer(book: Book) -> None:
    """A clearance of the same day at a broker without times; calls written; a lapsed clearance; one by no approver; a listed issuer."""
    book.deal("quispe", "quispe_schwab", "sell", "100", "2024-08-14", cleared={"decided_at": moment("2024-08-14 09:50")})
    book.deal("quispe", "quispe_schwab", "sell", "2", "2024-08-20", "1.15", uncleared=True, symbol=CALL, printed="Sell to Open")
    book.trade("quispe_schwab", "expiry", "2", "2024-12-20", symbol=CALL)
    book.deal("quispe", "quispe_schwab", "sell", "150", "2024-11-21", cleared={"decided_at": moment("2024-11-18 11:00")})
    book.deal("quispe", "quispe_schwab", "sell", "120", "2024-12-12", cleared={"decided_by": "fairweather"})
    book.deal("quispe", "quispe_schwab", "buy", "80", "2024-09-12", "24.75", uncleared=True, symbol="CALDO")
    for person in ("quispe", "osei"):
        book.row("lists", "L-CALDO", person, "restricted", "CALD", moment("2024-09-03 09:00"), "", moment("2024-10-07 08:00"))
    book.row("lists", "P-CALDO", "fairweather", "project", "CALD", moment("2024-07-15 09:00"), "", moment("2024-10-07 08:00"))


def general_manager(book: Book) -> None:
    """Puts from before she took office; a sale after quarter end; a lapse that is none; a cancelled and rebilled sale."""
    book.trade("solheim_ib", "buy", "3", "2024-06-20", "0.80", symbol=PUT)
    book.trade("solheim_ib", "sell", "3", "2024-08-15", "0.45", symbol=PUT)
    book.deal("solheim", "solheim_ib", "sell", "100", "2024-10-02", cleared={"decided_at": moment("2024-09-30 15:00")})
    book.deal("solheim", "solheim_ib", "sell", "100", "2024-11-20", cleared={"decided_at": moment("2024-11-18 11:00")})
    wrong = book.deal("solheim", "solheim_ib", "sell", "300", "2024-12-11", cleared={"quantity": "200"})
    wrong.void = True
    book.trade("solheim_ib", "sell", "200", "2024-12-11")
    book.row("orders", "30", "solheim_ib", SYMBOL, "sell", "150", "limit", "gtc", moment("2024-12-02 10:15"), "", "cancelled")
    book.row("orders", "31", "solheim_ib", SYMBOL, "sell", "150", "limit", "gtd", moment("2024-12-03 10:15"), "2024-12-05", "expired")


def compliance_officers(book: Book) -> None:
    """One clearance for two orders, with and without leave for several; an approval of one's own sale; a managed fund."""
    book.deal("kealoha", "kealoha_cash", "sell", "250", "2024-12-03", cleared={"quantity": "400"})
    book.deal("kealoha", "kealoha_cash", "sell", "150", "2024-12-04", clock="11:20", uncleared=True)
    book.deal("reyes", "reyes_plan", "sell", "250", "2024-08-27", cleared={"quantity": "400", "multi_trade": "true"})
    book.deal("reyes", "reyes_plan", "sell", "150", "2024-08-28", uncleared=True)
    book.deal("reyes", "reyes_plan", "sell", "200", "2024-12-10", cleared={"decided_by": "reyes"})
    book.trade("kealoha_managed", "buy", "200", "2024-01-08", "51.10", symbol="BROADX")
    book.trade("kealoha_managed", "sell", "40", "2024-10-14", "56.30", symbol="BROADX")


def employee(book: Book) -> None:
    """An employee without an office sells outside the window; neither window nor clearance binds him."""
    book.deal("wojcik", "wojcik_schwab", "sell", "60", "2024-10-16", uncleared=True)


def ten_percent_holder(book: Book) -> None:
    """A fund with no account on the roster: a Form 3 a day late; EDGAR's own files tell of its purchases, one in time, one a day late."""
    book.filings.append({"form": "3", "person_id": "halloran", "at": "2024-01-23 18:12", "period_on": "2024-01-10", "lines": [], "place": ""})
    for day, quantity, price, accepted in (("2024-08-27", 20000, "22.10", "2024-08-29 18:10"), ("2024-12-03", 15000, "23.60", "2024-12-06 10:05")):
        outside = Trade("lal_ib", "buy", Decimal(quantity), on(day), Decimal(price), "", "")
        book.file("halloran", outside, accepted, place="edgar")


def quarterly_attestations(book: Book) -> None:
    """Every designated person answers each quarter; one late, one against what the statements show."""
    open_answers = {"nwosu": "no_margin_or_pledge", "quispe 2024-09-30": "no_derivatives", "quispe 2024-12-31": "no_derivatives",
                    "solheim 2024-09-30": "no_derivatives", "lindqvist 2024-12-31": "trades_complete"}  # fmt: skip
    late = {"osei 2024-12-31": "2025-01-21 10:30", "reyes 2024-12-31": "2025-01-15 23:10"}
    asked = [p[0] for p in lines(PEOPLE) if {"director", "executive_officer", "other_officer", "general_manager"} & set(p[4].split())]
    for quarter in ("2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"):
        for person in (each for each in asked if not (each == "venkat" and quarter < "2024-05") and not (each == "solheim" and quarter < "2024-07")):
            answers = dict.fromkeys(HEADINGS["attestations"].split()[4:], "true")
            answers |= {name: "false" for who, name in open_answers.items() if who in (person, f"{person} {quarter}")}
            answered = late.get(f"{person} {quarter}", f"{on(quarter) + timedelta(8)} 11:00")
            book.row("attestations", person, quarter, str(on(quarter) + timedelta(2)), moment(answered), **answers)


def desk_work(book: Book) -> None:
    """A suspicion passed on the same day, and reviews of three cases."""
    book.row("escalations", "E-1", "nwosu", "quispe", moment("2024-09-13 09:00"), moment("2024-09-13 16:30"))
    late = next(t for t in book.trades if t.account == "fairweather_plan" and str(t.on) == "2024-12-10")
    lapsed = next(t for t in book.trades if t.account == "quispe_schwab" and str(t.on) == "2024-11-21")
    book.row("reviews", "V-1", f"fairweather/{late.id}", "kealoha", moment("2025-02-28 10:00"), "noted", "filing agent's outage; written confirmation on file")
    book.row("reviews", "V-2", "nwosu/nwosu_margin", "reyes", moment("2025-01-09 15:20"), "remediation", "asked to move the shares to the cash account")
    book.row("reviews", "V-3", f"quispe/{lapsed.id}", "kealoha", moment("2025-02-28 10:20"), "noted", "counted the day of receipt as a full day")


def ordinary_trades(book: Book) -> None:
    """Trades inside the windows, each freshly cleared, reported and filed, clear of the stories of the same person."""
    for account, sides, lots, counts in lines(ORDINARY):
        holder = ROSTER[account][1].split()[0]
        who = "lindqvist" if holder == "farouk" else holder
        for (first, last), count in zip(WINDOWS, map(int, counts.split()), strict=True):
            for _ in range(count):
                taken = book.busy.get(who, [])
                free = [
                    day for day in SESSIONS if on(first) <= day <= on(last) and str(day) not in ("2024-09-04", "2024-09-05", "2024-09-06")
                    and all(abs(SESSIONS.index(day) - SESSIONS.index(other)) >= space for other, space in taken)
                ]  # fmt: skip
                day = book.random.choice(free)
                side, quantity = book.random.choice(sides.split()), book.random.choice(lots.split())
                noise = Decimal(book.random.randrange(-25, 26)) / 100
                terms = {"covers": holder, "trade_on": str(day)} if who != holder else {"trade_on": str(day)}
                if "joint" in account or who == "lindqvist":
                    terms["account_id"] = account
                free_of_it = who == "wojcik" or (who == "solheim" and day < date(2024, 7, 1))
                clock = f"{book.random.randrange(10, 15)}:{book.random.randrange(10, 60)}"
                book.deal(who, account, side, quantity, str(day), str(market(day) + noise), clock, cleared=terms, uncleared=free_of_it, space=3)


STORIES = (
    roster, market_data, sound_plan, equity_awards, short_swing, near_miss, operating_officer, new_director, long_name, family, treasurer, sales_officer,
    general_manager, compliance_officers, employee, ten_percent_holder, quarterly_attestations, desk_work, ordinary_trades,
)  # fmt: skip

if __name__ == "__main__":
    year = Book()
    for story in STORIES:
        story(year)
    formats.write(year, PERIODIC)
