"""The desk as one thing: its ledger, its users, the newest night, and what each reader sees of it."""

import threading
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

import polars as pl
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import func, insert, select

from desk.caseload import Caseload, Register, titles_of
from desk.ledger import Ledger
from desk.ledger.schema import READS, USERS
from desk.nights import Calendars, Night, Nights
from desk.rights import Reader, kin, own_cases, reports_to
from desk.settings import Settings
from desk.users import Users
from desk.views import View
from transforms.cases import STANDS
from transforms.reports.cases import Case, Teller, case_list
from transforms.reports.explaining import Section, sections
from transforms.reports.people import People

SIGN_INS, REQUESTS = RateLimitItemPerMinute(10), RateLimitItemPerMinute(600)


class Desk:
    """What all requests share."""

    def __init__(self, settings: Settings, ledger: Ledger, rules: dict[str, Any], defaults: str, calendars: dict[str, Calendars]) -> None:
        """Open the desk of a store."""
        self.settings, self.ledger, self.rules = settings, ledger, rules
        self.users = Users(ledger, timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.longest_hours))
        self.nights = Nights(settings.store, defaults, calendars)
        self.register = Register(ledger)
        self.titles = titles_of(rules)
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self._seen: tuple[Night, dict[bool, Sight]] | None = None
        self._lock = threading.Lock()

    def sight(self, reader: Reader) -> "Sight":
        """The newest night as readers of this kind see it; raises NoNightError."""
        return self._sight(sees_denials=reader.sees_denials)

    def whole_sight(self) -> "Sight":
        """The newest night with all that is on record, for what no reader sees as it is; raises NoNightError."""
        return self._sight(sees_denials=True)

    def plain_sight(self) -> "Sight":
        """The newest night without what is reserved, as whoever attests sees their own records; raises NoNightError."""
        return self._sight(sees_denials=False)

    def _sight(self, *, sees_denials: bool) -> "Sight":
        night = self.nights.newest()
        with self._lock:
            if self._seen is None or self._seen[0] is not night:
                self._seen = (night, {})
            held = self._seen[1]
            if sees_denials not in held:
                held[sees_denials] = Sight(self, View(night, sees_denials=sees_denials))
            return held[sees_denials]

    def visit(self, reader: Reader) -> "Visit":
        """What one reader sees now; raises NoNightError."""
        return Visit(reader, self.sight(reader))

    def note_read(self, reader: Reader, what: str, about: str) -> None:
        """Keep who looked at what, and when."""
        with self.ledger.noting() as connection:
            connection.execute(insert(READS).values(at=datetime.now(UTC).isoformat(), user_id=reader.user_id, what=what, about=about))

    def reads_of(self, about: str) -> list[tuple[str, str, int]]:
        """Who looked at a case or person: name, the last time as ISO text, and how often; the latest first."""
        query = (
            select(func.coalesce(USERS.c.name, READS.c.user_id), func.max(READS.c.at), func.count())
            .join(USERS, USERS.c.user_id == READS.c.user_id, isouter=True).where(READS.c.about == about)
            .group_by(READS.c.user_id, USERS.c.name).order_by(func.max(READS.c.at).desc())
        )  # fmt: skip
        with self.ledger.engine.connect() as connection:
            return [(name, at, count) for name, at, count in connection.execute(query)]


class Sight:
    """A view of the newest night, with its cases and what is worked out for many readers at once."""

    def __init__(self, desk: Desk, view: View) -> None:
        """Stand before a view."""
        self.desk, self.view = desk, view
        self.caseload = Caseload(view, desk.register, desk.titles)
        self.people = People(view.facts["people"], view.facts["roles"])
        self.teller = Teller(view.policy, desk.rules, self.people, view.otherwise)
        self.explained = lru_cache(4096)(self._explained)
        self.parts = lru_cache(512)(self._parts)
        self.pictures: dict[Any, bytes] = {}
        own = view.findings.filter(pl.col("rule") == "review_own_case")
        self.reviews: list[tuple[str, str]] = own.select("case_id", pl.col("evidence").str.json_path_match("$.case_id")).rows()
        self._by_case = view.findings.sort("case_id", "finding_id").with_row_index("at")
        bounds = self._by_case.group_by("case_id").agg(pl.col("at").min().alias("start"), pl.len().alias("count"))
        self._places: dict[str, tuple[int, int]] = {case: (start, count) for case, start, count in bounds.rows()}

    def findings(self, case_id: str) -> pl.DataFrame:
        """The findings of a case, withdrawn ones included."""
        start, count = self._places.get(case_id, (0, 0))
        return self._by_case.slice(start, count).drop("at")

    def told(self, case_id: str, row: pl.DataFrame) -> Case | None:
        """A case, with its row of the caseload, as the report tells it; of one that is withdrawn, how it was last seen."""
        found = self.findings(case_id)
        stands = found.filter(STANDS)
        told = case_list(stands if len(stands) else found, row, self.view.facts["executions"], self.teller, self.people)
        return told[0] if told else None

    def _explained(self, finding_id: str) -> tuple[Section, ...]:
        """A finding worked out anew: dates counted, clearances considered, readings, rows on record."""
        found = self.view.findings.filter(pl.col("finding_id") == finding_id).row(0, named=True)
        other = self.view.otherwise.filter(pl.col("finding_id") == finding_id)
        rule = self.desk.rules.get(found["rule"])
        return tuple(sections(found, rule, self.view.facts, other)) if rule else ()  # type: ignore[arg-type]  # a view stands for a derivation

    def _parts(self, person: str, day: str) -> frozenset[str]:
        """Cases in which a person has a part, on a day."""
        findings = self.view.findings
        now = datetime.fromisoformat(f"{day}T12:00:00-05:00")
        return own_cases(findings["case_id"].unique(), findings.select("case_id", "trader_id"), self.desk.nights.newest().facts, person, now)


class Visit:
    """One reader before one night: the cases and people that are open to them."""

    def __init__(self, reader: Reader, sight: Sight) -> None:
        """Work out what is hidden from the reader."""
        self.reader, self.sight, self.view = reader, sight, sight.view
        facts = sight.view.night.facts
        self.person = person = on_record(reader, facts["people"])
        self._below = reports_to(facts["people"], person) if person and not reader.sees_everybody and "supervisor" in reader.roles else frozenset[str]()
        self.kin = kin(facts["circles"], person) if person else frozenset[str]()
        self.hidden = sight.parts(person, str(datetime.now(UTC).date())) if person else frozenset[str]()
        self.hidden |= {review for review, case in sight.reviews if not self.may_see(case)}

    @property
    def tied(self) -> frozenset[str]:
        """Who is tied to the reader, without the reader."""
        return self.kin - {self.person or ""}

    def cases(self) -> pl.DataFrame:
        """The cases that are open to the reader, in the order of the caseload; of one moment for the whole visit."""
        return self._cases

    @cached_property
    def _cases(self) -> pl.DataFrame:
        every = self.sight.caseload.cases()
        return every.filter(self._open()) if self.reader.reads else every.clear()

    def _open(self) -> pl.Expr:
        mine = ~pl.col("case_id").is_in(sorted(self.hidden)) & ~pl.col("person_id").is_in(sorted(self.kin)).fill_null(value=False)
        return mine if self.reader.sees_everybody else mine & pl.col("person_id").is_in(sorted(self._below)).fill_null(value=False)

    @cached_property
    def case_ids(self) -> frozenset[str]:
        """Every case that is open to the reader."""
        return frozenset(self.cases()["case_id"])

    def may_see(self, case_id: str) -> bool:
        """Whether a case is there and open to the reader."""
        if not self.reader.reads or case_id in self.hidden or not len(self.sight.findings(case_id)):
            return False
        return self.may_see_person(self.sight.findings(case_id)["person_id"][0] or "")

    def may_see_person(self, person: str) -> bool:
        """Whether a person's pages are open to the reader: never their own, nor those of people tied to them."""
        if not self.reader.reads or person in self.kin:
            return False
        return self.reader.sees_everybody or person in self._below

    def author(self, event: dict[str, Any]) -> str:
        """Who added an event of the ledger."""
        body = event["body"]
        return str(body.get("name") or self.sight.people.called(body.get("person_id") or event["actor"]))

    @property
    def counts_all(self) -> bool:
        """Whether counts over all cases tell the reader of none that is hidden from them."""
        return self.reader.sees_everybody and not self.hidden

    def people(self) -> pl.DataFrame:
        """The people whose pages are open to the reader: those who hold or held a role, or have a case."""
        facts = self.view.facts
        known: pl.DataFrame = facts["people"].filter(
            pl.col("person_id").is_in(facts["roles"]["person_id"].implode()) | pl.col("person_id").is_in(self.view.findings["person_id"].implode())
        )
        return known.filter(pl.col("person_id").is_in([each for each in known["person_id"] if self.may_see_person(each)]))


def on_record(reader: Reader, people: pl.DataFrame) -> str | None:
    """Who a reader is on record: by id, else by their address, so that a user made in haste does not open their own cases."""
    if reader.person_id in set(people["person_id"]):
        return reader.person_id
    same = people.filter(pl.col("email").str.to_lowercase() == reader.email)["person_id"]
    return same[0] if len(same) else reader.person_id


def at(*parts: str) -> str:
    """An address of the desk; ids may hold whatever a broker prints."""
    return "/" + "/".join(quote(part, safe="") for part in parts)
