"""The sample's world: who is who, its two calendars, its prices, and the book in which every trade is entered with all that goes with it."""
# ruff: noqa: INP001, S311, PLR2004 - a seeded story beside the data, no package

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

SEED = 20240610
ISSUER, SYMBOL, CUSIP, CIK = "BRND", "BRNDL", "99BRND109", "9990001"
CALL, PUT = "BRNDL 241220C00025000", "BRNDL 241220P00020000"
SPLIT_ON = date(2024, 6, 10)
Row = dict[str, str]

HEADINGS = {
    "people": "person_id name email supervisor_id cik",
    "roles": "person_id role from_on until_on",
    "relations": "person_id related_id relation from_on until_on same_household pecuniary_share born_on",
    "accounts": "account_id holder_id broker broker_number kind margin_enabled managed pledged opened_on closed_on",
    "securities": "symbol issuer_id asset share_class underlying multiplier put_call strike expires_on cusip issued_by_company",
    "corporate_actions": "symbol ex_on kind ratio new_symbol",
    "announcements": "announcement_id issuer_id kind quarter_ended_on announced_on announced_at",
    "periodic_filings": "form quarter_ended_on accepted_at",
    "clearances": "clearance_id person_id covers account_id symbol side quantity requested_on requested_at decision decided_on decided_at decided_by channel "
    "trade_on revoked_at extended_until_on multi_trade",
    "plans": "plan_id person_id kind adopted_on approved_by approved_on copy_received certified symbol side max_per_day limit_price first_trade_on ends_on "
    "terminated_on completed_on",
    "plan_changes": "plan_id changed_on kind max_per_day limit_price ends_on reported_on",
    "lists": "list_id person_id kind issuer_id added_at removed_at public_at",
    "trades": "trade_id account_id symbol kind quantity price traded_on traded_at settled_on order_id order_type time_in_force order_placed_at order_expires_on "
    "venue plan_id date_chosen_by_insider notified_on sec_code action amends marked_short recipient_id reported_on",
    "holdings": "account_id symbol held_on quantity position pledged_quantity",
    "orders": "order_id account_id symbol side quantity order_type time_in_force placed_at expires_on status plan_id",
    "elections": "person_id program elected_on kind",
    "reports": "report_id person_id trade_id symbol kind traded_on quantity reported_at",
    "filings": "accession form person_id issuer_id accepted_at period_on amends",
    "filing_lines": "accession line derivative symbol sec_code acquired traded_on quantity price under_plan deemed_on",
    "attestations": "person_id quarter_ended_on sent_on answered_at policy_read accounts_complete trades_complete no_margin_or_pledge no_derivatives",
    "escalations": "escalation_id reported_by about_id aware_at reported_at",
    "reviews": "review_id case_id reviewed_by reviewed_at decision note evidence",
}

PEOPLE = """
achterberg | Rhiannon Achterberg | | 9991001 | ceo president director executive_officer | 2019-04-01
fairweather | Oluwaseun Adeyemi-Fairweather | achterberg | 9991002 | executive_officer | 2020-09-14
nwosu | Amara Nwosu | achterberg | 9991003 | executive_officer | 2021-02-01
reyes | Tamsin Okonkwo-Reyes | achterberg | | secretary corporate_legal_counsel other_officer | 2018-06-01
kealoha | Leilani Kealoha | reyes | | compliance_designee employee | 2022-01-10
osei | Kwabena Osei-Mensah | fairweather | | other_officer | 2021-07-01
quispe | Mateo Quispe Huamán | nwosu | | other_officer | 2020-03-02
solheim | Ingrid Solheim | nwosu | | general_manager | 2024-07-01
wojcik | Dariusz Wójcik | solheim | | employee | 2019-10-07
baek | Jun-ho Baek | | 9991006 | director | 2020-05-20
hohenstein | Maximiliana Constanza von Hohenstein-Featherstonehaugh y Aldecoa | | 9991007 | director | 2018-05-16
lindqvist | Tobias Lindqvist-Amadi | | 9991008 | director | 2021-05-19
venkat | Priya Venkataraghavan | | 9991009 | director | 2024-05-15
halloran | Halloran Ridge Partners LP | | 9991010 | ten_percent_holder | 2024-01-10
farouk | Bilal Farouk | | | |
noa | Noa Lindqvist-Farouk | | | |
lal_llc | Lindqvist Amadi Landing LLC | | | |
foodbank | Tarn Valley Food Bank | | | |
"""
ACCOUNTS = """
achterberg_plan | achterberg | Keel Equity Plans | | plan | false | false | 12000
fairweather_plan | fairweather | Keel Equity Plans | | plan | false | false | 6000
nwosu_plan | nwosu | Keel Equity Plans | | plan | false | false | 4000
reyes_plan | reyes | Keel Equity Plans | | plan | false | false | 3000
kealoha_cash | kealoha | Keel Brokerage | | cash | false | false | 1500
kealoha_managed | kealoha | Keel Brokerage | | cash | false | false | 0
noa_custodial | noa | Keel Brokerage | | custodial | false | false | 100
nwosu_cash | nwosu | Northgate Trust | 4417-90021 | cash | false | false | 2400
venkat_margin | venkat | Northgate Trust | 4417-90045 | margin | true | false | 800
lindqvist_joint | lindqvist farouk | Northgate Trust | 4417-90033 | cash | false | false | 900
nwosu_margin | nwosu | Interactive Brokers | U9900102 | margin | true | false | 2000
osei_ib | osei | Interactive Brokers | U9900103 | cash | false | false | 1800
solheim_ib | solheim | Interactive Brokers | U9900104 | cash | false | true | 1200
baek_ib | baek | Interactive Brokers | U9900105 | cash | false | false | 2200
lindqvist_ib | lindqvist | Interactive Brokers | U9900106 | cash | false | false | 1400
lal_ib | lal_llc | Interactive Brokers | U9900107 | cash | false | false | 3000
hohenstein_schwab | hohenstein | Charles Schwab | 8812-4471 | cash | false | false | 2500
quispe_schwab | quispe | Charles Schwab | 8812-7720 | cash | false | false | 1600
wojcik_schwab | wojcik | Charles Schwab | 8812-3308 | cash | false | false | 700
farouk_schwab | farouk | Charles Schwab | 8812-5596 | cash | false | false | 600
"""
STYLES = {"Interactive Brokers": "flex", "Northgate Trust": "ofx", "Charles Schwab": "schwab"}
ORDINARY = """
nwosu_cash | sell | 60 80 100 | 3 2 0 0 1
hohenstein_schwab | buy | 150 200 250 | 3 2 0 0 0
lindqvist_ib | buy | 200 300 500 | 2 2 1 0 1
lindqvist_joint | buy | 100 150 | 2 2 1 0 1
farouk_schwab | buy | 50 80 | 1 1 1 0 0
venkat_margin | sell | 60 90 | 0 0 0 0 1
fairweather_plan | sell | 150 200 | 0 0 0 0 1
osei_ib | buy sell | 80 120 200 | 3 3 1 0 1
quispe_schwab | buy sell | 50 100 150 | 3 3 0 0 1
reyes_plan | sell | 50 100 | 2 2 1 1 1
kealoha_cash | buy sell | 40 60 | 2 2 1 0 1
solheim_ib | buy sell | 60 90 | 3 3 0 0 1
wojcik_schwab | buy sell | 20 40 60 | 3 2 2 2 1
"""
WINDOWS = [("2024-02-26", "2024-03-28"), ("2024-05-10", "2024-06-27"), ("2024-08-12", "2024-09-27"), ("2024-11-12", "2024-12-18"), ("2025-02-21", "2025-02-26")]
"""For each window the days on which ordinary trades are drawn, a session inside its ends."""
PRICES = {"2024-01-02": 22, "2024-02-23": 23.5, "2024-03-12": 21, "2024-03-28": 22, "2024-05-09": 24.6, "2024-05-15": 25, "2024-06-28": 24, "2024-08-09": 22.6,
          "2024-09-05": 21.4, "2024-09-30": 22.8, "2024-11-12": 22.5, "2024-12-31": 25.8, "2025-02-28": 27}  # fmt: skip
"""Closing prices on today's split basis; the days between lie on a line."""
HOLIDAYS = ["2023-12-25", "2024-01-01", "2024-01-15", "2024-02-19", "2024-05-27", "2024-06-19", "2024-07-04", "2024-09-02", "2024-11-28", "2024-12-25",
            "2025-01-01", "2025-01-09", "2025-01-20", "2025-02-17"]  # fmt: skip
SESSIONS_ONLY, BUSINESS_ONLY = {"2024-10-14", "2024-11-11"}, {"2024-03-29"}
WEEKDAYS = [day for n in range(440) if (day := date(2023, 12, 18) + timedelta(n)).weekday() < 5 and str(day) not in HOLIDAYS]
SESSIONS = [day for day in WEEKDAYS if str(day) not in BUSINESS_ONLY]
BUSINESS = [day for day in WEEKDAYS if str(day) not in SESSIONS_ONLY]
STATEMENTS = [max(day for day in SESSIONS if (day.year, day.month) == ym) for ym in sorted({(day.year, day.month) for day in SESSIONS})]
SECTION_16 = ("achterberg", "fairweather", "nwosu", "baek", "hohenstein", "lindqvist", "venkat")
MOVES = {
    "buy": 1,
    "vest": 1,
    "exercise_cash": 1,
    "dividend_reinvestment": 1,
    "espp_purchase": 1,
    "expiry": 1,
    "sell": -1,
    "tax_withholding": -1,
    "gift_out": -1,
}
CODES = {"buy": "P", "sell": "S", "tax_withholding": "F", "exercise_cash": "M", "gift_out": "G"}
ORDINARILY = "ordinarily"


def on(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)


def at(day: date, clock: str) -> str:
    """An instant of New York, with its offset."""
    return f"{day}T{clock}:00-0{4 if date(2024, 3, 10) <= day < date(2024, 11, 3) else 5}:00"


def moment(text: str) -> str:
    """`2024-11-13 21:58` as an instant."""
    day, clock = text.split()
    return at(on(day), clock)


def step(days: list[date], day: date, count: int) -> date:
    """The day `count` sessions or business days away."""
    return days[days.index(day) + count]


def lines(text: str) -> list[list[str]]:
    """Rows of a table written in text."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


ROSTER = {row[0]: row for row in lines(ACCOUNTS)}


@dataclass
class Trade:
    """An execution; `cells` are further columns of a native row."""

    account: str
    kind: str
    quantity: Decimal
    on: date
    price: Decimal | None
    at: str
    ref: str
    symbol: str = SYMBOL
    void: bool = False
    printed: str = ""
    order: str = ""
    cells: Row = field(default_factory=dict)

    @property
    def style(self) -> str:
        """The format that tells of it."""
        return "native" if self.cells else STYLES.get(ROSTER[self.account][2], "native")

    @property
    def schwab(self) -> list[str]:
        """The cells that Schwab prints."""
        action = {"expiry": "Expired"}.get(self.kind, self.printed or self.kind.title())
        symbol = "BRNDL 12/20/2024 25.00 C" if self.symbol == CALL else self.symbol
        return [f"{self.on:%m/%d/%Y}", action, symbol, str(self.quantity), f"${self.price}" if self.price else ""]

    @property
    def id(self) -> str:
        """The trade_id that the program gives it."""
        number = ROSTER[self.account][3]
        if self.style == "schwab":
            return "|".join([masked(number), *self.schwab]).replace("/", "-") + "#1"
        return {"ofx": f"ofx:{number}:{self.ref}", "flex": f"ibkr:{self.ref}", "native": f"T-{self.ref}"}[self.style]


def masked(number: str) -> str:
    """A Schwab number as the banner prints it."""
    return f"XXXX-{number[-4:]}"


class Book:
    """Everything that is written: tables, trades and filings."""

    def __init__(self) -> None:
        """Start with empty tables."""
        self.tables: dict[str, list[Row]] = {name: [] for name in HEADINGS}
        self.trades: list[Trade] = []
        self.filings: list[dict[str, str | list[Row]]] = []
        self.random = random.Random(SEED)
        self.refs: Counter[str] = Counter()
        self.busy: dict[str, list[tuple[date, int]]] = {}

    def row(self, table: str, *cells: str, **named: str) -> None:
        """A row of a native table, its first cells in order, the others by name."""
        names = HEADINGS[table].split()
        self.tables[table].append(dict(zip(names, cells, strict=False)) | named)

    def rows(self, table: str, text: str) -> None:
        """Rows of a native table written in text."""
        for cells in lines(text):
            self.row(table, *cells)

    def trade(self, account: str, kind: str, quantity: str, day: str, price: str = "", clock: str = "11:05", **more: str) -> Trade:
        """An execution, at the market's price where none is given."""
        own = {name: more.pop(name) for name in ("symbol", "printed", "order") if name in more}
        self.refs[day] += 1
        ref = f"{on(day):%y%m%d}{self.refs[day]:02}"
        paid = Decimal(price) if price else None if kind in {"expiry", "gift_out", "vest"} else market(on(day))
        done = Trade(account, kind, Decimal(quantity), on(day), paid, clock, ref, cells=more, **own)
        self.trades.append(done)
        return done

    def clear(self, who: str, day: date, side: str, quantity: str, changed: Row) -> None:
        """A clearance as it should be: asked six sessions ahead by e-mail, decided by counsel in the morning of the day before."""
        terms = {
            "clearance_id": f"C-{who}-{day:%y%m%d}", "person_id": who, "symbol": SYMBOL, "side": side, "quantity": quantity,
            "requested_at": at(step(SESSIONS, day, -6), "10:05"), "decision": "approved", "decided_at": at(step(SESSIONS, day, -1), "10:20"),
            "decided_by": "kealoha" if who == "reyes" else "reyes", "channel": "email",
        } | changed  # fmt: skip
        self.tables["clearances"].append(terms)

    def report(self, who: str, trade: Trade, told: str) -> None:
        """A report to a Compliance Officer; Schwab's lines have no number that a person could name."""
        named = "" if trade.style == "schwab" else trade.id
        number = f"R-{len(self.tables['reports']) + 1:03}"
        self.row("reports", number, who, named, trade.symbol, trade.kind, str(trade.on), str(trade.quantity), moment(told))

    def file(self, who: str, trade: Trade, accepted: str, form: str = "4", code: str = "", place: str = "") -> None:
        """A form with one line; with a place, as EDGAR's own file."""
        line = {"sec_code": code or CODES[trade.kind], "acquired": "true" if MOVES[trade.kind] > 0 else "false", "traded_on": str(trade.on)}
        line |= {"quantity": str(trade.quantity), "price": str(trade.price or ""), "under_plan": "true" if "plan_id" in trade.cells else "false"}
        self.filings.append(
            {"form": form, "person_id": who, "at": accepted, "period_on": "2024-12-31" if form == "5" else str(trade.on), "lines": [line], "place": place}
        )

    def deal(
        self, who: str, account: str, kind: str, quantity: str, day: str, price: str = "", clock: str = "11:05", *,
        cleared: Row | None = None, uncleared: bool = False, told: str = ORDINARILY, filed: str = ORDINARILY, space: int = 13, **more: str,
    ) -> Trade:  # fmt: skip
        """A trade with all that goes with it; what departs from the ordinary is named."""
        done = self.trade(account, kind, quantity, day, price, clock, **more)
        self.busy.setdefault(who, []).append((done.on, space))
        if not uncleared:
            side = {"gift_out": "gift"}.get(kind, kind)
            self.clear(who, done.on, side, quantity, cleared or {})
        if who in SECTION_16 and told:
            self.report(who, done, f"{day} 16:40" if told == ORDINARILY else told)
        if who in SECTION_16 and filed:
            self.file(who, done, f"{step(BUSINESS, done.on, 1)} 18:{10 + len(self.filings) % 50}" if filed == ORDINARILY else filed)
        return done


def market(day: date) -> Decimal:
    """The price of a day: on the line between the known ones, twice as much before the split."""
    known = sorted((on(text), value) for text, value in PRICES.items())
    (start, low), (end, high) = next((a, b) for a, b in pairwise(known) if a[0] <= day <= b[0])
    price = Decimal(str(low)) + (Decimal(str(high)) - Decimal(str(low))) * (day - start).days / (end - start).days
    return (price * (2 if day < SPLIT_ON else 1)).quantize(Decimal("0.01"))
