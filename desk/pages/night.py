"""Tonight, the calendar, feeds, the rule book and the policy."""

import difflib
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.desk import Visit
from desk.rights import Reader
from desk.web import desk_of, on, page, signed_in, to, visiting
from transforms.cases import PENDING, SEVERITIES
from transforms.reports.rule_book import COUNTED, rule_book
from transforms.reports.sight import KINDS, sight
from transforms.reports.words import number, plain

router = APIRouter()
Visiting = Annotated[Visit, Depends(visiting)]
DUE_FROM = frozenset({"trades", "filings", "filing_lines", "reports", "attestations"})
"""Tables from which it is worked out what falls due."""
FIRST = 12
"""Cases that Tonight lists of each kind."""


@dataclass(frozen=True)
class Feed:
    """An account's statements and trades, as far as they reach."""

    account_id: str
    holder: str
    broker: str
    trades: int
    last_trade_on: date | None
    last_statement_on: date | None
    quiet_days: int | None


@router.get("/")
def tonight(request: Request, reader: Annotated[Reader, Depends(signed_in)]) -> Response:
    """What is new, changed, withdrawn and grave; what could not be seen; how old the feeds are."""
    if not reader.reads:
        return to("/users" if reader.administers else "/attestation")
    visit = visiting(request, reader)
    every, night = visit.cases(), visit.view.night
    asking = every.filter(pl.col("state").is_in(PENDING))
    parts = {
        "new": asking.filter(pl.col("moved") == "new"), "changed": every.filter((pl.col("moved") == "changed") & (pl.col("state") != "withdrawn")),
        "withdrawn": every.filter(pl.col("moved") == "withdrawn"),
    }  # fmt: skip
    moved = ", ".join(f"{number(len(each))} {name}" for name, each in parts.items() if len(each))
    due = asking.filter(pl.col("state") != "new")
    tally = {severity: len(asking.filter(pl.col("severity") == severity)) for severity in SEVERITIES}
    spots = visit.view.blind_spots() if visit.reader.sees_everybody else visit.view.blind_spots().clear()
    kinds = spots.group_by("kind").len().sort("kind").rows()
    return page(
        request, "tonight.html", visit=visit, moved=moved, tally=tally, asking=len(asking), waiting=len(every.filter(pl.col("state") == "waiting")), counts={name: len(each) for name, each in parts.items()},
        parts={name: each.head(FIRST).to_dicts() for name, each in parts.items()}, open_before=due.head(FIRST).to_dicts(), open_total=len(due),
        spots=[(KINDS.get(kind, (plain(kind).capitalize(), ""))[0], kind, count) for kind, count in kinds], refused=len(night.read("refused")) if reader.sees_everybody else 0,
        quiet=[each for each in feeds(visit) if each.quiet_days and each.quiet_days > _stale_after(visit)],
    )  # fmt: skip


def _stale_after(visit: Visit) -> int:
    return visit.view.policy.parameter("data_quality.stale_after").at(visit.view.as_of) or 100


@router.get("/calendar")
def calendar(request: Request, visit: Visiting) -> Response:
    """Windows open and closed, and what falls due."""
    facts, as_of = visit.view.facts, visit.view.as_of
    windows = facts["windows"].filter(pl.col("quarter_ended_on") <= as_of).sort("quarter_ended_on", descending=True)
    shut = facts["reclosures"].sort("reclosed_on").to_dicts()
    open_now = windows.filter(pl.col("opens_on").is_not_null() & pl.lit(as_of).is_between("opens_on", "closes_on"))
    held = [each for each in shut if each["reclosed_on"] <= as_of <= (each["last_closed_on"] or as_of)]
    due = [each for each in facts["due_next"].to_dicts() if visit.may_see_person(each["person_id"])]
    waiting = visit.cases().filter(pl.col("state") == "waiting").sort("until_on")
    missing = sorted(facts["missing"] & DUE_FROM)
    return page(
        request, "calendar.html", visit=visit, windows=windows.head(8).to_dicts(), shut=shut, is_open=bool(len(open_now)) and not held, current=open_now.to_dicts(), held=held,
        due=[{**each, "name": visit.sight.people.name(each["person_id"]), "is_today": each["due_on"] == as_of} for each in due], waiting=waiting.to_dicts(), is_known="announcements" not in facts["missing"], missing=missing,
    )  # fmt: skip


@router.get("/feeds")
def feeds_page(request: Request, visit: Visiting) -> Response:
    """What was read, how far each account's statements reach, and what could not be seen."""
    night = visit.view.night
    everything = visit.reader.sees_everybody
    view = sight(
        visit.view.blind_spots() if everything else night.read("blind_spots").clear(),
        night.read("refused") if everything else night.read("refused").clear(),
        night.about["counts"] if everything else {},
    )
    return page(request, "feeds.html", visit=visit, feeds=feeds(visit), stale_after=_stale_after(visit), sight=view, everything=everything)


def feeds(visit: Visit) -> list[Feed]:
    """One row an account of people whom the reader may see: its trades and statements, the quietest first."""
    facts, as_of = visit.view.facts, visit.view.as_of
    trades = facts["trades"].group_by("account_id").agg(trades=pl.len(), last_trade_on=pl.col("traded_on").max())
    statements = facts["holdings"].group_by("account_id").agg(last_statement_on=pl.col("held_on").max())
    rows = facts["accounts"].join(trades, on="account_id", how="left").join(statements, on="account_id", how="left").sort("account_id", "holder_id")
    told = []
    for row in rows.filter(pl.col("closed_on").is_null() | (pl.col("closed_on") > as_of)).iter_rows(named=True):
        if visit.may_see_person(row["holder_id"]):
            last = max((each for each in (row["last_trade_on"], row["last_statement_on"]) if each), default=None)
            told.append(
                Feed(
                    row["account_id"],
                    visit.sight.people.name(row["holder_id"]),
                    row["broker"] or "",
                    row["trades"] or 0,
                    row["last_trade_on"],
                    row["last_statement_on"],
                    (as_of - last).days if last else None,
                )
            )
    return sorted(told, key=lambda each: (each.quiet_days is not None, -(each.quiet_days or 0), each.account_id))


@router.get("/rules")
def rules(request: Request, visit: Visiting) -> Response:
    """Every clause with what it says, how it is read and who watches it."""
    verdicts, told = visit.view.night.read("verdicts"), visit.counts_all and visit.view.sees_denials
    counted = verdicts if told else verdicts.with_columns(rows=pl.lit(0, dtype=pl.Int64))
    book = rule_book(visit.view.policy, desk_of(request).rules, counted, visit.view.as_of, counts_are_told=told)
    return page(request, "rules.html", visit=visit, book=book, outcomes=COUNTED, as_of=visit.view.as_of)


@router.get("/policy")
def policy(request: Request, visit: Visiting, night: str = "", against: str = "") -> Response:
    """The policy as it stood on a night, and what changed in it between two nights."""
    history = visit.view.night.history
    versions = _versions(history)
    nights: list[date] = [each["night"] for each in versions]
    shown = on(night, nights[-1])
    before = on(against, nights[max(len(nights) - 2, 0)])
    one, other = (next((each["policy"] for each in reversed(versions) if each["night"] <= day), versions[0]["policy"]) for day in (before, shown))
    return page(
        request, "policy.html", visit=visit, versions=versions, shown=shown, before=before, lines=other.splitlines(), difference=_difference(one, other) if one != other else [],
        nights=history.drop("policy").tail(30).reverse().to_dicts() if visit.counts_all else [],
    )  # fmt: skip


def _versions(history: pl.DataFrame) -> list[dict[str, Any]]:
    """One row a text of the policy: the first night on which it held, and how many nights it did."""
    ordered = history.sort("night").with_columns(run=(pl.col("policy") != pl.col("policy").shift()).fill_null(value=True).cum_sum())
    return (
        ordered.group_by("run", maintain_order=True)
        .agg(pl.col("night").first(), pl.col("policy").first(), until=pl.col("night").last(), nights=pl.len())
        .to_dicts()
    )


def _difference(one: str, other: str) -> list[tuple[str, str]]:
    """Lines of two texts beside each other: each with `+`, `-`, ` ` or `@` for a gap."""
    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), n=2, lineterm="")
    return [(line[:1], line[1:]) for line in lines if not line.startswith(("---", "+++"))]
