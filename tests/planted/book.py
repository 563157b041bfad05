"""A book in the making: the rows of every table, and the findings that they must cause."""

from collections import Counter
from datetime import date

from tests.planted import issuer
from tests.planted.calendar import business_day_after, day_of, session_before
from tests.planted.chances import Chances
from tests.planted.records import ACQUIRED, CODES, OFFICERS, SIDES, SUBJECT, Clearance, Label, Person, Trade
from transforms.tables import NATIVE


class Book(Chances):
    """Rows by table, and labels; every id is new and every choice comes from one seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.rows: dict[str, list[dict]] = {name: [] for name in NATIVE}
        self.labels: list[Label] = []
        self.sowing = "the issuer"
        self.sown_by: dict[str, str] = {}
        self.without_notices: set[str] = set()
        self._counts: Counter[str] = Counter()

    def add(self, table: str, **row) -> None:
        self.rows[table].append(row)

    def new_id(self, prefix: str) -> str:
        self._counts[prefix] += 1
        name = f"{prefix}{self._counts[prefix]:06d}"
        self.sown_by[name] = self.sowing
        return name

    def expect(self, rule: str, person: Person | str, subject, outcome: str = "flagged") -> None:
        """Declare a finding."""
        self.labels.append(Label(rule, getattr(person, "id", person), str(getattr(subject, "id", subject)), outcome))

    # people and accounts

    def person(
        self, *roles: str, since: date = issuer.SINCE, until: date | None = None, shares: int | None = 50_000, supervisor: str | None = None, **account
    ) -> Person:
        """A new person with these roles and an account with shares in it."""
        person = Person(self.new_id("P"), roles, self.new_id("A"))
        self.add("people", person_id=person.id, name=f"Person {person.id}", supervisor_id=supervisor)
        for role in roles:
            self.add("roles", person_id=person.id, role=role, from_on=since, until_on=until)
        self.account(person.account, person, **account)
        if shares is not None:
            self.holding(person.account, shares)
        return person

    def officer(self, **named) -> Person:
        """A designated person outside Section 16."""
        return self.person(self.random.choice(OFFICERS), **named)

    def insider(self, **named) -> Person:
        """A designated person under Section 16."""
        return self.person(self.random.choice(("director", "executive_officer")), **named)

    def designated(self, **named) -> Person:
        return self.person(self.random.choice((*OFFICERS, "director", "executive_officer")), **named)

    def relative(self, of: Person, relation: str = "spouse", *, since: date = issuer.SINCE, until: date | None = None, **said) -> Person:
        """Someone without a role who is tied to a person."""
        other = self.person()
        self.tie(of, other, relation, since=since, until=until, **said)
        return other

    def tie(self, of: Person | str, other: Person, relation: str, *, since: date = issuer.SINCE, until: date | None = None, **said) -> None:
        self.add("relations", person_id=getattr(of, "id", of), related_id=other.id, relation=relation, from_on=since, until_on=until, **said)

    def account(self, account_id: str, holder: Person, **said) -> str:
        usual = {"broker": "Northgate", "kind": "cash", "margin_enabled": False, "managed": False, "pledged": False, "opened_on": issuer.SINCE}
        self.add("accounts", account_id=account_id, holder_id=holder.id, **{**usual, **said})
        return account_id

    def holding(
        self, account: str, quantity: int, symbol: str = "ACM", held_on: date = date(2022, 12, 30), position: str = "cash", pledged: int | None = 0
    ) -> None:
        self.add("holdings", account_id=account, symbol=symbol, held_on=held_on, quantity=quantity, position=position, pledged_quantity=pledged)

    # trades and what is owed on them

    def trade(
        self,
        holder: Person,
        kind: str,
        day: date,
        clock: str | None = "any",
        *,
        quantity: int | None = None,
        price: str | None = "any",
        symbol: str = "ACM",
        **said,
    ) -> Trade:
        """A trade as an order of its own; `clock=None` is a statement without times."""
        clock = self.clock(day) if clock == "any" else clock
        price = self.dollars() if price == "any" else price
        trade = Trade(self.new_id("T"), holder, kind, symbol, quantity or self.amount(), price, day, clock)
        order = {"order_id": self.new_id("O"), "order_type": "market", "time_in_force": "day"} if kind in SIDES and kind != "gift_out" else {}
        usual = {"account_id": holder.account, "traded_on": day, "traded_at": clock and self.at(day, clock), **order}
        self.add("trades", trade_id=trade.id, symbol=symbol, kind=kind, quantity=trade.quantity, price=price, **{**usual, **said})
        return trade

    def clear(self, trade: Trade, day: date | None = None, clock: str | None = "08:00", *, asked_by: Person | None = None, **said) -> Clearance:
        """An approval of a trade, on the morning of its day if nothing else is said, asked for well before."""
        covers = trade.holder.id if asked_by else None
        usual = {"symbol": trade.symbol, "side": SIDES[trade.kind], "quantity": trade.quantity, "covers": covers}
        return self.decide(asked_by or trade.holder, day or trade.day, clock, **{**usual, **said})

    def decide(self, person: Person, day: date, clock: str | None = "08:00", **said) -> Clearance:
        """A request with its decision; `clock=None` is a decision whose time nobody wrote down."""
        asked = session_before(day, 5)
        clearance = Clearance(self.new_id("C"), said.pop("decided_by", self.random.choice(tuple(issuer.APPROVERS))))
        usual = {
            "symbol": "ACM",
            "side": "sell",
            "decision": "approved",
            "decided_on": None if clock and self.random.random() < 0.2 else day,
            "decided_at": clock and self.at(day, clock),
            "requested_at": self.at(asked, "10:00"),
            "channel": "email",
        }
        self.add("clearances", clearance_id=clearance.id, person_id=person.id, decided_by=clearance.decided_by, **{**usual, **said})
        return clearance

    def report(self, trade: Trade, day: date | None = None, clock: str = "18:00", **said) -> None:
        """A report of the trade to a Compliance Officer, in the evening of its day if nothing else is said."""
        usual = {
            "person_id": trade.holder.id,
            "trade_id": trade.id,
            "symbol": trade.symbol,
            "kind": trade.kind,
            "traded_on": trade.day,
            "quantity": trade.quantity,
        }
        self.add("reports", report_id=self.new_id("R"), reported_at=self.at(day or trade.day, clock), **{**usual, **said})

    def file(
        self, trade: Trade, day: date | None = None, clock: str = "17:00", *, owner: Person | None = None, form: str = "4", amends: str | None = None, **line
    ) -> str:
        """A form with a line of the trade, two business days after it if nothing else is said."""
        accession = self.new_id("F")
        accepted = self.at(day or business_day_after(trade.day, 2), clock)
        self.add(
            "filings",
            accession=accession,
            form=form,
            person_id=(owner or trade.holder).id,
            issuer_id=issuer.ISSUER,
            accepted_at=accepted,
            period_on=trade.day,
            amends=amends,
        )
        self.line(accession, trade, **line)
        return accession

    def line(self, accession: str, trade: Trade, number: int = 1, **said) -> None:
        """A line of a form that shows the trade."""
        usual = {
            "symbol": trade.symbol,
            "sec_code": CODES[trade.kind],
            "acquired": trade.kind in ACQUIRED,
            "traded_on": trade.day,
            "quantity": trade.quantity,
            "price": trade.price,
        }
        self.add("filing_lines", accession=accession, line=number, derivative=False, **{**usual, **said})

    def notify(self, person: Person | str, day: date, clock: str = "06:00", **said) -> None:
        """A Form 144."""
        named = {"form": "144", "person_id": getattr(person, "id", person), "issuer_id": issuer.ISSUER, "accepted_at": self.at(day, clock)}
        self.add("filings", accession=self.new_id("F"), **{**named, **said})

    def file_every_notice(self) -> None:
        """A Form 144 for each day on which an insider sells or orders a sale, but for those who were sown without."""
        insiders = {row["person_id"] for row in self.rows["roles"] if row["role"] in SUBJECT} - self.without_notices
        holders: dict[str, list[str]] = {}
        for row in self.rows["accounts"]:
            holders.setdefault(row["account_id"], []).append(row["holder_id"])
        sales = [row for row in self.rows["trades"] if row["kind"] in {"sell", "sell_to_cover"}]
        days = {(holder, day) for row in sales for holder in holders.get(row["account_id"], []) if holder in insiders for day in _days(row)}
        for holder, day in sorted(days):
            self.notify(holder, day)

    def plan(self, person: Person, adopted_on: date, **said) -> str:
        """A plan to sell, approved and handed in on the day of its adoption."""
        plan = self.new_id("K")
        approval = {"approved_by": "LAW", "approved_on": adopted_on, "copy_received": True, "certified": True}
        self.add("plans", plan_id=plan, person_id=person.id, adopted_on=adopted_on, **{"kind": "standard", "symbol": "ACM", "side": "sell", **approval, **said})
        return plan

    def tell(self, trade: Trade) -> Trade:
        """The report and the Form 4 of an insider's own trade; nothing for others."""
        if trade.holder.is_insider:
            self.report(trade)
            self.file(trade)
        return trade

    def proper(self, holder: Person, kind: str, day: date, clock: str | None = "any", **said) -> Trade:
        """A trade that is cleared on its morning, reported and filed."""
        trade = self.tell(self.trade(holder, kind, day, clock, **said))
        self.clear(trade)
        return trade


def _days(sale: dict) -> set[date]:
    """The day of a sale, and that of its order."""
    moments = [sale["traded_on"], sale.get("order_placed_at"), sale.get("traded_at")]
    return {day_of(moment) for moment in moments if moment}
