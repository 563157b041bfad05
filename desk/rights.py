"""Who may do and see what. Everything that a page, an export or a mail shows goes through here."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from transforms.cases import BARRED, CASE_ID
from transforms.facts import every_fact
from transforms.reports.people import Facts
from transforms.tables import TABLES, TIME_ZONE

ROLES = {
    "compliance_officer": "sees and decides every case but their own, gives waivers",
    "supervisor": "sees and decides the cases of the people who report to them",
    "counsel": "reads every case but their own",
    "auditor": "reads every case but their own, and takes exports",
    "administrator": "keeps the users; sees no case",
    "covered_person": "answers their own attestation; sees no case",
}
"""What each role may do."""
READING = frozenset({"compliance_officer", "supervisor", "counsel", "auditor"})
EVERYBODY = frozenset({"compliance_officer", "counsel", "auditor"})
"""Roles that see the cases of everybody, and what is reserved."""
RESERVED_RULES = ("clearance_denied", "clearance_after_denial", "project_list_trade")
"""Rules whose findings tell of a denial or of a project list (VI.B.9, V.B)."""
RESERVED_READINGS = ("clearance.denial", "list.")


@dataclass(frozen=True)
class Reader:
    """Who is signed in."""

    user_id: str
    name: str
    email: str
    person_id: str | None
    roles: frozenset[str]
    sees_reserved: bool

    @property
    def reads(self) -> bool:
        """Whether any case can be open to them."""
        return bool(self.roles & READING)

    @property
    def sees_everybody(self) -> bool:
        """Whether the cases of all people are open to them, but those in which they have a part."""
        return bool(self.roles & EVERYBODY)

    @property
    def decides(self) -> bool:
        """Whether they may decide cases that they see."""
        return bool(self.roles & {"compliance_officer", "supervisor"})

    @property
    def waives(self) -> bool:
        """Whether they may give waivers."""
        return "compliance_officer" in self.roles

    @property
    def exports(self) -> bool:
        """Whether they may take lists with them."""
        return bool(self.roles & {"compliance_officer", "auditor", "counsel"})

    @property
    def answers(self) -> bool:
        """Whether an attestation may be asked of them."""
        return bool(self.person_id) or "covered_person" in self.roles

    @property
    def certifies(self) -> bool:
        """Whether they may sign a quarter's certificate, and hold records."""
        return "compliance_officer" in self.roles

    @property
    def administers(self) -> bool:
        """Whether they keep the users."""
        return "administrator" in self.roles

    @property
    def sees_denials(self) -> bool:
        """Whether denials and project lists are shown to them."""
        return self.sees_reserved or self.sees_everybody


def reserved() -> pl.Expr:
    """Findings that tell of a denial of clearance or of a project list."""
    return pl.col("rule").is_in(RESERVED_RULES) | ((pl.col("rule") == "election_review") & (pl.col("severity") == "high"))


def reserved_ids(clearances: pl.DataFrame, lists: pl.DataFrame) -> list[str]:
    """Ids of denied clearances and of project lists; whatever names one is reserved."""
    denied = clearances.filter(pl.col("decision") == "denied")["clearance_id"]
    return sorted({*denied, *lists.filter(pl.col("kind") == "project")["list_id"]})


WORDS = r"(?i)\bdeni(?:ed|al|es)\b|\bproject lists?\b"


def pattern_of(ids: list[str]) -> str:
    """A pattern of texts that name one of some ids; an id inside a longer one is another."""
    return rf"(?:^|[^\w-])(?:{'|'.join(map(re.escape, ids))})(?:$|[^\w-])" if ids else r"[^\s\S]"


def names_reserved(columns: tuple[str, ...], ids: list[str], *, in_words: bool = False) -> pl.Expr:
    """Rows one of whose texts names a denied clearance or a project list by its id, or where asked in words."""
    patterns = [pattern_of(ids), *([WORDS] if in_words else [])]
    return pl.any_horizontal([pl.col(name).fill_null("").str.contains(pattern) for name in columns for pattern in patterns])


def reports_to(people: pl.DataFrame, supervisor: str) -> frozenset[str]:
    """Everyone below a supervisor on the chain of `supervisor_id`."""
    below: dict[str, list[str]] = defaultdict(list)
    for person, above in people.select("person_id", "supervisor_id").rows():
        below[above or ""].append(person)
    found: set[str] = set()
    waiting = list(below[supervisor])
    while waiting:
        person = waiting.pop()
        if person not in found and person != supervisor:
            found.add(person)
            waiting += below[person]
    return frozenset(found)


def own_cases(case_ids: pl.Series, traders: pl.DataFrame, facts: Facts, person: str, now: datetime) -> frozenset[str]:
    """Cases in which a person has a part: their own, a trader's who is they or is tied to them, or about a clearance that they decided.

    The rule that flags a review of one's own case says so, asked about a review of each case here and now (VI.B.8); `traders` =
    case_id and trader_id of the findings. What that rule leaves open is no part.
    """
    asked = pl.DataFrame({"case_id": case_ids, "review_id": case_ids}).with_columns(
        reviewed_by=pl.lit(person), reviewed_at=pl.lit(now.astimezone(ZoneInfo(TIME_ZONE))).cast(TABLES["reviews"].schema["reviewed_at"]),
        decision=pl.lit("note"), note=pl.lit(None, pl.String), evidence=pl.lit(None, pl.String), source_file=pl.lit(None, pl.String), source_line=pl.lit(None, pl.Int64),
    )  # fmt: skip
    needed = ("cleared_trades", "answered_trades", "clearance_terms", "circles", "approvals", "missing")
    given = {name: facts[name] for name in needed}
    judged = every_fact()["reviewed_cases"](asked, matters=pl.DataFrame({"matter": pl.Series([], dtype=pl.String)}), **given)
    mine = judged.filter(pl.col("has_part").fill_null(value=False))["case_id"]
    tied = kin(facts["circles"], person)
    own = traders.filter(pl.col("trader_id").is_in(sorted(tied)))["case_id"]
    return frozenset({*mine, *own, *(case for case in case_ids if case.partition("/")[0] in tied)})


def barred(findings: pl.DataFrame, facts: Facts, waivers: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Rows of BARRED: for each who gave a waiver, the cases in which they have a part."""
    cases = findings.select("trader_id", CASE_ID)
    held = [(case, giver) for giver in waivers["given_by"].unique().sort() for case in own_cases(cases["case_id"].unique(), cases, facts, giver, now)]
    return pl.DataFrame(held, schema=BARRED, orient="row")


def kin(circles: pl.DataFrame, person: str) -> frozenset[str]:
    """A person and all who are tied to them, whenever that was."""
    both = circles.filter((pl.col("person_id") == person) | (pl.col("related_id") == person))
    return frozenset({person, *both["person_id"], *both["related_id"]})


def today() -> date:
    """The day in New York."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()
