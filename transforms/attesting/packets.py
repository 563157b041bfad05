"""The packet of a quarter: what is on record about each person who attests it."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.attesting import Known, Quarter
from transforms.attesting.covered import accounts_of, around, coverage, people
from transforms.cases import CASE_ID, PENDING, STANDS
from transforms.wording import plain_number

SECTIONS = ("accounts", "relations", "trades", "holdings", "plans", "elections")
"""What the records of a packet hold, in order. Cases stand beside them: they change while nothing on record does."""
NAMED = {"accounts": "account_id", "relations": "related_id", "trades": "trade_id", "holdings": "account_id", "plans": "plan_id", "elections": "program"}
"""The column by which a row of each section is named."""
NAMES = 5
ASKING = (*PENDING, "waiting")
"""States of a case that is not closed."""


@dataclass(frozen=True)
class Packet:
    """What is on record about one person in a quarter; rows hold text, numbers as text, and days as ISO text."""

    person_id: str
    name: str
    records: dict[str, list[dict[str, Any]]]
    cases: list[dict[str, Any]]

    @property
    def print(self) -> str:
        """The SHA-256 of the records: the same as long as nothing on record changes."""
        held = {section: [_lasting(row) for row in rows] for section, rows in self.records.items()}
        text = json.dumps([self.person_id, held], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what a later statement betters: how far statements reach is a gap of its own."""
    return {name: value for name, value in row.items() if name not in {"covered", "first_lacking_on"}}


def arrived(before: dict[str, Any], now: Packet) -> list[str]:
    """What the records of a packet hold that an earlier one did not, or held otherwise, and what is gone; a few words a section."""
    told = []
    for section in SECTIONS:
        held = {json.dumps(_lasting(row), sort_keys=True): row for row in before.get(section, [])}
        rows = {json.dumps(_lasting(row), sort_keys=True): row for row in now.records[section]}
        fresh, gone = (sorted({str(row[NAMED[section]]) for key, row in one.items() if key not in other}) for one, other in ((rows, held), (held, rows)))
        told += [f"{section} that came or changed: {listed(fresh)}"] if fresh else []
        told += [f"{section} no longer on record: {listed(left)}"] if (left := [each for each in gone if each not in fresh]) else []
    return told


def listed(ids: list[str]) -> str:
    """The first ids, and how many more there are."""
    return ", ".join(ids[:NAMES]) + (f" and {len(ids) - NAMES} more" if len(ids) > NAMES else "")


def packets(known: Known, quarter: Quarter, only: str = "") -> dict[str, Packet]:
    """The packet of each person who attests the quarter, by person_id in the order of names; of `only` one person where asked."""
    who = people(known, quarter)
    who = who.filter(pl.col("person_id") == only) if only else who
    tied = around(known, quarter, who)
    accounts = accounts_of(known, quarter, tied)
    frames = {
        "accounts": _accounts(known, quarter, accounts), "relations": _relations(known, tied), "trades": _trades(known, quarter, who, accounts),
        "holdings": _holdings(known, quarter, accounts), "plans": _plans(known, quarter, who), "elections": _elections(known, quarter, who),
    }  # fmt: skip
    rows = {name: _by_person(frame) for name, frame in frames.items()}
    cases = _by_person(_cases(known, quarter, who))
    return {
        person: Packet(person, name, {section: rows[section][person] for section in SECTIONS}, cases[person])
        for person, name in who.select("person_id", "name").rows()
    }


def _by_person(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Rows as text by person, without the person."""
    text = frame.with_columns(_text(name, dtype) for name, dtype in frame.schema.items())
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in text.to_dicts():
        found[row.pop("person_id")].append(row)
    return found


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        return column.dt.strftime("%Y-%m-%d %H:%M")
    if isinstance(dtype, pl.Decimal):
        return plain_number(column).alias(name)
    return column if isinstance(dtype, pl.Boolean | pl.Int64) else column.cast(pl.String)


def _accounts(known: Known, quarter: Quarter, accounts: pl.DataFrame) -> pl.DataFrame:
    names = known.facts["people"].select(holder_id="person_id", holder="name")
    reached = coverage(known, quarter, accounts)
    return accounts.join(names, on="holder_id", how="left").join(reached, on="account_id", how="left").select(
        "person_id", "account_id", pl.col("holder").fill_null(pl.col("holder_id")), "relation", "broker", "kind", "margin_enabled", "managed", "pledged", "opened_on",
        _by_then("closed_on", quarter), "statements", "last_held_on", "trading_days", "covered", "first_lacking_on",
    ).sort("person_id", "account_id")  # fmt: skip


def _relations(known: Known, tied: pl.DataFrame) -> pl.DataFrame:
    names = known.facts["people"].select(holder_id="person_id", name="name")
    return (
        tied.filter(pl.col("relation") != "self").join(names, on="holder_id", how="left")
        .select("person_id", related_id="holder_id", name=pl.coalesce("name", "holder_id"), relation="relation").sort("person_id", "related_id")
    )  # fmt: skip


def _trades(known: Known, quarter: Quarter, who: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Each trade for which a person answers, with the clearances that it drew on, its report and its filing; what none was owed for says so."""
    facts, key = known.facts, ["trade_id", "person_id"]
    base = _answered(known, quarter, who, accounts)
    drawn = facts["clearance_draws"].filter(pl.col("is_valid")).group_by(key).agg(drawn=pl.col("clearance_id").unique().sort().str.join(", "))
    cleared = facts["cleared_trades"].filter(pl.col("trade_id").is_not_null()).unique(key).select(*key, "needs_clearance", "on_plan")
    reported = facts["report_duties"].filter(pl.col("trade_id").is_not_null()).unique(key).select(*key, "owes_report", "reported_at")
    filed = facts["form4_duties"].filter(pl.col("trade_id").is_not_null()).unique(key).select(*key, "is_due", "accession", filed_at="accepted_at")
    joined = base
    for other in (drawn, cleared, reported, filed):
        joined = joined.join(other, on=key, how="left")
    stamp = "%Y-%m-%d %H:%M"
    return joined.sort("traded_on", "sequence", "trade_id").select(
        "person_id", "traded_on", "trade_id", pl.when("is_shown").then("account_id").alias("account_id"), "kind", "quantity", "symbol", "price",
        clearance=_told("clearance", pl.col("drawn"), pl.col("needs_clearance"), known.missing, "clearances", pl.when("on_plan").then(pl.format("plan {}", "plan_id"))),
        report=_told("report", pl.col("reported_at").dt.strftime(stamp), pl.col("owes_report"), known.missing, "reports"),
        filing=_told("filing", pl.format("{}, {}", "accession", pl.col("filed_at").dt.strftime(stamp)), pl.col("is_due"), known.missing, "filings"),
    )  # fmt: skip


def _answered(known: Known, quarter: Quarter, who: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """The trades for which people answer: in the accounts of their packet, and those of family elsewhere of which they owe a report, whose
    account stays out (`is_shown`). Who is to attest themself answers for those alone.
    """
    facts, key = known.facts, ["trade_id", "person_id"]
    base = (
        facts["answered_trades"].filter(quarter.holds("traded_on") & pl.col("trade_id").is_not_null()).join(who.select("person_id"), on="person_id", how="semi")
    )
    shown = accounts.select("person_id", "account_id", is_shown=pl.lit(value=True)).unique()
    asked = people(known, quarter).select(holder_id="person_id")
    own = facts["accounts"].join(asked, on="holder_id", how="semi")["account_id"].unique()
    owed = facts["report_duties"].filter(pl.col("owes_report").fill_null(value=True)).select(*key, is_owed=pl.lit(value=True)).unique()
    joined = base.join(shown, on=["person_id", "account_id"], how="left", maintain_order="left").join(owed, on=key, how="left", maintain_order="left")
    flagged = joined.with_columns(pl.col("is_shown", "is_owed").fill_null(value=False))
    return flagged.filter(pl.col("is_shown") | (pl.col("is_owed") & ~pl.col("account_id").is_in(own.implode())))


def _told(what: str, held: pl.Expr, is_owed: pl.Expr, missing: frozenset[str], table: str, instead: pl.Expr | None = None) -> pl.Expr:
    """What a trade has, or why it has none: not known, not needed, or none on record."""
    lacking = "none on record that fits" if what == "clearance" else "none on record"
    none = pl.lit("not known" if table in missing else lacking)
    otherwise = pl.when(is_owed.fill_null(value=True)).then(none).otherwise(pl.lit("not needed"))
    return pl.coalesce(*([instead] if instead is not None else []), held, otherwise).alias(what)


def _holdings(known: Known, quarter: Quarter, accounts: pl.DataFrame) -> pl.DataFrame:
    """The positions of each account on its last statement in the quarter."""
    inside = known.facts["holdings"].filter(quarter.holds("held_on"))
    last = inside.filter(pl.col("held_on") == pl.col("held_on").max().over("account_id"))
    return accounts.select("person_id", "account_id").join(last, on="account_id").select(
        "person_id", "account_id", "held_on", "symbol", "quantity", "position", "pledged_quantity"
    ).sort("person_id", "account_id", "symbol", "position")  # fmt: skip


def _plans(known: Known, quarter: Quarter, who: pl.DataFrame) -> pl.DataFrame:
    over = pl.min_horizontal("ends_on", "terminated_on", "completed_on")
    lasting = (pl.col("adopted_on") <= quarter.ends_on) & (over.is_null() | (over >= quarter.starts_on))
    return known.facts["plans"].filter(lasting).join(who.select("person_id"), on="person_id", how="semi").select(
        "person_id", "plan_id", "kind", "side", "symbol", "adopted_on", "approved_on", "certified", "first_trade_on", "ends_on", _by_then("terminated_on", quarter),
        _by_then("completed_on", quarter),
    ).sort("person_id", "plan_id")  # fmt: skip


def _by_then(day: str, quarter: Quarter) -> pl.Expr:
    """A day, where it had come by the quarter's end: what happened later is no record of the quarter."""
    return pl.when(pl.col(day) <= quarter.ends_on).then(day).alias(day)


def _elections(known: Known, quarter: Quarter, who: pl.DataFrame) -> pl.DataFrame:
    inside = known.facts["elections"].filter(pl.col("elected_on") <= quarter.ends_on).sort("elected_on")
    last = inside.filter(quarter.holds("elected_on") | (pl.col("elected_on") == pl.col("elected_on").max().over("person_id", "program")))
    return last.join(who.select("person_id"), on="person_id", how="semi").select("person_id", "program", "kind", "elected_on").sort(
        "person_id", "program", "elected_on", "kind"
    )  # fmt: skip


def _cases(known: Known, quarter: Quarter, who: pl.DataFrame) -> pl.DataFrame:
    """Cases about records of the quarter that are not closed, as the person whom they concern may know of them: what they are about, and since when.

    Which rule, what evidence and who decides is not told. Findings that are reserved are to be left out of `known` before.
    """
    told = known.findings.filter(STANDS & quarter.holds("occurred_on").fill_null(value=True))
    spoken = told.select(CASE_ID, "occurred_on").group_by("case_id").agg(
        pl.col("occurred_on").min()
    )  # fmt: skip
    asking = known.cases.filter(pl.col("state").is_in(ASKING)).join(spoken, on="case_id").join(who.select("person_id"), on="person_id", how="semi")
    return asking.select("person_id", "subject", "occurred_on", "opened_on").sort("person_id", "occurred_on", "subject")
