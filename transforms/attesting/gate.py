"""The coverage gate: what stands between the records of a quarter and a certificate, each gap with an id and what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.attesting import STATEMENTS, Known, Quarter
from transforms.attesting.covered import accounts_of, around, coverage, people
from transforms.attesting.packets import ASKING
from transforms.cases import SEVERITIES
from transforms.reports.sight import KINDS
from transforms.reports.words import day, plain, plural

Corrections = Mapping[tuple[str, str], str]
"""What somebody wrote beside a statement, by person_id and statement."""


@dataclass(frozen=True)
class Gap:
    """Something that the certificate can't pass over: `items` are what it is made of, so that one that grows is noticed."""

    gap_id: str
    kind: str
    words: str
    items: tuple[str, ...]
    person_id: str | None = None
    reopens: tuple[str, ...] | None = None
    """Items that reopen a certificate when they come: those that speak of a day of the quarter; none = all of them."""

    def as_row(self) -> dict[str, Any]:
        """The gap as the ledger keeps it."""
        return {"gap_id": self.gap_id, "kind": self.kind, "words": self.words, "items": list(self.items), "person_id": self.person_id}


@dataclass(frozen=True)
class Line:
    """One number of the coverage: how many there are of how many that were expected."""

    name: str
    held: int
    expected: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is lacking; for a number of faults, whether there is none."""
        return self.held == 0 if self.expected is None else self.held == self.expected


@dataclass(frozen=True)
class Gate:
    """The coverage of a quarter, and its gaps in order."""

    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    answers: tuple[dict[str, Any], ...]


def gate(known: Known, quarter: Quarter, corrections: Corrections | None = None) -> Gate:
    """The gate of a quarter as it stands on a night."""
    who = people(known, quarter)
    accounts = accounts_of(known, quarter, around(known, quarter, who))
    reached = coverage(known, quarter, accounts)
    answers = _answers(known, quarter, who)
    found = [
        *_accounts(accounts, reached), *_unseen(known, quarter), *_undecided(known, quarter), *_open_cases(known, quarter), *_answer_gaps(answers, quarter, corrections or {}),
        *_contradicted(known, quarter, dict(who.filter(~pl.col("person_id").is_in(sorted(known.hidden))).select("person_id", "name").rows())),
    ]  # fmt: skip
    return Gate(_lines(known, quarter, reached, answers, found), tuple(found), tuple(answers))


def _lines(known: Known, quarter: Quarter, reached: pl.DataFrame, answers: list[dict[str, Any]], found: list[Gap]) -> tuple[Line, ...]:
    given = sum(each["answered_on"] is not None for each in answers)
    in_time = sum(each["answered_on"] is not None and each["answered_on"] <= quarter.due_on for each in answers)

    def many(kind: str) -> int:
        return sum(len(each.items) for each in found if each.kind == kind)

    return (
        Line("Accounts with a statement in the quarter", len(reached.filter(pl.col("statements") > 0)), len(reached)),
        Line("Trading days of accounts covered by a statement", int(reached["covered"].sum()), int(reached["trading_days"].sum())),
        Line("People who answered", given, len(answers)),
        Line("People who answered in time", in_time, len(answers)),
        Line("Statements not confirmed", many("statement")),
        Line("Answers that the data contradict", many("contradicted")),
        Line("Cases that are not closed", many("case")),
        Line("Findings that could not be decided", many("undecided")),
        Line("Rules that failed", len(known.blind_spots.filter(pl.col("kind") == "rule_error"))),
        Line("Tables that were not given", len(known.missing)),
        Line("Lines refused", len(known.refused)),
        Line("Other blind spots", len(known.blind_spots.filter(~pl.col("kind").is_in(["rule_error", "missing_table"])))),
    )


def _accounts(accounts: pl.DataFrame, reached: pl.DataFrame) -> list[Gap]:
    """One gap an account with trading days that no statement covers."""
    holder = accounts.select("account_id", "broker").unique("account_id")
    lacking = reached.filter(pl.col("covered") < pl.col("trading_days")).join(holder, on="account_id", how="left").sort("account_id")
    return [
        Gap(f"account/{account}", "account", f"Account {account}{f' at {broker}' if broker else ''}: {plural(days - covered, 'trading day')} of {days} from {day(first)} on {'has' if days - covered == 1 else 'have'} no statement.", tuple(f"{account}:{n}" for n in range(days - covered)))
        for account, broker, days, covered, first in lacking.select("account_id", "broker", "trading_days", "covered", "first_lacking_on").rows()
    ]  # fmt: skip


def _unseen(known: Known, quarter: Quarter) -> list[Gap]:
    """What the night could not see: tables not given, lines refused, rules that failed, and the other blind spots by kind.

    Most of it has no day. Of what comes after a certificate, that which names a day of the quarter reopens it.
    """
    tables = [
        Gap(f"table/{name}", "table", f"The table {plain(name)} was not given; what rests on it is not known.", (name,), reopens=())
        for name in sorted(known.missing)
    ]
    lines = known.refused.select(
        "file", item=pl.format("{}:{}", "file", pl.col("line").cast(pl.String).fill_null("?")), is_dated=_speaks_of(quarter, pl.concat_str("raw", "reason", separator=" ", ignore_nulls=True))
    )  # fmt: skip
    refused = [
        Gap(f"refused/{file}", "refused", f"{plural(len(items), 'line')} of {file} {'was' if len(items) == 1 else 'were'} refused.", items, reopens=dated)
        for file, items, dated in _grouped(lines, "file")
    ]
    spots = known.blind_spots.filter(pl.col("kind") != "missing_table").with_columns(
        item=pl.concat_str([pl.col("where").fill_null(""), "what"], separator=": ")
    )
    other = [
        Gap(f"blind/{kind}", "rule" if kind == "rule_error" else "blind", f"{KINDS.get(kind, (plain(kind).capitalize(), ''))[0]}: {plural(len(items), 'blind spot')}.", items, reopens=dated)
        for kind, items, dated in _grouped(spots.with_columns(is_dated=_speaks_of(quarter, pl.col("item"))), "kind")
    ]  # fmt: skip
    return [*tables, *refused, *other]


def _grouped(rows: pl.DataFrame, by: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """By group: its items, and those of them that are dated."""
    groups = rows.group_by(by).agg(pl.col("item").unique().sort(), dated=pl.col("item").filter("is_dated").unique().sort()).sort(by)
    return [(name, tuple(items), tuple(dated)) for name, items, dated in groups.select(by, "item", "dated").rows()]


def _speaks_of(quarter: Quarter, text: pl.Expr) -> pl.Expr:
    """Whether a text names a day of the quarter."""
    days = text.str.extract_all(r"\d{4}-\d{2}-\d{2}")
    inside = pl.element().is_between(pl.lit(str(quarter.starts_on)), pl.lit(str(quarter.ends_on)))
    return days.list.eval(inside).list.any().fill_null(value=False)


def _undecided(known: Known, quarter: Quarter) -> list[Gap]:
    """One gap a rule with findings of the quarter, or of an unknown day, that could not be decided."""
    mine = known.findings.filter((pl.col("outcome") == "undecided") & (pl.col("state") != "withdrawn") & _of(quarter))
    rules = mine.group_by("rule").agg("finding_id").sort("rule")
    return [Gap(name := f"undecided/{rule}", "undecided", words_of(name, len(ids)), tuple(sorted(ids))) for rule, ids in rules.rows()]


def _open_cases(known: Known, quarter: Quarter) -> list[Gap]:
    """One gap a severity with cases about the quarter that are not closed."""
    about = (
        known.findings.filter((pl.col("state") != "withdrawn") & _of(quarter))
        .select(pl.concat_str([pl.col("person_id").fill_null(""), "matter"], separator="/").alias("case_id"))
        .unique()
    )
    asking = known.cases.filter(pl.col("state").is_in(ASKING)).join(about, on="case_id", how="semi")
    by_severity = dict(asking.group_by("severity").agg("case_id").rows())
    return [
        Gap(name := f"case/{severity}", "case", words_of(name, len(by_severity[severity])), tuple(sorted(by_severity[severity])))
        for severity in SEVERITIES if severity in by_severity
    ]  # fmt: skip


def words_of(gap_id: str, count: int) -> str:
    """The words of a gap of cases or findings, for so many of them as its reader may see."""
    kind, _, name = gap_id.partition("/")
    if kind == "undecided":
        return f"{plain(name).capitalize()}: {plural(count, 'finding')} could not be decided."
    return f"{plural(count, f'{name} case')} about the quarter {'is' if count == 1 else 'are'} not closed."


def _answers(known: Known, quarter: Quarter, who: pl.DataFrame) -> list[dict[str, Any]]:
    """One row a person who is to answer: when asked and answered, and each statement; all empty where no row is on record."""
    duties = known.facts["attestation_duties"].filter(pl.col("quarter_ended_on") == quarter.ends_on)
    held = duties.select("person_id", "sent_on", "answered_on", "answered_at", *STATEMENTS).unique("person_id", keep="first")
    rows: list[dict[str, Any]] = who.select("person_id", "name", "supervisor_id").join(held, on="person_id", how="left", maintain_order="left").to_dicts()
    return rows


def _answer_gaps(answers: list[dict[str, Any]], quarter: Quarter, corrections: Corrections) -> list[Gap]:
    """One gap a person who has not answered, and one a statement that was not confirmed."""
    found = []
    for each in answers:
        person, name = each["person_id"], each["name"]
        if each["answered_on"] is None:
            asked = f"asked on {day(each['sent_on'])}" if each["sent_on"] else "no request is on record"
            found.append(Gap(f"answer/{person}", "answer", f"{name} has not answered; {asked}, due on {day(quarter.due_on)}.", (person,), person))
            continue
        for statement in STATEMENTS:
            if each[statement] is not True:
                said = "did not confirm" if each[statement] is None else "answered no to"
                note = corrections.get((person, statement))
                found.append(
                    Gap(f"statement/{person}:{statement}", "statement", f"{name} {said} “{plain(statement)}”{f': {note}' if note else '.'}", (f"{person}:{statement}:{note or ''}",), person)
                )  # fmt: skip
    return found


def _contradicted(known: Known, quarter: Quarter, names: dict[str, str]) -> list[Gap]:
    """One gap a statement that was confirmed and that records of the quarter speak against, or that can't be held against them."""
    rows = known.facts["attested_statements"].filter((pl.col("quarter_ended_on") == quarter.ends_on) & pl.col("is_confirmed") & pl.col("is_contradicted"))
    return [
        Gap(f"contradicted/{person}:{statement}", "contradicted", f"{names[person]} confirmed “{plain(statement)}”; on record in the quarter: {shown}.", tuple(sorted(what.split(";"))), person)
        for person, statement, what, shown in rows.sort("person_id", "statement").select("person_id", "statement", "contradicted_by", "shown").rows() if person in names
    ]  # fmt: skip


def _of(quarter: Quarter) -> pl.Expr:
    return quarter.holds("occurred_on").fill_null(value=True)


def grown(before: list[dict[str, Any]], now: tuple[Gap, ...]) -> list[dict[str, Any]]:
    """The gaps that were not there, or have grown, since gaps were certified, as the ledger keeps them, with what is new as their items."""
    held = {each["gap_id"]: set(each["items"]) for each in before}
    fresh = [(each, sorted(set(each.items if each.reopens is None else each.reopens) - held.get(each.gap_id, set()))) for each in now]
    return [{**each.as_row(), "items": items} for each, items in fresh if items]
